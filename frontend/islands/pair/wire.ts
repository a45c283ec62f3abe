/** What a room for two says; `rooms/pair/wire.py` makes it, docs/pairs.md tells it. */

import type { Change } from "./merge"

export interface PairFacts {
	id: number
	rev: number
	kind: "meeting" | "round" | "now"
	/** How they agreed to meet. */
	way: "video" | "voice"
	state: "early" | "open" | "ended"
	opens: string
	starts: string
	/** With what was added. */
	ends: string
	/** Minutes that were added. */
	extended: number
	/** Minutes that an extension adds; 0 where none is possible. */
	extendable: number
	free_until: string | null
	/** Ids of those who would like to stay longer. */
	wishes: number[]
	/** When somebody first came in, by their id. */
	came: Record<string, string>
	/** The page that somebody uses, by their id. */
	pages: Record<string, string>
	ended: string | null
}

export interface PairPerson {
	id: number
	name: string
}

export interface NotesTold {
	rev: number
	text: string
	by: number | null
}

export interface NotesChange extends Change {
	rev: number
	by: number
}

export interface PairPicture {
	pair: PairFacts
	notes: NotesTold
	people: PairPerson[]
}

export interface PairWelcome {
	me: { id: number; name: string }
	other: { id: number; name: string }
	/** Why the two should meet, in a sentence; or empty. */
	why: string
	conversation: number
	/** I would like to stay in touch. */
	stay: boolean
	/** Both would. */
	mutual: boolean
	/** The page that I use, or "". */
	session: string
}
