/** The shapes of the stage and of the speakers' list; `rooms/stage/wire.py` and `rooms/floor/wire.py` make them. */
import type { Notice, Proposal, Segment } from "./show-wire"
import type { Person } from "./wire"

/** A source is what one person publishes: `2 * person` the camera with its microphone, `2 * person + 1` a shared screen. */
export type Source = number

export interface OnStage {
	person: number
	name: string
	/** Their part in the session, as `chair`; empty for an attendee who came up. */
	as: string
	organisation: string
	country: string
	position: number
	microphone: boolean
	camera: boolean
	screen: boolean
	source: Source
	screen_source: Source
}

export type Place = "asked" | "backstage" | "live"

export interface Seat extends OnStage {
	place: Place
	rev: number
	since: string
}

/** As a frame tells it: a seat that is no more says only whose it was. */
export type SeatTold = Seat | { person: number; gone: true; rev: number }

export interface StageTold {
	rev: number
	hidden: boolean
	locked: boolean
	pinned: Source | null
	chair: Person | null
	/** In order; nobody while the stage is hidden, nor where people are told seat by seat. */
	people?: OnStage[]
}

export interface SourceHeard {
	audio: boolean
	video: boolean
	/** dBov, 0 is the loudest. */
	level?: number
	kbps?: number
	loss?: number
	rtt?: number
	state?: "ok" | "poor" | "audio_only" | "gone"
}

/** The media process's whisper; or the web process's, when the media process of that name is lost and whoever was there has to join again. */
export type MediaTold = { speaking: Source | null; sources: Record<string, SourceHeard> } | { lost: string }

/** What the chair asks for: an invitation to come up, an unmuting; and what became of one's own seat. */
export type StageAsked =
	| { room: number; code: string; asked: true; shows: string[]; by: Person; turn: number | null }
	| { room: number; seat: Seat | null; why: "up" | "down" | "muted" | "camera_off" | "screen_off" | "removed" }
	| { room: number; unmute: true; by: Person }

export interface StageWelcome {
	seat: Seat | null
	may: { publish: boolean; backstage: boolean }
}

export interface BackstagePicture {
	seats: Seat[]
	stage: StageTold
	/** With their notes. */
	segments?: Segment[]
	proposal?: Proposal | null
	/** Those to all here; the others are in the welcome. */
	notices?: Notice[]
}

export interface BackstageWelcome {
	me: Person
	notices?: Notice[]
}

export type TurnState = "waiting" | "invited" | "speaking" | "paused" | "finished" | "lowered" | "no_answer" | "skipped"

export interface Turn {
	id: number
	number: number
	rev: number
	state: TurnState
	kind: "hand" | "question" | "announced"
	by: { id: number | null; name: string; organisation: string; country: string }
	question: number | null
	in_writing: boolean
	point_of_order: boolean
	position: number
	seconds: number
	spoken: number
	running_since: string | null
	at: string
	text?: string
}

export interface FloorTold {
	open: boolean
	turn_seconds: number
	rev?: number
	turns?: Turn[]
}

/** What speaks for a turn, or about it: why it would be fair. */
export interface Hint {
	what: "first_time" | "region" | "stakeholder" | "waiting" | "spoken" | "point_of_order" | "order"
	say: { region?: string; stakeholder?: string; since?: string; seconds?: number }
}

/** As those behind the stage see it. Hints and seconds spoken before are there while it waits. */
export interface BackstageTurn extends Turn {
	hints: Hint[]
	spoken_before: number | null
	region: string
	stakeholder: string
	/** Another one was suggested. */
	overridden: boolean
	invited_at: string | null
	started_at: string | null
	ended_at: string | null
}

/** As moderators see it: with what is to be read out. */
export interface DeskTurn extends BackstageTurn {
	text: string
}

export interface Suggestion {
	turn: number
	why: Hint[]
}

/** Seconds spoken, most first; regions and stakeholders by their codes. */
export interface FloorTotals {
	people: [string, number][]
	regions: [string, number][]
	stakeholders: [string, number][]
}

export interface HintsTold {
	hints: [turn: number, hints: Hint[], spokenBefore: number | null][]
}
