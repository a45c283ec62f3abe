import { n, span, t } from "../../i18n"
import type { DeskTurn, Hint, TurnState } from "../shared/stage-wire"

/** What speaks for a turn, or about it; `floor` of the server's template tags says the same. */
export function why({ what, say }: Hint): string {
	const words: Record<Hint["what"], () => string> = {
		point_of_order: () => t("Points of order come first"),
		first_time: () => t("Has not spoken yet"),
		region: () => t("Nobody from {region} has been heard", { region: region(say.region ?? "") }),
		stakeholder: () => t("{type} least heard", { type: stakeholder(say.stakeholder ?? "") }),
		waiting: () => t("Has waited longest"),
		spoken: () => t("Has spoken for {time}", { time: span(say.seconds ?? 0) }),
		order: () => t("Is first in the list"),
	}
	return words[what]()
}

/** The same in short, beside a turn that says its region and stakeholder anyway. Points of order need no reasons. */
export function hints(turn: DeskTurn): string[] {
	const words: Partial<Record<Hint["what"], string>> = {
		first_time: t("Has not spoken yet"),
		region: t("First from this region"),
		stakeholder: t("Stakeholder heard least"),
		waiting: t("Has waited longest"),
	}
	return turn.point_of_order ? [] : turn.hints.flatMap(({ what }) => words[what] ?? [])
}

const REGIONS: Record<string, () => string> = {
	africa: () => t("African States"),
	asia_pacific: () => t("Asia-Pacific States"),
	eastern_europe: () => t("Eastern European States"),
	latin_america: () => t("Latin American and Caribbean States"),
	western_europe: () => t("Western European and other States"),
}
const STAKEHOLDERS: Record<string, () => string> = {
	government: () => t("Government"),
	international: () => t("International organisation"),
	civil_society: () => t("Civil society"),
	private_sector: () => t("Private sector"),
	academia: () => t("Academia"),
	technical: () => t("Technical community"),
	media: () => t("Media"),
}

/** The regional group of that code; "" without one. */
export function region(code: string): string {
	return REGIONS[code]?.() ?? ""
}

export function stakeholder(code: string): string {
	return STAKEHOLDERS[code]?.() ?? ""
}

/** What somebody is on the list for. */
function entry(turn: DeskTurn): string {
	if (turn.point_of_order) return t("Point of order")
	if (turn.question) return t("Question {number}", { number: turn.question })
	if (turn.in_writing) return t("In writing")
	return turn.kind === "announced" ? t("Announced") : t("Raised hand")
}

const OUTCOMES: Partial<Record<TurnState, () => string>> = {
	finished: () => t("Has spoken"),
	lowered: () => t("Hand lowered"),
	no_answer: () => t("No answer"),
	skipped: () => t("Skipped"),
}

/** How a turn ended, in words. */
export function outcome(turn: DeskTurn): string[] {
	const spoken = turn.spoken ? span(Math.round(turn.spoken)) : ""
	return [OUTCOMES[turn.state]?.() ?? "", spoken, turn.overridden ? t("another one was suggested") : ""].filter(Boolean)
}

/** What is said of a turn beneath the name of whoever has the floor, or was called to it. */
export function about(turn: DeskTurn): string[] {
	return [entry(turn), turn.by.organisation, turn.overridden ? t("another one was suggested") : ""].filter(Boolean)
}

/** What is known of a turn that waits besides its hints, in words. */
export function facts(turn: DeskTurn, now: number): string[] {
	const what = turn.kind === "hand" && !turn.in_writing && !turn.point_of_order ? "" : entry(turn)
	const spoken = turn.spoken_before ? t("spoke {time}", { time: span(turn.spoken_before) }) : ""
	return [what, spoken, turn.by.organisation, stakeholder(turn.stakeholder), region(turn.region), wait(turn, now)].filter(Boolean)
}

/** How long it has been in the list; what was announced beforehand does not count that way. */
function wait({ kind, at }: DeskTurn, now: number): string {
	const minutes = Math.floor((now - Date.parse(at)) / 60_000)
	return kind === "announced" || minutes < 1 ? "" : n("{count} min in the list", "{count} min in the list", minutes)
}

/** What calling somebody does: the chair reads what is in writing, and who has no account stands in the hall. */
export function calling(turn: DeskTurn): string {
	if (turn.in_writing) return t("Read it out")
	return turn.by.id === null ? t("Give the floor") : t("Invite")
}
