import type { BackstagePart } from "./backstage.svelte"
import type { Proposal, Segment } from "./show-wire"
import type { BackstagePicture } from "./stage-wire"

/** What of the run of show only those behind the stage see: notes, and what might be shortened. */
export class BehindShow implements BackstagePart {
	/** By the part's id; none before the first word from behind the stage. */
	notes = $state.raw<ReadonlyMap<number, string>>(new Map())
	#proposal = $state.raw<Proposal | null>(null)

	/** The one that waits for an answer. */
	get proposal(): Proposal | null {
		return this.#proposal?.state === "open" ? this.#proposal : null
	}

	picture({ segments = [], proposal = null }: BackstagePicture) {
		this.notes = new Map(segments.map((segment) => [segment.id, segment.notes ?? ""]))
		this.#proposal = proposal
	}

	event(name: string, data: unknown) {
		if (name === "segment") this.#noted(data as Segment)
		else if (name === "proposal") this.#proposed(data as Proposal)
	}

	#noted(segment: Segment) {
		const notes = new Map(this.notes)
		if (segment.gone) notes.delete(segment.id)
		else notes.set(segment.id, segment.notes ?? "")
		this.notes = notes
	}

	/** One is overtaken and the next is made in the same breath, in this order. */
	#proposed(proposal: Proposal) {
		if (!this.#proposal || proposal.id >= this.#proposal.id) this.#proposal = proposal
	}
}
