import { expect, test } from "vitest"
import { sorted } from "../../media/relayed"
import { way } from "../../media/ways"

const slot = (kind: "audio" | "video", source: number | null) => ({ kind, source, stream: { id: `${kind}.${source}` } as MediaStream })

test("slots are sorted by who is in them", () => {
	const streams = sorted([slot("video", 11), slot("audio", 10), slot("audio", null), slot("video", 10)], 5)
	expect([streams.camera?.id, streams.screen?.id, streams.voice?.id, streams.sound]).toEqual(["video.10", "video.11", "audio.10", null])
})

test("nobody else is shown", () => expect(sorted([slot("video", 84)], 5).camera).toBeNull())

const report = (entries: Record<string, object>) => new Map(Object.entries(entries)) as unknown as RTCStatsReport

test("the way is that of the pair in use", () => {
	const found = way(
		report({
			t1: { type: "transport", id: "t1", selectedCandidatePairId: "p2" },
			p1: { type: "candidate-pair", id: "p1", localCandidateId: "l1", remoteCandidateId: "r1" },
			p2: { type: "candidate-pair", id: "p2", localCandidateId: "l2", remoteCandidateId: "r1" },
			l1: { type: "local-candidate", id: "l1", candidateType: "host", protocol: "udp" },
			l2: { type: "local-candidate", id: "l2", candidateType: "relay", protocol: "udp", relayProtocol: "tls" },
			r1: { type: "remote-candidate", id: "r1", candidateType: "srflx", protocol: "udp" },
		}),
	)
	expect(found).toEqual({ local: "relay", remote: "srflx", protocol: "tls" })
})

test("there is none before packets pass", () => expect(way(report({}))).toBeNull())
