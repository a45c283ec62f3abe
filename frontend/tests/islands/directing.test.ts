import { fireEvent, render, screen, within } from "@testing-library/svelte"
import axe from "axe-core"
import { afterEach, describe, expect, test, vi } from "vitest"
import Board from "../../islands/desk/Board.svelte"
import type { Directing } from "../../islands/desk/directing.svelte"
import { lineOf } from "../../islands/desk/line-words"
import Strip from "../../islands/desk/Strip.svelte"
import type { Work } from "../../islands/desk/work.svelte"
import type { MediaTold, Seat, StageTold } from "../../islands/shared/stage-wire"
import type { Person, RoomSettings } from "../../islands/shared/wire"
import { ADA, AIKO, answers, desked, direct, enterDesk, GRACE, INES, LINUS, says, sent } from "./cast"

let work: Work
let directing: Directing

function seat(person: Person, other: Partial<Seat> = {}): Seat {
	return {
		person: person.id,
		name: person.name,
		as: "speaker",
		organisation: "",
		country: "",
		position: person.id,
		microphone: true,
		camera: true,
		screen: false,
		source: 2 * person.id,
		screen_source: 2 * person.id + 1,
		place: "live",
		rev: 1,
		since: "2027-05-25T13:10:00Z",
		...other,
	}
}

const ASIDE: StageTold = { rev: 1, hidden: false, locked: false, pinned: null, chair: GRACE }
const behind = (event: string, data: object, seq?: number) => says({ on: "room.7.backstage", event, data, ...(seq ? { seq } : {}) })
const heard = (media: MediaTold) => behind("media", media)

async function show(seats: Seat[], settings: Partial<RoomSettings> = {}, stage: Partial<StageTold> = {}) {
	work = await enterDesk([desked(1, { by: INES })], settings)
	const { directing: made, floor } = direct(work)
	directing = made
	says({ on: "room.7.backstage", snapshot: 40, data: { seats, stage: { ...ASIDE, ...stage } } })
	render(Strip, { work, directing, floor })
	render(Board, { work })
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }))
const chip = (name: string) => screen.getAllByText(name)[0]?.closest("li") as HTMLElement
const names = () => [...document.querySelectorAll(".on-stage > li bdi")].map((name) => name.textContent)

async function choose(person: string, act: string) {
	await fireEvent.click(within(chip(person)).getByLabelText(`More for ${person}`))
	await fireEvent.click(within(chip(person)).getByRole("button", { name: act, hidden: true }))
}

afterEach(() => {
	work.desk.room.socket.close()
	vi.unstubAllGlobals()
	vi.useRealTimers()
})

describe("the strip", () => {
	test("shows the stage in order, then who is behind it, then who was asked", async () => {
		await show([seat(ADA, { place: "asked" }), seat(AIKO, { place: "backstage" }), seat(LINUS, { position: 2 }), seat(GRACE, { position: 1, as: "chair" })])
		expect(names()).toEqual(["Grace Otieno", "Linus Heikkilä", "Aiko Mori", "Ada Ndiaye"])
		expect(chip("Grace Otieno").textContent).toContain("chair")
		expect(chip("Ada Ndiaye").textContent).toContain("asked to come up")
	})

	test("names those of the programme while nobody has a place", async () => {
		await show([])
		expect(names()).toEqual(["Linus Heikkilä"])
		expect(screen.getByRole("button", { name: "Bring somebody up" })).toBeTruthy()
	})

	test("follows what becomes of a seat", async () => {
		await show([seat(LINUS)])
		behind("seat", seat(LINUS, { rev: 2, place: "backstage" }), 41)
		expect(chip("Linus Heikkilä").textContent).toContain("backstage")
		behind("seat", seat(LINUS, { rev: 1 }), 42)
		expect(chip("Linus Heikkilä").textContent).toContain("backstage")
		behind("seat", { person: LINUS.id, gone: true, rev: 3 }, 43)
		expect(directing.backstage.seats).toEqual([])
	})

	test("says who is heard, and how their lines are", async () => {
		await show([seat(LINUS), seat(AIKO)])
		expect(chip("Aiko Mori").textContent).not.toContain("not connected")
		heard({ speaking: 4, sources: { "4": { audio: true, video: true, state: "poor" } } })
		expect(chip("Linus Heikkilä").hasAttribute("data-speaking")).toBe(true)
		expect(chip("Linus Heikkilä").textContent).toContain("weak line")
		expect(chip("Aiko Mori").textContent).toContain("not connected")
	})

	test("says that somebody would rather not come up, until it is seen", async () => {
		await show([seat(ADA, { place: "asked" })])
		behind("seat", seat(ADA, { place: "asked", rev: 2 }), 41)
		behind("seat", { person: ADA.id, gone: true, rev: 3, last: { what: "declined", by: ADA, at: "2027-05-25T13:31:00Z" } }, 42)
		expect(screen.getByText("Ada Ndiaye would rather not come up.")).toBeTruthy()
		await press("I have seen it")
		expect(screen.queryByText("Ada Ndiaye would rather not come up.")).toBeNull()
	})

	test("axe finds nothing", async () => {
		await show([seat(GRACE, { as: "chair" }), seat(LINUS, { screen: true }), seat(AIKO, { place: "backstage" }), seat(ADA, { place: "asked" })])
		heard({ speaking: 4, sources: { "4": { audio: true, video: true, state: "gone" } } })
		await press("Somebody else")
		const found = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } })
		expect(found.violations).toEqual([])
	})
})

