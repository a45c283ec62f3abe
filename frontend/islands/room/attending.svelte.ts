import { TIERS, type Tier } from "../../media/tier"

const KEY = "plenary.attending"

interface Kept {
	tier: Tier
	volume: number
	muted: boolean
	announces: boolean
	shortcuts: boolean
}

const DEFAULT: Kept = { tier: "video", volume: 1, muted: false, announces: true, shortcuts: true }

/** How this person attends, on this device, in every room. */
export class Attending {
	tier = $state<Tier>(DEFAULT.tier)
	/** 0 to 1. */
	volume = $state(DEFAULT.volume)
	muted = $state(DEFAULT.muted)
	/** Whether a screen reader is told who speaks. */
	announces = $state(DEFAULT.announces)
	shortcuts = $state(DEFAULT.shortcuts)
	/** A lighter way to attend that would help on this line. */
	offer = $state<Tier | null>(null)

	constructor() {
		Object.assign(this, kept())
	}

	set(change: Partial<Kept>) {
		Object.assign(this, change)
		if (change.tier) this.offer = null
		const { tier, volume, muted, announces, shortcuts } = this
		localStorage.setItem(KEY, JSON.stringify({ tier, volume, muted, announces, shortcuts }))
	}
}

function kept(): Partial<Kept> {
	const found = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Kept>
	if (found.tier && !TIERS.includes(found.tier)) delete found.tier
	return found
}
