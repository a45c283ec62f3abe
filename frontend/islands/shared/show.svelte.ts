import { Collection } from "../../live/collection"
import type { Part } from "./room.svelte"
import type { Segment, ShowTold } from "./show-wire"
import type { RoomPicture } from "./wire"

const NOTHING: ShowTold = { current: null, drift: 0, due: null, ends: "", segments: [] }

/** The run of show as everybody in the room knows it; what templates read is runes. */
export class Show implements Part {
	segments = $state.raw<readonly Segment[]>([])
	told = $state.raw<ShowTold>(NOTHING)
	#segments = new Collection<Segment>()

	constructor() {
		this.#segments.subscribe((segments) => (this.segments = [...segments].sort(inOrder)))
	}

	get(id: number | null): Segment | undefined {
		return this.segments.find((segment) => segment.id === id)
	}

	/** What is on. */
	get current(): Segment | undefined {
		return this.segments.find((segment) => segment.started && !segment.ended)
	}

	/** What begins next. */
	get following(): Segment | undefined {
		return this.segments.find(isToCome)
	}

	picture({ segments, show }: RoomPicture) {
		this.#segments.replace(segments)
		this.told = show ?? NOTHING
	}

	event(name: string, data: unknown) {
		if (name === "segment") this.#segments.put(data as Segment, true)
		else if (name === "show") this.#timed(data as ShowTold)
	}

	/** Times alone carry no revision: the newest word counts. */
	#timed(told: ShowTold) {
		this.told = told
		for (const [id, expected, seconds] of told.segments) this.#segments.amend(id, { expected, seconds }, true)
	}
}

export function isToCome(segment: Segment): boolean {
	return !segment.started && !segment.skipped
}

function inOrder(one: Segment, other: Segment): number {
	return one.position - other.position || one.id - other.id
}
