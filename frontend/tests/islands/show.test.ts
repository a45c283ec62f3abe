import { fireEvent, render, screen } from "@testing-library/svelte"
import axe from "axe-core"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import Messages from "../../islands/desk/Messages.svelte"
import RunOfShow from "../../islands/desk/RunOfShow.svelte"
import type { DeskShow } from "../../islands/desk/show.svelte"
import Board from "../../islands/desk/Board.svelte"
import Head from "../../islands/projector/Head.svelte"
import { BehindShow } from "../../islands/shared/behind.svelte"
import { Floor } from "../../islands/shared/floor.svelte"
import { Notices } from "../../islands/shared/notices.svelte"
import NoticeList from "../../islands/shared/NoticeList.svelte"
import type { Room } from "../../islands/shared/room.svelte"
import Running from "../../islands/shared/Running.svelte"
import type { Notice, Proposal, Segment } from "../../islands/shared/show-wire"
import type { Turn } from "../../islands/shared/stage-wire"
import MyClock from "../../islands/speaker/MyClock.svelte"
import { myTime } from "../../islands/speaker/mytime"
import Prompter from "../../islands/speaker/Prompter.svelte"
import { ADA, AIKO, answers, direct, enterDesk, enterRoom, GRACE, LINUS, picture, says, segment, sent } from "./cast"

const STAGE = { rev: 1, hidden: false, locked: false, pinned: null, chair: null }
let room: Room
const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds).toISOString()

/** The server says of the room that it has these parts; the session began with the first. */
function has(...segments: Segment[]) {
	const current = segments.find(({ started, ended }) => started && !ended)
	const due = current?.started ? new Date(Date.parse(current.started) + 1000 * current.seconds).toISOString() : null
	const show = { current: current?.id ?? null, drift: 0, due, ends: picture([]).room.ends, segments: [] }
	says({ on: "room.7", snapshot: 11, data: { ...picture([], room.settings), segments, show } })
}

const over = (id: number, other: Partial<Segment> = {}) => segment(id, { started: ago(500), ended: ago(100), ...other })
const on = (id: number, other: Partial<Segment> = {}) => segment(id, { started: ago(100), ...other })
const ahead = (id: number, other: Partial<Segment> = {}) => segment(id, { expected: ago(-200), ...other })

function notice(id: number, other: Partial<Notice> = {}): Notice {
	return { id, room: 7, number: id, kind: "message", by: GRACE, to: LINUS, text: `Message ${id}`, segment: null, at: ago(10), acknowledged: [], ...other }
}

function turn(other: Partial<Turn> = {}): Turn {
	const nobody = { id: LINUS.id, name: LINUS.name, organisation: "", country: "" }
	return {
		id: 31,
		number: 1,
		rev: 1,
		state: "speaking",
		kind: "hand",
		by: nobody,
		question: null,
		in_writing: false,
		point_of_order: false,
		position: 1,
		seconds: 120,
		spoken: 0,
		running_since: ago(100),
		at: ago(200),
		...other,
	}
}

beforeEach(() => localStorage.clear())
afterEach(() => {
	room.socket.close()
	vi.unstubAllGlobals()
})

