import type { Socket } from "../../live/socket"

/** Megabytes this page has cost so far: what it loaded, and what its line has heard. */
export function used(socket: Socket): number {
	const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
	const bytes = loaded.reduce((sum, entry) => sum + ((entry as PerformanceResourceTiming).transferSize ?? 0), 0)
	return (bytes + socket.received) / 1e6
}
