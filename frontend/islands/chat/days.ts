import { day, t } from "../../i18n"
import type { Message } from "./wire"

const DAY = 24 * 60 * 60_000

/** `Today`, `Yesterday`, `Tuesday, 25 May`: in the reader's zone. */
export function dayOf({ at }: Message): string {
	const said = day(at)
	if (said === day(Date.now())) return t("Today")
	return said === day(Date.now() - DAY) ? t("Yesterday") : said
}

/** The day of the message before this one; empty for the first. */
export function dayBefore(messages: readonly Message[], index: number): string {
	const before = messages[index - 1]
	return before ? dayOf(before) : ""
}
