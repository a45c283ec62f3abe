import { beforeEach, expect, test, vi } from "vitest"
import { badge } from "../../islands/mine/badge"
import { Nudges } from "../../islands/mine/nudges"
import type { Nudge } from "../../islands/mine/wire"
import { Refused } from "../../live/frames"

let read: ReturnType<typeof vi.fn<(nudge: Nudge) => Promise<void>>>
let nudges: Nudges

function nudge(id: number, other: Partial<Nudge> = {}): Nudge {
	return { id, kind: "meeting.proposed", text: `News ${id}`, path: `/meetings/${id}/`, at: "2027-05-25T13:00:00Z", until: null, read: false, ...other }
}

beforeEach(() => {
	document.body.innerHTML = '<a href="/messages/">Messages <span class="count" id="unread" hidden></span></a>'
	read = vi.fn(async () => {})
	nudges = new Nudges(read)
})

const words = () => [...document.querySelectorAll(".nudges .notice p")].map((element) => element.textContent)
const button = (id: number) => document.querySelector(`#nudge-${id} button`) as HTMLButtonElement

test("unread ones are counted in the masthead, and none is no count", () => {
	badge(3)
	const place = document.getElementById("unread") as HTMLElement
	expect([place.hidden, place.textContent]).toEqual([false, "33 unread"])
	badge(0)
	expect(place.hidden).toBe(true)
})

test("the newest two stand there, each with its link; the others are counted", () => {
	nudges.replace([nudge(1), nudge(2), nudge(3)])
	expect(words()).toEqual(["News 3", "News 2"])
	expect(document.querySelector(".nudges > .fine")?.textContent).toBe("1 more")
	expect(document.querySelector("#nudge-3 a")?.getAttribute("href")).toBe("/meetings/3/")
})

test("put aside, one is gone at once, is read everywhere, and the next is at hand", () => {
	nudges.replace([nudge(1), nudge(2), nudge(3)])
	button(3).click()
	expect(read.mock.calls.map(([{ id }]) => id)).toEqual([3])
	expect(words()).toEqual(["News 2", "News 1"])
	expect(document.activeElement).toBe(button(2))
})

test("what was read on another page goes here, too", () => {
	nudges.replace([nudge(1)])
	nudges.put(nudge(1, { read: true }))
	expect(words()).toEqual([])
})

test("what would only confuse by now is not said, and goes when its time has come", () => {
	vi.useFakeTimers({ now: Date.parse("2027-05-25T13:00:00Z") })
	nudges.replace([nudge(1, { until: "2027-05-25T12:59:00Z" }), nudge(2, { until: "2027-05-25T13:05:00Z" })])
	expect(words()).toEqual(["News 2"])
	vi.advanceTimersByTime(5 * 60_000)
	expect(words()).toEqual([])
	vi.useRealTimers()
})

test("what leads to the page one is on is known there", () => {
	nudges.put(nudge(1, { path: location.pathname }))
	expect(words()).toEqual([])
	expect(read).toHaveBeenCalledTimes(1)
})

test("what cannot wait is said at once", () => {
	nudges.replace([nudge(1), nudge(2, { kind: "meeting.now" })])
	expect([...document.querySelectorAll(".nudges [role]")].map((element) => element.getAttribute("role"))).toEqual(["alert", "status"])
})

test("one that the server does not know any more is no trouble", async () => {
	read.mockRejectedValue(new Refused("nudge.unknown", ""))
	nudges.put(nudge(1))
	button(1).click()
	await Promise.resolve()
	expect(words()).toEqual([])
})
