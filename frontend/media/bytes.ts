import type { Line } from "./line"

/** Adds up what lines cost, however often they come back. */
export class ByteMeter {
	/** Bytes, both ways. */
	total = 0

	/** Counts this line too; returns how to stop. */
	count(line: Pick<Line, "reading">): () => void {
		let before = 0
		return line.reading.subscribe((reading) => {
			const now = reading ? reading.received + reading.sent : 0
			this.total += Math.max(0, now - before)
			before = now
		})
	}
}
