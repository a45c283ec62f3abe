import { level } from "./applause"
import { REACTIONS, type Reaction } from "./poll-wire"
import type { Part, Room } from "./room.svelte"

const SHOWN = 4_000
const LOUD = 2_000
const TURN = 500

interface Heard {
	at: number
	counts: Partial<Record<Reaction, number>>
}

/** What the room has been feeling in the last seconds; what templates read is runes. */
export class Reactions implements Part {
	/** How often each came lately; those that did not are left out. */
	lately = $state.raw<readonly (readonly [Reaction, number])[]>([])
	/** Of applause, 0 to 1. */
	level = $state(0)
	#heard: Heard[] = []
	#timer: ReturnType<typeof setTimeout> | undefined
	#sent = 0

	constructor(readonly room: Room) {
		room.join(this)
	}

	get open(): boolean {
		const { state, reactions_open } = this.room.settings
		return reactions_open && !this.room.silenced && (state === "open" || state === "live")
	}

	/** May be lost, and more often than twice a second it is not even said. */
	react(what: Reaction) {
		if (Date.now() - this.#sent < TURN) return
		this.#sent = Date.now()
		this.room.socket.whisper("react", this.room.topic, { what })
	}

	event(name: string, data: unknown) {
		if (name !== "reactions") return
		this.#heard.push({ at: Date.now(), counts: (data as Heard).counts })
		this.#count()
	}

	#count() {
		clearTimeout(this.#timer)
		const since = Date.now()
		this.#heard = this.#heard.filter(({ at }) => since - at < SHOWN)
		this.lately = REACTIONS.map((what) => [what, this.#sum(what, SHOWN)] as const).filter(([, count]) => count > 0)
		this.level = level(this.#sum("applause", LOUD), this.room.here ?? 0)
		if (this.#heard.length) this.#timer = setTimeout(() => this.#count(), TURN)
	}

	#sum(what: Reaction, within: number): number {
		const since = Date.now()
		return this.#heard.reduce((sum, { at, counts }) => sum + (since - at < within ? (counts[what] ?? 0) : 0), 0)
	}
}
