/** The arithmetic of the teleprompter: how fast it goes, and where it is. */

export interface Kept {
	/** Of the letters, in rem. */
	size: number
	/** Words in a minute. */
	pace: number
}

export const SIZES = { least: 1, most: 4, step: 0.25 }
export const PACES = { least: 60, most: 220, step: 10 }
const DEFAULT: Kept = { size: 2, pace: 130 }
const KEY = "plenary.prompter"

export function kept(): Kept {
	const found = { ...DEFAULT, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Kept>) }
	return { size: within(found.size, SIZES), pace: within(found.pace, PACES) }
}

export function keep(what: Kept) {
	localStorage.setItem(KEY, JSON.stringify(what))
}

export function within(value: number, { least, most }: { least: number; most: number }): number {
	return Math.min(most, Math.max(least, value))
}

/** How many words a text has, in any script. */
export function words(text: string): number {
	return [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)].filter(({ isWordLike }) => isWordLike).length
}

/** Pixels a second, so that a text of so many words passes by at so many words a minute. */
export function speed(height: number, words: number, pace: number): number {
	return words ? (height * pace) / (60 * words) : 0
}

/** Where a text that moves line by line is seen, when it would be at `offset` if it moved smoothly. */
export function stepped(offset: number, line: number): number {
	return line > 0 ? Math.floor(offset / line) * line : offset
}
