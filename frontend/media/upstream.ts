import type { LineState } from "./mending"
import type { Reading } from "./reading"

/** What a speaker's line can carry. */
export type Carries = "all" | "voice" | "nothing"

const TOO_THIN = 110_000
const LOSSY = 0.15
const HOPELESS = 0.5
/** Seconds of trouble before something is given up. */
const PATIENCE = 4
const VOICE_PATIENCE = 8
/** Seconds before pictures are tried again; doubled each time that fails. */
const RETRY = 20
const LONGEST = 160

/** Decides from a speaker's line what to send: pictures are dropped first, the voice stays as long as anything passes. */
export class Shedding {
	carries: Carries = "all"
	#troubled = 0
	#calm = 0
	#retry = RETRY

	/** To be called once a second. */
	hear(reading: Reading | null, state: LineState): Carries {
		const down = state.is !== "up"
		if (this.carries === "all") this.#all(down || isBad(reading))
		else this.#voice(down || isHopeless(reading), !down && !isLossy(reading))
		return this.carries
	}

	#all(bad: boolean) {
		this.#troubled = bad ? this.#troubled + 1 : 0
		if (this.#troubled < PATIENCE) return
		this.carries = "voice"
		this.#troubled = this.#calm = 0
	}

	#voice(hopeless: boolean, fine: boolean) {
		this.#troubled = hopeless ? this.#troubled + 1 : 0
		this.#calm = fine ? this.#calm + 1 : 0
		if (this.#troubled >= VOICE_PATIENCE) this.carries = "nothing"
		else if (this.carries === "nothing" && fine) this.carries = "voice"
		else if (this.#calm >= this.#retry) this.#again()
	}

	#again() {
		this.carries = "all"
		this.#troubled = 0
		this.#retry = Math.min(LONGEST, this.#retry * 2)
	}
}

function isLossy(reading: Reading | null): boolean {
	return (reading?.missed ?? 0) > LOSSY
}

function isBad(reading: Reading | null): boolean {
	return isLossy(reading) || (reading?.upstream ?? Infinity) < TOO_THIN
}

function isHopeless(reading: Reading | null): boolean {
	return (reading?.missed ?? 0) > HOPELESS
}
