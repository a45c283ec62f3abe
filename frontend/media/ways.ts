/** Which way packets take between two people, and what it is worth. Pure. */

export type Candidate = "host" | "srflx" | "prflx" | "relay"

export interface Way {
	local: Candidate
	remote: Candidate
	/** `udp` or `tcp`; of a relay, what leads to it. */
	protocol: string
}

type Entry = Record<string, unknown> & { type: string; id: string }

/** The pair of addresses in use (Identifiers for WebRTC's Statistics API, section 8.1); null while there is none. */
export function way(report: RTCStatsReport): Way | null {
	const entries = report as unknown as Map<string, Entry>
	const pair = chosen([...entries.values()])
	const local = entries.get(String(pair?.localCandidateId))
	const remote = entries.get(String(pair?.remoteCandidateId))
	if (!local || !remote) return null
	return {
		local: local.candidateType as Candidate,
		remote: remote.candidateType as Candidate,
		protocol: String(local.relayProtocol ?? local.protocol ?? ""),
	}
}

export const isRelayed = ({ local, remote }: Way) => local === "relay" || remote === "relay"

function chosen(entries: Entry[]): Entry | undefined {
	const transport = entries.find((entry) => entry.type === "transport" && entry.selectedCandidatePairId)
	const pairs = entries.filter((entry) => entry.type === "candidate-pair")
	// Firefox marks the pair itself.
	return pairs.find((pair) => pair.id === transport?.selectedCandidatePairId) ?? pairs.find((pair) => pair.selected)
}
