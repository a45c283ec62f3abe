import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { NOTHING, Peer, pauseBefore } from "../../media/peer"
import type { Address, Content, PeerSignal } from "../../media/signals"
import { Link } from "./link"

const ADA = 42
const INES = 5
type Told = Address & Content

class Stream {
	constructor(readonly tracks: unknown[] = []) {}
}

/** Two pages and what carries their signals; `lost` eats them. */
function scene() {
	const names: Record<number, string[]> = { [ADA]: [], [INES]: [] }
	const told: Record<number, Told[]> = { [ADA]: [], [INES]: [] }
	const peers: Record<number, Peer> = {}
	const there = { there: true, lost: false }
	const make = (me: number, other: number) => {
		peers[me] = new Peer({
			polite: me < other,
			servers: async () => [],
			tell: (signal) => {
				told[me]?.push(signal)
				if (!there.lost) peers[other]?.hear({ ...signal, from: me, to: other } as PeerSignal)
			},
			named: (session) => {
				names[me]?.push(session)
				peers[other]?.meet(session)
			},
			isThere: () => there.there,
		})
		return peers[me] as Peer
	}
	const ada = make(ADA, INES)
	const ines = make(INES, ADA)
	return { ada, ines, there, told, names, meet: () => (ada.meet(ines.sessions.mine), ines.meet(ada.sessions.mine)) }
}

const kinds = (told: Told[] | undefined) => told?.map(({ description, restart, bye }) => description?.type ?? (restart ? "restart" : bye ? "bye" : "candidate"))
const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)
const both = (state: string, ice?: string) => Link.all.forEach((link) => link.connectionState !== "closed" && link.becomes(state, ice))

beforeEach(() => {
	vi.useFakeTimers()
	vi.spyOn(Math, "random").mockReturnValue(0.5)
	vi.stubGlobal("RTCPeerConnection", Link)
	vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => null })
	vi.stubGlobal("MediaStream", Stream)
	Link.all = []
})
afterEach(() => void vi.useRealTimers())

describe("calling", () => {
	test("one offers, the other answers, with the same parts", async () => {
		const { meet, told, ada, ines } = scene()
		meet()
		await wait(10)
		expect([kinds(told[ADA]), kinds(told[INES])]).toEqual([["offer"], ["answer"]])
		expect(Link.all.map((link) => link.transceivers.map(({ direction }) => direction))).toEqual(Array(2).fill(Array(4).fill("sendrecv")))
		both("connected")
		expect([ada.state.value, ines.state.value]).toEqual(["up", "up"])
	})

	test("an offer that got lost is said again, later each time", async () => {
		const { meet, told, there } = scene()
		there.lost = true
		meet()
		await wait(4_000)
		expect(kinds(told[ADA])?.filter((kind) => kind === "offer").length).toBeGreaterThan(1)
		there.lost = false
		await wait(8_000)
		expect(kinds(told[INES])).toContain("answer")
	})

	test("an answer that got lost is said again", async () => {
		const { meet, told, there, ines } = scene()
		meet()
		vi.spyOn(ines, "hear")
		await wait(0)
		there.lost = true
		await wait(10)
		there.lost = false
		await wait(5_000)
		expect(Link.all.map((link) => link.signalingState)).toEqual(["stable", "stable"])
		expect(kinds(told[INES])?.filter((kind) => kind === "answer").length).toBeGreaterThanOrEqual(1)
	})

	test("when nobody is there nothing is said again", async () => {
		const { meet, told, there } = scene()
		there.lost = true
		there.there = false
		meet()
		await wait(60_000)
		expect(kinds(told[ADA])).toEqual(["offer"])
	})

	test("an attempt that gets no answer is given up for a new one under a new name", async () => {
		const { meet, names, there } = scene()
		there.lost = true
		meet()
		await wait(60_000)
		expect(names[ADA]?.length).toBeGreaterThan(1)
		expect(new Set(names[ADA]).size).toBe(names[ADA]?.length)
	})
})

describe("what is heard", () => {
	test("for another page, or of a page that was succeeded, is ignored", async () => {
		const { meet, ada, ines, told } = scene()
		meet()
		await wait(10)
		const before = told[INES]?.length
		const offer = { type: "offer" as const, sdp: "x" }
		ines.hear({ from: ADA, to: INES, session: ada.sessions.mine, of: "somebodyelse", description: offer })
		ines.hear({ from: ADA, to: INES, session: "anearlierpage", of: ines.sessions.mine, description: offer })
		await wait(10)
		expect(told[INES]?.length).toBe(before)
	})

	test("of both at once, the polite one gives in", async () => {
		const { meet } = scene()
		meet()
		await wait(10)
		both("connected")
		for (const link of Link.all) link.restartIce()
		await wait(10)
		expect(Link.all.map((link) => link.signalingState)).toEqual(["stable", "stable"])
	})
})

