import type { Command } from "../../live/frames"
import type { Socket, State } from "../../live/socket"
import type { NowTold } from "./wire"

/** Milliseconds between two signs of life. */
const SIGN = 10_000

/** Somebody who may be looking for somebody to meet now. */
export class Seeking {
	readonly topic: string
	told = $state.raw({} as NowTold)
	line = $state.raw<State>({ is: "connecting" })
	unsent = $state.raw<readonly Command[]>([])
	readonly shut = ""

	constructor(
		readonly socket: Socket,
		me: string,
		told: NowTold,
	) {
		this.topic = `person.${me}`
		this.told = told
		socket.state.subscribe((state) => (this.line = state))
		socket.outbox.commands.subscribe((commands) => (this.unsent = commands))
		socket.enter(this.topic, { mine: (data) => (this.told = (data as { now: NowTold }).now) })
	}

	/** Until the answer is no more: signs of life, and a word when the page is left. */
	keep(): () => void {
		const timer = setInterval(() => this.told.seeking && this.socket.whisper("now.still", this.topic), SIGN)
		const gone = () => this.told.seeking && this.socket.whisper("now.stop", this.topic)
		addEventListener("pagehide", gone)
		return () => {
			clearInterval(timer)
			removeEventListener("pagehide", gone)
		}
	}

	async does(what: "seek" | "stop") {
		this.told = (await this.socket.do(`now.${what}`, this.topic)) as NowTold
	}
}
