import { fireEvent, render, screen, within } from "@testing-library/svelte"
import axe from "axe-core"
import { afterEach, describe, expect, test, vi } from "vitest"
import Board from "../../islands/desk/Board.svelte"
import { countries } from "../../islands/desk/countries"
import Floor from "../../islands/desk/Floor.svelte"
import type { DeskFloor } from "../../islands/desk/floor.svelte"
import { facts, hints, why } from "../../islands/desk/floor-words"
import type { Work } from "../../islands/desk/work.svelte"
import type { DeskTurn, Hint } from "../../islands/shared/stage-wire"
import { Line } from "../live/line"
import { aMoment, answers, desked, direct, enterDesk, LINUS, says, sent } from "./cast"

let work: Work
let floor: DeskFloor
const START = Date.parse("2027-05-25T13:30:00Z")
const after = (seconds: number) => new Date(START + 1000 * seconds).toISOString()
const hint = (what: Hint["what"], say: Hint["say"] = {}): Hint => ({ what, say })

/** Turn `number` of the list, waiting in that place, unless said otherwise. */
function turn(number: number, name: string, other: Partial<DeskTurn> = {}): DeskTurn {
	return {
		id: 500 + number,
		number,
		rev: 1,
		state: "waiting",
		kind: "hand",
		by: { id: 30 + number, name, organisation: "", country: "" },
		question: null,
		in_writing: false,
		point_of_order: false,
		position: number,
		seconds: 120,
		spoken: 0,
		running_since: null,
		at: after(0),
		text: "",
		hints: [],
		spoken_before: 0,
		region: "",
		stakeholder: "",
		overridden: false,
		invited_at: null,
		started_at: null,
		ended_at: null,
		...other,
	}
}

const desk = (event: string, data: object | null, seq = 21) => says({ on: "room.7.desk", seq, event, data })

async function show(turns: DeskTurn[]) {
	vi.useFakeTimers({ toFake: ["Date"] })
	work = await enterDesk([desked(4, { text: "Who pays?" })])
	vi.setSystemTime(START)
	floor = direct(work).floor
	for (const one of turns) floor.event("turn", one)
	render(Floor, { floor })
	render(Board, { work })
}

const list = () => screen.getByRole("list", { name: "Waiting to speak" })
const waiting = () => [...list().querySelectorAll("li > .stack b")].map((name) => name.textContent)
const row = (name: string) => within(within(list()).getByText(name).closest("li") as HTMLElement)
const press = (name: string | RegExp, where: ReturnType<typeof within> = screen) => fireEvent.click(where.getByRole("button", { name }))
const key = (key: string) => fireEvent.keyDown(document.body, { key })

async function choose(name: string, act: string) {
	await fireEvent.click(row(name).getByLabelText(`More for ${name}`))
	await fireEvent.click(row(name).getByRole("button", { name: act, hidden: true }))
}

afterEach(() => {
	work.desk.room.socket.close()
	vi.unstubAllGlobals()
	vi.useRealTimers()
})

