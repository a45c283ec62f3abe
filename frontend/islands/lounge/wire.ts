/** What the server says of a lounge; rooms/lounge/wire.py writes it. Times are ISO 8601. */

export interface LoungeFacts {
	id: number
	rev: number
	title: string
	state: "planned" | "open" | "over"
	round: number
	rounds: number | null
	seconds: number
	/** When the last round that has pairs starts, and ends; null before the first. */
	starts: string | null
	ends: string | null
	/** When the next round begins; null if none follows. */
	next: string | null
	people: number
}

export interface LoungePicture {
	lounge: LoungeFacts
}

export interface Meeting {
	code: string
	starts: string
	ends: string
	with: { id: number; name: string }
	why: string
}

export interface LoungeWelcome {
	me: { id: number; name: string }
	place: { away: boolean; waited: number } | null
	pair: Meeting | null
}

export interface NowTold {
	/** Since when. */
	seeking: string | null
	pair: Meeting | null
}
