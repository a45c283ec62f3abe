import type { Room } from "./room.svelte"
import { isToCome } from "./show.svelte"
import type { Notice } from "./show-wire"

interface Told {
	notices?: Notice[]
}

/** Words that stay until they are acknowledged. Joined to what is heard behind the stage, or at the desk. */
export class Notices {
	/** The oldest first. */
	all = $state.raw<readonly Notice[]>([])

	constructor(readonly room: Room) {
		room.join({ person: (name, data) => this.event(name, data) })
	}

	/** What I have yet to read; a cue for what has begun is no news. */
	get unread(): Notice[] {
		const { me } = this.room
		return this.all.filter((notice) => isFor(notice, me.id) && !notice.acknowledged.includes(me.id) && this.#isNews(notice))
	}

	async acknowledge(notice: Notice) {
		this.#put([(await this.room.do("notice.ack", { notice: notice.id })) as Notice])
	}

	picture({ notices = [] }: Told) {
		this.#put(notices)
	}

	welcome({ notices = [] }: Told) {
		this.#put(notices)
	}

	event(name: string, data: unknown) {
		if (name === "notice") this.#put([data as Notice])
	}

	#isNews(notice: Notice): boolean {
		if (notice.kind !== "cue") return true
		const segment = this.room.show.get(notice.segment)
		return segment !== undefined && isToCome(segment) && !this.room.ended
	}

	/** Acknowledging is never taken back: what was known of it stays. */
	#put(notices: Notice[]) {
		const all = new Map(this.all.map((notice) => [notice.id, notice]))
		for (const notice of notices) {
			if (notice.room !== this.room.id) continue
			const known = all.get(notice.id)?.acknowledged ?? []
			all.set(notice.id, { ...notice, acknowledged: [...new Set([...known, ...notice.acknowledged])] })
		}
		this.all = [...all.values()].sort((one, other) => one.number - other.number)
	}
}

function isFor(notice: Notice, person: number): boolean {
	return notice.by?.id !== person && (notice.to === null || notice.to.id === person)
}
