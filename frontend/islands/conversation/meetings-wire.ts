/** Meetings as a conversation tells of them; `rooms/meetings/wire.py` makes them. */

import type { Person } from "../shared/wire"

export type Way = "video" | "voice" | "in_person" | ""

export interface Slot {
	id: number
	starts: string
	/** One of the two has given that time away since. */
	gone: boolean
}

export interface Meeting {
	id: number
	rev: number
	state: "draft" | "proposed" | "countered" | "accepted" | "declined" | "expired" | "cancelled" | "held" | "no_show"
	proposer: Person
	invitee: Person
	/** Id of whoever is to answer. */
	turn: number | null
	way: Way
	/** Where, of those in person. */
	place: string
	note: string
	minutes: number
	slots: Slot[]
	starts: string | null
	ends: string | null
	expires: string | null
	/** What was done last; by a delegate, for one of the two. */
	last: { by: Person | null; handled_by: Person | null }
	path: string
	/** Address of the room for two, while there is one. */
	room: string
}
