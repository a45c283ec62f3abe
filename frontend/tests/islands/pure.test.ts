import { describe, expect, test } from "vitest"
import { languageOf } from "../../islands/room/language"
import { similar } from "../../islands/room/similar"
import { inQueue, stages } from "../../islands/room/receipt"
import { initials } from "../../islands/shared/initials"
import { own, question } from "./cast"

describe("similar questions", () => {
	const open = [question(17, { text: "Who pays for the loggers once the pilot money is gone?" }), question(11, { text: "学生毕业以后，模型由谁维护？" })]

	test.each([
		["Who pays for loggers when the pilot money is gone", 17],
		["who PAYS for the loggers once the pilot's money is gone!", 17],
		["学生毕业以后，模型由谁来维护？", 11],
	])("%s asks the same as %i", (text, number) => expect(similar(text, open)?.number).toBe(number))

	test.each(["Who?", "", "Which forty hydrants came first, and who chose them?"])("%s is a question of its own", (text) => {
		expect(similar(text, open)).toBeUndefined()
	})
})

describe("a receipt", () => {
	test("says the place in words as far as words go", () => {
		expect(inQueue(3)).toBe("Your question is third in the queue")
		expect(inQueue(12)).toBe("Your question is number 12 in the queue")
	})

	test("shows the way so far", () => {
		const said = stages(own(1, { state: "next" }), 1).map(({ label, state }) => `${label} ${state}`)
		expect(said).toEqual(["Asked done", "Approved done", "First current", "Now ahead", "Answered ahead"])
	})

	test("shows no way where there is none any more", () => {
		expect(stages(own(1, { state: "dismissed" }), 0)).toEqual([])
	})
})

test.each([
	["Who pays?", "en", "en"],
	["«من يدفع؟»", "ar", "ar"],
	["Who pays?", "ar", ""],
	["2027: кто платит?", "ru", "ru"],
	["学生毕业以后", "zh", "zh"],
	["学生毕业以后", "fr", ""],
	["Who pays?", "", ""],
])("%s on a page in %s is taken for %s", (text, page, language) => expect(languageOf(text, page)).toBe(language))

test.each([
	["Ada Ndiaye", "AN"],
	["Ana Lucía Rojas", "AR"],
	["د. ليلى حدّاد", "لح"],
	["林美玲", "林"],
	["", "·"],
])("the initials of %s are %s", (name, letters) => expect(initials(name)).toBe(letters))
