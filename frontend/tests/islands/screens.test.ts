import { render, screen } from "@testing-library/svelte"
import { fireEvent } from "@testing-library/svelte"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import Current from "../../islands/projector/Current.svelte"
import Next from "../../islands/projector/Next.svelte"
import Placard from "../../islands/room/Placard.svelte"
import Line from "../../islands/shared/Line.svelte"
import type { Room } from "../../islands/shared/room.svelte"
import Asked from "../../islands/speaker/Asked.svelte"
import { Line as Wire } from "../live/line"
import { aMoment, answers, enterRoom, LINUS, question, says, sent } from "./cast"

let room: Room
const current = question(9, { state: "now", text: "Which forty hydrants came first?", to: LINUS, votes: 71 })

beforeEach(() => localStorage.clear())
afterEach(() => {
	room.socket.close()
	vi.unstubAllGlobals()
})

describe("the projector", () => {
	test("shows the present question, the larger the shorter", async () => {
		room = await enterRoom({ questions: [current] })
		const { container } = render(Current, { room })
		const quote = container.querySelector("blockquote") as HTMLElement
		expect(quote.textContent).toBe("Which forty hydrants came first?")
		expect(quote.style.getPropertyValue("--chars")).toBe("32")
	})

	test("goes on to the next one by itself", async () => {
		room = await enterRoom({ questions: [current, question(4, { state: "next", position: 1, text: "Will the data stay open?" })] })
		const { container } = render(Current, { room })
		render(Next, { room })
		expect(screen.getByText("Will the data stay open?")).toBeTruthy()
		says({ on: "room.7", seq: 11, event: "question", data: { ...current, rev: 2, state: "answered" } })
		says({ on: "room.7", seq: 12, event: "question", data: question(4, { rev: 2, state: "now", text: "Will the data stay open?" }) })
		await aMoment()
		expect(container.querySelector("blockquote")?.textContent).toBe("Will the data stay open?")
		expect(screen.getByText("Your question could be next.")).toBeTruthy()
	})
})

describe("the stage without a picture", () => {
	test("says when it starts", async () => {
		room = await enterRoom({ settings: { state: "open", starts: new Date(Date.now() + 600_000).toISOString() } })
		render(Placard, { room, pause: false })
		expect(screen.getByText(/^Starts at \d\d:\d\d in Geneva$/)).toBeTruthy()
		expect(screen.getByText(/^(9:59|10:00)$/)).toBeTruthy()
	})

	test("says what is being answered, and by whom", async () => {
		room = await enterRoom({ questions: [current] })
		const { container } = render(Placard, { room, pause: false })
		expect(container.querySelector("blockquote")?.textContent).toBe("Which forty hydrants came first?")
		expect(container.querySelector("[data-speaking]")?.textContent).toContain("Linus Heikkilä")
	})

	test("says what the session has come to", async () => {
		room = await enterRoom({ settings: { state: "ended" }, questions: [question(1, { state: "answered" }), question(2, { state: "written" })] })
		render(Placard, { room, pause: false })
		expect(screen.getByText(/1 question answered\./).textContent).toContain("1 to be answered in writing.")
	})
})

describe("the questions on the speaker's page", () => {
	test("shows what is assigned to me, and takes an answer in writing", async () => {
		room = await enterRoom({ me: LINUS, questions: [question(13, { to: LINUS, text: "Why acoustic?" })], welcome: { roles: ["speaker"] } })
		render(Asked, { room })
		await fireEvent.click(screen.getByRole("button", { name: "Answer in writing" }))
		const field = screen.getByLabelText<HTMLTextAreaElement>("Your answer, for everybody to read")
		await fireEvent.input(field, { target: { value: "It hears more." } })
		await fireEvent.submit(field.form as HTMLFormElement)
		expect(sent("question.answer")).toEqual({ question: 113, text: "It hears more." })
		await answers("question.answer", { refused: "question.changed", say: "Somebody changed this question a moment ago." })
		expect(field.value).toBe("It hears more.")
	})

	test("says to whom the present question goes", async () => {
		room = await enterRoom({ me: LINUS, questions: [current] })
		render(Asked, { room })
		expect(screen.getByText("To you")).toBeTruthy()
	})
})

describe("the line in the masthead", () => {
	test("says in words how it is", async () => {
		room = await enterRoom()
		const { container } = render(Line, { room })
		expect(container.textContent).toContain("Good line")
		says({ on: "room.7", here: 418 })
		expect(container.textContent).toContain("418 here")
		Wire.last.breaks()
		await aMoment()
		expect(container.textContent).toContain("Reconnecting, try 1")
	})
})
