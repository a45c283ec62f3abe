import { Collection } from "../../live/collection"
import { Floor, inOrder } from "../shared/floor.svelte"
import type { DeskTurn, FloorTotals, HintsTold, Suggestion, TurnState } from "../shared/stage-wire"
import { Trouble } from "../shared/trouble.svelte"
import type { DeskPicture } from "../shared/wire"
import type { Desk, DeskPart } from "./desk.svelte"

type TurnStep = "invite" | "start" | "pause" | "resume" | "finish" | "skip" | "no_answer" | "lower" | "readd" | "move"

/** An intervention announced beforehand: by somebody registered, or by name. */
export interface Announced {
	person?: number
	name?: string
	organisation?: string
	country?: string
	text?: string
	in_writing?: boolean
	seconds?: number
}

const MORE = 30
const PATIENCE = 20_000
const NOTHING: FloorTotals = { people: [], regions: [], stakeholders: [] }
const OVER: TurnState[] = ["finished", "skipped", "no_answer", "lowered"]

/** The speakers' list as moderators run it; what templates read is runes. Each act resolves to whether it was done. */
export class DeskFloor implements DeskPart {
	turns = $state.raw<readonly DeskTurn[]>([])
	suggestion = $state.raw<Suggestion | null>(null)
	totals = $state.raw(NOTHING)
	readonly trouble = new Trouble()
	/** Whether it is open, and how long a turn is: what everybody is told. */
	readonly list: Floor
	#turns = new Collection<DeskTurn>()

	constructor(readonly desk: Desk) {
		this.list = new Floor(desk.room)
		this.#turns.subscribe((turns) => (this.turns = turns))
		desk.join(this)
	}

	get waiting(): DeskTurn[] {
		return this.#in("waiting").sort(inOrder)
	}

	/** Called, and not come yet: who was called first comes first. */
	get invited(): DeskTurn[] {
		return this.#in("invited").sort((one, other) => (one.invited_at ?? "").localeCompare(other.invited_at ?? ""))
	}

	/** Whoever has the floor; with a point of order between, who was interrupted comes last. */
	get speaking(): DeskTurn[] {
		return [...this.#in("speaking"), ...this.#in("paused")]
	}

	/** Whose turn is over, one way or another; the latest first. */
	get over(): DeskTurn[] {
		return this.#in(...OVER).sort((one, other) => (other.ended_at ?? "").localeCompare(one.ended_at ?? ""))
	}

	get suggested(): DeskTurn | undefined {
		return this.waiting.find((turn) => turn.id === this.suggestion?.turn)
	}

	/** Who was called and has let everybody wait for it long enough. */
	isOverdue(turn: DeskTurn, now: number): boolean {
		return turn.invited_at !== null && now - Date.parse(turn.invited_at) >= PATIENCE
	}

	step(what: TurnStep, turn: DeskTurn, given: object = {}) {
		return this.#do(`floor.${what}`, { turn: turn.id, rev: turn.rev, ...given })
	}

	/** Who was called has the floor; with nobody called, the suggested one is. */
	async callNext() {
		const [called] = this.invited
		if (called) return this.step("start", called)
		return this.suggested ? this.step("invite", this.suggested) : false
	}

	/** Who speaks has finished, and the next one is called. */
	async goOn() {
		const [turn] = this.speaking
		return turn ? this.step("finish", turn, { next: true }) : false
	}

	async pauseOrResume() {
		const [turn] = this.speaking
		return turn ? this.step(turn.state === "paused" ? "resume" : "pause", turn) : false
	}

	async extendSpeaking() {
		const [turn] = this.speaking
		return turn ? this.extend(turn) : false
	}

	extend(turn: DeskTurn) {
		return this.#do("floor.extend", { turn: turn.id, seconds: MORE })
	}

	/** Up or down by one place; points of order keep to themselves, in front. */
	async shift(turn: DeskTurn, by: 1 | -1) {
		const peers = this.peers(turn)
		const at = peers.findIndex((other) => other.id === turn.id)
		if (at + by < 0 || at + by >= peers.length) return false
		const before = by < 0 ? peers[at - 1] : peers[at + 2]
		return this.move(turn, before?.id ?? null)
	}

	/** Before another that waits, or to the end of its kind. */
	move(turn: DeskTurn, before: number | null) {
		return this.step("move", turn, { before })
	}

	/** Those that wait with the same right to come first. */
	peers(turn: DeskTurn): DeskTurn[] {
		return this.waiting.filter((other) => other.point_of_order === turn.point_of_order)
	}

	lowerAll() {
		return this.#do("floor.lower_all")
	}

	add(announced: Announced) {
		return this.#do("floor.add", announced)
	}

	setOpen(open: boolean) {
		return this.#do("floor.open", { open })
	}

	setSeconds(seconds: number) {
		return this.#do("floor.set", { turn_seconds: seconds })
	}

	get(id: number): DeskTurn | undefined {
		return this.#turns.get(id)
	}

	picture({ turns = [], totals = NOTHING, suggestion = null }: DeskPicture) {
		this.#turns.replace(turns)
		this.totals = totals
		this.suggestion = suggestion
	}

	event(name: string, data: unknown) {
		if (name === "turn") this.#turns.put(data as DeskTurn, true)
		else if (name === "floor.hints") this.#hinted(data as HintsTold)
		else if (name === "floor.suggestion") this.suggestion = data as Suggestion | null
		else if (name === "floor.totals") this.totals = data as FloorTotals
	}

	#hinted({ hints }: HintsTold) {
		for (const [id, told, before] of hints) this.#turns.amend(id, { hints: told, spoken_before: before })
	}

	#in(...states: TurnState[]): DeskTurn[] {
		return this.turns.filter((turn) => states.includes(turn.state))
	}

	#do(what: string, given: object = {}): Promise<boolean> {
		return this.trouble.from(this.desk.do(what, given))
	}
}
