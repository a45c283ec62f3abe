/** What is going on for one person, as rooms/lounge/page.py has it. Pure. */
import type { LoungeFacts, LoungeWelcome, Meeting } from "./wire"

export type Phase = "planned" | "over" | "outside" | "away" | "coming" | "meeting" | "left" | "waiting"

export function phase(lounge: LoungeFacts, mine: LoungeWelcome, now: number): Phase {
	if (lounge.state !== "open") return lounge.state
	const pair = meeting(mine.pair, now)
	if (pair) return now < Date.parse(pair.starts) ? "coming" : "meeting"
	if (!mine.place) return "outside"
	if (mine.place.away) return "away"
	return isOn(lounge, now) ? "left" : "waiting"
}

/** The server says once that a pair has begun, and the clock that it is over. */
export function meeting(pair: Meeting | null, now: number): Meeting | null {
	return pair && now < Date.parse(pair.ends) ? pair : null
}

export function isOn(lounge: LoungeFacts, now: number): boolean {
	return isPast(lounge.starts, now) && !isPast(lounge.ends, now)
}

function isPast(at: string | null, now: number): boolean {
	return at !== null && Date.parse(at) <= now
}

/** Seconds until somebody is met, or until the next round; null if that is due, or there is none. */
export function secondsLeft(lounge: LoungeFacts, mine: LoungeWelcome, now: number): number | null {
	const pair = meeting(mine.pair, now)
	const ahead = pair ? [pair.starts] : [lounge.starts, lounge.next]
	const at = ahead.find((it) => it !== null && !isPast(it, now))
	return at ? (Date.parse(at) - now) / 1000 : null
}
