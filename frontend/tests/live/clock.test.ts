import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { now as shown } from "../../islands/shared/now.svelte"
import { Clock, serverClock } from "../../live/clock"
import { connected, Line } from "./line"

const SECOND = 1_000
/** What this device believes. */
const HERE = Date.parse("2027-05-25T13:20:00Z")

beforeEach(() => void vi.useFakeTimers({ now: HERE }))
afterEach(() => {
	vi.useRealTimers()
	vi.unstubAllGlobals()
})

test.each([-120, -30, 30, 120])("a device that is %i s slow shows the server's time", (slow) => {
	const clock = new Clock()
	expect([clock.now(), clock.isTold]).toEqual([HERE, false])
	clock.hear(HERE + slow * SECOND)
	expect([clock.now(), clock.isTold]).toEqual([HERE + slow * SECOND, true])
	vi.advanceTimersByTime(5 * SECOND)
	expect(clock.now()).toBe(HERE + (slow + 5) * SECOND)
})

test("less than a second is what the way takes", () => {
	const clock = new Clock()
	clock.hear(HERE - 900)
	expect(clock.now()).toBe(HERE)
})

test("what comes late does not slow the clock, but a device that was set does", () => {
	const clock = new Clock()
	clock.hear(HERE + 30 * SECOND)
	vi.advanceTimersByTime(10 * SECOND)
	clock.hear(HERE + 34 * SECOND)
	expect(clock.now()).toBe(HERE + 40 * SECOND)
	vi.setSystemTime(HERE + 90 * SECOND)
	clock.hear(HERE + 50 * SECOND)
	expect(clock.now()).toBe(HERE + 50 * SECOND)
})

test("the line sets the clock that pages show", async () => {
	vi.stubGlobal("WebSocket", Line)
	const socket = connected()
	await vi.advanceTimersByTimeAsync(0)
	Line.last.opens()
	socket.enter("pair.3", {})
	Line.last.says({ on: "pair.3", entered: 1, now: HERE + 30 * SECOND })
	expect(shown()).toBe(HERE + 30 * SECOND)
	vi.setSystemTime(HERE + 61 * SECOND)
	Line.last.says({ on: "pair.3", beat: 1, now: HERE + 61 * SECOND })
	expect([shown(), serverClock.isTold]).toEqual([HERE + 61 * SECOND, true])
	socket.close()
})
