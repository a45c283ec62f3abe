import type { Stage } from "../shared/stage.svelte"
import type { BackstagePicture, MediaTold, OnStage, Seat, SeatTold, Source, SourceHeard, StageTold } from "../shared/stage-wire"

/** Everybody on and behind the stage, as those who belong there see them. */
export class GreenRoom {
	seats = $state.raw<readonly Seat[]>([])
	/** Who is heard, behind the stage too, and how their lines are. */
	sources = $state.raw<Record<string, SourceHeard>>({})
	speaking = $state<Source | null>(null)
	/** Why one is not let in. */
	shut = $state("")

	constructor(readonly stage: Stage) {
		const { room } = stage
		room.socket.enter(`${room.topic}.backstage`, {
			snapshot: (data) => this.#picture(data as BackstagePicture),
			event: (name, data) => this.#event(name, data),
			refused: (_code, say) => (this.shut = say),
		})
	}

	/** Those on stage first, each group in its order. */
	get people(): OnStage[] {
		return [...this.#at("live"), ...this.#at("backstage")]
	}

	place(person: number): Seat["place"] | undefined {
		return this.seats.find((seat) => seat.person === person)?.place
	}

	#at(place: Seat["place"]): Seat[] {
		return this.seats.filter((seat) => seat.place === place).sort((one, other) => one.position - other.position)
	}

	#picture({ seats, stage }: BackstagePicture) {
		this.seats = seats
		this.stage.told(stage)
	}

	#event(name: string, data: unknown) {
		if (name === "seat") this.#seat(data as SeatTold)
		else if (name === "stage") this.stage.told(data as StageTold)
		else if (name === "media") this.#heard(data as MediaTold)
	}

	#seat(told: SeatTold) {
		const known = this.seats.find((seat) => seat.person === told.person)
		if (known && known.rev > told.rev) return
		const others = this.seats.filter((seat) => seat.person !== told.person)
		this.seats = "gone" in told ? others : [...others, told]
	}

	#heard(media: MediaTold) {
		if ("lost" in media) return
		this.sources = media.sources
		this.speaking = media.speaking
	}
}
