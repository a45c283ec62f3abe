import type { RoomSettings, Segment } from "./wire"

const MINUTE = 60_000

/** `done`, `now`, or undefined for what is still to come; by the planned times while the session is live. */
export function segmentState(segment: Segment, room: RoomSettings, now: number): "done" | "now" | undefined {
	if (room.state === "ended") return "done"
	const starts = Date.parse(segment.starts)
	if (starts + segment.minutes * MINUTE <= now) return "done"
	return room.state === "live" && starts <= now ? "now" : undefined
}

/** How much of a segment has passed. */
export function percent(segment: Segment, now: number): { percent: number; secondsLeft: number } {
	const passed = now - Date.parse(segment.starts)
	const whole = segment.minutes * MINUTE
	return { percent: Math.floor((100 * passed) / whole), secondsLeft: (whole - passed) / 1000 }
}

export function currentSegment(segments: readonly Segment[], room: RoomSettings, now: number): Segment | undefined {
	return segments.find((segment) => segmentState(segment, room, now) === "now")
}
