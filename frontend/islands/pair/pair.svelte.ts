import type { Command } from "../../live/frames"
import type { Socket, State } from "../../live/socket"
import type { PeerSignal } from "../../media/signals"
import type { Snapshot } from "../shared/wire"
import { Notes } from "./notes.svelte"
import type { NotesChange, PairFacts, PairPerson, PairPicture, PairWelcome } from "./wire"

/** A room for two as this tab knows it, kept up to date; what templates read is runes. */
export class Pair {
	readonly topic: string
	readonly notes: Notes
	facts = $state.raw({} as PairFacts)
	people = $state.raw<readonly PairPerson[]>([])
	mine = $state.raw({} as PairWelcome)
	/** Ids of those whose page has a line to the server; null while this page has none. */
	here = $state.raw<readonly number[] | null>(null)
	line = $state.raw<State>({ is: "connecting" })
	unsent = $state.raw<readonly Command[]>([])
	/** Why the server does not let the person in any more. */
	shut = $state("")
	/** Heard as they come: what pages tell each other, which media process was lost, whether the line is back. */
	signalled: (signal: PeerSignal) => void = () => {}
	lost: (process: string) => void = () => {}
	returned: () => void = () => {}

	constructor(
		readonly socket: Socket,
		readonly id: number,
		/** The path of the page, with a slash at its end. */
		readonly address: string,
		snapshot: Snapshot<PairPicture>,
		welcome: PairWelcome,
	) {
		this.topic = `pair.${id}`
		this.notes = new Notes(`${address}notes`, snapshot.data.notes, `plenary.notes.${id}.${welcome.me.id}`)
		this.#picture(snapshot.data)
		this.mine = welcome
		socket.state.subscribe((state) => this.#lined(state))
		socket.outbox.commands.subscribe((commands) => (this.unsent = commands))
		this.#follow(snapshot.snapshot)
		addEventListener("pagehide", () => this.notes.part())
	}

	get me(): number {
		return this.mine.me.id
	}

	get other(): PairPerson {
		const { other } = this.mine
		return this.people.find(({ id }) => id === other.id) ?? other
	}

	/** The other's page has a line to the server. */
	get isOtherHere(): boolean {
		return this.here?.includes(this.other.id) ?? false
	}

	/** The page that the other uses; "" before they came in, and after they left. */
	get theirs(): string {
		return this.facts.pages[this.other.id] ?? ""
	}

	get waiting(): boolean {
		return this.line.is !== "open"
	}

	do(what: string, given: unknown = {}): Promise<unknown> {
		return this.socket.do(what, this.topic, given)
	}

	/** Something that may get lost. */
	tell(what: string, given: unknown) {
		this.socket.whisper(what, this.topic, given)
	}

	#follow(since: number) {
		this.socket.enter(
			this.topic,
			{
				snapshot: (data) => this.#picture(data as PairPicture),
				mine: (data) => (this.mine = data as PairWelcome),
				event: (name, data) => this.#event(name, data),
				here: (_count, people) => (this.here = people ?? []),
				entered: () => this.returned(),
				refused: (_code, say) => (this.shut = say),
			},
			since,
		)
	}

	#picture({ pair, notes, people }: PairPicture) {
		this.#facts(pair)
		this.people = people
		this.notes.told(notes)
	}

	#facts(facts: PairFacts) {
		if (facts.rev >= (this.facts.rev ?? 0)) this.facts = facts
	}

	#event(name: string, data: unknown) {
		if (name === "pair") this.#facts(data as PairFacts)
		else if (name === "notes") this.notes.changed(data as NotesChange)
		else if (name === "signal") this.signalled(data as PeerSignal)
		else if (name === "media") this.#media(data as { lost?: string })
	}

	#media({ lost }: { lost?: string }) {
		if (lost) this.lost(lost)
	}

	#lined(state: State) {
		this.line = state
		if (state.is !== "open") this.here = null
	}
}
