import { n, t } from "../../i18n"
import { Refused } from "../../live/frames"
import type { DeskQuestion, Done, RoomState } from "../shared/wire"
import type { Desk, LaneName } from "./desk.svelte"
import { type KeyGroup, QUESTIONS } from "./keys"

export type DialogName = "" | "dismiss" | "merge" | "label" | "assign" | "help" | "state"

const LANES: LaneName[] = ["review", "open", "next", "now", "done"]
const TOAST = 8_000

/** What one moderator is about to do: where the cursor is, what is chosen, which dialog is open. */
export class Work {
	cursor = $state<number | null>(null)
	chosen = $state.raw<ReadonlySet<number>>(new Set())
	editing = $state<number | null>(null)
	/** What is being typed into it; kept here, for tickets move from lane to lane meanwhile. */
	draft = $state("")
	dialog = $state<DialogName>("")
	/** The state to confirm while the dialog "state" is open. */
	wished = $state<Exclude<RoomState, "scheduled">>("open")
	filter = $state("")
	toast = $state("")
	/** What was refused, beside the ticket it concerns. */
	refusals = $state.raw<ReadonlyMap<number, string>>(new Map())
	/** What was refused and concerns no ticket. */
	trouble = $state("")
	/** Shortcuts; each part of the desk adds its own. */
	keys = $state.raw<readonly KeyGroup[]>([QUESTIONS])
	kept = $state.raw<ReadonlySet<number>>(new Set())
	/** The revisions that were on the screen when a dialog or an editor opened: what is done then is done to these. */
	#seen = new Map<number, number>()
	#toasting: ReturnType<typeof setTimeout> | undefined

	constructor(readonly desk: Desk) {
		desk.refusedLater = (say) => (this.trouble = say)
		this.cursor = desk.lane("review")[0]?.id ?? desk.lane("open")[0]?.id ?? null
	}

	/** The questions that the next action is about: those chosen, or the one under the cursor. */
	get subjects(): DeskQuestion[] {
		const ids = this.chosen.size ? [...this.chosen] : [this.cursor ?? 0]
		return ids.flatMap((id) => this.desk.get(id) ?? [])
	}