describe("mending", () => {
	async function connected() {
		const it = scene()
		it.meet()
		await wait(10)
		both("connected")
		return it
	}

	test("a hiccup is left alone", async () => {
		const { ada } = await connected()
		both("connected", "disconnected")
		await wait(1_000)
		both("connected")
		await wait(5_000)
		expect([ada.state.value, Link.all[0]?.restarts]).toEqual(["up", 0])
	})

	test("a way that stays broken is looked for anew, again and again", async () => {
		const { ada } = await connected()
		both("connected", "disconnected")
		await wait(1_600)
		expect([ada.state.value, Link.all[0]?.restarts]).toEqual(["mending", 1])
		await wait(30_000)
		expect(Link.all[0]?.restarts).toBeGreaterThan(3)
		both("connected")
		expect(ada.state.value).toBe("up")
	})

	test("of two who find it broken one makes all offers: none is rolled back", async () => {
		const { told } = await connected()
		both("connected", "disconnected")
		await wait(20_000)
		both("connected")
		expect(kinds(told[INES])).not.toContain("offer")
		expect(kinds(told[ADA])?.filter((kind) => kind === "offer").length).toBeGreaterThan(2)
	})

	test("a search for ways is given its time", async () => {
		const { meet } = scene()
		meet()
		await wait(10)
		both("connecting", "checking")
		await wait(3_900)
		expect(Link.all.map(({ restarts }) => restarts)).toEqual([0, 0])
		await wait(20_000)
		expect(Link.all[0]?.restarts).toBeGreaterThan(1)
		expect(Link.all[0]?.restarts).toBeLessThan(6)
	})

	test("a way that only one finds broken is looked for anew by both", async () => {
		const { ada, ines, told } = await connected()
		const [, theirs] = Link.all
		theirs?.becomes("connected", "disconnected")
		await wait(1_600)
		expect([ada.state.value, ines.state.value]).toEqual(["mending", "mending"])
		expect(Link.all.map(({ restarts }) => restarts)).toEqual([1, 0])
		expect(kinds(told[INES])).toContain("restart")
	})

	test("keys that do not hold need a new connection", async () => {
		await connected()
		Link.all[0]?.becomes("failed", "connected")
		await wait(10)
		both("connected")
		expect(Link.all.filter((link) => link.connectionState === "connected")).toHaveLength(2)
		expect(Link.all).toHaveLength(4)
	})

	test("another page of theirs is met anew", async () => {
		const { ada } = await connected()
		ada.meet("anotherpageoftheirs")
		await wait(10)
		expect([ada.state.value, Link.all.length, Link.all[0]?.connectionState]).toEqual(["mending", 3, "closed"])
	})

	test("whoever takes leave is not waited for", async () => {
		const { ada, ines } = await connected()
		ines.close()
		await wait(10)
		expect([ada.state.value, ines.state.value]).toEqual(["mending", "closed"])
		expect(ada.streams.value).toEqual(NOTHING)
	})
})

test("what is sent changes without a word", async () => {
	const { meet, ada, told } = scene()
	meet()
	await wait(10)
	const count = told[ADA]?.length
	const voice = { kind: "audio" } as MediaStreamTrack
	ada.send({ ...NOTHING, voice })
	await wait(0)
	expect(Link.all[0]?.transceivers[0]?.sender.track).toBe(voice)
	expect(told[ADA]?.length).toBe(count)
})

test("what fails because the connection was closed meanwhile keeps nothing waiting", async () => {
	const { meet, ada, ines } = scene()
	meet()
	await wait(10)
	const sender = Link.all[0]?.transceivers[0]?.sender
	vi.spyOn(sender as { replaceTrack(track: unknown): Promise<void> }, "replaceTrack").mockRejectedValueOnce(new DOMException("closed", "InvalidStateError"))
	ada.send({ ...NOTHING, voice: { kind: "audio" } as MediaStreamTrack })
	await wait(0)
	const camera = { kind: "video" } as MediaStreamTrack
	ada.send({ ...NOTHING, camera })
	await wait(0)
	expect(Link.all[0]?.transceivers[1]?.sender.track).toBe(camera)
	ada.meet("")
	meet()
	await wait(10)
	both("connected")
	expect([ada.state.value, ines.state.value]).toEqual(["up", "up"])
})

test("pauses grow, to no more than twenty seconds and one", () => {
	const pauses = [1, 2, 3, 4, 9].map((attempt) => pauseBefore(attempt, () => 1))
	expect(pauses).toEqual([2_000, 3_000, 5_000, 9_000, 21_000])
})
