import { createSubscriber } from "svelte/reactivity"
import { serverClock } from "../../live/clock"

const ticking = createSubscriber((tick) => {
	const timer = setInterval(tick, 1000)
	return () => clearInterval(timer)
})

/** The server's time in milliseconds since 1970; what reads it in a template is drawn anew each second. */
export function now(): number {
	ticking()
	return serverClock.now()
}

/** Whether that is the server's time yet, and not the device's. */
export function isServersTime(): boolean {
	ticking()
	return serverClock.isTold
}
