/** How somebody came in, so that they need not check their devices again in the next room, nor after a reload. */

export interface Choice {
	microphone: boolean
	camera: boolean
	/** Without both. */
	text: boolean
}

const READY = "plenary.pair.ready"
/** A check this old is none: where was this computer meanwhile? In milliseconds. */
const FRESH = 4 * 60 * 60 * 1000

const inside = (pair: number) => `plenary.pair.${pair}`

/** What was chosen in this room, or lately in another; null for somebody who has yet to choose. */
export function choice(pair: number, now = Date.now()): Choice | null {
	const here = sessionStorage.getItem(inside(pair))
	if (here) return JSON.parse(here) as Choice
	const { at = 0, ...lately } = JSON.parse(localStorage.getItem(READY) ?? "{}") as Partial<Choice & { at: number }>
	return now - at < FRESH ? (lately as Choice) : null
}

export function keep(pair: number, choice: Choice, now = Date.now()) {
	sessionStorage.setItem(inside(pair), JSON.stringify(choice))
	localStorage.setItem(READY, JSON.stringify({ ...choice, at: now }))
}

/** Whoever left is asked before they are let in again. */
export function forget(pair: number) {
	sessionStorage.removeItem(inside(pair))
	localStorage.removeItem(READY)
}