describe("who waits", () => {
	test("stands in the chair's order, points of order in front and not counted", async () => {
		await show([turn(1, "Ada"), turn(2, "Bruno", { position: 0 }), turn(3, "Olga", { point_of_order: true })])
		expect(waiting()).toEqual(["Olga", "Bruno", "Ada"])
		expect([...list().querySelectorAll("li > .number")].map((place) => place.textContent)).toEqual(["!", "1", "2"])
		expect(screen.getByText("3 waiting")).toBeTruthy()
	})

	test("has what speaks for them beside, and what is known", async () => {
		const given = { hints: [hint("first_time"), hint("region", { region: "africa" })], region: "africa", stakeholder: "academia", at: after(-400) }
		await show([turn(1, "Ada", given)])
		expect(row("Ada").getByText("Has not spoken yet.")).toBeTruthy()
		expect(row("Ada").getByText("First from this region.")).toBeTruthy()
		expect(facts(turn(1, "Ada", given), START)).toEqual(["Academia", "African States", "6 min in the list"])
		expect(hints(turn(1, "Ada", { ...given, point_of_order: true }))).toEqual([])
		expect(facts(turn(1, "Ada", { spoken_before: 100, in_writing: true }), START)).toEqual(["In writing", "spoke 1:40"])
	})

	test("hears of new hints without a new turn", async () => {
		await show([turn(1, "Ada")])
		desk("floor.hints", { hints: [[501, [hint("waiting", { since: after(0) })], 0]] })
		await aMoment()
		expect(row("Ada").getByText("Has waited longest.")).toBeTruthy()
	})

	test("may have asked a question, or written what is read out", async () => {
		await show([turn(1, "Ada", { question: 4, kind: "question" }), turn(2, "Bruno", { in_writing: true, text: "Read me." })])
		expect(row("Ada").getByText("Who pays?")).toBeTruthy()
		expect(row("Bruno").getByText("What is to be read out")).toBeTruthy()
		expect(row("Bruno").getByRole("button", { name: "Read it out", description: "Bruno" })).toBeTruthy()
	})

	test("is moved by buttons, within those of the same right", async () => {
		await show([turn(1, "Ada"), turn(2, "Bruno"), turn(3, "Chipo"), turn(4, "Olga", { point_of_order: true })])
		await press("Move Bruno up")
		expect(sent("floor.move")).toEqual({ turn: 502, rev: 1, before: 501 })
		await press("Move Ada down")
		expect(sent("floor.move")).toEqual({ turn: 501, rev: 1, before: 503 })
		await press("Move Bruno down")
		expect(sent("floor.move")).toEqual({ turn: 502, rev: 1, before: null })
		const moves = Line.last.asked("floor.move").length
		await press("Move Ada up")
		expect(Line.last.asked("floor.move")).toHaveLength(moves)
		expect(screen.queryByRole("button", { name: "Move Olga down" })).toBeNull()
	})

	test("is moved by dragging", async () => {
		await show([turn(1, "Ada"), turn(2, "Bruno")])
		const [ada, bruno] = list().querySelectorAll(":scope > li") as unknown as [HTMLElement, HTMLElement]
		await fireEvent.dragStart(bruno)
		await fireEvent.drop(ada)
		expect(sent("floor.move")).toEqual({ turn: 502, rev: 1, before: 501 })
		await fireEvent.dragStart(ada)
		await fireEvent.drop(list())
		expect(sent("floor.move")).toEqual({ turn: 501, rev: 1, before: null })
	})

	test("may be skipped, lowered, given more time, or the floor at once", async () => {
		await show([turn(1, "Ada")])
		for (const [act, what] of [["Skip", "skip"], ["Lower the hand", "lower"], ["Give the floor at once", "start"]] as const) {
			await choose("Ada", act)
			expect(sent(`floor.${what}`)).toEqual({ turn: 501, rev: 1 })
		}
		await choose("Ada", "30 seconds more")
		expect(sent("floor.extend")).toEqual({ turn: 501, seconds: 30 })
	})
})

describe("the suggestion", () => {
	test("explains itself, and is followed or overridden by one press", async () => {
		await show([turn(1, "Ada"), turn(2, "Bruno")])
		desk("floor.suggestion", { turn: 502, why: [hint("region", { region: "africa" })] })
		const group = within(screen.getByRole("group", { name: "Suggested next" }))
		expect(group.getByText("Nobody from African States has been heard.")).toBeTruthy()
		await press("Invite", group)
		expect(sent("floor.invite")).toEqual({ turn: 502, rev: 1 })
		await press("Invite", row("Ada"))
		expect(sent("floor.invite")).toEqual({ turn: 501, rev: 1 })
	})

	test("F calls the suggested one, then gives the floor to who was called", async () => {
		await show([turn(1, "Ada")])
		await key("f")
		expect(sent("floor.invite")).toBeUndefined()
		desk("floor.suggestion", { turn: 501, why: [hint("order")] })
		await key("f")
		expect(sent("floor.invite")).toEqual({ turn: 501, rev: 1 })
		desk("turn", turn(1, "Ada", { rev: 2, state: "invited", invited_at: after(0) }), 22)
		await key("f")
		expect(sent("floor.start")).toEqual({ turn: 501, rev: 2 })
	})

	test.each<[Hint, string]>([
		[hint("point_of_order"), "Points of order come first"],
		[hint("stakeholder", { stakeholder: "civil_society" }), "Civil society least heard"],
		[hint("spoken", { seconds: 95 }), "Has spoken for 1:35"],
		[hint("order"), "Is first in the list"],
	])("says in words that %o", (given, said) => expect(why(given)).toBe(said))
})

