import { fireEvent, render, screen } from "@testing-library/svelte"
import { flushSync } from "svelte"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import ReactionBar from "../../islands/room/ReactionBar.svelte"
import { level } from "../../islands/shared/applause"
import { REACTIONS } from "../../islands/shared/poll-wire"
import { Reactions } from "../../islands/shared/reactions.svelte"
import ReactionStream from "../../islands/shared/ReactionStream.svelte"
import type { RoomSettings } from "../../islands/shared/wire"
import { Line } from "../live/line"
import { enterRoom, says } from "./cast"

let reactions: Reactions

async function enter(settings: Partial<RoomSettings> = {}) {
	reactions = new Reactions(await enterRoom({ settings }))
	vi.useFakeTimers()
}

const sent = () => Line.last.asked("react").map((frame) => (frame.with as { what: string }).what)
const heard = (counts: object) => says({ on: "room.7", event: "reactions", data: { counts } })
const pass = (milliseconds: number) => {
	vi.advanceTimersByTime(milliseconds)
	flushSync()
}

beforeEach(() => localStorage.clear())
afterEach(() => {
	vi.useRealTimers()
	reactions.room.socket.close()
	vi.unstubAllGlobals()
})

describe("reacting", () => {
	const press = (name: string) => fireEvent.click(screen.getAllByRole("button", { name })[0] as HTMLElement)

	test("says what was pressed, and not more than twice a second", async () => {
		await enter()
		render(ReactionBar, { reactions })
		await press("New to me")
		await press("Applause")
		expect(sent()).toEqual(["insight"])
		pass(500)
		await press("Applause")
		expect(sent()).toEqual(["insight", "applause"])
	})

	test("goes on while the button is held", async () => {
		await enter()
		render(ReactionBar, { reactions })
		await fireEvent.pointerDown(screen.getAllByRole("button", { name: "Applause" })[0] as HTMLElement)
		pass(1_600)
		await fireEvent.pointerUp(document.body)
		pass(2_000)
		expect(sent()).toEqual(["applause", "applause", "applause"])
	})

	test("can be switched off", async () => {
		await enter()
		render(ReactionBar, { reactions })
		says({ on: "room.7", seq: 11, event: "room", data: { ...reactions.room.settings, rev: 2, reactions_open: false } })
		expect(screen.queryByRole("button")).toBeNull()
	})
})

describe("what the room feels", () => {
	test("comes as a line of counts and goes by itself", async () => {
		await enter()
		render(ReactionStream, { reactions })
		heard({ heart: 2 })
		pass(1_000)
		heard({ heart: 1, agree: 4 })
		expect(screen.getAllByRole("listitem").map((item) => item.textContent?.trim().replace(/\s+/g, " "))).toEqual([
			"👍 4 I agree: 4 people",
			"❤️ 3 Love it: 3 people",
		])
		pass(3_200)
		expect(reactions.lately).toEqual([
			["agree", 4],
			["heart", 1],
		])
		pass(1_500)
		expect(screen.queryByRole("list")).toBeNull()
	})

	test("applause has a loudness", async () => {
		await enter()
		says({ on: "room.7", here: 100 })
		render(ReactionStream, { reactions })
		heard({ applause: 25 })
		expect(screen.getByRole("meter", { name: "Loudness of the applause" }).getAttribute("value")).toBe("50")
		pass(2_600)
		expect(screen.queryByRole("meter")).toBeNull()
	})

	test("is as loud as it gets when everybody clapped", () => {
		expect([0, 1, 4, 40].map((claps) => level(claps, 4))).toEqual([0, 0.5, 1, 1])
		expect(level(1, 0)).toBe(0.5)
	})

	test("there are six", () => expect(REACTIONS).toHaveLength(6))
})
