/** Milliseconds that nobody notices: a clock so little off is right. */
const NEAR = 1_000
/** Milliseconds for which what was heard holds against what comes later, and late. */
const FRESH = 60_000

/** The server's time: the device's own clock may be minutes wrong. */
export class Clock {
	#offset: number | null = null
	#heardAt = 0

	/** The server's clock read so when it sent this. On a thin line that is a while ago, so the greatest offset is best. */
	hear(sent: number) {
		const here = Date.now()
		const offset = sent - here
		if (this.#offset !== null && offset < this.#offset && here - this.#heardAt <= FRESH) return
		this.#offset = offset
		this.#heardAt = here
	}

	/** The server has said what time it is. */
	get isTold(): boolean {
		return this.#offset !== null
	}

	/** Milliseconds since 1970. */
	now(): number {
		const offset = this.#offset ?? 0
		return Date.now() + (Math.abs(offset) < NEAR ? 0 : offset)
	}
}

/** The one of this page. */
export const serverClock = new Clock()
