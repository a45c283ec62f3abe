import type { PairFacts } from "./wire"

const MINUTE = 60_000
/** Milliseconds after which somebody who has not come is said to have not come. */
const GRACE = 5 * MINUTE
/** How long before the end one may ask for more time. */
const NEAR = 3 * MINUTE
const HURRY = MINUTE

export type Phase = "early" | "open" | "over"

/** The server says when it ends; between its words, the clock. */
export function phase(facts: PairFacts, now: number): Phase {
	if (facts.state === "ended" || now >= Date.parse(facts.ends)) return "over"
	return facts.state === "open" || now >= Date.parse(facts.opens) ? "open" : "early"
}

/** Seconds until the end. */
export function left(facts: PairFacts, now: number): number {
	return (Date.parse(facts.ends) - now) / 1000
}

/** Whether more time may be offered: near the end, and both are free. A quarter of a short talk is near, too. */
export function isNearEnd(facts: PairFacts, now: number): boolean {
	const whole = Date.parse(facts.ends) - Date.parse(facts.starts)
	return left(facts, now) * 1000 <= Math.max(NEAR, whole / 4)
}

export function isHurried(facts: PairFacts, now: number): boolean {
	return left(facts, now) * 1000 <= HURRY
}

/** Whether the other can be said not to have come: so long after the beginning, or after one's own coming. */
export function hasNotCome(facts: PairFacts, me: number, other: number, now: number): boolean {
	const mine = facts.came[me]
	if (facts.came[other] || !mine) return false
	return now - Math.max(Date.parse(facts.starts), Date.parse(mine)) >= GRACE
}
