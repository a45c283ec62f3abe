/** The shapes of polls and reactions; `rooms/polls/wire.py` and `rooms/reactions.py` make them. */

export type PollKind = "single" | "multiple" | "rating" | "words"
export type PollState = "draft" | "open" | "closed" | "shown"
export type PollResults = "live" | "after_vote" | "after_close"

/** What was chosen, counted from 0, or the words that were written. */
export type Answer = readonly number[] | readonly string[]

/** How many voted; and, for those who may see it, how often each choice was made or which words were written. */
export interface Tally {
	poll: number
	voted: number
	counts?: number[]
	words?: [word: string, people: number][]
	/** How many different words are not among `words`. */
	more?: number
}

export interface Poll {
	id: number
	rev: number
	number: number
	state: PollState
	kind: PollKind
	question: string
	/** Of a rating the labels of its two ends. */
	options: string[]
	/** How many choices, steps of a rating, or words. */
	most: number
	named: boolean
	results: PollResults
	since: string
	/** Only once it is closed; before, numbers are whispered. */
	tally: Tally | null
	gone?: boolean
}

/** As moderators see it. */
export interface DeskPoll extends Poll {
	/** Words that were taken out, folded. */
	struck: string[]
}

export type PollDraft = Pick<Poll, "kind" | "question" | "options" | "most" | "named" | "results">

export const REACTIONS = ["applause", "thanks", "insight", "agree", "heart", "celebrate"] as const
export type Reaction = (typeof REACTIONS)[number]
