import { backoff } from "../live/backoff"
import { Barred, Unreachable } from "./resource"

export type LineState =
	| { is: "joining" }
	| { is: "up" }
	| { is: "mending"; attempt: number }
	| { is: "refused"; status: number; title: string }
	| { is: "closed" }

export interface Deeds {
	/** Keeps the session and finds a new way for its packets; resolves once they pass. */
	restart(): Promise<void>
	/** A new session; resolves once packets pass. */
	rejoin(): Promise<void>
}

const LONGEST = 3_000
/** A restart that did not last: the session itself is broken. */
const LASTING = 5_000

/** When to try again: soon, since people are waiting, and spread, since a whole audience may be. */
function soon(attempt: number): number {
	return Math.min(LONGEST, backoff(attempt))
}

/** Brings a line up and back: a restart first, then new sessions with growing pauses, until one holds or we are barred. */
export class Mending {
	#busy = false
	#over = false
	#restartedAt = -Infinity
	#wake: () => void = () => {}

	constructor(
		private readonly deeds: Deeds,
		private readonly say: (state: LineState) => void,
		private readonly pause = soon,
	) {}

	/** The first session. */
	begin() {
		this.say({ is: "joining" })
		void this.#alone(() => this.#rejoin(0))
	}

	/** The way for packets seems broken, or has changed. */
	trouble() {
		const fresh = Date.now() - this.#restartedAt < LASTING
		void this.#alone(() => (fresh ? this.#rejoin(1) : this.#restart()))
	}

	/** The server has forgotten the session. */
	lost() {
		void this.#alone(() => this.#rejoin(1))
	}

	/** The device is online again: no more waiting. */
	hurry() {
		this.#wake()
	}

	close() {
		this.#over = true
		this.#wake()
		this.say({ is: "closed" })
	}

	async #alone(work: () => Promise<void>) {
		if (this.#busy || this.#over) return
		this.#busy = true
		await work().finally(() => (this.#busy = false))
	}

	async #restart() {
		this.#tell({ is: "mending", attempt: 1 })
		this.#restartedAt = Date.now()
		const wait = await this.#try(this.deeds.restart)
		if (wait !== null) await this.#rejoin(1)
	}

	async #rejoin(attempt: number) {
		for (let failed = 0; !this.#over; failed++) {
			const tried = attempt + failed
			if (tried) this.#tell({ is: "mending", attempt: tried })
			const wait = await this.#try(this.deeds.rejoin)
			if (wait === null) return
			await this.#sleep(wait * 1000 + this.pause(failed + 1))
		}
	}

	/** Null if it worked or is over for good; else the seconds the server wants us to wait. */
	async #try(deed: () => Promise<void>): Promise<number | null> {
		try {
			await deed.call(this.deeds)
			this.#tell({ is: "up" })
			return null
		} catch (problem) {
			if (problem instanceof Barred) return this.#give(problem)
			if (problem instanceof Unreachable) return problem.wait
			if (problem instanceof DOMException) return 0
			throw problem
		}
	}

	#give({ status, title }: Barred): null {
		this.#over = true
		this.say({ is: "refused", status, title })
		return null
	}

	#tell(state: LineState) {
		if (!this.#over) this.say(state)
	}

	#sleep(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, milliseconds)
			this.#wake = () => {
				clearTimeout(timer)
				resolve()
			}
		})
	}
}
