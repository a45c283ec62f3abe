/** The shapes that rooms and chats send; `rooms/wire.py` and `chat/wire.py` make them. */

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
	votes: number
	position: number | null
	to: Person | null
	answer: string
	at: string
	since: string
	into: number | null
	gone?: boolean
}

export interface Step {
	what: string
	at: string
	note: string
}

/** As its asker sees it. */
export interface OwnQuestion extends Question {
	room: number
	reason: string
	reason_say?: string
	note?: string
	steps: Step[]
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
}

export type RoomState = "scheduled" | "open" | "live" | "ended"

export interface RoomSettings {
	rev: number
	state: RoomState
	moderation: boolean
	anonymity: boolean
	questions_open: boolean
	votes_open: boolean
	chat_open: boolean
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
	title: string
	starts: string
	ends: string
	zone: string
	venue: string
	languages: string[]
	speakers: Speaker[]
}

export interface Segment {
	position: number
	kind: string
	title: string
	who: string
	starts: string
	minutes: number
}

export interface RoomPicture {
	room: RoomSettings
	session: SessionFacts
	segments: Segment[]
	questions: Question[]
}

export interface RoomWelcome {
	me: Person
	roles: string[]
	votes: number[]
	questions: OwnQuestion[]
	silenced: boolean
	conversation: number
}

export interface VoteCounts {
	counts: [question: number, votes: number][]
}

export interface DeskPicture {
	questions: DeskQuestion[]
	people: Record<string, string>
	labels: string[]
}

export interface Hold {
	by: Person | number
	question: number | null
}

export interface Message {
	id: number
	number: number
	rev: number
	by: Person
	text: string
	at: string
	edited: boolean
	removed: "" | "author" | "moderator"
	reply: { id: number; by: Person | string; text: string } | null
}

export interface ChatPicture {
	messages: Message[]
	open: boolean
}

export interface ChatWelcome {
	read: number
	silenced: boolean
	moderator: boolean
}

export interface Snapshot<T> {
	snapshot: number
	data: T
}
