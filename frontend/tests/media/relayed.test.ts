import { expect, test } from "vitest"
import { sorted } from "../../media/relayed"
import { way } from "../../media/ways"

const slot = (kind: "audio" | "video", source: number | null) => ({ kind, source, stream: { id: `${kind}.${source}` } as MediaStream })

test("pictures are sorted by who is in them, and all sound is played: browsers tell whose it is only of what they play", () => {
	const streams = sorted([slot("video", 11), slot("audio", null), slot("audio", 10), slot("video", 10)], 5)
	expect([streams.camera?.id, streams.screen?.id, streams.voice?.id, streams.sound?.id]).toEqual(["video.10", "video.11", "audio.null", "audio.10"])
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
