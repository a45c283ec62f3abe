import { Collection } from "../../live/collection"
import type { Command, Reply } from "../../live/frames"
import { newestFirst, shows } from "./poll"
import type { Answer, Poll, Tally } from "./poll-wire"
import type { Part, Room } from "./room.svelte"
import type { RoomPicture, RoomWelcome } from "./wire"

interface Voted {
	poll: number
	answer: Answer
}

/** The polls of a room, as everybody may see them; what templates read is runes. */
export class Polls implements Part {
	all = $state.raw<readonly Poll[]>([])
	/** What I voted. */
	ballots = $state.raw<ReadonlyMap<number, Answer>>(new Map())
	#tallies = $state.raw<ReadonlyMap<number, Tally>>(new Map())
	#polls = new Collection<Poll>()
	#followed = new Set<number>()

	constructor(readonly room: Room) {
		this.#polls.subscribe((polls) => (this.all = polls))
		room.join(this)
	}

	/** Open ones first, then the others, the newest first. */
	get shown(): Poll[] {
		const open = (poll: Poll) => Number(poll.state === "open")
		return [...this.all].sort((one, other) => open(other) - open(one) || newestFirst(one, other))
	}

	/** The open polls that I have not voted in, the newest first: that one is pointed at. */
	get waiting(): Poll[] {
		return this.mayVote ? this.shown.filter((poll) => poll.state === "open" && !this.ballots.has(poll.id)) : []
	}

	get mayVote(): boolean {
		const { state } = this.room.settings
		return (state === "open" || state === "live") && !this.room.silenced
	}

	/** What may be seen of it: at least how many voted. */
	tally(poll: Poll, voted = this.ballots.has(poll.id)): Tally | undefined {
		const heard = this.#tallies.get(poll.id)
		const tally = heard || poll.tally ? { ...heard, ...poll.tally } : undefined
		return tally && shows(poll, voted) ? (tally as Tally) : tally && { poll: poll.id, voted: tally.voted ?? 0 }
	}

	async vote(poll: Poll, given: { choices: number[] } | { words: string[] }) {
		this.#voted((await this.room.do("poll.vote", { poll: poll.id, ...given })) as Voted)
	}

	picture({ polls = [] }: RoomPicture) {
		this.#polls.replace(polls)
	}

	welcome({ ballots = {}, tallies = [] }: RoomWelcome) {
		this.ballots = new Map(Object.entries(ballots).map(([poll, answer]) => [Number(poll), answer]))
		this.#tallies = new Map(tallies.map((tally) => [tally.poll, tally]))
		for (const poll of this.ballots.keys()) this.#follow(poll)
	}

	event(name: string, data: unknown) {
		if (name === "poll") this.#polls.put(data as Poll)
		else if (name === "tally") this.#counted(data as Tally)
	}

	late(command: Command, reply: Reply) {
		if (command.do === "poll.vote" && reply.refused === undefined) this.#voted(reply.ok as Voted)
	}

	#voted({ poll, answer }: Voted) {
		this.ballots = new Map(this.ballots).set(poll, answer)
		this.#follow(poll)
	}

	/** Results for those who voted come on a topic of their own. */
	#follow(poll: number) {
		if (this.#polls.get(poll)?.results !== "after_vote" || this.#followed.has(poll)) return
		this.#followed.add(poll)
		this.room.socket.enter(`poll.${poll}`, {
			mine: (data) => this.#counted((data as { tally: Tally }).tally),
			event: (name, data) => name === "tally" && this.#counted(data as Tally),
		})
	}

	/** How many voted is told to all, the numbers perhaps not: the ones that are known stay. */
	#counted(tally: Tally) {
		this.#tallies = new Map(this.#tallies).set(tally.poll, { ...this.#tallies.get(tally.poll), ...tally })
	}
}
