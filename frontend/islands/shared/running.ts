import type { Show } from "./show.svelte"
import type { Segment, ShowTold } from "./show-wire"
import type { RoomSettings } from "./wire"

const MINUTE = 60_000

export type SegmentState = "done" | "now" | "skipped" | ""

/** Where a part stands; "" is to come. */
export function segmentState(segment: Segment, room: RoomSettings): SegmentState {
	if (segment.skipped && !segment.started) return "skipped"
	if (room.state === "ended" || segment.ended) return "done"
	return segment.started ? "now" : ""
}

/** Milliseconds that the next change has been due: all that is to come comes later by so much. */
export function overrun(told: ShowTold, room: RoomSettings, now: number): number {
	return room.state === "live" && told.due ? Math.max(0, now - Date.parse(told.due)) : 0
}

/** When a part began, or will, in milliseconds; one that is left out keeps the time it had. */
export function beginning(segment: Segment, later: number): number {
	if (segment.started) return Date.parse(segment.started)
	return segment.skipped ? Date.parse(segment.starts) : Date.parse(segment.expected) + later
}

/** How much of a part that is on has passed; below 0 seconds it is over its time. */
export function passed(segment: Segment, now: number): { percent: number; left: number } {
	const seconds = (now - Date.parse(segment.started ?? segment.expected)) / 1000
	const percent = Math.floor((100 * seconds) / Math.max(1, segment.seconds))
	return { percent: Math.min(100, Math.max(0, percent)), left: segment.seconds - seconds }
}

/** Whole minutes late; negative is early. */
export function minutesLate(told: ShowTold, room: RoomSettings, now: number): number {
	return Math.round((told.drift * 1000 + overrun(told, room, now)) / MINUTE)
}

/** When a live session would be over, if that is a minute or more after it should. */
export function lateEnd(told: ShowTold, room: RoomSettings, now: number): number | null {
	const ends = Date.parse(told.ends) + overrun(told, room, now)
	return room.state === "live" && ends - Date.parse(room.ends) >= MINUTE ? ends : null
}

/** What is on or to come and got less time than was planned. */
export function shortened({ segments }: Show): Segment[] {
	return segments.filter((segment) => !segment.ended && !segment.skipped && segment.seconds < 60 * segment.minutes)
}

/** What is on while the session is live. */
export function currentSegment(show: Show, room: RoomSettings): Segment | undefined {
	return room.state === "live" ? show.current : undefined
}
