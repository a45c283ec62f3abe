import { t } from "../../i18n"
import type { Backstage } from "../shared/backstage.svelte"
import { BehindShow } from "../shared/behind.svelte"
import { Notices } from "../shared/notices.svelte"
import { isToCome } from "../shared/show.svelte"
import type { Notice, Proposal, Segment } from "../shared/show-wire"
import { Trouble } from "../shared/trouble.svelte"
import type { Person } from "../shared/wire"
import type { Desk } from "./desk.svelte"
import type { KeyGroup } from "./keys"

/** What can be said of a part. */
export type Details = Pick<Segment, "kind" | "title" | "who" | "minutes" | "remote" | "confirmed" | "people"> & { notes?: string }

/** The run of show as the chair runs it, and what is written to those behind the stage. Each act resolves to whether it was done. */
export class DeskShow {
	readonly trouble = new Trouble()
	readonly behind = new BehindShow()
	readonly notices: Notices

	constructor(
		readonly desk: Desk,
		readonly backstage: Backstage,
	) {
		const notices = new Notices(desk.room)
		this.notices = notices
		backstage.join(this.behind)
		desk.join({ picture: (picture) => notices.picture(picture), event: (name, data) => notices.event(name, data) })
	}

	get room() {
		return this.desk.room
	}

	get show() {
		return this.room.show
	}

	/** Whom a message can reach: who takes part, and who was brought behind or onto the stage. */
	get audience(): Person[] {
		const seats = this.backstage.people.map(({ person, name }) => ({ id: person, name }))
		const all = new Map([...seats, ...this.desk.people].map((person) => [person.id, person]))
		return [...all.values()].sort((one, other) => one.name.localeCompare(other.name))
	}

	/** Names of those who have read it, as far as they are known here. */
	readers({ acknowledged }: Notice): string[] {
		return acknowledged.flatMap((id) => this.audience.find((person) => person.id === id)?.name ?? [])
	}

	/** The next part is on; `from` sees to it that two who press at once move on once. */
	next() {
		return this.#do("show.next", { from: this.show.current?.id ?? null })
	}

	back() {
		return this.#do("show.back", { from: this.show.current?.id ?? null })
	}

	go({ id }: Segment) {
		return this.#do("show.go", { segment: id })
	}

	propose() {
		return this.#do("show.propose")
	}

	answer({ id }: Proposal, accepted: boolean) {
		return this.#do(accepted ? "show.accept" : "show.decline", { proposal: id })
	}

	/** Only what differs is told: minutes that are told anew are a new plan. */
	edit(segment: Segment, given: Partial<Details & { skipped: boolean }>) {
		const was = { ...segment, notes: this.behind.notes.get(segment.id) }
		return this.#one("show.edit", segment, changes(was, given))
	}

	add(given: Details, before: number | null) {
		return this.#do("show.add", { ...given, before })
	}

	remove(segment: Segment) {
		return this.#one("show.remove", segment)
	}

	/** One place earlier or later among what is to come. */
	shift(segment: Segment, by: 1 | -1) {
		const coming = this.show.segments.filter((one) => !one.started)
		const at = coming.findIndex((one) => one.id === segment.id)
		if (at < 0 || at + by < 0 || at + by >= coming.length) return Promise.resolve(false)
		const before = by < 0 ? coming[at - 1] : coming[at + 2]
		return this.#one("show.move", segment, { before: before?.id ?? null })
	}

	/** Whether it can stand earlier, or later. */
	mayShift(segment: Segment, by: 1 | -1): boolean {
		const coming = this.show.segments.filter((one) => !one.started)
		return (by < 0 ? coming[0] : coming.at(-1))?.id !== segment.id
	}

	/** `to`: one of the audience, or null for all. */
	send(to: number | null, text: string) {
		return this.desk.do("notice.send", { to, text })
	}

	get keys(): KeyGroup {
		return {
			title: () => t("Running order"),
			keys: [
				{ keys: ["."], shown: ".", does: () => t("Next part of the session"), run: () => this.mayMoveOn && this.next() },
				{ keys: [","], shown: ",", does: () => t("Back to the part before"), run: () => this.mayGoBack && this.back() },
			],
		}
	}

	get mayMoveOn(): boolean {
		return this.room.settings.state === "live" && Boolean(this.show.current ?? this.show.segments.find(isToCome))
	}

	get mayGoBack(): boolean {
		return this.room.settings.state === "live" && this.show.segments.some((segment) => segment.ended)
	}

	#one(what: string, { id, rev }: Segment, given: object = {}) {
		return this.#do(what, { segment: id, rev, ...given })
	}

	#do(what: string, given: object = {}) {
		return this.trouble.from(this.desk.do(what, given))
	}
}

/** What of `given` is not so yet. */
export function changes(was: object, given: object): object {
	const before = new Map(Object.entries(was))
	return Object.fromEntries(Object.entries(given).filter(([name, value]) => !same(before.get(name), value)))
}

function same(one: unknown, other: unknown): boolean {
	return Array.isArray(one) && Array.isArray(other) ? one.join() === other.join() : one === other
}
