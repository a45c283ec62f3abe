import { t } from "../../i18n"
import type { Work } from "./work.svelte"

export interface Key {
	/** As `KeyboardEvent.key` says it, in lower case; the first is the one shown. */
	keys: string[]
	shown: string
	does(): string
	run(work: Work): unknown
}

/** Shortcuts that belong together on the help sheet. */
export interface KeyGroup {
	title(): string
	keys: Key[]
}

/** The shortcuts for questions and for the desk itself; other parts of it bring their own. */
export const QUESTIONS: KeyGroup = {
	title: () => t("Questions"),
	keys: [
		{ keys: ["j", "arrowdown"], shown: "J", does: () => t("Next question in the column"), run: (work) => work.step(1) },
		{ keys: ["k", "arrowup"], shown: "K", does: () => t("Question before it"), run: (work) => work.step(-1) },
		{ keys: ["arrowright"], shown: "→", does: () => t("Column after this one"), run: (work) => work.across(forward()) },
		{ keys: ["arrowleft"], shown: "←", does: () => t("Column before this one"), run: (work) => work.across(forward() === 1 ? -1 : 1) },
		{ keys: ["x"], shown: "X", does: () => t("Choose, to do something to several at once"), run: (work) => work.subject && work.choose(work.subject) },
		{ keys: ["a"], shown: "A", does: () => t("Approve"), run: (work) => work.subjects.length && work.approve() },
		{ keys: ["e"], shown: "E", does: () => t("Edit"), run: (work) => work.edit(work.subject) },
		{ keys: ["d"], shown: "D", does: () => t("Dismiss"), run: (work) => work.open("dismiss") },
		{ keys: ["m"], shown: "M", does: () => t("Join with another question"), run: (work) => work.open("merge") },
		{ keys: ["n"], shown: "N", does: () => t("Put next"), run: (work) => work.subjects.length && work.next() },
		{ keys: ["s"], shown: "S", does: () => t("Assign to a speaker"), run: (work) => work.open("assign") },
		{ keys: ["l"], shown: "L", does: () => t("Label"), run: (work) => work.open("label") },
		{ keys: ["w"], shown: "W", does: () => t("To be answered in writing"), run: (work) => work.subject && work.written(work.subject) },
		{ keys: [" "], shown: " ", does: () => t("Answered, take the next one"), run: (work) => work.advance() },
		{ keys: ["u"], shown: "U", does: () => t("Undo my last step"), run: (work) => work.undo() },
		{ keys: ["escape"], shown: "Esc", does: () => t("Leave it, choose nothing"), run: (work) => work.escape() },
		{ keys: ["?"], shown: "?", does: () => t("This sheet"), run: (work) => work.open("help") },
	],
}

/** A key as it is written on the keyboard. */
export function written(shown: string): string {
	return shown === " " ? t("Space") : shown
}

const forward = () => (document.dir === "rtl" ? -1 : 1)

/** Does what a key stands for; not while somebody types, chooses from a list, or holds a modifier. */
export function press(work: Work, event: KeyboardEvent) {
	if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || work.dialog) return
	const target = event.target as Element
	if (target.closest("input:not([type=checkbox]), textarea, select, dialog")) return
	if (target.closest("button, a, summary, input") && [" ", "Enter"].includes(event.key)) return
	const key = work.keys.flatMap((group) => group.keys).find(({ keys }) => keys.includes(event.key.toLowerCase()))
	if (!key) return
	event.preventDefault()
	key.run(work)
}
