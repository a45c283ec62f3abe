/** The shapes of conversations; `chat/wire.py` makes them. */

import type { Person } from "../shared/wire"

/** An image or a PDF; images have a width and height in pixels. */
export interface Attachment {
	key: string
	name: string
	type: string
	/** In bytes. */
	size: number
	width: number | null
	height: number | null
	path: string
	/** What to show of an image among messages. */
	preview: string
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
	/** Ids of those who put a sign under it, by sign. */
	reactions?: Record<string, number[]>
}

export interface ChatPicture {
	messages: Message[]
	open: boolean
}

export interface ChatWelcome {
	read: number
	/** Of a session's chat. */
	silenced?: boolean
	moderator?: boolean
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
	hidden: boolean
	/** How far each has read, by their id, if all show it. */
	reads: Record<string, number>
}

/** A line of the inbox; `people` are the others. */
export interface Row extends Facts {
	id: number
	/** Who is to answer, if that is still to be done. */
	request: "to_me" | "from_me" | ""
	at: string
	unread: number
	muted: boolean
	hidden: boolean
	last: { number: number; by: Person; text: string; at: string; attachments: number; removed: string } | null
}

export interface InboxTold {
	unread: number
	requests: number
}

/** A page of the inbox. */
export interface InboxPage extends InboxTold {
	rows: Row[]
	more: boolean
	/** What to ask for the next page with. */
	before: string
	/** What was sought. */
	found?: FoundMessage[]
}

export interface FoundMessage {
	conversation: number
	number: number
	by: Person
	text: string
	at: string
}

export interface InboxEvent {
	conversation: number
	unread: number
	/** Unread ones of all conversations. */
	total: number
	requests: number
	/** Null once it is none of theirs any more. */
	row: Row | null
}
