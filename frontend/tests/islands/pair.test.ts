import { fireEvent, render, screen } from "@testing-library/svelte"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Call } from "../../islands/pair/call.svelte"
import Controls from "../../islands/pair/Controls.svelte"
import NotesPanel from "../../islands/pair/NotesPanel.svelte"
import { Pair } from "../../islands/pair/pair.svelte"
import Seen from "../../islands/pair/Seen.svelte"
import type { PairFacts } from "../../islands/pair/wire"
import { performing } from "../../islands/stage/performing.svelte"
import { serverClock } from "../../live/clock"
import type { Command } from "../../live/frames"
import { connected, Line } from "../live/line"
import { ADA, aMoment, answers, INES, says } from "./cast"

/** What the server's clock says. */
const AT = Date.parse("2027-05-25T13:20:00Z")
const seconds = (count: number) => new Date(AT + count * 1000).toISOString()
const FACTS: PairFacts = {
	id: 3, rev: 1, kind: "round", way: "video", state: "open", opens: seconds(-400), starts: seconds(-100), ends: seconds(60), extended: 0,
	extendable: 0, free_until: null, wishes: [], came: {}, pages: {}, ended: null,
}
const WELCOME = { me: ADA, other: INES, why: "", conversation: 9, stay: false, mutual: false, session: "" }

let call: Call
let gone: string[]

/** Ada has come in, in text only. */
async function comeIn(): Promise<Call> {
	const socket = connected()
	await vi.waitFor(() => Line.last.address)
	Line.last.opens()
	const data = { pair: FACTS, notes: { rev: 1, text: "one", by: null }, people: [ADA, INES] }
	call = new Call(new Pair(socket, 3, "/pair/abc/", { snapshot: 10, data }, WELCOME))
	says({ on: "pair.3", entered: 10, now: AT })
	await call.enter({ microphone: false, camera: false, text: true })
	return call
}

const waiting = (what: string): Command | undefined => call.pair.unsent.find((command) => command.do === what)

beforeEach(() => {
	sessionStorage.clear()
	localStorage.clear()
	gone = []
	Line.all = []
	vi.useFakeTimers({ toFake: ["Date"], now: AT })
	vi.stubGlobal("WebSocket", Line)
	vi.stubGlobal("fetch", async () => Response.json({ rev: 2, text: "one two" }))
	vi.spyOn(location, "assign").mockImplementation((address) => void gone.push(String(address)))
})
afterEach(async () => {
	await call.end()
	call.pair.socket.close()
	vi.useRealTimers()
	vi.unstubAllGlobals()
})

test("who leaves while the line is down is gone at once, and the server hears of it later", async () => {
	await comeIn()
	const session = (Line.last.asked("pair.here")[0]?.with as { session: string }).session
	const off = vi.spyOn(performing, "close")
	Line.last.breaks()
	void call.leave()
	await aMoment()
	expect([call.inside, off.mock.calls.length]).toEqual([false, 1])
	expect(waiting("pair.leave")?.with).toEqual({ session })
})

test("who blocks while the line is down is seen and heard no more", async () => {
	render(Controls, { call: await comeIn() })
	const off = vi.spyOn(performing, "close")
	await fireEvent.click(screen.getByRole("button", { name: "Block or report Ines Carvalho" }))
	Line.last.breaks()
	await fireEvent.click(screen.getByRole("button", { name: "Block" }))
	await aMoment()
	expect([call.inside, off.mock.calls.length, sessionStorage.getItem("plenary.pair.3")]).toEqual([false, 1, null])
	expect(waiting("pair.block")?.with).toEqual({ report: "" })
	expect(gone).toEqual([])
})

test("who blocks is led away once the server has heard of it", async () => {
	render(Controls, { call: await comeIn() })
	await fireEvent.click(screen.getByRole("button", { name: "Block or report Ines Carvalho" }))
	await fireEvent.click(screen.getByRole("button", { name: "Block" }))
	await vi.waitFor(() => expect(Line.last.asked("pair.block")).toHaveLength(1))
	await answers("pair.block", { ok: null })
	expect(gone).toEqual(["/messages/"])
})

test("a device that is fast does not cut the talk short", async () => {
	vi.setSystemTime(AT + 120_000)
	render(Seen, { call: await comeIn() })
	await aMoment()
	expect(call.inside).toBe(true)
	says({ on: "pair.3", seq: 11, event: "pair", data: { ...FACTS, rev: 2, state: "ended", ended: seconds(1) } })
	await aMoment()
	expect(call.inside).toBe(false)
	vi.setSystemTime(AT + 240_000)
	serverClock.hear(AT + 240_000)
})

test("the end saves what was typed at the last moment", async () => {
	const { pair } = await comeIn()
	const asked = vi.spyOn(globalThis, "fetch")
	const { rerender } = render(NotesPanel, { pair, over: false })
	await fireEvent.input(screen.getByLabelText("Shared notes"), { target: { value: "one two" } })
	expect(asked).not.toHaveBeenCalled()
	await rerender({ pair, over: true })
	expect(asked.mock.calls.map(([address]) => address)).toEqual(["/pair/abc/notes"])
})

test("a page that is left saves what it has", async () => {
	const { pair } = await comeIn()
	const asked = vi.spyOn(globalThis, "fetch")
	pair.notes.type("one two")
	dispatchEvent(new Event("pagehide"))
	expect(asked).toHaveBeenCalledWith("/pair/abc/notes", expect.objectContaining({ method: "PUT", keepalive: true }))
})
