import { fireEvent, render, screen, within } from "@testing-library/svelte"
import axe from "axe-core"
import { afterEach, describe, expect, test, vi } from "vitest"
import Board from "../../islands/desk/Board.svelte"
import { DeskPolls } from "../../islands/desk/polls.svelte"
import Rail from "../../islands/desk/Rail.svelte"
import Strip from "../../islands/desk/Strip.svelte"
import type { Work } from "../../islands/desk/work.svelte"
import type { DeskQuestion, RoomSettings } from "../../islands/shared/wire"
import { Line } from "../live/line"
import { AIKO, answers, desked, direct, enterDesk, GRACE, LINUS, says, sent } from "./cast"

let work: Work

async function show(questions: DeskQuestion[], settings: Partial<RoomSettings> = {}) {
	work = await enterDesk(questions, settings)
	const { directing, floor, run } = direct(work)
	render(Strip, { work, directing, floor })
	render(Board, { work })
	render(Rail, { work, polls: new DeskPolls(work.desk), floor, run, files: null })
}

const press = (key: string) => fireEvent.keyDown(document.body, { key })
const ticket = (number: number) => document.getElementById(`t${number}`) as HTMLElement
const lane = (name: string) => [...document.querySelectorAll(`#${name} .ticket[id]`)].map((item) => item.id)
const becomes = (question: DeskQuestion, seq = 21) => says({ on: "room.7.desk", seq, event: "question", data: question })
const done = (...ids: number[]) => ({ ok: { done: ids } })

afterEach(() => {
	work.desk.room.socket.close()
	vi.unstubAllGlobals()
})

describe("lanes", () => {
	test("hold each question where it stands", async () => {
		await show([
			desked(1, { state: "review" }),
			desked(2),
			desked(3, { votes: 5 }),
			desked(4, { state: "next", position: 2 }),
			desked(5, { state: "next", position: 1 }),
			desked(6, { state: "now" }),
			desked(7, { state: "answered", since: "2027-05-25T13:30:00Z" }),
			desked(8, { state: "dismissed", reason: "other_session", since: "2027-05-25T13:40:00Z" }),
		])
		expect(["review", "open", "next", "now", "done"].map(lane)).toEqual([["t1"], ["t3", "t2"], ["t5", "t4"], ["t6"], ["t8", "t7"]])
		expect(ticket(8).textContent).toContain("Dismissed: Not about this session")
	})

	test("follow what other moderators do", async () => {
		await show([desked(1, { state: "review" })])
		becomes(desked(1, { rev: 2, state: "open", last: { what: "approved", at: "2027-05-25T13:30:00Z", by: AIKO } }))
		expect(lane("open")).toEqual(["t1"])
		expect(screen.getByText("Aiko Mori", { selector: "bdi" }).closest("li")?.textContent).toContain("approved it")
	})

	test("count votes as the room does", async () => {
		await show([desked(2), desked(3)])
		says({ on: "room.7", seq: 11, event: "votes", data: { counts: [[102, 9]] } })
		await vi.waitFor(() => expect(ticket(2).textContent).toContain("9 votes"))
		expect(lane("open")).toEqual(["t2", "t3"])
	})

	test("can be searched", async () => {
		await show([desked(2, { text: "Why acoustic?" }), desked(3, { text: "Who pays?", labels: ["Money"] })])
		await fireEvent.input(screen.getByLabelText("Find a question"), { target: { value: "money" } })
		expect(lane("open")).toEqual(["t3"])
	})
})