describe("who was called", () => {
	test("can be given up after a while", async () => {
		await show([turn(1, "Ada", { state: "invited", invited_at: after(-5) }), turn(2, "Bruno", { state: "invited", invited_at: after(-25), rev: 3 })])
		const ada = within(screen.getByRole("article", { name: "Ada, called" }))
		expect(ada.queryByRole("button", { name: "No answer" })).toBeNull()
		await press("No answer")
		expect(sent("floor.no_answer")).toEqual({ turn: 502, rev: 3 })
		await press("Give the floor", ada)
		expect(sent("floor.start")).toEqual({ turn: 501, rev: 1 })
	})
})

describe("who speaks", () => {
	const speaking = (since: number, other: Partial<DeskTurn> = {}) => turn(1, "Ada", { state: "speaking", running_since: after(since), ...other })
	const timer = () => screen.getByRole("timer")

	test.each([
		[-60, "1:00", null, "left"],
		[-95, "0:25", "warn", "left"],
		[-130, "+0:10", "over", "over time"],
	])("began %i seconds ago and has %s", async (since, said, tone, word) => {
		await show([speaking(since)])
		expect(timer().textContent).toBe(said)
		const badge = timer().closest(".badge")
		expect(badge?.getAttribute("data-tone")).toBe(tone)
		expect(badge?.textContent).toBe(`${said} ${word}`)
	})

	test("is paused, goes on, gets more time and finishes", async () => {
		await show([speaking(-10)])
		await key("p")
		expect(sent("floor.pause")).toEqual({ turn: 501, rev: 1 })
		await key("+")
		expect(sent("floor.extend")).toEqual({ turn: 501, seconds: 30 })
		await key("g")
		expect(sent("floor.finish")).toEqual({ turn: 501, rev: 1, next: true })
		await press("Finished")
		expect(sent("floor.finish")).toEqual({ turn: 501, rev: 1 })
		desk("turn", speaking(0, { rev: 2, state: "paused", running_since: null, spoken: 10 }))
		expect(timer().textContent).toBe("1:50")
		await press("Go on")
		expect(sent("floor.resume")).toEqual({ turn: 501, rev: 2 })
	})

	test("comes before whom a point of order interrupted", async () => {
		await show([turn(1, "Ada", { state: "paused", spoken: 30 }), turn(2, "Olga", { state: "speaking", point_of_order: true, running_since: after(0) })])
		expect(screen.getAllByRole("article").map((item) => item.getAttribute("aria-label"))).toEqual(["Olga has the floor", "Ada, paused"])
	})

	test("has the text to be read out in view", async () => {
		await show([speaking(0, { in_writing: true, text: "Dear all." })])
		expect(screen.getByText("Dear all.")).toBeTruthy()
	})
})

