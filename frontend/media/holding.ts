import type { Reading } from "./reading"
import type { Holds } from "./signals"

/** Bits per second; less carries no picture beside a voice, or not even a voice. */
const THIN = 110_000
const TOO_THIN = 20_000
/** Share of packets that get lost. */
const LOSSY = 0.15
const HOPELESS = 0.45
/** Seconds. */
const PATIENCE = 4
const VOICE_PATIENCE = 8
const AWAY = 3
const BACK = 3
const RETRY = 15
const LONGEST = 120

/**
 * What a line between two people carries: the picture goes first, then the voice, and text goes on. What was given up for
 * want of a way comes back with it; what a thin line did not carry is tried again after a while, later each time.
 */
export class Holding {
	holds: Holds = "all"
	#bad = 0
	#away = 0
	#calm = 0
	#retry = RETRY
	#cut = false

	/** Whether it was the way that was missing, not its width. */
	get isCut(): boolean {
		return this.#cut
	}

	/** To be called once a second, with what was read of the way in use; `isUp`: there is one. */
	hear(reading: Reading | null, isUp: boolean): Holds {
		if (!isUp) this.#missing()
		else if (this.holds === "all") this.#carry(isThin(reading), PATIENCE, "voice")
		else this.#recover(reading)
		return this.holds
	}

	/** The person wants it now. */
	again() {
		this.holds = "all"
		this.#cut = false
		this.#bad = this.#calm = this.#away = 0
	}

	#missing() {
		this.#calm = 0
		this.#away += 1
		if (this.#away < AWAY || this.holds === "text") return
		this.holds = "text"
		this.#cut = true
	}

	#carry(bad: boolean, patience: number, lighter: Holds) {
		this.#away = 0
		this.#bad = bad ? this.#bad + 1 : 0
		if (this.#bad < patience) return
		this.holds = lighter
		this.#bad = this.#calm = 0
		this.#cut = false
	}

	#recover(reading: Reading | null) {
		if (this.holds === "voice") this.#carry(isHopeless(reading), VOICE_PATIENCE, "text")
		this.#away = 0
		this.#calm = isLossy(reading) ? 0 : this.#calm + 1
		if (this.#cut ? this.#calm >= BACK : this.#calm >= this.#retry) this.#richer()
	}

	#richer() {
		if (!this.#cut) this.#retry = Math.min(LONGEST, this.#retry * 2)
		this.holds = this.holds === "text" && !this.#cut ? "voice" : "all"
		this.#bad = this.#calm = 0
	}
}

function isLossy(reading: Reading | null): boolean {
	return (reading?.missed ?? 0) > LOSSY
}

function isThin(reading: Reading | null): boolean {
	return isLossy(reading) || (reading?.upstream ?? Infinity) < THIN
}

function isHopeless(reading: Reading | null): boolean {
	return (reading?.missed ?? 0) > HOPELESS || (reading?.upstream ?? Infinity) < TOO_THIN
}
