/** Which of two ways to take: the direct one between two browsers, which TURN relays belong to, or the forum's server. Pure. */

export type Rung = "direct" | "server"

/** Why the server's way is taken: there never was a direct one, or it broke. */
export type Cause = "never" | "broke"

/** Seconds without a direct way before the server's is taken. */
const PATIENCE = 6
const PATIENCE_ONCE_UP = 4
/** Seconds that the direct way must hold before the server's is left; doubled each time it did not last. */
const STEADY = 4
const LONGEST = 64
/** A direct way that breaks this soon after it was chosen did not last. */
const LASTING = 60

export class Ladder {
	rung: Rung = "direct"
	cause: Cause = "never"
	#without = 0
	#held = 0
	#steady = STEADY
	#wasUp = false

	/** To be called once a second while both are there and want to see or hear each other. */
	hear(isUp: boolean): Rung {
		if (isUp) this.#direct()
		else this.#missing()
		return this.rung
	}

	/** The other is away, or there is nothing to send: this says nothing about the way. */
	rest() {
		this.#without = 0
	}

	#direct() {
		this.#without = 0
		this.#wasUp = true
		this.#held += 1
		if (this.rung === "server" && this.#held >= this.#steady) this.rung = "direct"
		if (this.rung === "direct" && this.#held >= LASTING) this.#steady = STEADY
	}

	#missing() {
		this.#held = 0
		this.#without += 1
		if (this.rung === "direct" && this.#without >= (this.#wasUp ? PATIENCE_ONCE_UP : PATIENCE)) this.#descend()
	}

	#descend() {
		this.rung = "server"
		this.cause = this.#wasUp ? "broke" : "never"
		if (this.#wasUp) this.#steady = Math.min(LONGEST, this.#steady * 2)
	}
}