describe("a moderator", () => {
	test("mutes, and asks to unmute", async () => {
		await show([seat(LINUS)])
		await press("Mute Linus Heikkilä")
		expect(sent("stage.mute")).toEqual({ person: LINUS.id })
		behind("seat", seat(LINUS, { rev: 2, microphone: false }), 41)
		await press("Ask Linus Heikkilä to unmute")
		await answers("stage.unmute", { ok: {} })
		expect(chip("Linus Heikkilä").textContent).toContain("asked to unmute")
		behind("seat", seat(LINUS, { rev: 3 }), 42)
		expect(chip("Linus Heikkilä").textContent).not.toContain("asked to unmute")
	})

	test("switches only their own microphone on", async () => {
		await show([seat(GRACE, { microphone: false })])
		await press("Unmute myself")
		expect(sent("stage.set")).toEqual({ microphone: true })
	})

	test("does the rest from a person's menu", async () => {
		await show([seat(GRACE), seat(LINUS, { screen: true, as: "moderator" })])
		const does = async (act: string, what: string) => (await choose("Linus Heikkilä", act), sent(`stage.${what}`))
		expect(await does("Camera off", "camera_off")).toEqual({ person: 2 })
		expect(await does("Stop the shared screen", "screen_off")).toEqual({ person: 2 })
		expect(await does("Pin: large for everybody", "pin")).toEqual({ source: 4 })
		expect(await does("Pin the shared screen", "pin")).toEqual({ source: 5 })
		expect(await does("Earlier in the row", "order")).toEqual({ people: [2, 1] })
		expect(await does("Hand over the chair", "chair")).toEqual({ person: 2 })
		expect(await does("Take down", "down")).toEqual({ person: 2 })
		expect(await does("Remove from the stage", "remove")).toEqual({ person: 2 })
		behind("stage", { ...ASIDE, rev: 2, pinned: 5 }, 41)
		expect(await does("Unpin", "pin")).toEqual({ source: null })
	})

	test("offers the chair only to who moderates", async () => {
		await show([seat(LINUS), seat(AIKO)])
		says({ on: "room.7.desk", here: 2, people: [GRACE.id, AIKO.id] })
		expect(within(chip("Linus Heikkilä")).queryByText("Hand over the chair")).toBeNull()
		expect(within(chip("Aiko Mori")).getByText("Hand over the chair")).toBeTruthy()
	})

	test("brings up who waits backstage first by B", async () => {
		await show([seat(AIKO, { place: "backstage", position: 9 }), seat(LINUS, { place: "backstage", position: 3 })])
		await fireEvent.keyDown(document.body, { key: "b" })
		expect(sent("stage.up")).toEqual({ person: LINUS.id })
		await answers("stage.up", { refused: "stage.full", say: "The stage is full." })
		expect(screen.getByRole("alert").textContent).toBe("The stage is full.")
	})

	test("finds somebody to bring up", async () => {
		await show([seat(GRACE), seat(AIKO, { place: "backstage" })])
		await press("Somebody else")
		const found = within(screen.getByRole("list", { name: "People found" }))
		expect(found.getAllByRole("listitem").map((item) => item.textContent?.replace(/\s+/g, " ").trim())).toEqual([
			"Aiko Mori backstage Bring up",
			"Linus Heikkilä not backstage yet Ask to come up",
			"Ines Carvalho in the audience Ask to come up",
		])
		await fireEvent.input(screen.getByLabelText("Find a person"), { target: { value: "carv" } })
		expect(found.getAllByRole("listitem")).toHaveLength(1)
		await press("Ask to come up")
		expect(sent("stage.up")).toEqual({ person: INES.id })
	})

	test("finds the way to the green room for themselves", async () => {
		await show([seat(LINUS)])
		await press("Somebody else")
		expect(screen.getByRole("link", { name: "Go to the green room" }).getAttribute("href")).toBe("/room/4821/backstage")
	})

	test("has an interlude, and locks the stage", async () => {
		await show([seat(LINUS)])
		await press("Interlude")
		expect(sent("stage.hide")).toEqual({ hidden: true })
		await press("Lock stage")
		expect(sent("stage.lock")).toEqual({ locked: true })
		behind("stage", { ...ASIDE, rev: 2, hidden: true, locked: true }, 41)
		expect(screen.getByText("The audience sees an interlude")).toBeTruthy()
		await press("Lock stage")
		expect(sent("stage.lock")).toEqual({ locked: false })
	})

	test("cannot do any of that before the room opens", async () => {
		await show([], { state: "scheduled" })
		for (const name of ["Interlude", "Lock stage", "Bring somebody up"]) expect(screen.queryByRole("button", { name })).toBeNull()
	})
})

test.each([
	["ok", undefined],
	["poor", "weak line"],
	["audio_only", "sound only"],
	["gone", "line lost"],
] as const)("a line that is %s is said in words", (state, say) => {
	expect(lineOf({ audio: true, video: true, state })?.say).toBe(say)
})
