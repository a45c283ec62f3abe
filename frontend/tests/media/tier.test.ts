import { describe, expect, test } from "vitest"
import { Adviser, lighter, quality } from "../../media/tier"
import { reads } from "./readings"

describe("how a line serves", () => {
	test.each([
		["all arrives", {}, "good"],
		["some is lost", { lost: 20 }, "thin"],
		["much is lost", { lost: 60 }, "poor"],
		["pictures stand still at times", { frozen: 1 }, "thin"],
		["pictures stand still", { frozen: 3 }, "poor"],
		["the sound is made up", { concealed: 48_000 }, "voice"],
		["nothing arrives, and nothing is lost", { packets: 0, samples: 0 }, "good"],
	])("when %s", (_what, other, expected) => {
		expect(quality(reads(0), reads(5, other))).toBe(expected)
	})
})

test.each([
	["video", "poor", "slides"],
	["slides", "poor", "audio"],
	["audio", "poor", null],
	["text", "poor", null],
	["video", "voice", "text"],
	["audio", "voice", "text"],
	["text", "voice", null],
	["video", "thin", null],
	["video", "good", null],
] as const)("somebody with %s on a %s line is offered %s", (tier, quality, expected) => {
	expect(lighter(tier, quality)).toBe(expected)
})

describe("an offer", () => {
	const bad = (seconds: number) => reads(seconds, { lost: 20 * seconds })

	test("comes when it stays bad, not at the first hiccup", () => {
		const adviser = new Adviser()
		expect([0, 5, 10].map((seconds) => adviser.hear(bad(seconds), "video"))).toEqual([null, null, "slides"])
	})

	test("does not come after one hiccup", () => {
		const adviser = new Adviser()
		const after = reads(10, { lost: 100 })
		expect([reads(0), bad(5), after].map((reading) => adviser.hear(reading, "video"))).toEqual([null, null, null])
	})

	test("does not come again once it was declined", () => {
		const adviser = new Adviser()
		for (const seconds of [0, 5, 10]) adviser.hear(bad(seconds), "video")
		adviser.decline("slides")
		expect([15, 20].map((seconds) => adviser.hear(bad(seconds), "video"))).toEqual([null, null])
	})

	test("comes when the server finds the line too thin for any picture", () => {
		const adviser = new Adviser()
		expect([0, 5, 10].map((seconds) => adviser.hear(reads(seconds), "video", true))).toEqual([null, null, "slides"])
	})

	test("does not come because a picture took its time", () => {
		const adviser = new Adviser()
		const seen = [0, 4, 5, 9, 10].map((seconds) => adviser.hear(reads(seconds), "video", seconds % 5 !== 4))
		expect(seen).toEqual([null, null, null, null, null])
	})

	test("says nothing about what was before another way was chosen", () => {
		const adviser = new Adviser()
		for (const seconds of [0, 5]) adviser.hear(bad(seconds), "video")
		adviser.changed()
		expect([6, 11].map((seconds) => adviser.hear(bad(seconds), "slides"))).toEqual([null, null])
	})
})
