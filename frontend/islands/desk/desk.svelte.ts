import { Collection } from "../../live/collection"
import { byPosition, byVotes, type Room } from "../shared/room.svelte"
import type { DeskPicture, DeskQuestion, DeskWelcome, Person, QuestionState, RoomSettings, RoomState, Snapshot } from "../shared/wire"

export type LaneName = "review" | "open" | "next" | "now" | "done"

export interface Held {
	person: Person
	until: number
}

/** Something else that moderators follow on the desk's topic: polls, the speakers' list. It hears what the desk does not keep. */
export interface DeskPart {
	picture?(picture: DeskPicture): void
	welcome?(welcome: DeskWelcome): void
	/** An event or whisper of the desk. */
	event?(name: string, data: unknown): void
}

const HOLD = 30_000
const RECENT = 8

/** The moderators' view of a room, shared by all who moderate it. */
export class Desk {
	readonly topic: string
	questions = $state.raw<readonly DeskQuestion[]>([])
	people = $state.raw<readonly Person[]>([])
	labels = $state.raw<readonly string[]>([])
	/** Ids of the moderators who are at the desk now. */
	present = $state.raw<readonly number[]>([])
	silenced = $state.raw<readonly Person[]>([])
	/** Who is working on which question. */
	held = $state.raw<ReadonlyMap<number, Held>>(new Map())
	/** Told when something done before a reload is refused; empty when it was not. */
	refusedLater: (say: string) => void = () => {}
	#questions = new Collection<DeskQuestion>()
	#parts: DeskPart[] = []
	#pictured!: DeskPicture

	constructor(
		readonly room: Room,
		snapshot: Snapshot<DeskPicture>,
	) {
		this.topic = `${room.topic}.desk`
		this.#questions.subscribe((questions) => (this.questions = questions))
		this.#picture(snapshot.data)
		room.counted = (counts) => counts.forEach(([id, votes]) => this.#questions.amend(id, { votes }))
		room.socket.enter(
			this.topic,
			{
				snapshot: (data) => this.#picture(data as DeskPicture),
				mine: (data) => this.#parts.forEach((part) => part.welcome?.(data as DeskWelcome)),
				event: (name, data) => this.#event(name, data),
				refused: (_code, say) => (room.shut = say),
				late: (_command, reply) => this.refusedLater(reply.say ?? ""),
				here: (_count, people) => (this.present = people ?? []),
			},
			snapshot.snapshot,
		)
	}

	/** From now on `part` hears what the desk hears, beginning with what it last heard as a whole. */
	join(part: DeskPart) {
		this.#parts.push(part)
		part.picture?.(this.#pictured)
	}

	get(id: number): DeskQuestion | undefined {
		return this.#questions.get(id)
	}

	lane(name: LaneName): DeskQuestion[] {
		const found = this.questions.filter((question) => laneOf(question.state) === name)
		return found.sort(ORDERS[name])
	}

	get current(): DeskQuestion | undefined {
		return this.lane("now")[0]
	}

	/** Names of the other moderators here. */
	get company(): string[] {
		return this.present.filter((id) => id !== this.room.me.id).flatMap((id) => this.people.find((one) => one.id === id)?.name ?? [])
	}

	/** What was done last, by whomever: the newest first. */
	get recent(): DeskQuestion[] {
		const done = this.questions.filter((question) => question.last)
		return done.sort((one, other) => (other.last?.at ?? "").localeCompare(one.last?.at ?? "")).slice(0, RECENT)
	}

	approve(questions: DeskQuestion[]) {
		return this.do("desk.approve", { questions: questions.map(seen) })
	}

	edit(question: DeskQuestion, text: string) {
		return this.#one("desk.edit", question, { text })
	}

	dismiss(questions: DeskQuestion[], reason: string, note: string) {
		return this.do("desk.dismiss", { questions: questions.map(seen), reason, note })
	}

	merge(question: DeskQuestion, into: DeskQuestion) {
		return this.#one("desk.merge", question, { into: into.id })
	}

	label(question: DeskQuestion, labels: string[]) {
		return this.#one("desk.label", question, { labels })
	}

	assign(question: DeskQuestion, to: number | null) {
		return this.#one("desk.assign", question, { to })
	}

	next(questions: DeskQuestion[]) {
		return this.do("desk.next", { questions: questions.map(seen) })
	}

	/** Puts a question of the queue before another, or last. */
	move(question: DeskQuestion, before: number | null) {
		return this.#one("desk.move", question, { before })
	}

	now(question: DeskQuestion) {
		return this.#one("desk.now", question)
	}

	answered(question: DeskQuestion, take: boolean) {
		return this.#one("desk.answered", question, { take })
	}

	written(question: DeskQuestion) {
		return this.#one("desk.written", question)
	}

	reopen(question: DeskQuestion) {
		return this.#one("desk.reopen", question)
	}

	undo() {
		return this.do("desk.undo", {})
	}

	silence(question: DeskQuestion) {
		return this.do("desk.silence", { question: question.id })
	}

	/** Lets somebody contribute again: the asker of a question, or somebody by name. */
	unsilence(whom: { question: number } | { person: number }) {
		return this.do("desk.unsilence", whom)
	}

	/** Tells the others what I am working on; may be lost. */
	hold(question: number | null) {
		this.room.socket.whisper("desk.hold", this.topic, { question })
	}

	set(settings: Partial<Pick<RoomSettings, "moderation" | "anonymity" | "questions_open" | "votes_open" | "chat_open" | "reactions_open">>) {
		return this.do("room.set", settings)
	}

	become(state: RoomState) {
		return this.do("room.state", { state })
	}

	#one(what: string, question: DeskQuestion, given: object = {}) {
		return this.do(what, { question: question.id, rev: question.rev, ...given })
	}

	/** Does a command at the desk. */
	do(what: string, given: unknown = {}) {
		return this.room.socket.do(what, this.topic, given)
	}

	#picture(picture: DeskPicture) {
		this.#pictured = picture
		this.people = Object.entries(picture.people).map(([id, name]) => ({ id: Number(id), name }))
		this.labels = picture.labels
		this.silenced = picture.silenced
		this.#questions.replace(picture.questions)
		for (const part of this.#parts) part.picture?.(picture)
	}

	#event(name: string, data: unknown) {
		if (name === "question") this.#question(data as DeskQuestion)
		else if (name === "hold") this.#held(data as { by: Person; question: number | null })
		else if (name === "silenced") this.silenced = (data as { people: Person[] }).people
		for (const part of this.#parts) part.event?.(name, data)
	}

	#question(question: DeskQuestion) {
		this.#questions.put(question, true)
		this.labels = [...new Set([...this.labels, ...question.labels])]
	}

	#held({ by, question }: { by: Person; question: number | null }) {
		const others = [...this.held].filter(([, one]) => one.person.id !== by.id)
		if (question !== null && by.id !== this.room.me.id) others.push([question, { person: by, until: Date.now() + HOLD }])
		this.held = new Map(others)
	}
}

export function laneOf(state: QuestionState): LaneName {
	return state === "review" || state === "open" || state === "next" || state === "now" ? state : "done"
}

const newestFirst = (one: DeskQuestion, other: DeskQuestion) => other.number - one.number
const latestFirst = (one: DeskQuestion, other: DeskQuestion) => other.since.localeCompare(one.since)
const ORDERS = { review: newestFirst, open: byVotes, next: byPosition, now: byPosition, done: latestFirst }

function seen(question: DeskQuestion): [number, number] {
	return [question.id, question.rev]
}
