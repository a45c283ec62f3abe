const FIRST = 500
const LONGEST = 30_000

/** Milliseconds before the `attempt`-th try (from 1): exponential, with full jitter, so that a crowd doesn't come back as one. */
export function backoff(attempt: number, random: () => number = Math.random): number {
	return random() * Math.min(LONGEST, FIRST * 2 ** attempt)
}
