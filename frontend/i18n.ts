/** The islands' words, numbers and times, in the page's language. */

type Values = Record<string, string | number>

/** What `manage.py messages --compile` writes; `forms` says which plural form belongs to which of Intl's categories. */
export interface Catalogue {
	messages: Record<string, string | string[]>
	forms: Partial<Record<Intl.LDMLPluralRule, number>>
}

const SOURCE: Catalogue = { messages: {}, forms: {} }
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufefc]/
const TURNED = new Set(["ar", "fa", "he", "ur"])
const MINUTE = 60
const HOUR = 60 * MINUTE

let catalogue = SOURCE
let language = "en"
let plurals = new Intl.PluralRules("en")
let numbers = new Intl.NumberFormat("en")

/** Speaks `tag` from now on. Digits are Latin in every language, as on the server's pages. */
export function speak(tag: string, words: Catalogue = SOURCE) {
	language = `${tag}-u-nu-latn`
	catalogue = words
	plurals = new Intl.PluralRules(tag)
	numbers = new Intl.NumberFormat(language)
}

let learned: Promise<void> | undefined

/** Loads the words that `{% island %}` names for the page's language: once, however many parts of the page ask. */
export function learn(page: Document = document): Promise<void> {
	learned ??= loaded(page)
	return learned
}

async function loaded(page: Document) {
	const address = page.querySelector<HTMLScriptElement>("script[data-messages]")?.dataset.messages
	speak(page.documentElement.lang || "en", address ? await (await fetch(address)).json() : SOURCE)
}

/** A sentence with named places: `t("Question {number}", {number: 9})`. */
export function t(sentence: string, values: Values = {}): string {
	const said = catalogue.messages[sentence]
	return fill(typeof said === "string" ? said : sentence, values)
}

/** A sentence that depends on a number, which is its value `{count}`. */
export function n(one: string, many: string, count: number, values: Values = {}): string {
	const said = catalogue.messages[one]
	const translated = Array.isArray(said)
	const forms = translated ? said : [one, many]
	const place = translated ? catalogue.forms[plurals.select(count)] : count === 1 ? 0 : 1
	return fill(forms[place ?? forms.length - 1] ?? many, { count, ...values })
}

export function number(value: number): string {
	return numbers.format(value)
}

/** `15:34`, always 24 hours; in the reader's zone unless another is named. */
export function clock(at: string | number, zone?: string): string {
	return formatted({ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }, at)
}

/** `Tuesday, 25 May`. */
export function day(at: string | number, zone?: string): string {
	return formatted({ weekday: "long", day: "numeric", month: "long", timeZone: zone }, at)
}

/** `25 May`. */
export function date(at: string | number): string {
	return formatted({ day: "numeric", month: "short" }, at)
}

/** Formats are dear to make and cheap to use. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatted(parts: Intl.DateTimeFormatOptions, at: string | number): string {
	const key = language + JSON.stringify(parts)
	const format = formats.get(key) ?? new Intl.DateTimeFormat(language, parts)
	formats.set(key, format)
	return format.format(new Date(at))
}

/** `28:12`, or `1:04:09` from an hour on. */
export function span(seconds: number): string {
	const whole = Math.max(0, Math.ceil(seconds))
	const two = (value: number) => String(value).padStart(2, "0")
	const minutes = Math.floor(whole / MINUTE)
	if (whole < HOUR) return `${minutes}:${two(whole % MINUTE)}`
	return `${Math.floor(whole / HOUR)}:${two(minutes % 60)}:${two(whole % MINUTE)}`
}

/** `Ada, Grace and Linus`. */
export function list(words: string[]): string {
	return new Intl.ListFormat(language, { type: "conjunction" }).format(words)
}

/** `in 3 minutes`, `2 hours ago`. */
export function relative(seconds: number): string {
	const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" })
	if (Math.abs(seconds) < HOUR) return words.format(Math.round(seconds / MINUTE), "minute")
	if (Math.abs(seconds) < 24 * HOUR) return words.format(Math.round(seconds / HOUR), "hour")
	return words.format(Math.round(seconds / (24 * HOUR)), "day")
}

function fill(sentence: string, values: Values): string {
	return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
		const value = values[name]
		if (typeof value === "number") return number(value)
		return value === undefined ? whole : isolated(value)
	})
}

/** What people wrote must not turn the sentence around it, nor be turned by it. */
function isolated(text: string): string {
	return RIGHT_TO_LEFT.test(text) || TURNED.has(language.slice(0, 2)) ? `\u2068${text}\u2069` : text
}
