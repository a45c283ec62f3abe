import { fireEvent, render, screen, within } from "@testing-library/svelte"
import axe from "axe-core"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import Questions from "../../islands/room/Questions.svelte"
import { spoken } from "../../islands/shared/announce.svelte"
import type { Room } from "../../islands/shared/room.svelte"
import { Keeper, Line } from "../live/line"
import { ADA, aMoment, answers, enterRoom, own, question, says, sent } from "./cast"

let room: Room

async function show(scene: Parameters<typeof enterRoom>[0] = {}) {
	room = await enterRoom(scene)
	render(Questions, { room })
}

const field = () => screen.getByLabelText<HTMLTextAreaElement>("Ask the panel")
const list = () => screen.getByRole("list", { name: /^Questions/ })
const numbers = () => within(list()).getAllByRole("listitem").map((item) => item.id)
const vote = (number: number) => screen.getByRole("button", { name: new RegExp(`for question ${number}$`) })

async function ask(text: string) {
	await fireEvent.input(field(), { target: { value: text } })
	await fireEvent.submit(field().form as HTMLFormElement)
}

beforeEach(() => localStorage.clear())
afterEach(() => {
	room.socket.close()
	vi.unstubAllGlobals()
})

describe("asking", () => {
	test("sends the text, empties the field, and shows where the question is", async () => {
		await show()
		await ask("Will slides be shared?")
		expect(sent("question.ask")).toEqual({ text: "Will slides be shared?", anonymous: false, aloud: false, language: "" })
		expect(field().value).toBe("")
		expect(screen.getByText("Sending")).toBeTruthy()
		await answers("question.ask", { ok: own(3, { state: "review", text: "Will slides be shared?" }) })
		expect(screen.getByText("Your question is waiting for a moderator")).toBeTruthy()
		expect(screen.queryByText("Sending")).toBeNull()
	})

	test("waits, and says so, while there is no line", async () => {
		await show()
		Line.last.breaks()
		await ask("Will slides be shared?")
		expect(screen.getByText("Waiting to be sent")).toBeTruthy()
		expect(screen.getByText(/What you typed is kept\./)).toBeTruthy()
		expect(screen.getByText(/One thing is waiting/)).toBeTruthy()
	})

	test("gives the text back with the reason when it is refused", async () => {
		await show()
		await ask("Will slides be shared?")
		await answers("question.ask", { refused: "questions.closed", say: "Questions are closed at the moment." })
		expect(field().value).toBe("Will slides be shared?")
		expect(field().getAttribute("aria-invalid")).toBe("true")
		expect(screen.getByRole("alert").textContent).toBe("Questions are closed at the moment.")
	})

	test("keeps a draft on the device", async () => {
		await show()
		await fireEvent.input(field(), { target: { value: "Half a que" } })
		expect(localStorage.getItem(`plenary.question.7.${ADA.id}`)).toBe("Half a que")
	})

	test("points to a question that asks the same, and votes for it instead", async () => {
		await show({ questions: [question(17, { text: "Who pays for the loggers once the pilot money is gone?" })] })
		await fireEvent.input(field(), { target: { value: "Who will pay for loggers once pilot money is gone?" } })
		await fireEvent.click(screen.getByRole("button", { name: "Vote for question 17 instead" }))
		expect(sent("question.vote")).toEqual({ question: 117, up: true })
		expect(field().value).toBe("")
	})

	test("is without a name only where the room allows it", async () => {
		await show({ settings: { anonymity: false } })
		expect(screen.queryByLabelText("Without my name")).toBeNull()
		says({ on: "room.7", seq: 11, event: "room", data: { ...room.settings, rev: 2, anonymity: true } })
		await fireEvent.click(screen.getByLabelText("Without my name"))
		await ask("Who decided?")
		expect(sent("question.ask")).toEqual({ text: "Who decided?", anonymous: true, aloud: false, language: "" })
	})

	test("is said by its asker who likes to, with a name", async () => {
		await show({ settings: { anonymity: true } })
		await fireEvent.click(screen.getByLabelText("I’d like to say it myself"))
		await ask("Who pays?")
		expect(sent("question.ask")).toEqual({ text: "Who pays?", anonymous: false, aloud: true, language: "" })
		await fireEvent.click(screen.getByLabelText("Without my name"))
		expect(screen.getByLabelText<HTMLInputElement>("I’d like to say it myself").disabled).toBe(true)
		await ask("Who pays in the end?")
		expect(sent("question.ask")).toEqual({ text: "Who pays in the end?", anonymous: true, aloud: false, language: "" })
	})

	test("is replaced by a sentence where it is not possible", async () => {
		await show({ settings: { questions_open: false } })
		expect(screen.queryByLabelText("Ask the panel")).toBeNull()
		expect(screen.getByText("Questions are closed at the moment.")).toBeTruthy()
	})

	describe("from before a reload", () => {
		const before = { do: "question.ask", ref: "r", on: "room.7", with: { text: "Who pays?" } }

		async function asked() {
			const keeper = new Keeper()
			keeper.setItem("ada", JSON.stringify([before]))
			await show({ keeper })
			expect(Line.last.asked("question.ask")).toEqual([before])
			expect(screen.getByText("Sending")).toBeTruthy()
		}

		test("shows where it is", async () => {
			await asked()
			await answers("question.ask", { ok: own(3, { state: "review", text: "Who pays?" }) })
			expect(screen.getByText("Your question is waiting for a moderator")).toBeTruthy()
		})

		test("comes back into the field if it is refused", async () => {
			await asked()
			await answers("question.ask", { refused: "slow.down", say: "Too fast." })
			expect(field().value).toBe("Who pays?")
			expect(screen.getByRole("alert").textContent).toBe("Too fast.")
		})
	})
})

