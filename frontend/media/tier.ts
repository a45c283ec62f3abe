import type { Reading } from "./reading"

/** How somebody attends. In `text` nothing is downloaded but words. */
export type Tier = "video" | "slides" | "audio" | "text"
export const TIERS: Tier[] = ["video", "slides", "audio", "text"]

/** How well a line serves its viewer. `voice`: even the voice suffers. */
export type Quality = "good" | "thin" | "poor" | "voice"

const WINDOW = 5_000
/** Windows in a row before a person is bothered. */
const PATIENCE = 2
const POOR = { lost: 0.08, frozen: 0.4 }
const THIN = { lost: 0.02, frozen: 0.1 }
/** Share of the sound that had to be made up. */
const BROKEN = 0.12

/** How the line served between two readings. */
export function quality(before: Reading, after: Reading): Quality {
	const seconds = (after.at - before.at) / 1000
	const packets = after.packets - before.packets
	const lost = share(after.lost - before.lost, packets)
	const frozen = (after.frozen - before.frozen) / seconds
	const concealed = share(after.concealed - before.concealed, after.samples - before.samples)
	const worse = (than: typeof POOR) => lost > than.lost || frozen > than.frozen
	if (concealed > BROKEN) return "voice"
	if (worse(POOR)) return "poor"
	return worse(THIN) ? "thin" : "good"
}

function worst(seen: Quality, starved: boolean): Quality {
	return starved && seen !== "voice" ? "poor" : seen
}

function share(part: number, whole: number): number {
	return whole > 0 ? Math.max(0, part) / (whole + Math.max(0, part)) : 0
}

/** What to offer to somebody who attends by `tier` on such a line; null if nothing would help. */
export function lighter(tier: Tier, quality: Quality): Tier | null {
	if (quality === "voice") return tier === "text" ? null : "text"
	if (quality !== "poor") return null
	return { video: "slides", slides: "audio", audio: null, text: null }[tier] as Tier | null
}

/** Watches a line and says what to offer: not for a hiccup, and not again once it was declined. */
export class Adviser {
	quality: Quality = "good"
	#from: Reading | null = null
	#bad = 0
	#starved = true
	#declined = new Set<Tier>()

	/** The tier to offer now, if any. `starved`: there are pictures, and the server found the line too thin for any. */
	hear(reading: Reading | null, tier: Tier, starved = false): Tier | null {
		if (!reading || !this.#from) return this.#begin(reading)
		this.#starved &&= starved
		if (reading.at - this.#from.at < WINDOW) return null
		this.quality = worst(quality(this.#from, reading), this.#starved)
		this.#from = reading
		this.#starved = true
		const offer = lighter(tier, this.quality)
		this.#bad = offer ? this.#bad + 1 : 0
		return offer && this.#bad >= PATIENCE && !this.#declined.has(offer) ? offer : null
	}

	/** The person attends in another way from now on: what was before says nothing. */
	changed() {
		this.#begin(null)
		this.quality = "good"
	}

	decline(tier: Tier) {
		this.#declined.add(tier)
	}

	#begin(reading: Reading | null): null {
		this.#from = reading
		this.#starved = true
		this.#bad = 0
		return null
	}
}
