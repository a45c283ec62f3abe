import { expect, test } from "vitest"
import { backoff } from "../../live/backoff"

test("the longest pause doubles up to half a minute", () => {
	const longest = [1, 2, 3, 4, 5, 6, 7, 20].map((attempt) => backoff(attempt, () => 1))
	expect(longest).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000])
})

test("full jitter: from nothing to the longest", () => {
	expect(backoff(5, () => 0)).toBe(0)
	expect(backoff(5, () => 0.25)).toBe(4000)
})
