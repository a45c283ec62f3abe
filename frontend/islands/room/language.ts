/** Scripts that the forum's languages are written in. */
const SCRIPTS: Record<string, RegExp> = {
	ar: /^\P{L}*\p{Script=Arabic}/u,
	en: /^\P{L}*\p{Script=Latin}/u,
	es: /^\P{L}*\p{Script=Latin}/u,
	fr: /^\P{L}*\p{Script=Latin}/u,
	ru: /^\P{L}*\p{Script=Cyrillic}/u,
	zh: /^\P{L}*\p{Script=Han}/u,
}

/** The page's language if `text` is in its script, else unknown: a wrong guess is read aloud worse than none. */
export function languageOf(text: string, page = document.documentElement.lang): string {
	return SCRIPTS[page]?.test(text) ? page : ""
}
