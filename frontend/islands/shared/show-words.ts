import { n, span, t } from "../../i18n"
import type { SegmentKind } from "./show-wire"

/** How a session keeps to its plan, in whole minutes; negative is early. */
export function drifted(minutes: number): string {
	if (minutes === 0) return t("On time")
	if (minutes > 0) return n("{count} minute late", "{count} minutes late", minutes)
	return n("{count} minute early", "{count} minutes early", -minutes)
}

/** What got less time than was planned, in one sentence; nothing if nothing did. */
export function shorter(titles: string[]): string {
	const [only] = titles
	if (only === undefined) return ""
	if (titles.length === 1) return t("“{title}” is shortened.", { title: only })
	return n("{count} part is shortened.", "{count} parts are shortened.", titles.length)
}

/** `4 min`, `4:30 min`: lengths are told to the half minute. */
export function lasts(seconds: number): string {
	const minutes = seconds % 60 ? span(seconds) : String(seconds / 60)
	return t("{minutes} min", { minutes })
}

/** `+2:10`, `−0:40`: how much longer something took than was agreed; nothing for what kept its time. */
export function differs(seconds: number): string {
	if (Math.abs(seconds) < 1) return ""
	return seconds > 0 ? `+${span(seconds)}` : `−${span(-seconds)}`
}

export function kindOf(kind: SegmentKind): string {
	const words: Record<SegmentKind, string> = {
		opening: t("Opening"),
		presentation: t("Thematic presentation"),
		flow: t("How the session flows"),
		introduction: t("Introduction of a speaker"),
		talk: t("Talk"),
		remarks: t("Remarks between"),
		panel: t("Panel"),
		questions: t("Questions"),
		intervention: t("Intervention from the floor"),
		closing: t("Closing statements"),
		photo: t("Group photo"),
		break: t("Break"),
		other: t("Other"),
	}
	return words[kind]
}
