/** A value others may watch; a store in Svelte's sense. */
export class Signal<T> {
	#value: T
	#readers = new Set<(value: T) => void>()

	constructor(value: T) {
		this.#value = value
	}

	get value(): T {
		return this.#value
	}

	set(value: T) {
		this.#value = value
		for (const read of this.#readers) read(value)
	}

	/** Calls `read` now and at every change; returns how to stop. */
	subscribe(read: (value: T) => void): () => void {
		this.#readers.add(read)
		read(this.#value)
		return () => this.#readers.delete(read)
	}
}
