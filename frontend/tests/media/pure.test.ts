import { describe, expect, test, vi } from "vitest"
import { ByteMeter } from "../../media/bytes"
import { few } from "../../media/codecs"
import { named } from "../../media/devices"
import { loudness } from "../../media/level"
import { reading } from "../../media/reading"
import { latest } from "../../media/whep"
import { Signal } from "../../live/signal"
import { help } from "../../islands/stage/device-help"
import { reads } from "./readings"

test("an offer lists few codecs, VP8 first", () => {
	const codec = (mimeType: string) => ({ mimeType, clockRate: 90_000 })
	const all = ["video/AV1", "video/rtx", "video/H264", "video/VP9", "video/VP8", "video/red", "video/ulpfec"].map(codec)
	expect(few(all).map(({ mimeType }) => mimeType)).toEqual(["video/VP8", "video/H264", "video/rtx"])
})

describe("who is in a slot", () => {
	const at = (source: number, timestamp: number) => ({ source, timestamp })

	test("is whose packets were heard last", () => expect(latest([at(84, 9_000), at(86, 9_500)], 10_000)).toBe(86))
	test("is nobody once they are silent for long", () => expect(latest([at(84, 7_000)], 10_000)).toBeNull())
	test("is nobody before anything came", () => expect(latest([], 10_000)).toBeNull())
})

describe("loudness", () => {
	const tone = (level: number) => Float32Array.from({ length: 1024 }, (_, index) => level * Math.sign(Math.sin(index)))

	test("of silence is 0", () => expect(loudness(new Float32Array(1024))).toBe(0))
	test("of full scale is 1", () => expect(loudness(tone(1))).toBeCloseTo(1, 1))
	test("halfway down the decibels is a half", () => expect(loudness(tone(10 ** (-30 / 20)))).toBeCloseTo(0.5, 1))
})

test("bytes are added up over lines that come and go", () => {
	const line = { reading: new Signal<ReturnType<typeof reads> | null>(null) }
	const meter = new ByteMeter()
	meter.count(line)
	line.reading.set(reads(1, { received: 1000, sent: 200 }))
	line.reading.set(reads(2, { received: 1500, sent: 200 }))
	line.reading.set(null)
	line.reading.set(reads(3, { received: 400, sent: 0 }))
	expect(meter.total).toBe(1700 + 400)
})

describe("statistics", () => {
	const report = new Map<string, object>()
	const entries = [
		{ type: "inbound-rtp", id: "i1", bytesReceived: 900, headerBytesReceived: 100, packetsReceived: 9, packetsLost: 1, concealedSamples: 50, silentConcealedSamples: 20 },
		{ type: "inbound-rtp", id: "i2", bytesReceived: 5, packetsReceived: 1, totalFreezesDuration: 0.5 },
		{ type: "outbound-rtp", id: "o1", bytesSent: 70, headerBytesSent: 7 },
		{ type: "remote-inbound-rtp", id: "r1", fractionLost: 0.02 },
		{ type: "remote-inbound-rtp", id: "r2", fractionLost: 0.2 },
		{ type: "transport", id: "t1", selectedCandidatePairId: "p2" },
		{ type: "candidate-pair", id: "p1", nominated: true, state: "succeeded", currentRoundTripTime: 9 },
		{ type: "candidate-pair", id: "p2", localCandidateId: "l2", currentRoundTripTime: 0.034, availableOutgoingBitrate: 300_000 },
		{ type: "local-candidate", id: "l2", candidateType: "relay" },
	]
	for (const entry of entries) report.set(entry.id, entry)

	test("are read for what matters", () => {
		expect(reading(report as unknown as RTCStatsReport, 5)).toEqual({
			at: 5,
			received: 1005,
			sent: 77,
			packets: 10,
			lost: 1,
			frozen: 0.5,
			samples: 0,
			concealed: 30,
			missed: 0.2,
			upstream: 300_000,
			trip: 34,
			relayed: true,
		})
	})

	test("of a peer without a way say so", () => {
		const nothing = reading(new Map() as unknown as RTCStatsReport)
		expect([nothing.trip, nothing.upstream, nothing.missed, nothing.relayed]).toEqual([null, null, null, false])
	})
})

test.each([
	["NotFoundError", "none"],
	["OverconstrainedError", "none"],
	["NotReadableError", "busy"],
	["AbortError", "busy"],
	["SecurityError", "browser"],
	["InvalidStateError", "unknown"],
])("%s stands for %s", (error, reason) => expect(named(error)).toBe(reason))

test.each([
	["Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "crossed-out"],
	["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "sign to the left"],
	["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Open Settings"],
	["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "menu Safari"],
])("%s gets help of its own", (agent, words) => {
	vi.stubGlobal("navigator", { userAgent: agent })
	expect(help("browser", agent)).toContain(words)
	vi.unstubAllGlobals()
})
