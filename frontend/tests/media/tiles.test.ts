import { describe, expect, test } from "vitest"
import { largest, type Publisher, scene } from "../../media/tiles"

const person = (id: number, other: Partial<Publisher> = {}): Publisher => ({ person: id, camera: true, screen: false, source: 2 * id, screen_source: 2 * id + 1, ...other })
const slot = (id: string, source: number | null, kind: "audio" | "video" = "video") => ({ id, kind, source })
const GRACE = person(1)
const LINUS = person(2)
const ADA = person(3)
const PANEL = [GRACE, LINUS, ADA]

describe("large is", () => {
	test.each([
		["the first, when nobody speaks", PANEL, null, null, null, 2],
		["who speaks", PANEL, null, 4, null, 4],
		["who spoke last, in silence", PANEL, null, null, 4, 4],
		["who is pinned, whoever speaks", PANEL, 6, 4, null, 6],
		["a shared screen, whoever is pinned", [GRACE, person(2, { screen: true }), ADA], 6, 2, null, 5],
		["nobody who has gone", [GRACE, ADA], 4, 4, 4, 2],
		["nothing on an empty stage", [], null, null, null, null],
	])("%s", (_what, people, pinned, speaking, before, expected) => {
		expect(largest(people, pinned, speaking, before)).toBe(expected)
	})
})

describe("a scene", () => {
	const slots = [slot("v1", 4), slot("v0", 2), slot("v2", null), slot("a0", 6, "audio")]

	test("has everybody in their order, with the slot their picture is in", () => {
		const { large, small } = scene(PANEL, slots, 4)
		expect(large).toEqual({ source: 4, person: 2, kind: "camera", slot: "v1" })
		expect(small.map((one) => [one.person, one.slot])).toEqual([
			[1, "v0"],
			[3, null],
		])
	})

	test("shows no picture of a camera that is off, whatever the slot still holds", () => {
		const { large } = scene([person(2, { camera: false })], slots, 4)
		expect(large?.slot).toBeNull()
	})

	test("shows a screen before whose it is", () => {
		const { large, small } = scene([GRACE, person(2, { screen: true })], [slot("v0", 5), slot("v1", 4)], 5)
		expect(large).toEqual({ source: 5, person: 2, kind: "screen", slot: "v0" })
		expect(small.map((one) => [one.source, one.slot])).toEqual([
			[2, null],
			[4, "v1"],
		])
	})
})