describe("keys", () => {
	test("A approves what is under the cursor, and the cursor moves on", async () => {
		await show([desked(1, { state: "review" }), desked(2, { state: "review" })])
		expect(ticket(2).getAttribute("aria-current")).toBe("true")
		await press("a")
		expect(sent("desk.approve")).toEqual({ questions: [[102, 1]] })
		becomes(desked(2, { rev: 2 }))
		await answers("desk.approve", done(102))
		expect(ticket(1).getAttribute("aria-current")).toBe("true")
	})

	test("J, K and the arrows move the cursor", async () => {
		await show([desked(1, { state: "review" }), desked(2, { state: "review" }), desked(3)])
		await press("j")
		expect(work.cursor).toBe(101)
		await press("k")
		expect(work.cursor).toBe(102)
		await press("ArrowRight")
		expect(work.cursor).toBe(103)
		await press("ArrowLeft")
		expect(work.cursor).toBe(102)
	})

	test("X chooses several, and what follows is done to all of them", async () => {
		await show([desked(1, { state: "review" }), desked(2, { state: "review" }), desked(3, { state: "review" })])
		await press("x")
		await press("j")
		await press("x")
		expect(screen.getByText("2 chosen")).toBeTruthy()
		await press("a")
		expect(sent("desk.approve")).toEqual({ questions: [[103, 1], [102, 1]] })
	})

	test("Space answers the present question and takes the next", async () => {
		await show([desked(1, { state: "now" }), desked(2, { state: "next", position: 1 })])
		await press(" ")
		expect(sent("desk.answered")).toEqual({ question: 101, rev: 1, take: true })
	})

	test("Space takes the first of the queue when none is being answered", async () => {
		await show([desked(2, { state: "next", position: 1 })])
		await press(" ")
		expect(sent("desk.now")).toEqual({ question: 102, rev: 1 })
	})

	test("N, W, U do what the sheet says", async () => {
		await show([desked(2)])
		await press("n")
		expect(sent("desk.next")).toEqual({ questions: [[102, 1]] })
		await press("w")
		expect(sent("desk.written")).toEqual({ question: 102, rev: 1 })
		await press("u")
		expect(sent("desk.undo")).toEqual({})
	})

	test("mean letters where somebody writes", async () => {
		await show([desked(1, { state: "review" })])
		await fireEvent.keyDown(screen.getByLabelText("Find a question"), { key: "a" })
		expect(sent("desk.approve")).toBeUndefined()
	})

	test("? opens the sheet", async () => {
		await show([])
		await press("?")
		expect(screen.getByRole("dialog").textContent).toContain("Put next")
	})
})

describe("one question", () => {
	test("is dismissed with a reason and a word", async () => {
		await show([desked(1, { state: "review" })])
		await press("d")
		const dialog = within(screen.getByRole("dialog"))
		await fireEvent.change(dialog.getByLabelText("Reason"), { target: { value: "no_time" } })
		await fireEvent.input(dialog.getByLabelText(/A word to the asker/), { target: { value: "Sorry" } })
		await fireEvent.submit(dialog.getByRole("button", { name: "Dismiss" }).closest("form") as HTMLFormElement)
		expect(sent("desk.dismiss")).toEqual({ questions: [[101, 1]], reason: "no_time", note: "Sorry" })
		await answers("desk.dismiss", done(101))
		expect(screen.queryByRole("dialog")).toBeNull()
		await fireEvent.click(screen.getByRole("button", { name: "Undo" }))
		expect(sent("desk.undo")).toEqual({})
	})

	test("is changed in place; the others see who is at it", async () => {
		await show([desked(1, { state: "review" })])
		await press("e")
		expect(sent("desk.hold")).toEqual({ question: 101 })
		const field = screen.getByLabelText<HTMLTextAreaElement>("Text of question 1")
		await fireEvent.input(field, { target: { value: "Better?" } })
		await fireEvent.submit(field.form as HTMLFormElement)
		expect(sent("desk.edit")).toEqual({ question: 101, rev: 1, text: "Better?" })
		await answers("desk.edit", done(101))
		expect(sent("desk.hold")).toEqual({ question: null })
	})

	test("says who else is working on it", async () => {
		await show([desked(1, { state: "review" })])
		says({ on: "room.7.desk", event: "hold", data: { question: 101, by: AIKO } })
		expect(ticket(1).textContent).toContain("Aiko Mori is working on it")
		says({ on: "room.7.desk", event: "hold", data: { question: null, by: AIKO } })
		expect(ticket(1).textContent).not.toContain("working on it")
	})

	test("changed by somebody else meanwhile says so, and keeps what was typed", async () => {
		await show([desked(1, { state: "review" })])
		await press("e")
		const field = screen.getByLabelText<HTMLTextAreaElement>("Text of question 1")
		await fireEvent.input(field, { target: { value: "Mine" } })
		await fireEvent.submit(field.form as HTMLFormElement)
		becomes(desked(1, { rev: 2, state: "review", text: "Theirs" }))
		await answers("desk.edit", { refused: "question.changed", say: "Somebody changed this question a moment ago." })
		expect(within(ticket(1)).getByRole("alert").textContent).toContain("Somebody changed")
		expect(field.value).toBe("Mine")
	})

	test("is never overwritten unseen: what is saved names the revision that was opened", async () => {
		await show([desked(1, { state: "review" })])
		await press("e")
		await fireEvent.input(screen.getByLabelText("Text of question 1"), { target: { value: "Mine" } })
		becomes(desked(1, { rev: 2, state: "open" }))
		const field = screen.getByLabelText<HTMLTextAreaElement>("Text of question 1")
		expect(field.value).toBe("Mine")
		await fireEvent.submit(field.form as HTMLFormElement)
		expect(sent("desk.edit")).toEqual({ question: 101, rev: 1, text: "Mine" })
		await answers("desk.edit", { refused: "question.changed", say: "Somebody changed this question a moment ago." })
		await fireEvent.submit(field.form as HTMLFormElement)
		expect(sent("desk.edit")).toEqual({ question: 101, rev: 2, text: "Mine" })
	})

	test("among several that was refused says so on its own ticket", async () => {
		await show([desked(1, { state: "review" }), desked(2, { state: "review" })])
		await press("x")
		await press("j")
		await press("x")
		await press("a")
		await answers("desk.approve", { ok: { done: [102], refused: [{ question: 101, refused: "question.changed" }] } })
		expect(within(ticket(1)).getByRole("alert").textContent).toContain("Somebody changed")
	})

	test("is joined with the one that asks the same", async () => {
		await show([desked(31, { state: "review", similar: 17 }), desked(17, { votes: 38 })])
		await fireEvent.click(screen.getByRole("button", { name: "Merge into 17" }))
		expect(sent("desk.merge")).toEqual({ question: 131, rev: 1, into: 117 })
	})

	test("moves up and down by buttons", async () => {
		await show([1, 2, 3].map((number) => desked(number, { state: "next", position: number })))
		await fireEvent.click(within(ticket(3)).getByRole("button", { name: "Move up" }))
		expect(sent("desk.move")).toEqual({ question: 103, rev: 1, before: 102 })
		await fireEvent.click(within(ticket(1)).getByRole("button", { name: "Move down" }))
		expect(sent("desk.move")).toEqual({ question: 101, rev: 1, before: 103 })
		await fireEvent.click(within(ticket(2)).getByRole("button", { name: "Move down" }))
		expect(sent("desk.move")).toEqual({ question: 102, rev: 1, before: null })
	})

	test("moves by dragging", async () => {
		await show([1, 2, 3].map((number) => desked(number, { state: "next", position: number })))
		const carried = new Map<string, string>()
		const dataTransfer = {
			types: ["application/x-question"],
			setData: (kind: string, what: string) => carried.set(kind, what),
			getData: (kind: string) => carried.get(kind) ?? "",
		}
		await fireEvent.dragStart(ticket(3), { dataTransfer })
		await fireEvent.drop(ticket(1), { dataTransfer })
		expect(sent("desk.move")).toEqual({ question: 103, rev: 1, before: 101 })
	})

	test("is assigned and labelled", async () => {
		await show([desked(2)])
		await press("s")
		await fireEvent.click(screen.getByRole("button", { name: LINUS.name }))
		expect(sent("desk.assign")).toEqual({ question: 102, rev: 1, to: LINUS.id })
		await answers("desk.assign", done(102))
		await press("l")
		await fireEvent.input(screen.getByLabelText("New label"), { target: { value: "Money" } })
		await fireEvent.submit(screen.getByRole("button", { name: "Add" }).closest("form") as HTMLFormElement)
		expect(sent("desk.label")).toEqual({ question: 102, rev: 1, labels: ["Money"] })
	})
})

