import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { Refused } from "../../live/frames"
import type { Socket } from "../../live/socket"
import { connected, Keeper, Line, listener } from "./line"

const PLENTY = 31_000
let socket: Socket

async function open(keeper?: Keeper, renew?: () => Promise<string>): Promise<Socket> {
	socket = connected(keeper, renew)
	await vi.advanceTimersByTimeAsync(0)
	Line.last.opens()
	return socket
}

/** Lets time pass until the socket tries again. */
async function tries() {
	const before = Line.all.length
	for (let waited = 0; Line.all.length === before && waited < PLENTY; waited += 100) await vi.advanceTimersByTimeAsync(100)
}

async function reopen() {
	await tries()
	Line.last.opens()
}

beforeEach(() => {
	vi.useFakeTimers()
	vi.stubGlobal("WebSocket", Line)
	Line.all = []
})
afterEach(() => {
	socket.close()
	vi.useRealTimers()
	vi.unstubAllGlobals()
})

test("several follow one topic, over one line, each told all of it", async () => {
	await open()
	const [room, mine]: [unknown[], unknown[]] = [[], []]
	socket.enter("person.42", listener(room))
	Line.last.says({ on: "person.42", snapshot: 3, data: null })
	Line.last.says({ on: "person.42", entered: 3 })
	socket.enter("person.42", listener(mine))
	expect(Line.last.asked("enter").map(({ with: given }) => given)).toEqual([{}, { since: 3 }])
	Line.last.says({ on: "person.42", mine: { inbox: { unread: 2 } } })
	Line.last.says({ on: "person.42", event: "inbox", data: { unread: 3 } })
	const told = [["mine", { inbox: { unread: 2 } }], ["inbox", { unread: 3 }, null]]
	expect(mine).toEqual(told)
	expect(room).toEqual(expect.arrayContaining(told))
})

describe("the line", () => {
	test("is connecting, then open", async () => {
		socket = connected()
		await vi.advanceTimersByTimeAsync(0)
		expect(socket.state.value).toEqual({ is: "connecting" })
		Line.last.opens()
		expect(socket.state.value).toEqual({ is: "open" })
		expect(Line.last.address).toBe("ws://forum.test/live?ticket=first")
	})

	test("counts its tries while it is away", async () => {
		await open()
		Line.last.breaks()
		expect(socket.state.value).toEqual({ is: "reconnecting", attempt: 1 })
		await tries()
		Line.last.breaks()
		expect(socket.state.value).toEqual({ is: "reconnecting", attempt: 2 })
	})

	test("starts counting anew only once something was heard", async () => {
		await open()
		Line.last.breaks()
		await reopen()
		Line.last.breaks()
		expect(socket.state.value).toEqual({ is: "reconnecting", attempt: 2 })
		await reopen()
		Line.last.says({ on: "room.7", beat: 1 })
		Line.last.breaks()
		expect(socket.state.value).toEqual({ is: "reconnecting", attempt: 1 })
	})

	test("is taken for dead after 25 s of silence", async () => {
		await open()
		await vi.advanceTimersByTimeAsync(24_000)
		expect(socket.state.value.is).toBe("open")
		await vi.advanceTimersByTimeAsync(3_000)
		expect(socket.state.value.is).toBe("reconnecting")
	})

	test("lives on while it is heard", async () => {
		await open()
		for (let beat = 0; beat < 6; beat++) {
			await vi.advanceTimersByTimeAsync(10_000)
			Line.last.says({ on: "room.7", beat: 1 })
		}
		expect(socket.state.value.is).toBe("open")
	})

	test("gives up on a handshake that never ends", async () => {
		socket = connected()
		await vi.advanceTimersByTimeAsync(12_000)
		expect(socket.state.value.is).toBe("reconnecting")
	})

	test("tries at once when the device is online again", async () => {
		await open()
		socket.lost()
		expect(socket.state.value.is).toBe("reconnecting")
		await vi.advanceTimersByTimeAsync(29_000)
		expect(Line.all).toHaveLength(1)
		socket.tryNow()
		await vi.advanceTimersByTimeAsync(0)
		expect(Line.all).toHaveLength(2)
	})

	test("asks whether the line is there when the person looks again", async () => {
		await open()
		await vi.advanceTimersByTimeAsync(20_000)
		socket.check()
		expect(Line.last.asked("ping")).toHaveLength(1)
		Line.last.answers("ping", { ok: null })
		await vi.advanceTimersByTimeAsync(20_000)
		expect(socket.state.value.is).toBe("open")
	})

	test("does not wait long for that answer", async () => {
		await open()
		socket.check()
		await vi.advanceTimersByTimeAsync(7_000)
		expect(socket.state.value.is).toBe("reconnecting")
	})

	test("comes back spread over the seconds that a planned restart names", async () => {
		vi.spyOn(Math, "random").mockReturnValue(0.5)
		await open()
		Line.last.says({ bye: "restart", within: 8 })
		await vi.advanceTimersByTimeAsync(3_900)
		expect(Line.all).toHaveLength(1)
		await vi.advanceTimersByTimeAsync(200)
		expect(Line.all).toHaveLength(2)
	})

	test("counts what it hears", async () => {
		await open()
		Line.last.says({ on: "room.7", beat: 1 })
		expect(socket.received).toBe('{"on":"room.7","beat":1}'.length)
	})
})

