import { Collection } from "../../live/collection"
import type { Command, Reply } from "../../live/frames"
import type { Socket, State } from "../../live/socket"
import { Show } from "./show.svelte"
import type {
	OwnQuestion,
	Question,
	Returned,
	RoomPicture,
	RoomSettings,
	RoomWelcome,
	SessionFacts,
	Snapshot,
	VoteCounts,
} from "./wire"

/** Commands whose answer is the person's own question as it is now. */
const ANSWERED_WITH_MINE = new Set(["question.ask", "question.edit", "question.withdraw"])

/** Something else that lives on a room's topic: the stage, the speakers' list, polls. It hears what the room does not keep. */
export interface Part {
	picture?(picture: RoomPicture): void
	welcome?(welcome: RoomWelcome): void
	/** An event or whisper of the room. */
	event?(name: string, data: unknown): void
	/** What only this person is told. */
	person?(name: string, data: unknown): void
	/** A command from before a reload has its answer. */
	late?(command: Command, reply: Reply): void
}

/** A room as this tab knows it, kept up to date; what templates read is runes. */
export class Room {
	readonly topic: string
	/** The run of show. */
	readonly show = new Show()
	settings = $state.raw({} as RoomSettings)
	session = $state.raw({} as SessionFacts)
	questions = $state.raw<readonly Question[]>([])
	own = $state.raw<readonly OwnQuestion[]>([])
	voted = $state.raw<ReadonlySet<number>>(new Set())
	me = $state.raw({ id: 0, name: "" })
	roles = $state.raw<string[]>([])
	silenced = $state(false)
	here = $state<number | null>(null)
	line = $state.raw<State>({ is: "connecting" })
	unsent = $state.raw<readonly Command[]>([])
	/** Why the server does not let the person in any more. */
	shut = $state("")
	readonly #here = $derived(new Set(this.questions.map((question) => question.id)))
	readonly #mineIds = $derived(new Set(this.own.map((question) => question.id)))
	/** A question from before a reload that was refused. */
	returned = $state.raw<Returned | null>(null)
	/** Told the new counts of votes, which only the room's own topic carries. */
	counted: (counts: VoteCounts["counts"]) => void = () => {}
	#questions = new Collection<Question>()
	#own = new Collection<OwnQuestion>()
	#parts: Part[] = [this.show]
	#pictured!: RoomPicture
	#welcomed!: RoomWelcome

	constructor(
		readonly socket: Socket,
		readonly id: number,
		snapshot: Snapshot<RoomPicture>,
		welcome: RoomWelcome,
	) {
		this.topic = `room.${id}`
		this.#questions.subscribe((questions) => (this.questions = questions))
		this.#own.subscribe((own) => (this.own = own))
		this.#picture(snapshot.data)
		this.#welcome(welcome)
		socket.state.subscribe((state) => (this.line = state))
		socket.outbox.commands.subscribe((commands) => (this.unsent = commands))
		this.#follow(snapshot.snapshot)
	}

