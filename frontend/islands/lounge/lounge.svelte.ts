import type { Command } from "../../live/frames"
import type { Socket, State } from "../../live/socket"
import type { Snapshot } from "../shared/wire"
import type { LoungeFacts, LoungePicture, LoungeWelcome } from "./wire"

/** A lounge as this tab knows it, kept up to date; what templates read is runes. */
export class Lounge {
	readonly topic: string
	facts = $state.raw({} as LoungeFacts)
	mine = $state.raw({} as LoungeWelcome)
	people = $state(0)
	line = $state.raw<State>({ is: "connecting" })
	unsent = $state.raw<readonly Command[]>([])
	/** Why the server does not let the person in any more. */
	shut = $state("")

	constructor(
		readonly socket: Socket,
		readonly id: number,
		snapshot: Snapshot<LoungePicture>,
		welcome: LoungeWelcome,
	) {
		this.topic = `lounge.${id}`
		this.#facts(snapshot.data.lounge)
		this.mine = welcome
		socket.state.subscribe((state) => (this.line = state))
		socket.outbox.commands.subscribe((commands) => (this.unsent = commands))
		this.#follow(snapshot.snapshot)
	}

	/** Takes a place, leaves it, comes back to it. */
	async does(what: "enter" | "leave" | "back") {
		const given = what === "enter" ? { language: document.documentElement.lang } : {}
		this.mine = (await this.socket.do(`lounge.${what}`, this.topic, given)) as LoungeWelcome
	}

	#follow(since: number) {
		this.socket.enter(
			this.topic,
			{
				snapshot: (data) => this.#facts((data as LoungePicture).lounge),
				mine: (data) => (this.mine = data as LoungeWelcome),
				event: (name, data) => this.#event(name, data),
				refused: (_code, say) => (this.shut = say),
			},
			since,
		)
	}

	#event(name: string, data: unknown) {
		if (name === "lounge") this.#facts(data as LoungeFacts)
		else if (name === "people") this.people = (data as { people: number }).people
	}

	#facts(facts: LoungeFacts) {
		if (facts.rev < (this.facts.rev ?? 0)) return
		this.facts = facts
		this.people = facts.people
	}
}
