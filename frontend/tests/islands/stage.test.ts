import { fireEvent, render, screen } from "@testing-library/svelte"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import Hand from "../../islands/room/Hand.svelte"
import { Attending } from "../../islands/room/attending.svelte"
import { press } from "../../islands/room/shortcuts"
import { Floor, left, tone } from "../../islands/shared/floor.svelte"
import type { Room } from "../../islands/shared/room.svelte"
import { Stage } from "../../islands/shared/stage.svelte"
import type { OnStage, Seat, Turn } from "../../islands/shared/stage-wire"
import { ADA, aMoment, answers, enterRoom, GRACE, INES, LINUS, says, sent } from "./cast"

const NOW = Date.parse("2027-05-25T13:30:00Z")
let room: Room

const onStage = (who: { id: number; name: string }, other: Partial<OnStage> = {}): OnStage => ({
	person: who.id,
	name: who.name,
	as: "",
	organisation: "",
	country: "",
	position: who.id,
	microphone: true,
	camera: true,
	screen: false,
	source: 2 * who.id,
	screen_source: 2 * who.id + 1,
	...other,
})
const seat = (place: Seat["place"], other: Partial<Seat> = {}): Seat => ({ ...onStage(ADA), place, rev: 1, since: "", ...other })
const stageTold = (people: OnStage[], other = {}) => ({ rev: 1, hidden: false, locked: false, pinned: null, chair: GRACE, people, ...other })

function turn(number: number, who: { id: number; name: string }, other: Partial<Turn> = {}): Turn {
	const by = { ...who, organisation: "", country: "" }
	return { id: 300 + number, number, rev: 1, state: "waiting", kind: "hand", by, question: null, in_writing: false, point_of_order: false, position: number, seconds: 120, spoken: 0, running_since: null, at: "", ...other }
}

const event = (seq: number, name: string, data: object) => says({ on: "room.7", seq, event: name, data })
const told = (name: string, data: object) => says({ on: "person.42", event: name, data })

beforeEach(async () => {
	localStorage.clear()
	room = await enterRoom()
})
afterEach(() => {
	room.socket.close()
	vi.useRealTimers()
	vi.unstubAllGlobals()
})

describe("the stage", () => {
	test("is on when it is shown and somebody is there", () => {
		const stage = new Stage(room)
		expect(stage.isOn).toBe(false)
		event(11, "stage", stageTold([onStage(GRACE), onStage(LINUS)]))
		expect(stage.isOn).toBe(true)
		event(12, "stage", stageTold([], { rev: 2, hidden: true }))
		expect(stage.isOn).toBe(false)
	})

	test("keeps the newest of what it is told", () => {
		const stage = new Stage(room)
		event(11, "stage", stageTold([onStage(LINUS)], { rev: 5 }))
		event(12, "stage", stageTold([], { rev: 4 }))
		expect(stage.people.map((person) => person.name)).toEqual([LINUS.name])
	})

	test("knows whose a source is", () => {
		const stage = new Stage(room)
		event(11, "stage", stageTold([onStage(LINUS)]))
		expect([stage.whose(4)?.name, stage.whose(5)?.name, stage.whose(2)]).toEqual([LINUS.name, LINUS.name, undefined])
	})

	test("hears who speaks, and that everybody has to join again", () => {
		const stage = new Stage(room)
		const rejoin = vi.fn()
		const stop = stage.onLoss(rejoin)
		says({ on: "room.7", event: "media", data: { speaking: 4, sources: { 4: { audio: true, video: true } } } })
		says({ on: "room.7", event: "media", data: { lost: "k3v9x0aa" } })
		expect([stage.speaking, rejoin.mock.calls.length]).toEqual([4, 1])
		stop()
		says({ on: "room.7", event: "media", data: { lost: "k3v9x0aa" } })
		expect(rejoin.mock.calls).toEqual([["k3v9x0aa"]])
	})
})

describe("being asked up", () => {
	const asked = { room: 7, code: "4821", asked: true, shows: ["camera", "microphone", "name"], by: GRACE, turn: null }

	test("is an invitation, until it is accepted", async () => {
		const stage = new Stage(room)
		told("stage", asked)
		expect(stage.invitation?.by).toEqual(GRACE)
		const accepting = stage.accept(false)
		expect(sent("stage.accept")).toEqual({ camera: false })
		await answers("stage.accept", { ok: { seat: seat("live") } })
		await accepting
		expect([stage.invitation, stage.isLive]).toEqual([null, true])
	})

	test("in another room is none here", () => {
		const stage = new Stage(room)
		told("stage", { ...asked, room: 8 })
		expect(stage.invitation).toBeNull()
	})

	test("is over when the chair thinks better of it", () => {
		const stage = new Stage(room)
		told("stage", asked)
		told("stage", { room: 7, seat: null, why: "removed" })
		expect(stage.invitation).toBeNull()
	})

	test("comes back with the page", async () => {
		room.socket.close()
		room = await enterRoom({ welcome: { seat: seat("asked"), may: { publish: false, backstage: false } } })
		expect(new Stage(room).invitation).not.toBeNull()
	})
})

