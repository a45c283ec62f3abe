/** Up to two letters that stand for a face: `Ada Ndiaye` is AN, `林美玲` is 林. */
export function initials(name: string): string {
	const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word) && !word.endsWith("."))
	const letters = [words.at(0), words.length > 1 ? words.at(-1) : undefined].map((word) => word && [...word][0])
	return letters.join("").toLocaleUpperCase() || "·"
}
