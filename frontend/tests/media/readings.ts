import type { Reading } from "../../media/reading"

/** What a good line reads after `seconds`. */
export function reads(seconds: number, other: Partial<Reading> = {}): Reading {
	return {
		at: 1000 * seconds,
		received: 100_000 * seconds,
		sent: 0,
		packets: 100 * seconds,
		lost: 0,
		frozen: 0,
		samples: 48_000 * seconds,
		concealed: 0,
		missed: null,
		upstream: null,
		trip: 30,
		relayed: false,
		...other,
	}
}