describe("tickets", () => {
	test("are renewed when they are old", async () => {
		await open()
		await vi.advanceTimersByTimeAsync(0)
		for (let minute = 0; minute < 9; minute++) {
			await vi.advanceTimersByTimeAsync(20_000)
			Line.last.says({ on: "x", beat: 0 })
			await vi.advanceTimersByTimeAsync(20_000)
			Line.last.says({ on: "x", beat: 0 })
			await vi.advanceTimersByTimeAsync(20_000)
			Line.last.says({ on: "x", beat: 0 })
		}
		Line.last.breaks()
		await tries()
		expect(Line.last.address).toContain("ticket=renewed")
	})

	test("are renewed when the server says they are invalid", async () => {
		await open()
		Line.last.breaks(4401)
		await tries()
		expect(Line.last.address).toContain("ticket=renewed")
	})

	test("stay good over a short break", async () => {
		await open()
		Line.last.breaks()
		await tries()
		expect(Line.last.address).toContain("ticket=first")
	})

	test("that nobody gives any more close the line for good", async () => {
		await open(new Keeper(), async () => {
			throw new Refused("signed.out", "Please sign in again.")
		})
		Line.last.breaks(4401)
		await vi.advanceTimersByTimeAsync(PLENTY)
		expect(socket.state.value).toEqual({ is: "closed", reason: "signed.out", say: "Please sign in again." })
		await vi.advanceTimersByTimeAsync(PLENTY)
		expect(Line.all).toHaveLength(1)
	})

	test("that cannot be had for the moment are asked for again", async () => {
		let tries = 0
		await open(new Keeper(), async () => {
			if (++tries < 3) throw new TypeError("network")
			return "third"
		})
		Line.last.breaks(4401)
		await vi.advanceTimersByTimeAsync(3 * PLENTY)
		expect(Line.last.address).toContain("ticket=third")
	})
})

