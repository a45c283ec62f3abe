import { describe, expect, test } from "vitest"
import { changes } from "../../islands/desk/show.svelte"
import { beginning, lateEnd, minutesLate, overrun, passed, segmentState, shortened } from "../../islands/shared/running"
import { Show } from "../../islands/shared/show.svelte"
import type { ShowTold } from "../../islands/shared/show-wire"
import { differs, drifted, lasts, shorter } from "../../islands/shared/show-words"
import { kept, keep, speed, stepped, words } from "../../islands/speaker/prompter"
import { picture, segment, SETTINGS } from "./cast"

const at = (time: string) => Date.parse(`2027-05-25T${time}:00Z`)
const iso = (time: string) => new Date(at(time)).toISOString()
const told = (other: Partial<ShowTold> = {}): ShowTold => ({ current: 1, drift: 0, due: iso("13:05"), ends: SETTINGS.ends, segments: [], ...other })

describe("a part of the run of show", () => {
	const over = segment(1, { started: iso("13:00"), ended: iso("13:06") })
	const on = segment(2, { started: iso("13:06") })

	test.each([
		["one that ended is done", over, "live", "done"],
		["one that began is on", on, "live", "now"],
		["one that has not begun is to come, whatever the time", segment(3), "live", ""],
		["one that was passed over is left out", segment(3, { skipped: true }), "live", "skipped"],
		["one that was begun all the same is on", segment(3, { skipped: true, started: iso("13:10") }), "live", "now"],
		["nothing is to come after the end", segment(3), "ended", "done"],
	] as const)("%s", (_, it, state, is) => expect(segmentState(it, { ...SETTINGS, state })).toBe(is))

	test("knows how much of it has passed, and by how much it is over", () => {
		expect(passed(on, at("13:07"))).toEqual({ percent: 20, left: 240 })
		expect(passed(on, at("13:12"))).toEqual({ percent: 100, left: -60 })
	})

	test("comes later while what is on runs over its time", () => {
		const later = overrun(told(), SETTINGS, at("13:07"))
		expect(later).toBe(120_000)
		expect(beginning(segment(2), later)).toBe(at("13:07"))
		expect(beginning(over, later)).toBe(at("13:00"))
		expect(beginning(segment(3, { skipped: true }), later)).toBe(at("13:10"))
		expect(overrun(told(), { ...SETTINGS, state: "open" }, at("13:07"))).toBe(0)
	})
})

describe("the whole of it", () => {
	test("is as late as was told, and by what has been due since", () => {
		expect(minutesLate(told({ drift: 120 }), SETTINGS, at("13:05"))).toBe(2)
		expect(minutesLate(told({ drift: 120 }), SETTINGS, at("13:07"))).toBe(4)
		expect(minutesLate(told({ drift: -180 }), SETTINGS, at("13:01"))).toBe(-3)
	})

	test("says when it would end only if that is late", () => {
		expect(lateEnd(told(), SETTINGS, at("13:05"))).toBeNull()
		expect(lateEnd(told(), SETTINGS, at("13:09"))).toBe(at("14:19"))
		expect(lateEnd(told(), { ...SETTINGS, state: "ended" }, at("13:09"))).toBeNull()
	})

	test("follows parts and times as they come, and forgets what was removed", () => {
		const show = new Show()
		show.picture({ ...picture([]), segments: [segment(2), segment(1)], show: told() })
		expect(show.segments.map(({ id }) => id)).toEqual([1, 2])
		show.event("segment", segment(1, { rev: 2, started: iso("13:01") }))
		expect(show.current?.id).toBe(1)
		show.event("show", told({ drift: 60, segments: [[1, iso("13:01"), 300], [2, iso("13:06"), 240]] }))
		expect([show.get(2)?.expected, show.get(2)?.seconds, show.told.drift]).toEqual([iso("13:06"), 240, 60])
		expect(shortened(show).map(({ id }) => id)).toEqual([2])
		show.event("segment", { id: 2, gone: true })
		expect(show.segments.map(({ id }) => id)).toEqual([1])
		expect(show.following).toBeUndefined()
	})
})

describe("words for times", () => {
	test.each([
		[0, "On time"],
		[1, "1 minute late"],
		[4, "4 minutes late"],
		[-2, "2 minutes early"],
	])("%i minutes: %s", (minutes, says) => expect(drifted(minutes)).toBe(says))

	test.each([
		[[], ""],
		[["Closing"], "“Closing” is shortened."],
		[["Panel", "Closing"], "2 parts are shortened."],
	])("shorter: %j", (titles, says) => expect(shorter(titles)).toBe(says))

	test("lengths are told to the half minute, differences to the second", () => {
		expect([240, 270].map(lasts)).toEqual(["4 min", "4:30 min"])
		expect([130, -40, 0].map(differs)).toEqual(["+2:10", "−0:40", ""])
	})
})

describe("the editor", () => {
	test("tells only what is not so yet: minutes told anew are a new plan", () => {
		const was = { title: "Opening", minutes: 5, people: [1, 2] }
		expect(changes(was, { title: "Welcome", minutes: 5, people: [1, 2] })).toEqual({ title: "Welcome" })
		expect(changes(was, { title: "Opening", minutes: 6, people: [2] })).toEqual({ minutes: 6, people: [2] })
	})
})

describe("the teleprompter", () => {
	test("passes all of a text by in the time that it takes to say it", () => {
		expect(speed(2600, 130, 130) * 60).toBe(2600)
		expect(speed(2600, 0, 130)).toBe(0)
	})

	test.each([
		["Nobody asked, the plumbers knew.", 5],
		["المياه التي تبلغ عن تسربها", 5],
		["", 0],
	])("counts the words of “%s”", (text, count) => expect(words(text)).toBe(count))

	test("steps line by line for those who asked for less motion", () => {
		expect([0, 39, 40, 95].map((offset) => stepped(offset, 40))).toEqual([0, 0, 40, 80])
	})

	test("remembers size and pace, within what can be read", () => {
		keep({ size: 2.5, pace: 150 })
		expect(kept()).toEqual({ size: 2.5, pace: 150 })
		keep({ size: 99, pace: 1 })
		expect(kept()).toEqual({ size: 4, pace: 60 })
		localStorage.clear()
		expect(kept()).toEqual({ size: 2, pace: 130 })
	})
})
