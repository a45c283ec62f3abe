/** The shapes of what a person is told on `person.42`: `people/nudges.py` and `chat/inbox.py` make them. */

export interface Nudge {
	id: number
	kind: string
	text: string
	/** Of the page where one acts on it. */
	path: string
	at: string
	/** From then on it is no news. */
	until: string | null
	read: boolean
}

export interface MineTold {
	inbox?: { unread: number; requests: number }
	nudges?: Nudge[]
}

export interface InboxEvent {
	/** Unread ones of all conversations. */
	total: number
	requests: number
}
