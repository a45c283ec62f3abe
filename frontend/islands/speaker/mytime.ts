import type { Floor } from "../shared/floor.svelte"
import { left } from "../shared/floor.svelte"
import type { Room } from "../shared/room.svelte"
import { beginning, currentSegment, overrun, passed } from "../shared/running"
import { isToCome } from "../shared/show.svelte"
import type { Segment } from "../shared/show-wire"

/** What somebody's time is now: a turn or a part that runs, in seconds left; a part that comes, in seconds to go. */
export type MyTime =
	| { is: "turn"; seconds: number; paused: boolean }
	| { is: "part"; seconds: number; segment: Segment }
	| { is: "coming"; seconds: number; segment: Segment; at: number }
	| { is: "nothing" }

/** A turn counts before a part: within a panel it is what the chair gave. */
export function myTime(room: Room, floor: Floor, now: number): MyTime {
	return myTurn(floor, now) ?? myPart(room, now) ?? comingPart(room, now) ?? { is: "nothing" }
}

function myTurn(floor: Floor, now: number): MyTime | null {
	const turn = floor.standing
	if (turn?.state !== "speaking" && turn?.state !== "paused") return null
	return { is: "turn", seconds: left(turn, now), paused: turn.state === "paused" }
}

function myPart(room: Room, now: number): MyTime | null {
	const segment = currentSegment(room.show, room.settings)
	return segment && isMine(segment, room) ? { is: "part", seconds: passed(segment, now).left, segment } : null
}

function comingPart(room: Room, now: number): MyTime | null {
	const segment = room.ended ? undefined : room.show.segments.find((one) => isToCome(one) && isMine(one, room))
	if (!segment) return null
	const at = beginning(segment, overrun(room.show.told, room.settings, now))
	return { is: "coming", seconds: (at - now) / 1000, segment, at }
}

export function isMine(segment: Segment, room: Room): boolean {
	return segment.people.includes(room.me.id)
}
