import { n, number, t } from "../../i18n"
import { mean, type Row } from "./poll"
import type { Poll, PollKind, Tally } from "./poll-wire"

export function standing({ state }: Poll): string {
	const said = { draft: t("Draft"), open: t("Open for votes"), closed: t("Closed"), shown: t("Results") }
	return said[state]
}

export function kindOf(kind: PollKind): string {
	const said = { single: t("One choice"), multiple: t("Several choices"), rating: t("Rating"), words: t("Word cloud") }
	return said[kind]
}

/** How to answer. */
export function instruction({ kind, most }: Poll): string {
	if (kind === "multiple") return n("Choose up to {count}.", "Choose up to {count}.", most)
	if (kind === "words") return n("Write {count} word.", "Write up to {count} words.", most)
	return kind === "rating" ? t("Choose from 1 to {most}.", { most }) : t("Choose one.")
}

/** Who learns what. */
export function promise({ named }: Poll): string {
	return named ? t("Moderators see your name with your vote.") : t("Nobody sees who voted what, moderators neither.")
}

export function turnout(tally: Tally | undefined): string {
	return n("{count} person voted.", "{count} people voted.", tally?.voted ?? 0)
}

/** What the numbers come to, where a table does not say it. */
export function comesTo(poll: Poll, tally: Tally | undefined): string {
	const average = mean(tally?.counts ?? [])
	if (poll.kind === "rating" && average !== null) {
		return t("On average {mean} of {most}.", { mean: number(Math.round(average * 10) / 10), most: poll.most })
	}
	return tally?.more ? n("And {count} rarer word.", "And {count} rarer words.", tally.more) : ""
}

/** When there will be more to see. */
export function later({ results, state }: Poll, voted: boolean): string {
	if (results === "after_vote" && state === "open") return voted ? "" : t("You see the results once you have voted.")
	return t("The moderators have not shown the results yet.")
}

/** The result in a sentence, for those who hear it. */
export function result(poll: Poll, rows: readonly Row[]): string {
	const [first] = [...rows].sort((one, other) => other.people - one.people)
	if (!first?.people) return t("Results of poll {number}: nobody voted.", { number: poll.number })
	return t("Results of poll {number}: most people chose {answer}, {percent} percent.", {
		number: poll.number,
		answer: first.label,
		percent: first.percent,
	})
}