describe("voting", () => {
	test("shows at once", async () => {
		await show({ questions: [question(4, { votes: 8 })] })
		await fireEvent.click(vote(4))
		expect(vote(4).getAttribute("aria-pressed")).toBe("true")
		expect(vote(4).textContent).toContain("9")
		expect(sent("question.vote")).toEqual({ question: 104, up: true })
	})

	test("is taken back when it is refused, with the reason", async () => {
		await show({ questions: [question(4, { votes: 8 })] })
		await fireEvent.click(vote(4))
		await answers("question.vote", { refused: "votes.closed", say: "Voting is closed at the moment." })
		expect(vote(4).getAttribute("aria-pressed")).toBe("false")
		expect(vote(4).textContent).toContain("8")
		expect(screen.getByRole("alert").textContent).toContain("Voting is closed at the moment.")
	})

	test("a vote for a question that was joined counts as one for the question that stays", async () => {
		await show({ questions: [question(4, { joined: [109] })], welcome: { votes: [109] } })
		expect(vote(4).getAttribute("aria-pressed")).toBe("true")
	})

	test("is not possible where votes are closed", async () => {
		await show({ questions: [question(4)], settings: { votes_open: false } })
		expect(vote(4).hasAttribute("disabled")).toBe(true)
	})
})

describe("the list", () => {
	const three = [question(1, { votes: 1 }), question(2, { votes: 2 }), question(3, { votes: 3 })]

	test("has what comes next first, then the most votes", async () => {
		await show({ questions: [...three, question(4, { state: "next", position: 1 })] })
		expect(numbers()).toEqual(["q4", "q3", "q2", "q1"])
	})

	test("follows the votes while nobody is in it", async () => {
		await show({ questions: three })
		says({ on: "room.7", seq: 11, event: "votes", data: { counts: [[101, 9]] } })
		await aMoment()
		expect(vote(1).textContent).toContain("9")
		await vi.waitFor(() => expect(numbers()).toEqual(["q1", "q3", "q2"]), { timeout: 3_000 })
	})

	test("keeps its order while somebody is, and says what is new", async () => {
		await show({ questions: three })
		await fireEvent.focusIn(vote(3))
		says({ on: "room.7", seq: 11, event: "votes", data: { counts: [[101, 9]] } })
		says({ on: "room.7", seq: 12, event: "question", data: question(5) })
		await aMoment()
		expect(numbers()).toEqual(["q3", "q2", "q1"])
		expect(vote(1).textContent).toContain("9")
		await fireEvent.click(screen.getByRole("button", { name: "1 new, refresh the order" }))
		expect(numbers()).toEqual(["q1", "q3", "q2", "q5"])
	})

	test("does not let a question vanish under a finger", async () => {
		await show({ questions: three })
		await fireEvent.focusIn(vote(3))
		says({ on: "room.7", seq: 11, event: "question", data: { id: 102, number: 2, rev: 2, state: "withdrawn", gone: true, into: null } })
		await aMoment()
		expect(numbers()).toEqual(["q3", "q2", "q1"])
		expect(screen.getByText("No longer here")).toBeTruthy()
		expect(vote(2).hasAttribute("disabled")).toBe(true)
	})

	test("can be sorted by what is newest, and by what was answered", async () => {
		await show({ questions: [...three, question(4, { state: "answered", since: "2027-05-25T13:40:00Z" })] })
		await fireEvent.click(screen.getByRole("button", { name: "Newest" }))
		expect(numbers()).toEqual(["q3", "q2", "q1"])
		await fireEvent.click(screen.getByRole("button", { name: "Answered" }))
		expect(numbers()).toEqual(["q4"])
	})

	test("says so when there is nothing yet", async () => {
		await show()
		expect(screen.getByText("No questions here")).toBeTruthy()
	})

	test("shows what people wrote as they wrote it", async () => {
		await show({ questions: [question(1, { text: "<b>HTML</b> never survives" })] })
		expect(screen.getByText("<b>HTML</b> never survives")).toBeTruthy()
	})
})

