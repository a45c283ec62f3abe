import { Redraw } from "./redraw"

/** Something with a revision; `gone` marks what has left the reader's view. */
export interface Thing {
	id: number
	rev: number
	gone?: boolean
}

/** The newest of each thing heard of. Frames may come late, twice or out of order: the higher `rev` wins. */
export class Collection<T extends Thing> {
	#things = new Map<number, T>()
	#all: readonly T[] = []
	#changed = true
	#readers = new Set<(things: readonly T[]) => void>()
	#redraw = new Redraw(() => this.#tell())

	/** Takes a snapshot for the whole truth, shown at once. */
	replace(things: readonly T[]) {
		this.#things = new Map(things.map((thing) => [thing.id, thing]))
		this.#touch(true)
	}

	/** Takes one thing if it is news. `mine` shows it at once. */
	put(thing: T, mine = false) {
		const known = this.#things.get(thing.id)
		if (known && known.rev >= thing.rev) return
		this.#things.set(thing.id, thing)
		this.#touch(mine)
	}

	/** Changes what is known without a revision, as a count of votes does. */
	amend(id: number, change: Partial<T>, mine = false) {
		const known = this.#things.get(id)
		if (!known || known.gone) return
		this.#things.set(id, { ...known, ...change })
		this.#touch(mine)
	}

	get(id: number): T | undefined {
		const thing = this.#things.get(id)
		return thing?.gone ? undefined : thing
	}

	/** What is there, without tombstones; the same array until something changes. */
	get all(): readonly T[] {
		if (this.#changed) {
			this.#all = [...this.#things.values()].filter((thing) => !thing.gone)
			this.#changed = false
		}
		return this.#all
	}

	subscribe(read: (things: readonly T[]) => void): () => void {
		this.#readers.add(read)
		read(this.all)
		return () => this.#readers.delete(read)
	}

	#touch(mine = false) {
		this.#changed = true
		if (mine) this.#redraw.now()
		else this.#redraw.soon()
	}

	#tell() {
		for (const read of this.#readers) read(this.all)
	}
}