describe("one's seat", () => {
	test("is what the chair made of it, whichever word came last", () => {
		const stage = new Stage(room)
		told("stage", { room: 7, seat: seat("live", { rev: 3, microphone: false }), why: "muted" })
		told("stage", { room: 7, seat: seat("live", { rev: 2 }), why: "set" })
		expect([stage.seat?.microphone, stage.seat?.rev]).toEqual([false, 3])
	})

	test("may be asked to be heard again", async () => {
		const stage = new Stage(room)
		told("stage", { room: 7, unmute: true, by: GRACE })
		expect(stage.unmuteAsked).toEqual(GRACE)
		const unmuting = stage.set({ microphone: true })
		await answers("stage.set", { ok: { seat: seat("live") } })
		await unmuting
		expect(stage.unmuteAsked).toBeNull()
	})
})

describe("the speakers' list", () => {
	test("says one's place, and how long it takes until then", async () => {
		const floor = new Floor(room)
		event(11, "turn", turn(1, GRACE, { state: "speaking", spoken: 30, running_since: new Date(NOW - 30_000).toISOString() }))
		event(12, "turn", turn(2, INES))
		told("turn", { ...turn(3, ADA), room: 7 })
		event(13, "turn", turn(3, ADA))
		await aMoment()
		expect(floor.place).toBe(2)
		expect(floor.wait(NOW)).toBe(60 + 120)
	})

	test("lets a point of order go first", async () => {
		const floor = new Floor(room)
		told("turn", { ...turn(1, ADA), room: 7 })
		event(11, "turn", turn(1, ADA))
		event(12, "turn", turn(2, INES, { point_of_order: true }))
		await aMoment()
		expect(floor.place).toBe(2)
	})

	test("has no place for a turn that is over", async () => {
		const floor = new Floor(room)
		told("turn", { ...turn(1, ADA), room: 7 })
		event(11, "turn", turn(1, ADA, { rev: 2, state: "finished" }))
		await aMoment()
		expect([floor.standing, floor.place]).toEqual([null, 0])
	})
})

describe("a turn", () => {
	test("runs only while it runs", () => {
		expect(left(turn(1, ADA, { spoken: 50 }), NOW)).toBe(70)
		expect(left(turn(1, ADA, { spoken: 50, running_since: new Date(NOW - 80_000).toISOString() }), NOW)).toBe(-10)
	})

	test.each([
		[31, undefined],
		[30, "warn"],
		[0, "warn"],
		[-1, "over"],
	])("with %i seconds left is shown as %s", (seconds, expected) => expect(tone(seconds)).toBe(expected))
})

describe("a raised hand", () => {
	test("goes up, says its place, and comes down", async () => {
		const floor = new Floor(room)
		render(Hand, { floor })
		await fireEvent.click(screen.getByRole("button", { name: "Raise hand" }))
		event(11, "turn", turn(1, ADA))
		await answers("hand.raise", { ok: turn(1, ADA) })
		await aMoment()
		expect(screen.getByText("You are next to speak")).toBeTruthy()
		await fireEvent.click(screen.getByRole("button", { name: "Lower hand" }))
		expect(sent("hand.lower")).toEqual({})
		await answers("hand.lower", { ok: turn(1, ADA, { rev: 2, state: "lowered" }) })
		expect(screen.getByRole("button", { name: "Raise hand" })).toBeTruthy()
	})

	test("may be words, for the chair to read", async () => {
		HTMLDialogElement.prototype.showModal ??= vi.fn()
		render(Hand, { floor: new Floor(room) })
		await fireEvent.click(screen.getByRole("button", { name: "In writing, read by the chair" }))
		const field = screen.getByLabelText<HTMLTextAreaElement>("What the chair shall read out for you")
		await fireEvent.input(field, { target: { value: "Our valley has no meters at all. " } })
		await fireEvent.submit(field.form as HTMLFormElement)
		expect(sent("hand.raise")).toEqual({ in_writing: "Our valley has no meters at all." })
	})

	test("says why it cannot go up", async () => {
		const floor = new Floor(room)
		render(Hand, { floor })
		await fireEvent.click(screen.getByRole("button", { name: "Raise hand" }))
		await answers("hand.raise", { refused: "floor.closed", say: "The list of speakers is closed." })
		expect(screen.getByRole("alert").textContent).toBe("The list of speakers is closed.")
	})
})

describe("the way one attends", () => {
	test("is remembered on this device", () => {
		new Attending().set({ tier: "audio", volume: 0.4 })
		const again = new Attending()
		expect([again.tier, again.volume, again.announces]).toEqual(["audio", 0.4, true])
	})

	test("is the usual one where what was kept makes no sense", () => {
		localStorage.setItem("plenary.attending", JSON.stringify({ tier: "hologram" }))
		expect(new Attending().tier).toBe("video")
	})
})

describe("a key of the room", () => {
	const here = () => ({ stage: new Stage(room), floor: new Floor(room), attending: new Attending(), place: document.body })
	const typed = (target: Element, key: string) => {
		const event = new KeyboardEvent("keydown", { key, bubbles: true })
		Object.defineProperty(event, "target", { value: target })
		return event
	}

	test("does what the sheet says", () => {
		const all = here()
		press(all, typed(document.body, "m"))
		expect(all.attending.muted).toBe(true)
	})

	test("is a letter like any other where somebody writes", () => {
		const all = here()
		press(all, typed(document.createElement("textarea"), "m"))
		expect(all.attending.muted).toBe(false)
	})

	test("can be switched off", () => {
		const all = here()
		all.attending.set({ shortcuts: false })
		press(all, typed(document.body, "m"))
		expect(all.attending.muted).toBe(false)
	})
})