	/** From now on `part` hears what the room hears, beginning with what the room last heard as a whole. */
	join(part: Part) {
		this.#parts.push(part)
		part.picture?.(this.#pictured)
		part.welcome?.(this.#welcomed)
	}

	/** Does a command on this room's topic. */
	do(what: string, given: unknown = {}): Promise<unknown> {
		return this.socket.do(what, this.topic, given)
	}

	isHere(id: number): boolean {
		return this.#here.has(id)
	}

	isMine(id: number): boolean {
		return this.#mineIds.has(id)
	}

	get current(): Question | undefined {
		return this.questions.find((question) => question.state === "now")
	}

	/** What comes next, in the moderators' order. */
	get next(): Question[] {
		return this.questions.filter((question) => question.state === "next").sort(byPosition)
	}

	/** Next ones, then the open ones by votes: the order in which they would be taken. */
	get queue(): Question[] {
		return [...this.next, ...this.questions.filter((question) => question.state === "open").sort(byVotes)]
	}

	get ended(): boolean {
		return this.settings.state === "ended"
	}

	get waiting(): boolean {
		return this.line.is !== "open"
	}

	/** `how.aloud`: its asker would like to say it, and stands in the speakers' list once it is public. */
	async ask(text: string, language: string, how: { anonymous: boolean; aloud: boolean }) {
		this.#mine(await this.do("question.ask", { text, language, ...how }))
	}

	/** `rev` is the revision that the asker saw. */
	async edit(question: number, text: string, rev: number) {
		this.#mine(await this.do("question.edit", { question, text, rev }))
	}

	async withdraw(question: OwnQuestion) {
		this.#mine(await this.do("question.withdraw", { question: question.id }))
	}

	/** Shows the vote at once, and takes it back if it is refused. */
	async vote(question: Question, up: boolean) {
		this.#count(question, up)
		try {
			await this.do("question.vote", { question: question.id, up })
			this.#tick([question.id], up)
		} catch (refused) {
			this.#count(question, !up)
			throw refused
		}
	}

	/** Whether I voted for it, or for one that was joined with it. */
	votedFor(question: Question): boolean {
		return [question.id, ...question.joined].some((id) => this.voted.has(id))
	}

	async answer(question: Question, text: string) {
		await this.do("question.answer", { question: question.id, text })
	}

	#follow(since: number) {
		this.socket.enter(
			this.topic,
			{
				snapshot: (data) => this.#picture(data as RoomPicture),
				mine: (data) => this.#welcome(data as RoomWelcome),
				event: (name, data) => this.#event(name, data),
				here: (count) => (this.here = count),
				refused: (_code, say) => (this.shut = say),
				late: (command, reply) => this.#late(command, reply),
			},
			since,
		)
		this.socket.enter(`person.${this.me.id}`, { event: (name, data) => this.#told(name, data) })
	}

	#told(name: string, data: unknown) {
		if (name === "question") this.#mine(data)
		for (const part of this.#parts) part.person?.(name, data)
	}

	#picture(picture: RoomPicture) {
		this.#pictured = picture
		this.settings = picture.room
		this.session = picture.session
		this.#questions.replace(picture.questions)
		for (const part of this.#parts) part.picture?.(picture)
	}

	#welcome(welcome: RoomWelcome) {
		this.#welcomed = welcome
		this.me = welcome.me
		this.roles = welcome.roles
		this.silenced = welcome.silenced
		this.voted = new Set(welcome.votes)
		this.#own.replace(welcome.questions)
		for (const part of this.#parts) part.welcome?.(welcome)
	}

	#event(name: string, data: unknown) {
		if (name === "question") this.#questions.put(data as Question)
		else if (name === "votes") this.#counts(data as VoteCounts)
		else if (name === "room") this.#settings(data as RoomSettings)
		for (const part of this.#parts) part.event?.(name, data)
	}

	#settings(settings: RoomSettings) {
		if (settings.rev > this.settings.rev) this.settings = settings
	}

	#counts({ counts }: VoteCounts) {
		for (const [id, votes] of counts) {
			this.#questions.amend(id, { votes })
			this.#own.amend(id, { votes })
		}
		this.counted(counts)
	}

	#mine(question: unknown) {
		const own = question as OwnQuestion
		if (own.room === this.id) this.#own.put(own, true)
	}

	#late(command: Command, reply: Reply) {
		const given = command.with as { text: string; question: number; up: boolean }
		if (reply.refused === undefined) this.#done(command.do, given, reply.ok)
		else if (command.do === "question.ask") this.returned = { say: reply.say ?? "", text: given.text }
		for (const part of this.#parts) part.late?.(command, reply)
	}

	#done(what: string, given: { question: number; up: boolean }, ok: unknown) {
		if (what === "question.vote") this.#tick([given.question], given.up)
		else if (ANSWERED_WITH_MINE.has(what)) this.#mine(ok)
	}

	#tick(ids: number[], up: boolean) {
		const voted = new Set(this.voted)
		for (const id of ids) {
			if (up) voted.add(id)
			else voted.delete(id)
		}
		this.voted = voted
	}

	#count(question: Question, up: boolean) {
		if (this.votedFor(question) === up) return
		this.#tick(up ? [question.id] : [question.id, ...question.joined], up)
		const known = this.#questions.get(question.id)
		if (known) this.#questions.amend(known.id, { votes: Math.max(0, known.votes + (up ? 1 : -1)) }, true)
	}
}

export function byPosition(one: Question, other: Question): number {
	return (one.position ?? 0) - (other.position ?? 0) || one.number - other.number
}

export function byVotes(one: Question, other: Question): number {
	return other.votes - one.votes || one.number - other.number
}