	#look(questions: DeskQuestion[]) {
		this.#seen = new Map(questions.map((question) => [question.id, question.rev]))
	}

	#asSeen(question: DeskQuestion): DeskQuestion {
		return { ...question, rev: this.#seen.get(question.id) ?? question.rev }
	}

	get subject(): DeskQuestion | undefined {
		return this.cursor === null ? undefined : this.desk.get(this.cursor)
	}

	lane(name: LaneName): DeskQuestion[] {
		const words = this.filter.toLocaleLowerCase().split(/\s+/).filter(Boolean)
		return this.desk.lane(name).filter((question) => words.every((word) => haystack(question).includes(word)))
	}

	point(question: DeskQuestion) {
		if (this.cursor === question.id) return
		this.cursor = question.id
		this.release()
	}

	choose(question: DeskQuestion) {
		const chosen = new Set(this.chosen)
		if (!chosen.delete(question.id)) chosen.add(question.id)
		this.chosen = chosen
	}

	/** Moves the cursor within its lane. */
	step(by: 1 | -1) {
		const lane = this.#around()
		const at = lane.findIndex((question) => question.id === this.cursor)
		this.#go(lane[Math.min(lane.length - 1, Math.max(0, at + by))])
	}

	/** Moves the cursor to the next lane that has anything. */
	across(by: 1 | -1) {
		const here = LANES.findIndex((name) => this.lane(name).some((question) => question.id === this.cursor))
		for (let at = here + by; at >= 0 && at < LANES.length; at += by) {
			const first = this.lane(LANES[at] as LaneName)[0]
			if (first) return this.#go(first)
		}
	}

	open(dialog: DialogName) {
		const needed = dialog !== "help" && dialog !== "state"
		if (needed && !this.subjects.length) return
		if (needed) this.desk.hold(this.subjects[0]?.id ?? null)
		this.#look(this.subjects)
		this.dialog = dialog
	}

	edit(question: DeskQuestion | undefined) {
		if (!question) return
		this.point(question)
		this.#look([question])
		this.draft = question.text
		this.editing = question.id
		this.desk.hold(question.id)
	}

	/** Lets go of what was being worked on. */
	release() {
		if (this.dialog || this.editing !== null) this.desk.hold(null)
		this.dialog = ""
		this.editing = null
		this.#seen.clear()
	}

	escape() {
		if (this.dialog || this.editing !== null) this.release()
		else this.chosen = new Set()
	}

	approve(questions = this.subjects) {
		const waiting = within(questions, "review")
		return this.#leave(waiting, () => this.desk.approve(waiting), said(waiting, (number) => t("Question {number} approved", { number }), approvedMany))
	}

	next(questions = this.subjects) {
		const open = questions.filter((question) => question.state === "open" || question.state === "review" || question.state === "now")
		return this.#leave(open, () => this.desk.next(open), said(open, (number) => t("Question {number} put next", { number }), nextMany))
	}

	dismiss(reason: string, note: string) {
		const questions = this.subjects
		return this.#leave(questions, () => this.desk.dismiss(questions.map((one) => this.#asSeen(one)), reason, note), said(questions, (number) => t("Question {number} dismissed", { number }), dismissedMany))
	}

	merge(into: DeskQuestion, questions = this.subjects) {
		const others = questions.filter((question) => question.id !== into.id)
		const joined = (number: number) => t("Question {number} joined with {into}", { number, into: into.number })
		const all = () => Promise.all(others.map((question) => this.desk.merge(this.#asSeen(question), into)))
		return this.#leave(others, all, said(others, joined, joinedMany))
	}

	save(question: DeskQuestion) {
		return this.#attempt([question], () => this.desk.edit(this.#asSeen(question), this.draft.trim()), t("Question {number} changed", { number: question.number }))
	}

	label(question: DeskQuestion, labels: string[]) {
		return this.#attempt([question], () => this.desk.label(this.#asSeen(question), labels), "")
	}

	assign(question: DeskQuestion, to: number | null) {
		return this.#attempt([question], () => this.desk.assign(this.#asSeen(question), to), "")
	}

	/** Up or down in the queue by one place. */
	shift(question: DeskQuestion, by: 1 | -1) {
		const queue = this.desk.lane("next")
		const at = queue.findIndex((other) => other.id === question.id)
		const before = by < 0 ? queue[at - 1] : queue[at + 2]
		if (at + by < 0 || at + by >= queue.length) return Promise.resolve(false)
		return this.move(question, before?.id ?? null)
	}

	move(question: DeskQuestion, before: number | null) {
		return this.#attempt([question], () => this.desk.move(question, before), "")
	}

	now(question: DeskQuestion) {
		return this.#leave([question], () => this.desk.now(question), "")
	}

	/** Space: the present question is answered and the next one taken; with none present, only taken. */
	advance() {
		const current = this.desk.current
		const first = this.desk.lane("next")[0]
		if (current) return this.answered(current, first !== undefined)
		return first ? this.now(first) : Promise.resolve(false)
	}

	answered(question: DeskQuestion, take: boolean) {
		return this.#leave([question], () => this.desk.answered(question, take), t("Question {number} answered", { number: question.number }))
	}

	written(question: DeskQuestion) {
		const done = t("Question {number} will be answered in writing", { number: question.number })
		return this.#leave([question], () => this.desk.written(question), done)
	}

	reopen(question: DeskQuestion) {
		return this.#leave([question], () => this.desk.reopen(question), t("Question {number} is open again", { number: question.number }))
	}

	silence(question: DeskQuestion) {
		const done = t("Whoever asked question {number} is paused", { number: question.number })
		return this.#attempt([question], () => this.desk.silence(question), done)
	}

	unsilence(whom: { question: number } | { person: number }) {
		return this.#attempt([], () => this.desk.unsilence(whom), "")
	}

	undo() {
		this.#say("")
		return this.#attempt([], () => this.desk.undo(), "")
	}

	set(settings: Parameters<Desk["set"]>[0]) {
		return this.#attempt([], () => this.desk.set(settings), "")
	}

	become(state: Exclude<RoomState, "scheduled">) {
		return this.#attempt([], () => this.desk.become(state), "")
	}

	/** Keeps a question although it asks the same as another. */
	keep(question: DeskQuestion) {
		this.kept = new Set(this.kept).add(question.id)
	}

	/** For what takes questions out of their lane. */
	async #leave(questions: DeskQuestion[], doing: () => Promise<unknown>, done: string): Promise<boolean> {
		const lane = this.#around()
		const left = questions.length > 0 && (await this.#attempt(questions, doing, done))
		if (left) this.#moveOn(questions, lane)
		return left
	}

	async #attempt(questions: DeskQuestion[], doing: () => Promise<unknown>, done: string): Promise<boolean> {
		this.#forget(questions)
		try {
			this.#partly((await doing()) as Done | null)
		} catch (problem) {
			if (!(problem instanceof Refused)) throw problem
			this.#refuse(questions, problem.say)
			return false
		}
		this.release()
		this.chosen = new Set()
		if (done) this.#say(done)
		return true
	}

	/** Some of several may have been refused. */
	#partly(done: Done | null) {
		const refused = done?.refused ?? []
		this.refusals = new Map([...this.refusals, ...refused.map((no) => [no.question, sentence(no.refused)] as const)])
	}

	/** The cursor stays in the lane when what was under it leaves; with the last one it goes along. */
	#moveOn(leaving: DeskQuestion[], lane: DeskQuestion[]) {
		const leaves = (question: DeskQuestion) => leaving.some((one) => one.id === question.id)
		const at = lane.findIndex((question) => question.id === this.cursor)
		if (at < 0 || !leaves(lane[at] as DeskQuestion)) return
		const below = lane.slice(at + 1).find((question) => !leaves(question))
		const above = lane.slice(0, at).findLast((question) => !leaves(question))
		this.cursor = below?.id ?? above?.id ?? this.cursor
	}

	#around(): DeskQuestion[] {
		const name = LANES.find((lane) => this.lane(lane).some((question) => question.id === this.cursor))
		return name ? this.lane(name) : LANES.map((lane) => this.lane(lane)).find((lane) => lane.length) ?? []
	}

	#go(question: DeskQuestion | undefined) {
		if (question) this.point(question)
	}

	#refuse(questions: DeskQuestion[], say: string) {
		// They are told, and see them as they stand now: the next try is about that.
		this.#look(questions.flatMap((question) => this.desk.get(question.id) ?? []))
		if (!questions.length) this.trouble = say
		this.refusals = new Map([...this.refusals, ...questions.map((question) => [question.id, say] as const)])
	}

	#forget(questions: DeskQuestion[]) {
		this.trouble = ""
		const ids = new Set(questions.map((question) => question.id))
		this.refusals = new Map([...this.refusals].filter(([id]) => !ids.has(id)))
	}

	#say(toast: string) {
		clearTimeout(this.#toasting)
		this.toast = toast
		if (toast) this.#toasting = setTimeout(() => (this.toast = ""), TOAST)
	}
}

function sentence(code: string): string {
	if (code === "question.changed") return t("Somebody changed this question a moment ago. Here it is as it stands now.")
	return t("That is not possible with the question as it stands.")
}

const approvedMany = (count: number) => n("{count} question approved", "{count} questions approved", count)
const nextMany = (count: number) => n("{count} question put next", "{count} questions put next", count)
const dismissedMany = (count: number) => n("{count} question dismissed", "{count} questions dismissed", count)
const joinedMany = (count: number) => n("{count} question joined", "{count} questions joined", count)

function said(questions: DeskQuestion[], one: (number: number) => string, many: (count: number) => string): string {
	const [first] = questions
	return questions.length === 1 && first ? one(first.number) : many(questions.length)
}

function within(questions: DeskQuestion[], state: string): DeskQuestion[] {
	return questions.filter((question) => question.state === state)
}

function haystack(question: DeskQuestion): string {
	return [question.number, question.text, question.by?.name, question.to?.name, ...question.labels].join(" ").toLocaleLowerCase()
}
