import type { Question } from "../shared/wire"

const ALIKE = 0.5
const SHORTEST = 12

/** The open question most like `text`, if one is very much like it. */
export function similar(text: string, questions: readonly Question[]): Question | undefined {
	if (text.trim().length < SHORTEST) return undefined
	const given = words(text)
	const scored = questions.map((question) => ({ question, score: likeness(given, words(question.text)) }))
	const best = scored.reduce((one, other) => (other.score > one.score ? other : one), { question: undefined, score: 0 } as Scored)
	return best.score >= ALIKE ? best.question : undefined
}

type Scored = { question: Question | undefined; score: number }

/** Pairs of neighbouring letters within words: works in every script, and forgives endings. */
function words(text: string): Set<string> {
	const letters = text.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
	return new Set(letters.flatMap(pairs))
}

function pairs(word: string): string[] {
	const letters = [...word]
	return letters.length < 2 ? letters : letters.slice(1).map((letter, index) => letters[index] + letter)
}

function likeness(one: Set<string>, other: Set<string>): number {
	const both = [...one].filter((pair) => other.has(pair)).length
	return both / (one.size + other.size - both || 1)
}
