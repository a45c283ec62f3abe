import type { Stage } from "./stage.svelte"
import type { BackstagePicture, BackstageWelcome, MediaTold, Seat, SeatTold, Source, SourceHeard, StageTold } from "./stage-wire"
import type { Snapshot } from "./wire"

/** Something else that those behind the stage follow: the run of show, notices. It hears what is not kept here. */
export interface BackstagePart {
	picture?(picture: BackstagePicture): void
	welcome?(welcome: BackstageWelcome): void
	/** An event or whisper of backstage. */
	event?(name: string, data: unknown): void
}

/** Everybody on and behind the stage, as those who belong there see them. */
export class Backstage {
	readonly topic: string
	seats = $state.raw<readonly Seat[]>([])
	/** Who is heard, behind the stage too, and how their lines are. */
	sources = $state.raw<Record<string, SourceHeard>>({})
	speaking = $state<Source | null>(null)
	/** The media process has said who is heard: before that nothing is known of anybody's line. */
	isHeard = $state(false)
	/** When it last did; milliseconds since 1970. */
	heardAt = 0
	/** Ids of those who have this open now, here or elsewhere. */
	present = $state.raw<readonly number[]>([])
	/** Why one is not let in. */
	shut = $state("")
	#parts: BackstagePart[] = []
	#pictured?: BackstagePicture
	#welcomed?: BackstageWelcome

	constructor(
		readonly stage: Stage,
		snapshot: Snapshot<BackstagePicture> | null = null,
	) {
		const { room } = stage
		this.topic = `${room.topic}.backstage`
		if (snapshot) this.#picture(snapshot.data)
		const listener = {
			snapshot: (data: unknown) => this.#picture(data as BackstagePicture),
			mine: (data: unknown) => this.#welcome(data as BackstageWelcome),
			event: (name: string, data: unknown) => this.#event(name, data),
			here: (_count: number, people?: number[]) => (this.present = people ?? []),
			refused: (_code: string, say: string) => (this.shut = say),
		}
		room.socket.enter(this.topic, listener, snapshot?.snapshot ?? null)
	}

	/** From now on `part` hears what is heard here, beginning with what was last heard as a whole, if anything was. */
	join(part: BackstagePart) {
		this.#parts.push(part)
		if (this.#pictured) part.picture?.(this.#pictured)
		if (this.#welcomed) part.welcome?.(this.#welcomed)
	}

	/** From now on nothing is heard from here. */
	leave() {
		this.stage.room.socket.leave(this.topic)
	}

	/** Does a command backstage. */
	do(what: string, given: unknown = {}): Promise<unknown> {
		return this.stage.room.socket.do(what, this.topic, given)
	}

	/** Those on stage first, each group in its order; not those who were asked and have not answered. */
	get people(): Seat[] {
		return [...this.at("live"), ...this.at("backstage")]
	}

	/** Who has their seat there, in order. */
	at(place: Seat["place"]): Seat[] {
		return this.seats.filter((seat) => seat.place === place).sort((one, other) => one.position - other.position)
	}

	seat(person: number): Seat | undefined {
		return this.seats.find((seat) => seat.person === person)
	}

	place(person: number): Seat["place"] | undefined {
		return this.seat(person)?.place
	}

	#picture(picture: BackstagePicture) {
		this.#pictured = picture
		this.seats = picture.seats
		this.stage.told(picture.stage)
		for (const part of this.#parts) part.picture?.(picture)
	}

	#welcome(welcome: BackstageWelcome) {
		this.#welcomed = welcome
		for (const part of this.#parts) part.welcome?.(welcome)
	}

	#event(name: string, data: unknown) {
		if (name === "seat") this.#seat(data as SeatTold)
		else if (name === "stage") this.stage.told(data as StageTold)
		else if (name === "media") this.#heard(data as MediaTold)
		for (const part of this.#parts) part.event?.(name, data)
	}

	#seat(told: SeatTold) {
		const known = this.seat(told.person)
		if (known && known.rev > told.rev) return
		const others = this.seats.filter((seat) => seat.person !== told.person)
		this.seats = "gone" in told ? others : [...others, told]
	}

	#heard(media: MediaTold) {
		if ("lost" in media) return
		this.sources = media.sources
		this.speaking = media.speaking
		this.isHeard = true
		this.heardAt = Date.now()
	}
}
