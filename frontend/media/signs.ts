const TICK = 1_000
const SLEPT = 5_000

export interface Signs {
	/** The way to the network has changed, or the machine has slept. */
	changed(): void
	/** There is a network again. */
	online(): void
}

/** Tells what a device says about its network; returns how to stop. */
export function follow({ changed, online }: Signs): () => void {
	const over = new AbortController()
	const { signal } = over
	addEventListener("online", online, { signal })
	const connection = (navigator as { connection?: EventTarget }).connection
	connection?.addEventListener("change", changed, { signal })
	const clock = setInterval(slept(changed), TICK)
	signal.addEventListener("abort", () => clearInterval(clock))
	return () => over.abort()
}

/** A clock that has not ticked for a while: the machine was asleep. */
function slept(changed: () => void): () => void {
	let last = Date.now()
	return () => {
		if (Date.now() - last > SLEPT) changed()
		last = Date.now()
	}
}
