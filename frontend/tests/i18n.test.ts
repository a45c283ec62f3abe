import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { clock, n, number, relative, span, speak, t } from "../i18n"

const ARABIC = {
	messages: {
		"Question {number}": "السؤال {number}",
		"{name} is working on it": "{name} يعمل عليه",
		"{count} vote": ["بلا أصوات", "صوت واحد", "صوتان", "{count} أصوات", "{count} صوتًا", "{count} صوت"],
	},
	forms: { zero: 0, one: 1, two: 2, few: 3, many: 4, other: 5 },
}
const votes = (count: number) => n("{count} vote", "{count} votes", count)

afterEach(() => speak("en"))

describe("English, the source", () => {
	beforeEach(() => speak("en"))

	test("fills places", () => {
		expect(t("Question {number}, to {name}", { number: 1200, name: "Linus" })).toBe("Question 1,200, to Linus")
	})

	test("leaves a place that has no value, for somebody to notice", () => {
		expect(t("Question {number}")).toBe("Question {number}")
	})

	test("has two plural forms", () => {
		expect([0, 1, 2].map(votes)).toEqual(["0 votes", "1 vote", "2 votes"])
	})

	test("does not let a name in another direction turn the sentence", () => {
		expect(t("{name} is working on it", { name: "د. ليلى حدّاد" })).toBe("\u2068د. ليلى حدّاد\u2069 is working on it")
	})
})

describe("Arabic", () => {
	beforeEach(() => speak("ar", ARABIC))

	test("has its words, and English where one is missing", () => {
		expect(t("Question {number}", { number: 9 })).toBe("السؤال 9")
		expect(t("Nobody has translated this")).toBe("Nobody has translated this")
	})

	test("has six plural forms", () => {
		const said = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103].map(votes)
		expect(said).toEqual([
			"بلا أصوات",
			"صوت واحد",
			"صوتان",
			"3 أصوات",
			"10 أصوات",
			"11 صوتًا",
			"99 صوتًا",
			"100 صوت",
			"102 صوت",
			"103 أصوات",
		])
	})

	test("isolates names in any script", () => {
		expect(t("{name} is working on it", { name: "Aiko" })).toBe("\u2068Aiko\u2069 يعمل عليه")
	})

	test("writes digits as the server's pages do", () => {
		expect(number(418)).toBe("418")
		expect(clock("2027-05-25T13:34:00Z", "Europe/Zurich")).toBe("15:34")
	})
})

describe("time", () => {
	test("is told in 24 hours, in the zone that was asked for", () => {
		expect(clock("2027-05-25T22:05:00Z", "UTC")).toBe("22:05")
		expect(clock("2027-05-25T22:05:00Z", "Africa/Nairobi")).toBe("01:05")
	})

	test.each([
		[0, "0:00"],
		[-3, "0:00"],
		[24, "0:24"],
		[1692, "28:12"],
		[3849, "1:04:09"],
	])("%i seconds are %s", (seconds, said) => expect(span(seconds)).toBe(said))

	test.each([
		[180, "in 3 minutes"],
		[7200, "in 2 hours"],
		[3 * 86400, "in 3 days"],
	])("%i seconds from now is %s", (seconds, said) => expect(relative(seconds)).toBe(said))
})
