import { describe, expect, test } from "vitest"
import { Holding } from "../../media/holding"
import type { Holds } from "../../media/signals"
import { reads } from "./readings"

const fine = reads(1, { missed: 0, upstream: 2_000_000 })
const thin = reads(1, { missed: 0, upstream: 60_000 })
const lossy = reads(1, { missed: 0.3, upstream: 2_000_000 })
const hopeless = reads(1, { missed: 0.8, upstream: 2_000_000 })
const tiny = reads(1, { missed: 0, upstream: 9_000 })

function after(holding: Holding, seconds: number, reading = fine, isUp = true): Holds {
	for (let second = 0; second < seconds; second++) holding.hear(reading, isUp)
	return holding.holds
}

test("a good line carries picture and voice", () => expect(after(new Holding(), 60)).toBe("all"))

test("what was not read yet is not held against the line", () => {
	const holding = new Holding()
	for (let second = 0; second < 60; second++) holding.hear(null, true)
	expect(holding.holds).toBe("all")
})

describe("a line that gets worse", () => {
	test.each([
		["thin", thin],
		["lossy", lossy],
	])("and stays %s loses the picture first", (_how, reading) => {
		const holding = new Holding()
		expect(after(holding, 3, reading)).toBe("all")
		expect(after(holding, 1, reading)).toBe("voice")
	})

	test("for a moment loses nothing", () => {
		const holding = new Holding()
		for (let time = 0; time < 10; time++) {
			after(holding, 3, lossy)
			expect(after(holding, 1)).toBe("all")
		}
	})

	test("keeps the voice while anything passes", () => expect(after(new Holding(), 60, lossy)).toBe("voice"))

	test.each([
		["nothing passes", hopeless],
		["there is no room for a voice", tiny],
	])("keeps only text when %s", (_how, reading) => {
		const holding = new Holding()
		expect(after(holding, 11, reading)).toBe("voice")
		expect(after(holding, 1, reading)).toBe("text")
	})
})

describe("what was given up", () => {
	test("is tried again after a while, and later each time", () => {
		const holding = new Holding()
		after(holding, 4, thin)
		expect(after(holding, 14)).toBe("voice")
		expect(after(holding, 1)).toBe("all")
		after(holding, 4, thin)
		expect(after(holding, 29)).toBe("voice")
		expect(after(holding, 1)).toBe("all")
	})

	test("comes back one after the other, the voice first", () => {
		const holding = new Holding()
		after(holding, 12, hopeless)
		expect(after(holding, 15)).toBe("voice")
		expect(after(holding, 30)).toBe("all")
	})

	test("comes back at once if the person wants it", () => {
		const holding = new Holding()
		after(holding, 12, hopeless)
		holding.again()
		expect(holding.holds).toBe("all")
	})
})

describe("a way that is cut", () => {
	test("leaves text, and is told from a thin one", () => {
		const holding = new Holding()
		expect(after(holding, 2, fine, false)).toBe("all")
		expect(after(holding, 1, fine, false)).toBe("text")
		expect(holding.isCut).toBe(true)
		after((holding.again(), holding), 12, hopeless)
		expect(holding.isCut).toBe(false)
	})

	test("brings everything back with it", () => {
		const holding = new Holding()
		after(holding, 30, fine, false)
		expect(after(holding, 2)).toBe("text")
		expect(after(holding, 1)).toBe("all")
	})
})