describe("the list", () => {
	test("is closed and opened", async () => {
		await show([])
		expect(screen.getByText("Nobody is waiting to speak.")).toBeTruthy()
		await press("Close the list")
		expect(sent("floor.open")).toEqual({ open: false })
		says({ on: "room.7", seq: 11, event: "floor", data: { open: false, turn_seconds: 90 } })
		expect(screen.getByText("0 waiting, the list is closed")).toBeTruthy()
		expect((screen.getByLabelText("Length of a turn") as HTMLSelectElement).value).toBe("90")
	})

	test("gives turns another length", async () => {
		await show([])
		await fireEvent.change(screen.getByLabelText("Length of a turn"), { target: { value: "180" } })
		expect(sent("floor.set")).toEqual({ turn_seconds: 180 })
		await answers("floor.set", { refused: "room.ended", say: "The session is over." })
		expect((screen.getByLabelText("Length of a turn") as HTMLSelectElement).value).toBe("120")
		expect(screen.getByRole("alert").textContent).toBe("The session is over.")
	})

	test("loses all raised hands once that is confirmed", async () => {
		await show([turn(1, "Ada")])
		await press("Lower all hands")
		expect(sent("floor.lower_all")).toBeUndefined()
		await press("Lower all hands", within(screen.getByRole("dialog")))
		expect(sent("floor.lower_all")).toEqual({})
		await answers("floor.lower_all", { ok: { lowered: 1 } })
		expect(screen.queryByRole("dialog")).toBeNull()
	})

	test("takes an announced intervention by name", async () => {
		await show([])
		await press("Add somebody")
		await fireEvent.input(screen.getByLabelText("Name"), { target: { value: " Sione Tuʻipulotu " } })
		await fireEvent.change(screen.getByLabelText("Country"), { target: { value: "TO" } })
		await fireEvent.input(screen.getByLabelText("What it is about, or the text itself"), { target: { value: "Islands" } })
		await fireEvent.click(screen.getByLabelText("The chair reads the text out"))
		await press("Put on the list")
		expect(sent("floor.add")).toEqual({ name: "Sione Tuʻipulotu", organisation: "", country: "TO", text: "Islands", in_writing: true, seconds: 120 })
		await answers("floor.add", { ok: { done: [501] } })
		expect(screen.queryByRole("dialog")).toBeNull()
	})

	test("takes one of somebody who takes part", async () => {
		await show([])
		await press("Add somebody")
		await fireEvent.change(screen.getByLabelText("Who"), { target: { value: String(LINUS.id) } })
		expect(screen.queryByLabelText("Name")).toBeNull()
		await press("Put on the list")
		expect(sent("floor.add")).toEqual({ person: LINUS.id, text: "", in_writing: false, seconds: 120 })
		await answers("floor.add", { refused: "turn.listed", say: "This person is on the speakers’ list already." })
		expect(within(screen.getByRole("dialog")).getByRole("alert").textContent).toContain("already")
	})

	test("keeps turns that are over, and takes them back", async () => {
		await show([
			turn(1, "Ada", { state: "finished", spoken: 100, overridden: true, ended_at: after(-60) }),
			turn(2, "Bruno", { state: "no_answer", ended_at: after(-10) }),
		])
		const over = within(screen.getByRole("list", { name: "Earlier turns", hidden: true }))
		const rows = over.getAllByRole("listitem", { hidden: true }).map((item) => item.querySelector("p")?.textContent)
		expect(rows).toEqual(["No answer", "Has spoken · 1:40 · another one was suggested"])
		await fireEvent.click(over.getByRole("button", { name: "Add again", description: "Bruno", hidden: true }))
		expect(sent("floor.readd")).toEqual({ turn: 502, rev: 1 })
	})

	test("adds up who has spoken how long", async () => {
		await show([])
		desk("floor.totals", { people: [["Ada", 90], ["Bruno", 30]], regions: [["africa", 90], ["", 30]], stakeholders: [["academia", 120]] })
		expect(screen.getByText("Spoken so far: 2:00")).toBeTruthy()
		expect(screen.getByRole("row", { name: "Ada 1:30 75 %", hidden: true })).toBeTruthy()
		expect(screen.getByRole("row", { name: "Not stated 0:30 25 %", hidden: true })).toBeTruthy()
		expect(screen.getByRole("row", { name: "Academia 2:00 100 %", hidden: true })).toBeTruthy()
	})

	test("axe finds nothing", async () => {
		await show([
			turn(1, "Ada", { state: "speaking", running_since: after(-10) }),
			turn(2, "Bruno", { state: "invited", invited_at: after(-30) }),
			turn(3, "Chipo", { in_writing: true, text: "Read me.", hints: [hint("first_time")] }),
			turn(4, "Olga", { state: "skipped" }),
		])
		desk("floor.suggestion", { turn: 503, why: [hint("first_time")] })
		desk("floor.totals", { people: [["Ada", 90]], regions: [["africa", 90]], stakeholders: [["", 90]] }, 22)
		await press("Add somebody")
		const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } })
		expect(found.violations).toEqual([])
	})
})

test("countries are named once each, in the page's language", () => {
	const named = new Map(countries("en"))
	expect([named.get("KE"), named.get("TO")]).toEqual(["Kenya", "Tonga"])
	for (const code of ["DD", "SU", "EU", "ZZ"]) expect(named.has(code)).toBe(false)
	expect(new Set(named.values()).size).toBe(named.size)
	expect(named.size).toBeGreaterThan(240)
})
