import type { Part, Room } from "./room.svelte"
import type { MediaTold, OnStage, Seat, Source, SourceHeard, StageAsked, StageTold } from "./stage-wire"
import type { Person, RoomPicture, RoomWelcome } from "./wire"

const NOBODY: OnStage[] = []

export interface Invitation {
	by: Person
	/** What everybody will see of the person: "camera", "microphone", "name", "organisation". */
	shows: string[]
}

/** Who is on the stage, who is heard, and where one stands oneself; what templates read is runes. */
export class Stage implements Part {
	hidden = $state(false)
	locked = $state(false)
	pinned = $state<Source | null>(null)
	chair = $state.raw<Person | null>(null)
	people = $state.raw<OnStage[]>(NOBODY)
	speaking = $state<Source | null>(null)
	sources = $state.raw<Record<string, SourceHeard>>({})
	seat = $state.raw<Seat | null>(null)
	mayPublish = $state(false)
	mayGoBackstage = $state(false)
	invitation = $state.raw<Invitation | null>(null)
	/** Who asks that one unmutes. */
	unmuteAsked = $state.raw<Person | null>(null)
	/** What the chair did to one's own seat last; a page says it once. */
	done = $state.raw<{ why: string } | null>(null)
	/** When the media process last said who is heard; milliseconds since 1970. */
	heardAt = 0
	#revision = -1
	#losses = new Set<(process: string) => void>()

	constructor(readonly room: Room) {
		room.join(this)
	}

	/** Whether anybody sends sound or pictures: those in the hall may send neither. */
	get isSent(): boolean {
		return Object.values(this.sources).some(({ audio, video }) => audio || video)
	}

	/** Whether somebody is on stage, and it is shown. */
	get isOn(): boolean {
		return this.room.settings.state === "live" && !this.hidden && this.people.length > 0
	}

	get isLive(): boolean {
		return this.seat?.place === "live"
	}

	/** Moderators and speakers have the green room; an attendee comes up on the room's own page. */
	get hasGreenRoom(): boolean {
		return this.room.roles.length > 0
	}

	/** Who publishes `source`. */
	whose(source: Source | null): OnStage | undefined {
		return this.people.find((person) => person.source === source || person.screen_source === source)
	}

	async accept(camera = true) {
		this.#answered(await this.room.do("stage.accept", { camera }))
		this.invitation = null
	}

	async decline() {
		await this.room.do("stage.decline")
		this.invitation = null
	}

	async leave() {
		this.#answered(await this.room.do("stage.leave"))
	}

	async enter() {
		this.#answered(await this.room.do("stage.enter"))
	}

	/** Says what of mine is on. */
	async set(what: Partial<Pick<Seat, "microphone" | "camera" | "screen">>) {
		this.#answered(await this.room.do("stage.set", what))
		if (what.microphone) this.unmuteAsked = null
	}

	picture({ stage }: RoomPicture) {
		if (!stage) return
		this.#revision = -1
		this.told(stage)
	}

	welcome({ seat, may }: RoomWelcome) {
		this.seat = seat ?? null
		this.mayPublish = may?.publish ?? false
		this.mayGoBackstage = may?.backstage ?? false
		if (seat?.place === "asked") this.invitation ??= { by: this.chair ?? { id: 0, name: "" }, shows: SHOWN }
	}

	event(name: string, data: unknown) {
		if (name === "stage") this.told(data as StageTold)
		else if (name === "media") this.heard(data as MediaTold)
	}

	person(name: string, data: unknown) {
		const asked = data as StageAsked
		if (name === "stage" && asked.room === this.room.id) this.#asked(asked)
	}

	told(stage: StageTold) {
		if (stage.rev < this.#revision) return
		this.#revision = stage.rev
		this.hidden = stage.hidden
		this.locked = stage.locked
		this.pinned = stage.pinned
		this.chair = stage.chair
		if (stage.people) this.people = stage.people
	}

	heard(media: MediaTold) {
		if ("lost" in media) return this.#losses.forEach((rejoin) => rejoin(media.lost))
		this.speaking = media.speaking
		this.sources = media.sources
		this.heardAt = Date.now()
	}

	/** Calls `rejoin` with the name of a media process that was lost; returns how to stop. */
	onLoss(rejoin: (process: string) => void): () => void {
		this.#losses.add(rejoin)
		return () => void this.#losses.delete(rejoin)
	}

	#asked(asked: StageAsked) {
		if ("asked" in asked) this.invitation = { by: asked.by, shows: asked.shows }
		else if ("unmute" in asked) this.unmuteAsked = asked.by
		else this.#changed(asked)
	}

	#changed({ seat, why }: { seat: Seat | null; why: string }) {
		this.#seated(seat)
		this.done = { why }
		if (seat?.place !== "asked") this.invitation = null
	}

	#answered(told: unknown) {
		this.#seated((told as { seat: Seat | null }).seat)
	}

	/** Newer words about one's own seat; null says that there is none. */
	#seated(seat: Seat | null) {
		if (seat && this.seat && seat.rev < this.seat.rev) return
		this.seat = seat
	}
}

/** Whether anybody but this person sends sound. */
export function heard(sources: Record<string, SourceHeard>, person: number): boolean {
	return Object.entries(sources).some(([source, { audio }]) => audio && Number(source) >> 1 !== person)
}

const SHOWN = ["name", "organisation", "camera", "microphone"]
