import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { Collection, type Thing } from "../../live/collection"

interface Question extends Thing {
	text?: string
	votes?: number
}

let questions: Collection<Question>
let drawn: (readonly Question[])[]

beforeEach(() => {
	vi.useFakeTimers()
	questions = new Collection<Question>()
	drawn = []
	questions.subscribe((things) => drawn.push(things))
})
afterEach(() => {
	vi.useRealTimers()
})

const texts = () => questions.all.map((question) => question.text)

describe("what is known", () => {
	test("the newest revision wins, in whatever order frames come", () => {
		questions.put({ id: 1, rev: 2, text: "second" })
		questions.put({ id: 1, rev: 1, text: "first" })
		questions.put({ id: 1, rev: 2, text: "second again" })
		expect(texts()).toEqual(["second"])
	})

	test("a tombstone hides, and an older frame does not bring back", () => {
		questions.put({ id: 1, rev: 1, text: "asked" })
		questions.put({ id: 1, rev: 3, gone: true })
		questions.put({ id: 1, rev: 2, text: "edited" })
		expect(questions.all).toEqual([])
		expect(questions.get(1)).toBeUndefined()
	})

	test("what was withdrawn may come back", () => {
		questions.put({ id: 1, rev: 3, gone: true })
		questions.put({ id: 1, rev: 4, text: "open again" })
		expect(texts()).toEqual(["open again"])
	})

	test("a snapshot is the whole truth", () => {
		questions.put({ id: 1, rev: 9, text: "old" })
		questions.replace([{ id: 2, rev: 1, text: "new" }])
		expect(texts()).toEqual(["new"])
	})

	test("votes change what is there, and nothing else", () => {
		questions.put({ id: 1, rev: 1, votes: 3 })
		questions.amend(1, { votes: 4 })
		questions.amend(2, { votes: 9 })
		expect(questions.all).toEqual([{ id: 1, rev: 1, votes: 4 }])
	})

	test("votes do not wake the dead", () => {
		questions.put({ id: 1, rev: 1, gone: true })
		questions.amend(1, { votes: 4 })
		expect(questions.all).toEqual([])
	})
})

describe("what is drawn", () => {
	test("at most four times a second, the last state for certain", () => {
		questions.put({ id: 1, rev: 1 }, true)
		drawn.length = 0
		for (let rev = 2; rev <= 51; rev++) {
			questions.put({ id: 1, rev, text: String(rev) })
			vi.advanceTimersByTime(20)
		}
		vi.advanceTimersByTime(250)
		expect(drawn.length).toBeLessThanOrEqual(5)
		expect(drawn.at(-1)?.[0]?.text).toBe("51")
	})

	test("a person's own action at once", () => {
		questions.replace([])
		drawn.length = 0
		questions.put({ id: 1, rev: 1, text: "mine" }, true)
		expect(drawn).toHaveLength(1)
	})

	test("not at all when nothing is news", () => {
		questions.replace([{ id: 1, rev: 5 }])
		drawn.length = 0
		questions.put({ id: 1, rev: 5 })
		vi.advanceTimersByTime(1_000)
		expect(drawn).toEqual([])
	})
})
