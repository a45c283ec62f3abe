import { fireEvent, render, screen } from "@testing-library/svelte"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import LoungePage from "../../islands/lounge/Lounge.svelte"
import { Lounge } from "../../islands/lounge/lounge.svelte"
import MeetNow from "../../islands/lounge/MeetNow.svelte"
import { wayBack } from "../../islands/pair/back"
import { isOn, phase, secondsLeft } from "../../islands/lounge/phase"
import { Seeking } from "../../islands/lounge/seeking.svelte"
import type { LoungeFacts, LoungeWelcome, Meeting } from "../../islands/lounge/wire"
import type { Socket } from "../../live/socket"
import { connected, Line } from "../live/line"
import { ADA, aMoment, answers, INES, says, sent } from "./cast"

const AT = Date.parse("2027-05-25T13:20:00Z")
const seconds = (count: number) => new Date(AT + count * 1000).toISOString()
const FACTS: LoungeFacts = {
	id: 3, rev: 4, title: "Coffee", state: "open", round: 1, rounds: 3, seconds: 240, starts: seconds(-40), ends: seconds(200), next: seconds(220), people: 7,
}
const PAIR: Meeting = { code: "abc", starts: seconds(8), ends: seconds(258), with: INES, why: "You both speak Français." }
const MINE: LoungeWelcome = { me: ADA, place: { away: false, waited: 0 }, pair: null }

let lounge: Lounge
let gone: string[]

async function line(): Promise<Socket> {
	vi.stubGlobal("WebSocket", Line)
	Line.all = []
	const socket = connected()
	await vi.waitFor(() => Line.last.address)
	Line.last.opens()
	return socket
}

async function show(facts: Partial<LoungeFacts> = {}, mine: Partial<LoungeWelcome> = {}) {
	const snapshot = { snapshot: 10, data: { lounge: { ...FACTS, ...facts } } }
	lounge = new Lounge(await line(), 3, snapshot, { ...MINE, ...mine })
	render(LoungePage, { lounge })
	await aMoment()
}

beforeEach(() => {
	sessionStorage.clear()
	gone = []
	vi.useFakeTimers({ toFake: ["Date"], now: AT })
	vi.spyOn(location, "assign").mockImplementation((address) => void gone.push(String(address)))
})
afterEach(() => {
	lounge?.socket.close()
	vi.useRealTimers()
	vi.unstubAllGlobals()
})

test.each([
	["planned", { state: "planned" as const }, {}],
	["over", { state: "over" as const }, {}],
	["outside", {}, { place: null }],
	["away", {}, { place: { away: true, waited: 0 } }],
	["coming", {}, { pair: PAIR }],
	["meeting", {}, { pair: { ...PAIR, starts: seconds(-1) } }],
	["left", {}, { pair: { ...PAIR, starts: seconds(-300), ends: seconds(-1) } }],
	["left", {}, {}],
	["waiting", { ends: seconds(-1) }, {}],
	["waiting", { starts: seconds(8), ends: seconds(248) }, {}],
])("%s", (is, facts, mine) => {
	expect(phase({ ...FACTS, ...facts }, { ...MINE, ...mine }, AT)).toBe(is)
})

test("the clock runs to the one who is met, else to the next round", () => {
	expect(secondsLeft(FACTS, { ...MINE, pair: PAIR }, AT)).toBe(8)
	expect(secondsLeft(FACTS, MINE, AT)).toBe(220)
	expect(secondsLeft({ ...FACTS, starts: seconds(8) }, MINE, AT)).toBe(8)
	expect(secondsLeft({ ...FACTS, next: null }, MINE, AT)).toBeNull()
	expect(isOn(FACTS, AT + 201_000)).toBe(false)
})

test("a place is taken in the language of the page", async () => {
	document.documentElement.lang = "ar"
	await show({ round: 0, starts: null, ends: null }, { place: null })
	await fireEvent.click(screen.getByRole("button", { name: "Take a place" }))
	expect(sent("lounge.enter")).toEqual({ language: "ar" })
	await answers("lounge.enter", { ok: MINE })
	expect(screen.getByRole("button", { name: "Leave the lounge" })).toBeTruthy()
})

test("what is refused is said beside the button", async () => {
	await show({}, { place: null })
	await fireEvent.click(screen.getByRole("button", { name: "Take a place" }))
	await answers("lounge.enter", { refused: "lounge.over", say: "The lounge is over." })
	expect(screen.getByRole("alert").textContent).toContain("The lounge is over.")
})

