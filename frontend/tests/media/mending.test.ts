import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type LineState, Mending } from "../../media/mending"
import { Barred, Unreachable } from "../../media/resource"

/** What the line did and said. `fails` holds what the next attempts come to. */
function scene(fails: { restart?: unknown[]; rejoin?: unknown[] } = {}, pause: (attempt: number) => number = () => 100) {
	const done: string[] = []
	const states: LineState[] = []
	const deed = (name: "restart" | "rejoin") => async () => {
		done.push(name)
		const problem = fails[name]?.shift()
		if (problem) throw problem
	}
	const mending = new Mending({ restart: deed("restart"), rejoin: deed("rejoin") }, (state) => states.push(state), pause)
	return { mending, done, states, last: () => states.at(-1) }
}

const away = () => new Unreachable("away")

beforeEach(() => {
	vi.useFakeTimers()
	vi.setSystemTime(1_000_000)
})
afterEach(() => vi.useRealTimers())

describe("joining", () => {
	test("is up once it worked", async () => {
		const { mending, done, last } = scene()
		mending.begin()
		await vi.advanceTimersByTimeAsync(0)
		expect([done, last()]).toEqual([["rejoin"], { is: "up" }])
	})

	test("is tried until it works", async () => {
		const { mending, done, states } = scene({ rejoin: [away(), away()] })
		mending.begin()
		await vi.advanceTimersByTimeAsync(250)
		expect(done).toEqual(["rejoin", "rejoin", "rejoin"])
		expect(states.map((state) => ("attempt" in state ? state.attempt : state.is))).toEqual(["joining", 1, 2, "up"])
	})

	test("waits as long as the server asks", async () => {
		const { mending, done } = scene({ rejoin: [new Unreachable("queue", 3)] })
		mending.begin()
		await vi.advanceTimersByTimeAsync(2_900)
		expect(done).toEqual(["rejoin"])
		await vi.advanceTimersByTimeAsync(300)
		expect(done).toEqual(["rejoin", "rejoin"])
	})

	test("is given up when it is not allowed", async () => {
		const { mending, done, last } = scene({ rejoin: [new Barred(403, "stage.full", "The stage is full.")] })
		mending.begin()
		await vi.advanceTimersByTimeAsync(10_000)
		mending.trouble()
		expect(done).toEqual(["rejoin"])
		expect(last()).toEqual({ is: "refused", status: 403, title: "The stage is full." })
	})

	test("is hurried when there is a network again", async () => {
		const { mending, done } = scene({ rejoin: [new Unreachable("offline", 10)] })
		mending.begin()
		await vi.advanceTimersByTimeAsync(10)
		mending.hurry()
		await vi.advanceTimersByTimeAsync(0)
		expect(done).toEqual(["rejoin", "rejoin"])
	})
})

describe("trouble", () => {
	test("is mended by a restart", async () => {
		const { mending, done, last } = scene()
		mending.trouble()
		await vi.advanceTimersByTimeAsync(0)
		expect([done, last()]).toEqual([["restart"], { is: "up" }])
	})

	test("is mended by a new session at once if a restart fails", async () => {
		const { mending, done } = scene({ restart: [away()] })
		mending.trouble()
		await vi.advanceTimersByTimeAsync(0)
		expect(done).toEqual(["restart", "rejoin"])
	})

	test("is mended by a new session if a restart did not last", async () => {
		const { mending, done } = scene()
		mending.trouble()
		await vi.advanceTimersByTimeAsync(2_500)
		mending.trouble()
		await vi.advanceTimersByTimeAsync(0)
		expect(done).toEqual(["restart", "rejoin"])
	})

	test("is mended by a restart again after a while", async () => {
		const { mending, done } = scene()
		mending.trouble()
		await vi.advanceTimersByTimeAsync(6_000)
		mending.trouble()
		await vi.advanceTimersByTimeAsync(0)
		expect(done).toEqual(["restart", "restart"])
	})

	test("of several signs at once is mended once", async () => {
		const { mending, done } = scene()
		mending.trouble()
		mending.trouble()
		mending.lost()
		await vi.advanceTimersByTimeAsync(0)
		expect(done).toEqual(["restart"])
	})

	test("pauses grow from the shortest, after a loss as well", async () => {
		const pause = vi.fn(() => 100)
		const { mending } = scene({ rejoin: [away(), away()] }, pause)
		mending.lost()
		await vi.advanceTimersByTimeAsync(250)
		expect(pause.mock.calls).toEqual([[1], [2]])
	})

	test("with a session that the server forgot needs no restart", async () => {
		const { mending, done } = scene()
		mending.lost()
		await vi.advanceTimersByTimeAsync(0)
		expect(done).toEqual(["rejoin"])
	})
})

test("a closed line does nothing any more", async () => {
	const { mending, done, last } = scene({ rejoin: [away(), away()] })
	mending.begin()
	await vi.advanceTimersByTimeAsync(0)
	mending.close()
	await vi.advanceTimersByTimeAsync(10_000)
	expect([done, last()]).toEqual([["rejoin"], { is: "closed" }])
})