describe("my question", () => {
	test("tells its place in the queue", async () => {
		await show({ questions: [question(1, { votes: 9 }), question(2, { votes: 5, by: ADA })], own: [own(2, { votes: 5 })] })
		expect(screen.getByText("Your question is second in the queue")).toBeTruthy()
		expect(screen.getByText("Yours, second in the queue")).toBeTruthy()
	})

	test("tells when it is being answered, politely to those who listen", async () => {
		vi.useFakeTimers()
		try {
			await show({ questions: [question(2)], own: [own(2)] })
			says({ on: "room.7", seq: 11, event: "question", data: question(2, { rev: 2, state: "now" }) })
			says({ on: "person.42", snapshot: 1, data: null })
			says({ on: "person.42", seq: 2, event: "question", data: own(2, { rev: 2, state: "now" }) })
			await vi.advanceTimersByTimeAsync(4_000)
			expect(screen.getByText("Your question is being answered")).toBeTruthy()
			expect(spoken.text).toMatch(/being answered|Now question 2/)
		} finally {
			vi.useRealTimers()
		}
	})

	test("tells why it was dismissed", async () => {
		await show({ own: [own(2, { state: "dismissed", reason: "other_session", note: "Please ask in room B." })] })
		expect(screen.getByText("Your question was not taken up")).toBeTruthy()
		expect(screen.getByText(/Not about this session/)).toBeTruthy()
		expect(screen.getByText("Please ask in room B.")).toBeTruthy()
	})

	test("tells where it was joined, and what became of that one", async () => {
		const root = { number: 17, state: "answered" as const, reason: "", note: "", answer: "By 2027." }
		await show({ own: [own(2, { state: "merged", into: 17, root })] })
		expect(screen.getByText("Joined with question 17")).toBeTruthy()
		expect(screen.getByText("By 2027.")).toBeTruthy()
		expect(screen.getByRole("link", { name: "See question 17" }).getAttribute("href")).toBe("#q17")
	})

	test("can be changed", async () => {
		await show({ own: [own(2, { state: "review", text: "Who pay?" })] })
		await fireEvent.click(screen.getByRole("button", { name: "Edit" }))
		const editor = screen.getByLabelText<HTMLTextAreaElement>("Your question")
		await fireEvent.input(editor, { target: { value: "Who pays?" } })
		await fireEvent.submit(editor.form as HTMLFormElement)
		expect(sent("question.edit")).toEqual({ question: 102, text: "Who pays?", rev: 1 })
	})

	test("keeps the change in the field when it is refused", async () => {
		await show({ own: [own(2, { state: "review" })] })
		await fireEvent.click(screen.getByRole("button", { name: "Edit" }))
		const editor = screen.getByLabelText<HTMLTextAreaElement>("Your question")
		await fireEvent.input(editor, { target: { value: "Who pays?" } })
		await fireEvent.submit(editor.form as HTMLFormElement)
		await answers("question.edit", { refused: "question.changed", say: "Somebody changed this question a moment ago." })
		expect(editor.value).toBe("Who pays?")
		expect(screen.getByRole("alert").textContent).toContain("Somebody changed")
	})

	test("is withdrawn only after a second thought", async () => {
		await show({ own: [own(2)] })
		await fireEvent.click(screen.getByRole("button", { name: "Withdraw" }))
		expect(sent("question.withdraw")).toBeUndefined()
		await fireEvent.click(screen.getByRole("button", { name: "Withdraw" }))
		expect(sent("question.withdraw")).toEqual({ question: 102 })
		await answers("question.withdraw", { ok: own(2, { rev: 2, state: "withdrawn" }) })
		expect(screen.queryByRole("group", { name: "Your question 2" })).toBeNull()
	})

	test("whose way is over can be put away", async () => {
		await show({ own: [own(2, { state: "answered" })] })
		await fireEvent.click(screen.getByRole("button", { name: "Put away" }))
		expect(screen.queryByText("Your question has been answered")).toBeNull()
		expect(localStorage.getItem(`plenary.away.7.${ADA.id}`)).toBe("102.answered")
	})
})

test("a session that has ended is read, not written", async () => {
	await show({ questions: [question(1)], own: [own(1)], settings: { state: "ended" } })
	expect(screen.getByText("This session has ended. The record stays.")).toBeTruthy()
	expect(screen.queryByLabelText("Ask the panel")).toBeNull()
	expect(screen.queryByRole("button", { name: "Withdraw" })).toBeNull()
	expect(vote(1).hasAttribute("disabled")).toBe(true)
})

test("axe finds nothing", async () => {
	await show({ questions: [question(1), question(2, { state: "now" })], own: [own(1)] })
	const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } })
	expect(violations.map((violation) => violation.id)).toEqual([])
})