test("whom one meets and why is told before, and at the time the page goes there", async () => {
	await show({ ends: seconds(-1) })
	says({ on: "lounge.3", mine: { ...MINE, pair: PAIR } })
	await aMoment()
	expect(screen.getByText("You meet Ines Carvalho.")).toBeTruthy()
	expect(screen.getByText("You both speak Français.")).toBeTruthy()
	expect(gone).toEqual([])
	vi.setSystemTime(AT + 9_000)
	await vi.waitFor(() => expect(gone).toEqual(["/pair/abc/?back=%2Flounge%2F3%2F"]), 3000)
})

test("who came back before the end is not sent there again", async () => {
	sessionStorage.setItem("plenary.met", "abc")
	await show({}, { pair: { ...PAIR, starts: seconds(-30) } })
	expect(gone).toEqual([])
	await fireEvent.click(screen.getByRole("link", { name: "Go to your room for two" }))
	expect(gone).toHaveLength(1)
})

test("how many are there follows", async () => {
	await show()
	says({ on: "lounge.3", event: "people", data: { people: 8 } })
	await aMoment()
	expect(screen.getByText("8 people are here")).toBeTruthy()
	says({ on: "lounge.3", seq: 11, event: "lounge", data: { ...FACTS, rev: 5, round: 2, people: 6 } })
	await aMoment()
	expect(screen.getByText("Round 2 of 3")).toBeTruthy()
	expect(screen.getByText("6 people are here")).toBeTruthy()
})

test("who is shut out cannot press anything", async () => {
	await show()
	says({ on: "lounge.3", refused: "lounge.unknown", say: "There is no such lounge." })
	await aMoment()
	expect(screen.queryByRole("button", { name: "Leave the lounge" })).toBeNull()
	expect(screen.getByRole("alert").textContent).toContain("There is no such lounge.")
})

test("who looks for somebody now is brought to their room", async () => {
	const seeking = new Seeking(await line(), "42", { seeking: null, pair: null })
	render(MeetNow, { seeking })
	await fireEvent.click(screen.getByRole("button", { name: "Look for somebody" }))
	await answers("now.seek", { ok: { seeking: seconds(0), pair: null } })
	expect(screen.getByRole("button", { name: "Stop looking" })).toBeTruthy()
	dispatchEvent(new Event("pagehide"))
	expect(Line.last.asked("now.stop")).toHaveLength(1)
	says({ on: "person.42", mine: { now: { seeking: null, pair: { ...PAIR, starts: seconds(0) } } } })
	await aMoment()
	expect(screen.getByText("You are meeting Ines Carvalho now.")).toBeTruthy()
	await vi.waitFor(() => expect(gone).toEqual(["/pair/abc/?back=%2Flounge%2Fnow%2F"]), 6000)
	seeking.socket.close()
})

test("who came back from a room that the other left looks for somebody else", async () => {
	sessionStorage.setItem("plenary.met", "abc")
	const seeking = new Seeking(await line(), "42", { seeking: null, pair: { ...PAIR, starts: seconds(-30) } })
	render(MeetNow, { seeking })
	await fireEvent.click(screen.getByRole("button", { name: "Look for somebody else" }))
	await answers("now.seek", { refused: "now.busy", say: "You are meeting somebody already." })
	expect(screen.getByRole("alert").textContent).toContain("You are meeting somebody already.")
	await fireEvent.click(screen.getByRole("button", { name: "Look for somebody else" }))
	await answers("now.seek", { ok: { seeking: seconds(0), pair: null } })
	expect(screen.getByRole("button", { name: "Stop looking" })).toBeTruthy()
	expect(gone).toEqual([])
	seeking.socket.close()
})

test.each([
	["?back=%2Flounge%2F3%2F", "/lounge/3/"],
	["?back=/lounge/now/", "/lounge/now/"],
	["?back=//elsewhere.example/", ""],
	["?back=/%5Celsewhere.example/", ""],
	["?back=https://elsewhere.example/", ""],
	["?back=javascript:alert(1)", ""],
	["?back=/%09/elsewhere.example/", ""],
	["?back=/%0a/elsewhere.example/", ""],
	["?back=/.//elsewhere.example/", ""],
	["?back=///", ""],
	["?back=//[", ""],
	["?back=%2Fsearch%2F%3Fq%3Dwater", "/search/?q=water"],
	["", ""],
])("the way back is a path of ours: %s", (search, path) => {
	expect(wayBack(search)).toBe(path)
})
