/** The shapes of conversations; `chat/wire.py` makes them. */

import type { Person } from "../shared/wire"

/** An image or a PDF. Images have a size in pixels, and their small picture at `small`. */
export interface Attachment {
	key: string
	name: string
	type: string
	/** In bytes. */
	size: number
	width: number | null
	height: number | null
	path: string
	small?: string
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
	reply: { id: number; by: Person; text: string } | null
	attachments?: Attachment[]
	/** Who gave which sign. */
	reactions?: Record<string, number[]>
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

export type Kind = "pair" | "group" | "speakers" | "encounter"
export type State = "requested" | "accepted" | "declined"

/** What a conversation of people who were named is about, and who is in it. */
export interface Facts {
	open: boolean
	kind: Kind
	state: State
	title: string
	people: Person[]
	started_by: number | null
	about: { code: string; title: string } | null
}

export interface ConversationPicture extends ChatPicture, Facts {}

export interface ConversationWelcome extends ChatWelcome {
	muted: boolean
	/** How far others have read, by their id; only of those who share it. */
	reads: Record<string, number>
}

/** A line of the inbox. */
export interface Row {
	id: number
	kind: Kind
	state: State
	title: string
	/** The others. */
	people: Person[]
	unread: number
	muted: boolean
	/** Whether the person has yet to answer it, or waits for an answer. */
	request: "to_me" | "from_me" | ""
	at: string
	last: { by: Person; text: string; removed: string; attachments: number } | null
}

export interface InboxTold {
	unread: number
	requests: number
}

export interface InboxEvent {
	conversation: number
	unread: number
	total: number
	requests: number
	row?: Row | null
}
