/** What a peer's statistics say that matters here. Totals since the peer was made, unless said otherwise. */
export interface Reading {
	/** Milliseconds since 1970. */
	at: number
	/** Bytes of media, both ways. */
	received: number
	sent: number
	packets: number
	lost: number
	/** Seconds that pictures stood still. */
	frozen: number
	/** Samples of sound, and how many of them had to be made up. */
	samples: number
	concealed: number
	/** Share of our packets that the server missed lately, 0 to 1; null while it has not said. */
	missed: number | null
	/** Bits per second that the browser believes it can send. */
	upstream: number | null
	/** Round trip in milliseconds. */
	trip: number | null
	/** Whether packets go through a relay. */
	relayed: boolean
}

type Entry = Record<string, unknown> & { type: string; id: string }

export function reading(report: RTCStatsReport, at = Date.now()): Reading {
	const entries = [...(report as unknown as Map<string, Entry>).values()]
	const inbound = entries.filter((entry) => entry.type === "inbound-rtp")
	const outbound = entries.filter((entry) => entry.type === "outbound-rtp")
	const told = entries.filter((entry) => entry.type === "remote-inbound-rtp").map((entry) => entry.fractionLost as number | undefined)
	const pair = chosen(entries)
	const local = entries.find((entry) => entry.id === pair?.localCandidateId)
	return {
		at,
		received: sum(inbound, "bytesReceived") + sum(inbound, "headerBytesReceived"),
		sent: sum(outbound, "bytesSent") + sum(outbound, "headerBytesSent"),
		packets: sum(inbound, "packetsReceived"),
		lost: sum(inbound, "packetsLost"),
		frozen: sum(inbound, "totalFreezesDuration"),
		samples: sum(inbound, "totalSamplesReceived"),
		concealed: sum(inbound, "concealedSamples") - sum(inbound, "silentConcealedSamples"),
		missed: told.reduce<number | null>((most, share) => (share === undefined ? most : Math.max(most ?? 0, share)), null),
		upstream: value(pair, "availableOutgoingBitrate"),
		trip: milliseconds(value(pair, "currentRoundTripTime")),
		relayed: local?.candidateType === "relay",
	}
}

/** The pair of addresses in use. Browsers differ in how they mark it. */
function chosen(entries: Entry[]): Entry | undefined {
	const transport = entries.find((entry) => entry.type === "transport" && entry.selectedCandidatePairId)
	const pairs = entries.filter((entry) => entry.type === "candidate-pair")
	return pairs.find((pair) => pair.id === transport?.selectedCandidatePairId) ?? pairs.find((pair) => pair.selected || (pair.nominated && pair.state === "succeeded"))
}

function sum(entries: Entry[], name: string): number {
	return entries.reduce((total, entry) => total + (value(entry, name) ?? 0), 0)
}

function value(entry: Entry | undefined, name: string): number | null {
	const found = entry?.[name]
	return typeof found === "number" ? found : null
}

function milliseconds(seconds: number | null): number | null {
	return seconds === null ? null : Math.round(seconds * 1000)
}