describe("the session", () => {
	test("ends only after a question", async () => {
		await show([])
		await fireEvent.click(screen.getByRole("button", { name: "End session" }))
		expect(sent("room.state")).toBeUndefined()
		await fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "End session" }))
		expect(sent("room.state")).toEqual({ state: "ended" })
	})

	test("has its switches", async () => {
		await show([])
		await fireEvent.click(screen.getByLabelText("Votes are open"))
		expect(sent("room.set")).toEqual({ votes_open: false })
		await answers("room.set", { refused: "slow.down", say: "That was a little fast." })
		expect(screen.getByLabelText<HTMLInputElement>("Votes are open").checked).toBe(true)
		expect(screen.getByText("That was a little fast.")).toBeTruthy()
	})

	test("shows who is at the desk", async () => {
		await show([])
		says({ on: "room.7.desk", here: 2, people: [GRACE.id, AIKO.id] })
		expect(screen.getByText(/With you at the desk/).textContent).toContain("Aiko Mori")
	})

	test("says when the desk is not open to this person any more", async () => {
		await show([])
		says({ on: "room.7.desk", refused: "room.not_yours", say: "Only moderators of this session can do that." })
		expect(screen.getByRole("alert").textContent).toContain("Only moderators")
		expect(Line.last.asked("enter").length).toBeGreaterThan(0)
	})
})

test("axe finds nothing", async () => {
	await show([desked(31, { state: "review", similar: 17 }), desked(17), desked(3, { state: "next", position: 1 }), desked(4, { state: "now" })])
	const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } })
	expect(violations.map((violation) => violation.id)).toEqual([])
})
