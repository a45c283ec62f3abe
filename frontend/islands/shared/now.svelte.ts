import { createSubscriber } from "svelte/reactivity"

const ticking = createSubscriber((tick) => {
	const timer = setInterval(tick, 1000)
	return () => clearInterval(timer)
})

/** Milliseconds since 1970; what reads it in a template is drawn anew each second. */
export function now(): number {
	ticking()
	return Date.now()
}
