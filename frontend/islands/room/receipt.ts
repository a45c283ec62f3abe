import { n, t } from "../../i18n"
import { reason } from "../shared/reasons"
import type { OwnQuestion } from "../shared/wire"

export interface Stage {
	label: string
	state: "done" | "current" | "ahead"
}

/** What the asker is told about a question. `place` is 1 for the first in the queue, 0 for none. */
export function headline(question: OwnQuestion, place: number): string {
	switch (question.state) {
		case "review":
			return t("Your question is waiting for a moderator")
		case "now":
			return t("Your question is being answered")
		case "answered":
			return t("Your question has been answered")
		case "written":
			return question.answer ? t("Your question has been answered in writing") : t("Your question will be answered in writing")
		case "dismissed":
			return t("Your question was not taken up")
		case "merged":
			return t("Joined with question {number}", { number: question.into ?? 0 })
		case "withdrawn":
			return t("You have withdrawn this question")
		default:
			return inQueue(place)
	}
}

export function inQueue(place: number): string {
	const sentences = [
		t("Your question is in the queue"),
		t("Your question is first in the queue"),
		t("Your question is second in the queue"),
		t("Your question is third in the queue"),
		t("Your question is fourth in the queue"),
		t("Your question is fifth in the queue"),
	]
	return sentences[place] ?? t("Your question is number {place} in the queue", { place })
}

export function ordinal(place: number): string {
	const words = [t("In the queue"), t("First"), t("Second"), t("Third"), t("Fourth"), t("Fifth")]
	return words[place] ?? t("Number {place}", { place })
}

/** The short form beside the question in the list. */
export function yours(place: number): string {
	if (place === 0) return t("Yours")
	return t("Yours, {place} in the queue", { place: ordinal(place).toLocaleLowerCase() })
}

/** The way of a question, with where it is; none once it has left the way. */
export function stages(question: OwnQuestion, place: number): Stage[] {
	const at = { review: 1, open: 2, next: 2, now: 3, answered: 4 }[question.state as string]
	if (at === undefined) return []
	const approved = at > 1 ? t("Approved") : t("In review")
	const labels = [t("Asked"), approved, at === 2 ? ordinal(place) : t("Queue"), t("Now"), t("Answered")]
	return labels.map((label, index) => ({ label, state: index < at ? "done" : index === at ? "current" : "ahead" }))
}

/** The line under the text. */
export function detail(question: OwnQuestion): string {
	if (question.state === "merged") return merged(question)
	if (question.state === "dismissed") return dismissed(question.reason)
	if (question.state === "review") return inReview(question)
	return n("{count} vote", "{count} votes", question.votes)
}

function merged({ root }: OwnQuestion): string {
	switch (root?.state) {
		case "now":
			return t("It asks the same, and is being answered.")
		case "answered":
			return t("It asks the same, and has been answered.")
		case "written":
			return root.answer ? t("It asks the same, and has been answered in writing.") : t("It asks the same, and will be answered in writing.")
		case "dismissed":
			return dismissed(root.reason)
		default:
			return t("It asks the same. Everybody who voted for yours counts there, once each.")
	}
}

function dismissed(code: string): string {
	const say = reason(code)
	return say && t("The moderator’s reason: {reason}", { reason: say })
}

function inReview(question: OwnQuestion): string {
	const changed = question.steps.some((step) => step.what === "approved")
	return changed
		? t("You changed it, so a moderator looks at it again.")
		: t("It opens for votes as soon as a moderator has approved it.")
}

/** What the moderator, or the panel in writing, has said. */
export function said(question: OwnQuestion): { note: string; answer: string } {
	const fate = question.root ?? question
	return { note: fate.note, answer: fate.answer }
}

/** Its asker may still change it or take it back. */
export function isMovable(question: OwnQuestion): boolean {
	return ["review", "open", "next"].includes(question.state)
}

/** Its way is over, one way or the other. */
export function isOver(question: OwnQuestion): boolean {
	return ["answered", "written", "dismissed", "merged", "withdrawn"].includes(question.state)
}
