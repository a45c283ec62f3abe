import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Notes } from "../../islands/pair/notes.svelte"
import type { NotesTold } from "../../islands/pair/wire"

interface Put {
	rev: number
	base: string
	text: string
}

/** Stands for the server; the test says what it answers to each request. */
function scene(text = "one") {
	const puts: Put[] = []
	const answers: (NotesTold | number | null)[] = []
	vi.stubGlobal("fetch", async (_address: string, request?: RequestInit) => {
		if (request?.body) puts.push(JSON.parse(String(request.body)))
		const answer = answers.shift()
		if (answer === null || answer === undefined) throw new TypeError("no network")
		return typeof answer === "number" ? Response.json({ title: "No." }, { status: answer }) : Response.json(answer)
	})
	return { notes: page({ rev: 1, text, by: null }), puts, answers }
}

const page = (told: NotesTold) => new Notes("/pair/x/notes", told, "plenary.notes.3.42")

const told = (rev: number, text: string): NotesTold => ({ rev, text, by: 42 })
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

beforeEach(() => {
	sessionStorage.clear()
	vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

test("what is typed is saved after a pause", async () => {
	const { notes, puts, answers } = scene()
	answers.push(told(2, "one two"))
	notes.type("one t")
	await wait(500)
	notes.type("one two")
	await wait(600)
	expect([puts, notes.saving]).toEqual([[], "typing"])
	await wait(100)
	expect([puts, notes.saving]).toEqual([[{ rev: 1, base: "one", text: "one two" }], "saved"])
})

test("whoever never pauses is saved all the same", async () => {
	const { notes, puts, answers } = scene()
	answers.push(told(2, "one"))
	for (let time = 0; time < 8; time++) {
		notes.type(`one ${time}`)
		await wait(400)
	}
	expect(puts).toHaveLength(1)
})

test("what the other writes is shown around what is being typed", () => {
	const { notes } = scene("one\ntwo")
	notes.type("one!\ntwo")
	notes.changed({ rev: 2, by: 5, at: 2, cut: 0, put: ["three"] })
	expect(notes.text).toBe("one!\ntwo\nthree")
})

test("what was typed while it was saved is not lost, nor said twice", async () => {
	const { notes, puts, answers } = scene()
	let arrive: (answer: Response) => void = () => {}
	vi.stubGlobal("fetch", (_address: string, request?: RequestInit) => {
		puts.push(JSON.parse(String(request?.body)))
		return new Promise((resolve) => (arrive = resolve))
	})
	notes.type("one two")
	await wait(700)
	notes.type("one two three")
	notes.changed({ rev: 2, by: 42, at: 0, cut: 1, put: ["one two"] })
	notes.changed({ rev: 3, by: 5, at: 1, cut: 0, put: ["hers"] })
	arrive(Response.json(told(2, "one two")))
	await wait(0)
	expect(notes.text).toBe("one two three\nhers")
	await wait(700)
	expect(puts.at(-1)).toEqual({ rev: 3, base: "one two\nhers", text: "one two three\nhers" })
	expect(answers).toEqual([])
})

test("without a line the same is sent again until it is answered", async () => {
	const { notes, puts, answers } = scene()
	notes.type("one two")
	await wait(700)
	expect(notes.saving).toBe("waiting")
	notes.type("one two three")
	answers.push(told(2, "one two"), told(3, "one two three"))
	await wait(4_000)
	expect(puts.map(({ text }) => text)).toEqual(["one two", "one two"])
	await wait(700)
	expect([puts.at(-1)?.text, notes.saving]).toEqual(["one two three", "saved"])
})

test("a gap is filled by asking for the whole", async () => {
	const { notes, answers } = scene()
	answers.push(told(5, "one\nfive"))
	notes.changed({ rev: 5, by: 5, at: 0, cut: 0, put: ["?"] })
	await wait(0)
	expect(notes.text).toBe("one\nfive")
})

test("what is old is not news", () => {
	const { notes } = scene()
	notes.told({ rev: 3, text: "three", by: 5 })
	notes.told({ rev: 2, text: "two", by: 5 })
	notes.changed({ rev: 3, by: 5, at: 0, cut: 1, put: ["?"] })
	expect(notes.text).toBe("three")
})

test("a refusal is said, and what was typed stays", async () => {
	const { notes, answers } = scene()
	answers.push(403, told(1, "one"))
	notes.type("one two")
	await wait(700)
	expect([notes.text, notes.saving, notes.say]).toEqual(["one two", "refused", "No."])
})

test("what was not saved when the page was loaded again is not lost", async () => {
	const { notes, puts, answers } = scene()
	notes.type("one\ntwo")
	await wait(700)
	expect(notes.saving).toBe("waiting")
	vi.clearAllTimers()
	answers.push(told(3, "one\nhers\ntwo"))
	const again = page({ rev: 2, text: "one\nhers", by: 5 })
	expect([again.text, again.saving]).toEqual(["one\nhers\ntwo", "typing"])
	await wait(700)
	expect(puts.at(-1)).toEqual({ rev: 2, base: "one\nhers", text: "one\nhers\ntwo" })
	expect([again.saving, sessionStorage.length]).toEqual(["saved", 0])
})

test("what had arrived before the page was loaded again is not said twice", async () => {
	const { notes } = scene()
	notes.type("one\ntwo")
	await wait(700)
	expect(page({ rev: 2, text: "one\ntwo", by: 42 }).text).toBe("one\ntwo")
	expect(sessionStorage.length).toBe(0)
})

test("what was typed at the last moment outlives the page", async () => {
	const { notes } = scene()
	const asked = vi.fn(async () => Response.json({ rev: 2, text: "one two" }))
	vi.stubGlobal("fetch", asked)
	notes.part()
	expect(asked).not.toHaveBeenCalled()
	notes.type("one two")
	notes.part()
	const body = JSON.stringify({ rev: 1, base: "one", text: "one two" })
	expect(asked).toHaveBeenCalledWith("/pair/x/notes", expect.objectContaining({ method: "PUT", keepalive: true, body }))
})
