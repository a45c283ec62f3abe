import { Collection } from "../../live/collection"
import type { DeskPoll, Poll, PollDraft, Tally } from "../shared/poll-wire"
import type { DeskPicture, DeskWelcome } from "../shared/wire"
import type { Desk, DeskPart } from "./desk.svelte"

export type PollStep = "open" | "close" | "show" | "hide" | "remove"

/** A room's polls as those see them who make them; what templates read is runes. */
export class DeskPolls implements DeskPart {
	all = $state.raw<readonly DeskPoll[]>([])
	#tallies = $state.raw<ReadonlyMap<number, Tally>>(new Map())
	#polls = new Collection<DeskPoll>()

	constructor(readonly desk: Desk) {
		this.#polls.subscribe((polls) => (this.all = polls))
		desk.join(this)
	}

	/** What can be done something with first: the open ones, drafts, then the others; the newest first. */
	get shown(): DeskPoll[] {
		return [...this.all].sort((one, other) => rank(one) - rank(other) || other.number - one.number)
	}

	/** What is on record once it is closed, before that what was whispered. */
	tally(poll: Poll): Tally | undefined {
		return poll.tally ?? this.#tallies.get(poll.id)
	}

	async add(draft: PollDraft): Promise<number> {
		const { done } = (await this.desk.do("poll.add", draft)) as { done: [number] }
		return done[0]
	}

	/** A draft, and opened at once: nobody else can have seen it, so it has its first revision. */
	async addOpen(draft: PollDraft) {
		await this.desk.do("poll.open", { poll: await this.add(draft), rev: 1 })
	}

	edit(poll: Poll, draft: PollDraft) {
		return this.desk.do("poll.edit", { poll: poll.id, rev: poll.rev, ...draft })
	}

	move(poll: Poll, step: PollStep) {
		return this.desk.do(`poll.${step}`, { poll: poll.id, rev: poll.rev })
	}

	/** Takes a word out of the cloud, or puts it back. */
	strike(poll: Poll, word: string, struck: boolean) {
		return this.desk.do("poll.strike", { poll: poll.id, word, struck })
	}

	picture({ polls = [] }: DeskPicture) {
		this.#polls.replace(polls)
	}

	welcome({ tallies = [] }: DeskWelcome) {
		for (const tally of tallies) this.#counted(tally)
	}

	event(name: string, data: unknown) {
		if (name === "poll") this.#polls.put(data as DeskPoll, true)
		else if (name === "tally") this.#counted(data as Tally)
	}

	#counted(tally: Tally) {
		this.#tallies = new Map(this.#tallies).set(tally.poll, tally)
	}
}

function rank({ state }: Poll): number {
	return state === "open" ? 0 : state === "draft" ? 1 : 2
}