describe("the run of show at the desk", () => {
	let run: DeskShow

	async function runs(...segments: Segment[]) {
		const work = await enterDesk([])
		room = work.desk.room
		run = direct(work).run
		says({ on: "room.7.backstage", snapshot: 0, data: { seats: [], stage: STAGE } })
		has(...segments)
		render(Board, { work })
		return render(RunOfShow, { run, files: null })
	}

	test("goes on by one key, from the part that was on", async () => {
		await runs(over(1), on(2), ahead(3))
		await fireEvent.keyDown(document.body, { key: "." })
		expect(sent("show.next")).toEqual({ from: 2 })
		await answers("show.next", { refused: "show.moved", say: "Somebody has moved on already. Here is how it stands now." })
		expect(screen.getByRole("alert").textContent).toBe("Somebody has moved on already. Here is how it stands now.")
	})

	test("goes back, and to any part that is to come", async () => {
		await runs(over(1), on(2), ahead(3), ahead(4))
		await fireEvent.click(screen.getByRole("button", { name: "Back" }))
		expect(sent("show.back")).toEqual({ from: 2 })
		await fireEvent.click(screen.getAllByRole("button", { name: "Begin it now" }).at(-1) as HTMLElement)
		expect(sent("show.go")).toEqual({ segment: 4 })
	})

	test("does nothing by key while there is nothing to go on to", async () => {
		await runs(over(1))
		await fireEvent.keyDown(document.body, { key: "." })
		expect(sent("show.next")).toBeUndefined()
	})

	test("proposes what to shorten, says so, and takes the answer", async () => {
		const { container } = await runs(on(1), ahead(2, { title: "Panel", seconds: 600, minutes: 10 }))
		const proposal: Proposal = { id: 8, state: "open", late: 270, left: 90, changes: [[2, 600, 420, "discussion"]], at: ago(1) }
		says({ on: "room.7.backstage", seq: 1, event: "proposal", data: proposal })
		const card = container.querySelector("[role=status] .notice") as HTMLElement
		expect(card.textContent).toContain("Panel: 7 min instead of 10 min")
		expect(card.textContent).toContain("It would still end 2 minutes late.")
		await fireEvent.click(screen.getByRole("button", { name: "Use these times" }))
		expect(sent("show.accept")).toEqual({ proposal: 8 })
		says({ on: "room.7.backstage", seq: 2, event: "proposal", data: { ...proposal, state: "accepted" } })
		expect(container.querySelector("[role=status] .notice")).toBeNull()
	})

	test("changes only what was changed, and leaves notes alone that it does not know", async () => {
		await runs(on(1), ahead(2, { title: "Panel", minutes: 10 }))
		await fireEvent.click(screen.getAllByRole("button", { name: "Change it" }).at(-1) as HTMLElement)
		await fireEvent.input(screen.getByLabelText("Title"), { target: { value: "Panel and hall" } })
		await fireEvent.submit(screen.getByLabelText<HTMLInputElement>("Title").form as HTMLFormElement)
		expect(sent("show.edit")).toEqual({ segment: 2, rev: 1, title: "Panel and hall" })
	})

	test("adds before a part, moves, leaves out and removes", async () => {
		await runs(on(1), ahead(2), ahead(3))
		const menu = (name: string) => fireEvent.click(screen.getAllByRole("button", { name }).at(-1) as HTMLElement)
		await menu("Earlier on")
		expect(sent("show.move")).toEqual({ segment: 3, rev: 1, before: 2 })
		await menu("Leave it out")
		expect(sent("show.edit")).toEqual({ segment: 3, rev: 1, skipped: true })
		await menu("Add a part before it")
		await fireEvent.input(screen.getByLabelText("Title"), { target: { value: "Photo" } })
		await fireEvent.submit(screen.getByLabelText<HTMLInputElement>("Title").form as HTMLFormElement)
		expect(sent("show.add")).toMatchObject({ title: "Photo", kind: "talk", minutes: 5, before: 3 })
		await answers("show.add", { ok: {} })
		await menu("Remove it")
		await fireEvent.click(screen.getByRole("button", { name: "Remove" }))
		expect(sent("show.remove")).toEqual({ segment: 3, rev: 1 })
	})

	test("says who has read what was written to the stage", async () => {
		await runs(on(1))
		render(Messages, { run })
		says({ on: "room.7.desk", seq: 21, event: "notice", data: notice(1, { to: null, acknowledged: [LINUS.id, AIKO.id, 77] }) })
		says({ on: "room.7.desk", seq: 22, event: "notice", data: notice(2, { text: "A little slower, please." }) })
		expect(screen.getByText("Read by Linus Heikkilä, Aiko Mori, and 1 other")).toBeTruthy()
		expect(screen.getByText("A little slower, please.").closest("li")?.textContent).toContain("Not read yet")
		await fireEvent.change(screen.getByLabelText("To"), { target: { value: String(LINUS.id) } })
		await fireEvent.input(screen.getByLabelText("Message"), { target: { value: "Two minutes" } })
		await fireEvent.submit(screen.getByLabelText<HTMLInputElement>("Message").form as HTMLFormElement)
		expect(sent("notice.send")).toEqual({ to: LINUS.id, text: "Two minutes" })
	})

	test("has nothing that axe would find", async () => {
		const { container } = await runs(over(1), over(2), on(3), ahead(4, { who: "Linus", confirmed: false, remote: true }), ahead(5, { skipped: true }))
		expect((await axe.run(container)).violations).toEqual([])
	})
})

describe("the running order", () => {
	test("says how late it is and what is shortened; whose own part it is, and when", async () => {
		room = await enterRoom()
		has(on(1, { started: ago(415) }), ahead(2, { title: "Closing", seconds: 120, people: [ADA.id] }))
		const { container } = render(Running, { room })
		expect(container.querySelector(".drift")?.textContent).toContain("2 minutes late")
		expect(container.querySelector(".drift")?.textContent).toContain("“Closing” is shortened.")
		expect(container.querySelector("[aria-current]")?.textContent).toContain("2 minutes over")
		expect(screen.getByText("You").closest("li")?.textContent).toContain("Closing")
	})
})

