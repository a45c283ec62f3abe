import { Collection } from "../../live/collection"
import type { Part, Room } from "./room.svelte"
import type { FloorTold, Turn, TurnState } from "./stage-wire"
import type { RoomPicture, RoomWelcome } from "./wire"

const STANDING: TurnState[] = ["waiting", "invited", "speaking", "paused"]
const WARNING = 30

/** The speakers' list as everybody sees it, and one's own place in it. */
export class Floor implements Part {
	open = $state(true)
	turnSeconds = $state(120)
	turns = $state.raw<readonly Turn[]>([])
	mine = $state.raw<Turn | null>(null)
	#turns = new Collection<Turn>()

	constructor(readonly room: Room) {
		this.#turns.subscribe((turns) => (this.turns = turns))
		room.join(this)
	}

	/** My turn while it stands in the list. */
	get standing(): Turn | null {
		return this.mine && STANDING.includes(this.mine.state) ? this.mine : null
	}

	/** 1 is the next to speak; 0 when one does not wait. */
	get place(): number {
		const mine = this.standing
		return mine?.state === "waiting" ? this.#waiting.findIndex((turn) => turn.id === mine.id) + 1 : 0
	}

	/** Seconds until it is probably one's turn. */
	wait(now: number): number {
		const ahead = this.#waiting.slice(0, Math.max(0, this.place - 1))
		const speaking = this.turns.filter((turn) => turn.state === "speaking" || turn.state === "paused" || turn.state === "invited")
		return [...speaking, ...ahead].reduce((sum, turn) => sum + Math.max(0, left(turn, now)), 0)
	}

	async raise(given: { in_writing?: string; point_of_order?: boolean } = {}) {
		this.#own(await this.room.do("hand.raise", given))
	}

	async lower() {
		this.#own(await this.room.do("hand.lower"))
	}

	picture({ floor }: RoomPicture) {
		if (!floor) return
		this.#set(floor)
		this.#turns.replace(floor.turns ?? [])
	}

	welcome({ turn }: RoomWelcome) {
		this.mine = turn ?? null
	}

	event(name: string, data: unknown) {
		if (name === "floor") this.#set(data as FloorTold)
		else if (name === "turn") this.#heard(data as Turn)
	}

	person(name: string, data: unknown) {
		const turn = data as Turn & { room?: number }
		if (name === "turn" && (turn.room ?? this.room.id) === this.room.id) this.#own(turn)
	}

	get #waiting(): Turn[] {
		return this.turns.filter((turn) => turn.state === "waiting").sort(inOrder)
	}

	#set(floor: FloorTold) {
		this.open = floor.open
		this.turnSeconds = floor.turn_seconds
	}

	#heard(turn: Turn) {
		this.#turns.put(turn)
		if (turn.id === this.mine?.id && turn.rev > this.mine.rev) this.mine = { ...this.mine, ...turn }
	}

	#own(told: unknown) {
		const turn = told as Turn | null
		if (!turn?.state) return
		if (turn.id === this.mine?.id && turn.rev < this.mine.rev) return
		this.mine = turn
	}
}

/** Points of order first, then as the chair has put them. */
export function inOrder(one: Turn, other: Turn): number {
	return Number(other.point_of_order) - Number(one.point_of_order) || one.position - other.position || one.number - other.number
}

/** Seconds that a turn has left; below 0 it is over its time. */
export function left(turn: Turn, now: number): number {
	const running = turn.running_since ? (now - Date.parse(turn.running_since)) / 1000 : 0
	return turn.seconds - turn.spoken - running
}

/** How a countdown is shown: amber for the last half minute, red over time. */
export function tone(seconds: number): "warn" | "over" | undefined {
	if (seconds < 0) return "over"
	return seconds <= WARNING ? "warn" : undefined
}
