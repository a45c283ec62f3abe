import { describe, expect, test } from "vitest"
import { merged, moved, patched } from "../../islands/pair/merge"

describe("notes of two", () => {
	test("a change of lines is applied", () => expect(patched("a\nb\nc", { at: 1, cut: 1, put: ["B", "b2"] })).toBe("a\nB\nb2\nc"))

	test.each([
		["only theirs", "a\nb", "a\nb\nc", "a\nb", "a\nb\nc"],
		["only mine", "a\nb", "a\nb", "a!\nb", "a!\nb"],
		["different lines", "a\nb\nc", "a\nb\nC", "A\nb\nc", "A\nb\nC"],
		["lines side by side", "a\nb", "A\nb", "a\nB", "A\nB"],
		["the same line", "a", "a1", "a2", "a1\na2"],
		["both the same", "a", "b", "b", "b"],
		["both write at the end", "a", "a\nx", "a\ny", "a\nx\ny"],
		["one deletes what the other changes", "a\nb\nc", "a\nc", "a\nB\nc", "a\nB\nc"],
		["from nothing", "", "x", "y", "x\ny"],
	])("%s", (_what, base, theirs, mine, both) => expect(merged(base, theirs, mine)).toBe(both))

	test("no line is lost, whatever both do", () => {
		const words = ["a", "b", "c", "", "d"]
		let seed = 7
		const random = (below: number) => (seed = (seed * 16807) % 2147483647) % below
		for (let round = 0; round < 500; round++) {
			const text = () => Array.from({ length: random(6) }, () => `${words[random(5)]}${random(3) ? "" : random(9)}`).join("\n")
			const [base, theirs, mine] = [text(), text(), text()]
			const lines = merged(base, theirs, mine).split("\n")
			const old = base.split("\n")
			for (const line of [...theirs.split("\n"), ...mine.split("\n")]) if (!old.includes(line)) expect(lines).toContain(line)
		}
	})

	test("a text too long to compare is still merged", () => {
		const long = (letter: string) => Array.from({ length: 900 }, (_, line) => `${letter}${line}`).join("\n")
		expect(merged(long("a"), long("b"), long("c")).split("\n")).toHaveLength(1800)
	})
})

describe("the caret", () => {
	test.each([
		["stays before a change", 1, "one\ntwo", "one\ntwo!", 1],
		["moves with what is written before it", 5, "one\ntwo", "zero\none\ntwo", 10],
		["stays at the end", 7, "one\ntwo", "one!\ntwo", 8],
		["stays in what was replaced", 5, "a\nbcd\ne", "a\nx\ne", 3],
		["counts like the field does", 3, "🙂a", "!🙂a", 4],
	])("%s", (_what, caret, before, after, then) => expect(moved(caret, before, after)).toBe(then))
})
