import type { Socket } from "../../live/socket"
import { media } from "./media.svelte"

/** Megabytes this page has cost so far: what it loaded, what its line has heard, and what was seen and heard. */
export function used(socket: Socket): number {
	const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
	const bytes = loaded.reduce((sum, entry) => sum + ((entry as PerformanceResourceTiming).transferSize ?? 0), 0)
	return (bytes + socket.received + media.bytes) / 1e6
}