describe("topics", () => {
	test("are entered with what the page shows already", async () => {
		await open()
		socket.enter("room.7", {}, 812)
		expect(Line.last.asked("enter")[0]).toMatchObject({ on: "room.7", with: { since: 812 } })
	})

	test("are entered again after a break, from the last frame heard", async () => {
		await open()
		socket.enter("room.7", {}, 812)
		Line.last.says({ on: "room.7", entered: 812 })
		Line.last.says({ on: "room.7", seq: 813, event: "question", data: {} })
		Line.last.breaks()
		await reopen()
		expect(Line.last.asked("enter")[0]?.with).toEqual({ since: 813 })
	})

	test("that are refused are not entered again", async () => {
		const heard: unknown[] = []
		await open()
		socket.enter("room.8", listener(heard))
		Line.last.says({ on: "room.8", refused: "room.unknown", say: "There is no such room." })
		expect(heard).toEqual([["refused", "room.unknown", "There is no such room."]])
		Line.last.breaks()
		await reopen()
		expect(Line.last.asked("enter")).toHaveLength(0)
	})

	test("that cannot be entered just now are entered a little later", async () => {
		const heard: unknown[] = []
		await open()
		socket.enter("room.7", listener(heard), 1)
		Line.last.answers("enter", { refused: "slow.down", say: "Too fast." })
		await vi.advanceTimersByTimeAsync(7_000)
		expect(Line.last.asked("enter")).toHaveLength(2)
		expect(heard).toEqual([])
	})

	test("left are not heard any more", async () => {
		const heard: unknown[] = []
		await open()
		socket.enter("room.7", listener(heard))
		socket.leave("room.7")
		Line.last.says({ on: "room.7", snapshot: 1, data: {} })
		expect(Line.last.asked("leave")[0]?.on).toBe("room.7")
		expect(heard).toEqual([])
	})
})

describe("commands", () => {
	test("resolve to what the server says", async () => {
		await open()
		const asked = socket.do("question.ask", "room.7", { text: "Will slides be shared?" })
		Line.last.answers("question.ask", { ok: { number: 9 } })
		expect(await asked).toEqual({ number: 9 })
		expect(socket.outbox.commands.value).toEqual([])
	})

	test("reject with the sentence for the person", async () => {
		await open()
		const asked = socket.do("question.ask", "room.7", {})
		Line.last.answers("question.ask", { refused: "questions.closed", say: "Questions are closed." })
		await expect(asked).rejects.toMatchObject({ code: "questions.closed", say: "Questions are closed." })
	})

	test("wait while there is no line, and are sent once it is back, with the same ref", async () => {
		await open()
		const asked = socket.do("question.ask", "room.7", {})
		const ref = Line.last.asked("question.ask")[0]?.ref
		Line.last.breaks()
		await reopen()
		expect(Line.last.asked("question.ask").map((command) => command.ref)).toEqual([ref])
		Line.last.says({ re: ref, ok: 1 })
		expect(await asked).toBe(1)
	})

	test("are sent after the topics are entered, in the order they were given", async () => {
		await open()
		socket.enter("room.7", {}, 1)
		Line.last.breaks()
		void socket.do("question.ask", "room.7", {})
		void socket.do("question.vote", "room.7", {})
		await reopen()
		await vi.advanceTimersByTimeAsync(1_000)
		expect(Line.last.sent.map((command) => command.do)).toEqual(["enter", "question.ask", "question.vote"])
	})

	test("outlive a reload of the page", async () => {
		const keeper = new Keeper()
		await open(keeper)
		void socket.do("question.ask", "room.7", { text: "Who pays?" })
		const ref = Line.last.asked("question.ask")[0]?.ref
		socket.close()
		await open(keeper)
		const answers: unknown[] = []
		socket.enter("room.7", { late: (command, reply) => answers.push([command.with, reply.say]) })
		expect(Line.last.asked("question.ask")[0]).toMatchObject({ ref, with: { text: "Who pays?" } })
		Line.last.answers("question.ask", { refused: "questions.closed", say: "Questions are closed." })
		expect(answers).toEqual([[{ text: "Who pays?" }, "Questions are closed."]])
		expect(keeper.kept.size).toBe(0)
	})

	test("already answered are not paced out again", async () => {
		await open()
		Line.last.breaks()
		void socket.do("a", "room.7")
		void socket.do("b", "room.7")
		await reopen()
		Line.last.says({ re: socket.outbox.commands.value[1]?.ref, ok: null })
		await vi.advanceTimersByTimeAsync(1_000)
		expect(Line.last.sent.map((command) => command.do)).toEqual(["a"])
	})

	test("that may be lost are not kept", async () => {
		await open()
		Line.last.breaks()
		socket.whisper("desk.hold", "room.7.desk", { question: 3 })
		await reopen()
		expect(Line.last.sent).toEqual([])
	})
})
