import { expect, test } from "vitest"
import type { LineState } from "../../media/mending"
import { type Carries, Shedding } from "../../media/upstream"
import { reads } from "./readings"

const UP: LineState = { is: "up" }
const MENDING: LineState = { is: "mending", attempt: 1 }
const fine = reads(1, { missed: 0, upstream: 2_000_000 })
const thin = reads(1, { missed: 0, upstream: 60_000 })
const lossy = reads(1, { missed: 0.3, upstream: 2_000_000 })
const broken = reads(1, { missed: 0.8, upstream: 2_000_000 })

function after(shedding: Shedding, seconds: number, reading = fine, state = UP): Carries {
	for (let second = 0; second < seconds; second++) shedding.hear(reading, state)
	return shedding.carries
}

test("a good line carries all", () => expect(after(new Shedding(), 60)).toBe("all"))

test.each([
	["thin", thin, UP],
	["lossy", lossy, UP],
	["away", fine, MENDING],
])("pictures go first on a line that stays %s", (_how, reading, state) => {
	const shedding = new Shedding()
	expect(after(shedding, 3, reading, state)).toBe("all")
	expect(after(shedding, 1, reading, state)).toBe("voice")
})

test("the voice stays on a lossy line", () => expect(after(new Shedding(), 60, lossy)).toBe("voice"))

test("even the voice is gone when hardly anything passes, and comes back", () => {
	const shedding = new Shedding()
	expect(after(shedding, 12, broken)).toBe("nothing")
	expect(after(shedding, 1)).toBe("voice")
})

test("pictures are tried again after a while, and later each time", () => {
	const shedding = new Shedding()
	after(shedding, 4, thin)
	expect(after(shedding, 19)).toBe("voice")
	expect(after(shedding, 1)).toBe("all")
	after(shedding, 4, thin)
	expect(after(shedding, 39)).toBe("voice")
	expect(after(shedding, 1)).toBe("all")
})

test("a line that mends is not given up", () => {
	const shedding = new Shedding()
	after(shedding, 4, fine, MENDING)
	expect(after(shedding, 7, fine, MENDING)).toBe("voice")
	expect(after(shedding, 1)).toBe("voice")
})
