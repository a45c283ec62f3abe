/** The shapes that rooms and chats send; `rooms/wire.py` and `chat/wire.py` make them. */

import type { Answer, DeskPoll, Poll, Tally } from "./poll-wire"
import type { Notice, Segment, ShowTold } from "./show-wire"
import type { DeskTurn, FloorTold, FloorTotals, StageTold, StageWelcome, Suggestion, Turn } from "./stage-wire"

export type QuestionState =
	| "review"
	| "open"
	| "next"
	| "now"
	| "answered"
	| "written"
	| "dismissed"
	| "merged"
	| "withdrawn"

export interface Person {
	id: number
	name: string
}

/** As everybody in the room sees it. With `gone` it has left their view, and has no text. */
export interface Question {
	id: number
	number: number
	rev: number
	state: QuestionState
	text: string
	language: string
	/** Null when the asker wished no name. */
	by: Person | null
	/** Its asker would like to say it: it has a turn in the speakers' list. */
	aloud: boolean
	/** Asked before the room opened. */
	early: boolean
	votes: number
	position: number | null
	to: Person | null
	answer: string
	at: string
	since: string
	/** Number of the question it was joined with. */
	into: number | null
	/** Ids of the questions that were joined with this one. */
	joined: number[]
	gone?: boolean
}

export interface Step {
	what: string
	at: string
	note: string
}

/** What became of the question that one's own was joined with. */
export interface Fate {
	number: number
	state: QuestionState
	reason: string
	note: string
	answer: string
}

/** As its asker sees it. */
export interface OwnQuestion extends Question {
	room: number
	anonymous: boolean
	original: string | null
	reason: string
	note: string
	steps: Step[]
	root: Fate | null
}

/** As moderators see it. */
export interface DeskQuestion extends Question {
	labels: string[]
	original: string | null
	reason: string
	note: string
	/** The asker changed it after it was approved. */
	edited: boolean
	/** Number of an open question that asks much the same. */
	similar: number | null
	/** Its asker may not contribute at present. */
	silenced: boolean
	/** The step that led here; null while it is as it was asked. */
	last: { what: string; at: string; by: Person | null } | null
}

export type RoomState = "scheduled" | "open" | "live" | "ended"

export interface RoomSettings {
	rev: number
	state: RoomState
	code: string
	moderation: boolean
	anonymity: boolean
	questions_open: boolean
	votes_open: boolean
	chat_open: boolean
	reactions_open: boolean
	starts: string
	ends: string
	opened_at: string | null
	live_at: string | null
	ended_at: string | null
}

export interface Speaker extends Person {
	as: string
	organisation: string
	remote: boolean
}

export interface SessionFacts {
	id: number
	code: string
	title: string
	starts: string
	ends: string
	zone: string
	/** The city where the forum meets. */
	place: string
	venue: string
	languages: { code: string; name: string }[]
	speakers: Speaker[]
}

export interface RoomPicture {
	room: RoomSettings
	session: SessionFacts
	segments: Segment[]
	show: ShowTold
	questions: Question[]
	stage?: StageTold
	floor?: FloorTold
	polls?: Poll[]
}

export interface RoomWelcome {
	me: Person
	roles: string[]
	votes: number[]
	questions: OwnQuestion[]
	silenced: boolean
	conversation: number
	seat?: StageWelcome["seat"]
	may?: StageWelcome["may"]
	/** What I voted, by the poll's id. */
	ballots?: Record<string, Answer>
	/** What I may see of polls beyond the picture. */
	tallies?: Tally[]
	turn?: Turn | null
}

export interface VoteCounts {
	counts: [question: number, votes: number][]
}

export interface DeskPicture {
	questions: DeskQuestion[]
	people: Record<string, string>
	labels: string[]
	/** Who was paused by name; whoever asks without one is not told by that. */
	silenced: Person[]
	polls?: DeskPoll[]
	turns?: DeskTurn[]
	totals?: FloorTotals
	suggestion?: Suggestion | null
	notices?: Notice[]
}

export interface DeskWelcome {
	/** Of the polls that are open. */
	tallies?: Tally[]
}

/** What a command about several questions was answered. */
export interface Done {
	done: number[]
	refused?: { question: number; refused: string }[]
}

/** Words that were refused after the page that sent them was gone. */
export interface Returned {
	say: string
	text: string
}

export interface Snapshot<T> {
	snapshot: number
	data: T
}
