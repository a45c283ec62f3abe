/** Draws at most once per `pause` milliseconds, the last time for certain; `now` draws at once, for what the person did. */
export class Redraw {
	#timer: ReturnType<typeof setTimeout> | undefined
	#drawnAt = 0

	constructor(
		private readonly draw: () => void,
		private readonly pause = 250,
	) {}

	soon() {
		if (this.#timer !== undefined) return
		const due = Math.max(0, this.#drawnAt + this.pause - Date.now())
		this.#timer = setTimeout(() => this.now(), due)
	}

	now() {
		clearTimeout(this.#timer)
		this.#timer = undefined
		this.#drawnAt = Date.now()
		this.draw()
	}
}
