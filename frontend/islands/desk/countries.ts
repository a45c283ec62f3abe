/** What CLDR names besides countries and territories: groups, parts of others, and codes for tests. */
const BESIDES = new Set(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
const CODES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))

/** Every country and territory as [code, name in the page's language], by name. */
export function countries(language = document.documentElement.lang || "en"): [string, string][] {
	const names = new Intl.DisplayNames(language, { type: "region", fallback: "none" })
	const known = CODES.filter((code) => !BESIDES.has(code) && isPresent(code))
	const named = known.flatMap((code): [string, string][] => [[code, names.of(code) ?? ""]])
	return named.filter(([, name]) => name).sort(([, one], [, other]) => one.localeCompare(other, language))
}

/** Codes of states that are no more are read as their successors'. */
function isPresent(code: string): boolean {
	return new Intl.Locale(`und-${code}`).region === code
}