describe("what is to be acknowledged", () => {
	async function told(...all: Notice[]) {
		room = await enterRoom({ me: LINUS })
		has(on(1), ahead(2, { title: "Loggers", people: [LINUS.id] }))
		const notices = new Notices(room)
		says({ on: `person.${LINUS.id}`, snapshot: 0, data: null })
		render(NoticeList, { notices })
		for (const [at, one] of all.entries()) says({ on: `person.${LINUS.id}`, seq: at + 1, event: "notice", data: one })
		return notices
	}

	test("stays until it is, and goes on to the next", async () => {
		await told(notice(1), notice(2), notice(3, { room: 8 }), notice(4, { to: AIKO }))
		const buttons = screen.getAllByRole("button", { name: "I have read it" })
		expect(screen.getAllByRole("alert").map((one) => one.textContent)).toEqual(["Message 1", "Message 2"])
		await fireEvent.click(buttons[0] as HTMLElement)
		expect(sent("notice.ack")).toEqual({ notice: 1 })
		await answers("notice.ack", { ok: notice(1, { acknowledged: [LINUS.id] }) })
		expect(screen.getByRole("alert").textContent).toBe("Message 2")
		expect(document.activeElement).toBe(screen.getByRole("button", { name: "I have read it" }))
		says({ on: `person.${LINUS.id}`, seq: 5, event: "notice", data: notice(1) })
		expect(screen.getAllByRole("alert")).toHaveLength(1)
	})

	test("a cue says how long it is, and is no news once the part has begun", async () => {
		await told(notice(1, { kind: "cue", by: null, text: "", segment: 2 }))
		expect(screen.getByRole("alert").textContent).toBe("You’re on in 4 minutes: Loggers")
		says({ on: "room.7", seq: 12, event: "segment", data: on(2, { rev: 2, title: "Loggers", people: [LINUS.id] }) })
		expect(screen.queryByRole("alert")).toBeNull()
	})
})

describe("the speaker's own time", () => {
	async function speaks(segments: Segment[], mine: Turn | null = null) {
		room = await enterRoom({ me: LINUS, welcome: { turn: mine } })
		has(...segments)
		return new Floor(room)
	}

	test("is the turn first, then the part, then what comes", async () => {
		const floor = await speaks([on(1, { people: [LINUS.id] }), ahead(2, { people: [LINUS.id] })], turn())
		expect(myTime(room, floor, Date.now())).toMatchObject({ is: "turn", paused: false })
		floor.mine = null
		expect(myTime(room, floor, Date.now())).toMatchObject({ is: "part", segment: { id: 1 } })
		says({ on: "room.7", seq: 12, event: "segment", data: on(1, { rev: 2, people: [] }) })
		expect(myTime(room, floor, Date.now())).toMatchObject({ is: "coming", segment: { id: 2 } })
		says({ on: "room.7", seq: 13, event: "segment", data: ahead(2, { rev: 2, skipped: true, people: [LINUS.id] }) })
		expect(myTime(room, floor, Date.now())).toEqual({ is: "nothing" })
	})

	test.each([
		["amber for the last half minute", 100, "warn", "Please conclude"],
		["red over time", 130, "over", "over your time"],
	])("is %s", async (_, spoken, tone, says) => {
		const floor = await speaks([], turn({ running_since: ago(spoken) }))
		const { container } = render(MyClock, { room, floor })
		expect(container.querySelector(".my-clock")?.getAttribute("data-tone")).toBe(tone)
		expect(container.textContent).toContain(says)
	})
})

describe("the teleprompter", () => {
	test("shows the notes of the part that is on, and rolls by a key until it is stopped", async () => {
		room = await enterRoom({ me: LINUS })
		has(over(1, { people: [LINUS.id] }), on(2, { title: "Loggers", people: [LINUS.id] }), ahead(3, { people: [AIKO.id] }))
		const behind = new BehindShow()
		const notes = (id: number, text: string) => behind.event("segment", { ...segment(id), notes: text })
		notes(1, "First of all")
		notes(2, "We put the first forty loggers")
		notes(3, "Not mine")
		render(Prompter, { room, behind })
		expect(screen.getByRole("region", { name: "Notes of Loggers" }).textContent).toBe("We put the first forty loggers")
		expect(screen.queryByText("Not mine")).toBeNull()
		await fireEvent.keyDown(document.body, { key: "p" })
		expect(screen.getByRole("button", { name: "Stop the notes" }).getAttribute("aria-pressed")).toBe("true")
		await fireEvent.keyDown(document.body, { key: "p" })
		expect(screen.getByRole("button", { name: "Roll the notes" })).toBeTruthy()
		await fireEvent.click(screen.getByRole("button", { name: "Larger letters" }))
		expect(JSON.parse(localStorage.getItem("plenary.prompter") ?? "")).toEqual({ size: 2.25, pace: 130 })
		await fireEvent.change(screen.getByLabelText("Notes of"), { target: { value: "1" } })
		expect(screen.getByRole("region", { name: "Notes of Part 1" }).textContent).toBe("First of all")
	})
})

describe("the projector", () => {
	test("says in a line who has the floor and for how long", async () => {
		room = await enterRoom()
		const floor = new Floor(room)
		render(Head, { room, floor })
		says({ on: "room.7", seq: 11, event: "turn", data: turn({ running_since: null, state: "paused", spoken: 30 }) })
		await vi.waitFor(() => expect(screen.getByRole("timer").textContent).toBe("1:30"))
		expect(screen.getByRole("timer").parentElement?.textContent).toContain("Linus Heikkilä has the floor")
	})
})
