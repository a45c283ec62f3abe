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
export function entry(turn: DeskTurn): string {
	if (turn.point_of_order) return t("Point of order")
	if (turn.question) return t("Question {number}", { number: turn.question })
	if (turn.in_writing) return t("In writing")
	return turn.kind === "announced" ? t("Announced") : t("Raised hand")
}

const STATES: Record<TurnState, () => string> = {
	waiting: () => t("Waiting"),
	invited: () => t("Called"),
	speaking: () => t("Speaking"),
	paused: () => t("Paused"),
	finished: () => t("Has spoken"),
	lowered: () => t("Hand lowered"),
	no_answer: () => t("No answer"),
	skipped: () => t("Skipped"),
}

export function standing(turn: DeskTurn): string {
	return STATES[turn.state]()
}

/** What is known of a turn that waits besides its hints, in words. */
export function facts(turn: DeskTurn, now: number): string {
	const minutes = Math.floor((now - Date.parse(turn.at)) / 60_000)
	const wait = turn.kind !== "announced" && minutes > 0 ? n("{count} minute in the list", "{count} minutes in the list", minutes) : ""
	return [entry(turn), turn.by.organisation, stakeholder(turn.stakeholder), region(turn.region), wait].filter(Boolean).join(" · ")
}

/** What calling somebody does: the chair reads what is in writing, and who has no account stands in the hall. */
export function calling(turn: DeskTurn): string {
	if (turn.in_writing) return t("Read it out")
	return turn.by.id === null ? t("Give the floor") : t("Invite")
}
