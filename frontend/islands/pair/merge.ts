/** Two people in one text, by lines, as the server merges them (rooms/pair/merge.py). Pure. */

/** From line `at` on, `cut` lines become the lines `put`. */
export interface Change {
	at: number
	cut: number
	put: string[]
}

/** What somebody made of a text: which of its lines they kept, and what they wrote before each and at the end. */
interface Against {
	kept: Set<number>
	written: string[][]
}

/** Pairs of lines that are compared. */
const WORTH = 250_000

export function patched(text: string, { at, cut, put }: Change): string {
	return text.split("\n").toSpliced(at, cut, ...put).join("\n")
}

/** A line of `base` stands if both kept it; whatever either wrote stands, `theirs` first, once if both wrote it. */
export function merged(base: string, theirs: string, mine: string): string {
	const lines = base.split("\n")
	const [first, second] = [against(lines, theirs.split("\n")), against(lines, mine.split("\n"))]
	const woven = [...lines, null].flatMap((line, at) => {
		const stands = line !== null && first.kept.has(at) && second.kept.has(at)
		return [...both(first.written[at] ?? [], second.written[at] ?? []), ...(stands ? [line] : [])]
	})
	return woven.join("\n")
}

/** Where the caret goes when `before` becomes `after` around it. */
export function moved(caret: number, before: string, after: string): number {
	const [old, now] = [before.split(""), after.split("")]
	const head = alike(old, now)
	if (caret <= head) return caret
	const most = Math.min(old.length, now.length) - head
	const tail = Math.min(most, alike(old.reverse(), now.reverse()))
	if (caret >= before.length - tail) return caret + after.length - before.length
	return Math.min(caret, after.length - tail)
}

function against(base: string[], text: string[]): Against {
	const kept = new Set<number>()
	const written = Array.from({ length: base.length + 1 }, (): string[] => [])
	let [before, read] = [0, 0]
	for (const [at, there] of [...common(base, text), [base.length, text.length] as const]) {
		written[before]?.push(...text.slice(read, there))
		if (at < base.length) kept.add(at)
		before = at + 1
		read = there + 1
	}
	return { kept, written }
}

/** Places of the lines that both have, in the same order and as many as can be. */
function common(one: string[], other: string[]): (readonly [number, number])[] {
	const head = alike(one, other)
	const most = Math.min(one.length, other.length) - head
	const tail = Math.min(most, alike([...one].reverse(), [...other].reverse()))
	const middle = longest(one.slice(head, one.length - tail), other.slice(head, other.length - tail))
	return [
		...Array.from({ length: head }, (_, at) => [at, at] as const),
		...middle.map(([at, there]) => [head + at, head + there] as const),
		...Array.from({ length: tail }, (_, index) => [one.length - tail + index, other.length - tail + index] as const),
	]
}

/** The longest common subsequence; of texts too different to be worth the time, none. */
function longest(one: string[], other: string[]): (readonly [number, number])[] {
	if (one.length * other.length > WORTH) return []
	const lengths = one.concat("").map(() => new Uint32Array(other.length + 1))
	const length = (at: number, there: number) => lengths[at]?.[there] ?? 0
	for (let at = one.length - 1; at >= 0; at--) {
		for (let there = other.length - 1; there >= 0; there--) {
			const more = one[at] === other[there] ? length(at + 1, there + 1) + 1 : Math.max(length(at + 1, there), length(at, there + 1))
			lengths[at]?.fill(more, there, there + 1)
		}
	}
	return walked(one, other, length)
}

function walked(one: string[], other: string[], length: (at: number, there: number) => number): (readonly [number, number])[] {
	const found: (readonly [number, number])[] = []
	let [at, there] = [0, 0]
	while (at < one.length && there < other.length) {
		if (one[at] === other[there]) found.push([at++, there++])
		else if (length(at + 1, there) >= length(at, there + 1)) at += 1
		else there += 1
	}
	return found
}

function both(theirs: string[], mine: string[]): string[] {
	const left = [...theirs]
	const isNew = (line: string) => {
		const at = left.indexOf(line)
		if (at >= 0) left.splice(at, 1)
		return at < 0
	}
	return [...theirs, ...mine.filter(isNew)]
}

/** How many the two begin with in common. */
function alike(one: string[], other: string[]): number {
	const at = one.findIndex((each, index) => each !== other[index])
	return at < 0 ? one.length : at
}
