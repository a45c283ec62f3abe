const FULL = 4 // in a small room that many claps fill the meter

/** How loud the room applauds, 0 to 1: everybody here having clapped once lately is as loud as it gets. */
export function level(claps: number, here: number): number {
	return Math.sqrt(Math.min(1, claps / Math.max(FULL, here)))
}
