import type { Answer, Poll, Tally } from "./poll-wire"

const SIZES = 5

export interface Row {
	label: string
	people: number
	percent: number
	/** One's own choice, or word. */
	mine: boolean
	/** Of a word in a cloud: 1 to 5. */
	size: number
}

/** Of a rating the numbers of its steps. */
export function labels({ kind, most, options }: Pick<Poll, "kind" | "most" | "options">): string[] {
	return kind === "rating" ? Array.from({ length: most }, (_, step) => String(step + 1)) : options
}

/** Whether the results may be seen by somebody who has voted, or not. */
export function shows({ state, results }: Poll, voted: boolean): boolean {
	return state === "shown" || (state === "open" && results === "live") || (results === "after_vote" && voted)
}

/** Nothing while the numbers are not known. */
export function rows(poll: Poll, tally: Tally | undefined, answer: Answer = []): Row[] {
	if (!tally) return []
	if (poll.kind === "words") return cloud(tally, new Set(answer.map((word) => folded(String(word)))))
	const mine = new Set<number | string>(answer)
	return (tally.counts ?? []).map((people, at) => ({ ...row(tally, labels(poll)[at] ?? "", people), mine: mine.has(at) }))
}

function cloud(tally: Tally, mine: Set<string>): Row[] {
	const words = tally.words ?? []
	const most = words[0]?.[1] ?? 1
	return words.map(([word, people]) => ({
		...row(tally, word, people),
		mine: mine.has(folded(word)),
		size: Math.max(1, Math.ceil((SIZES * people) / most)),
	}))
}

function row(tally: Tally, label: string, people: number): Row {
	return { label, people, percent: tally.voted ? Math.round((100 * people) / tally.voted) : 0, mine: false, size: 1 }
}

function folded(word: string): string {
	return word.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).join(" ")
}

/** Of a rating whose steps are called 1, 2, 3 …; null while nobody has voted. */
export function mean(counts: readonly number[]): number | null {
	const voted = counts.reduce((sum, people) => sum + people, 0)
	return voted ? counts.reduce((sum, people, step) => sum + people * (step + 1), 0) / voted : null
}

export function newestFirst(one: Poll, other: Poll): number {
	return other.since.localeCompare(one.since) || other.number - one.number
}

/** The poll that belongs on a screen: opened or shown last, unless a question was put up `since`. */
export function projected(polls: readonly Poll[], since = ""): Poll | undefined {
	const on = polls.filter((poll) => poll.state === "open" || poll.state === "shown").sort(newestFirst)[0]
	return on && on.since > since ? on : undefined
}
