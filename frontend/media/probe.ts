import { Line } from "./line"
import type { Reading } from "./reading"

const LONGEST = 8_000
const MEASURE = 3

export interface Found {
	/** `blocked`: the server's pages come, its media does not. */
	is: "direct" | "relayed" | "blocked" | "refused" | "offline"
	/** Milliseconds there and back. */
	trip: number | null
}

/** Tries whether media would pass: joins for a few seconds with nothing to say and one voice to hear. */
export async function probe(endpoint: string): Promise<Found> {
	const line = new Line({ endpoint, prepare: (peer) => void peer.addTransceiver("audio", { direction: "recvonly" }) })
	const heard = await Promise.race([measured(line), refused(line), after(LONGEST)])
	const known = line.resource !== null
	line.close()
	if (heard === "refused") return { is: "refused", trip: null }
	if (!heard) return { is: known ? "blocked" : "offline", trip: null }
	return { is: heard.relayed ? "relayed" : "direct", trip: heard.trip }
}

function measured(line: Line): Promise<Reading> {
	let count = 0
	return new Promise((resolve) => {
		line.reading.subscribe((reading) => reading && ++count === MEASURE && resolve(reading))
	})
}

function refused(line: Line): Promise<"refused"> {
	return new Promise((resolve) => {
		line.state.subscribe((state) => state.is === "refused" && resolve("refused"))
	})
}

function after(milliseconds: number): Promise<null> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds, null))
}
