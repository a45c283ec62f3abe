/** The shapes of the run of show and of notices; `rooms/show/wire.py` makes them. */
import type { Person } from "./wire"

export const KINDS = [
	"opening",
	"presentation",
	"flow",
	"introduction",
	"talk",
	"remarks",
	"panel",
	"questions",
	"intervention",
	"closing",
	"photo",
	"break",
	"other",
] as const
export type SegmentKind = (typeof KINDS)[number]

/** A part of the run of show. */
export interface Segment {
	id: number
	rev: number
	position: number
	kind: SegmentKind
	title: string
	who: string
	/** As planned. */
	minutes: number
	/** As last agreed. */
	seconds: number
	/** As planned; `expected` is as it goes, if what is on ends when it should. */
	starts: string
	expected: string
	started: string | null
	ended: string | null
	skipped: boolean
	remote: boolean
	confirmed: boolean
	/** Ids of those whose part it is. */
	people: number[]
	documents: { title: string; url: string }[]
	/** For those behind the stage. */
	notes?: string
	gone?: boolean
}

/** How the whole of it goes. */
export interface ShowTold {
	current: number | null
	/** Seconds later than planned; negative is early. */
	drift: number
	/** When the next part should begin; after that, everything to come is later by the second. */
	due: string | null
	ends: string
	segments: [id: number, expected: string, seconds: number][]
}

/** What to shorten so that the session ends on time. */
export interface Proposal {
	id: number
	state: "open" | "accepted" | "declined" | "overtaken"
	/** Seconds after its end that the session would be over, and that it would be all the same. */
	late: number
	left: number
	changes: [segment: number, from: number, to: number, why: "discussion" | "share" | "closing"][]
	at: string
}

/** Words to those behind the stage that stay until they are acknowledged; a cue says that a part is near. */
export interface Notice {
	id: number
	room: number
	number: number
	kind: "message" | "cue"
	/** Null when the run of show said it. */
	by: Person | null
	/** Null is all behind the stage. */
	to: Person | null
	text: string
	segment: number | null
	at: string
	acknowledged: number[]
}
