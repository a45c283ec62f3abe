import { Signal } from "../live/signal"
import { NOTHING, type Streams, type Tracks } from "./peer"
import type { Reading } from "./reading"
import { type Slot, Watch } from "./whep"
import { Publish } from "./whip"

/** Two of each: a face and a screen, a voice and what the screen plays. */
const SLOTS = { video: 2, audio: 2 }

/** The way by the forum's own media server, where no other leads to the other person. */
export class Relayed {
	readonly streams = new Signal<Streams>(NOTHING)
	readonly reading = new Signal<Reading | null>(null)
	readonly #watch: Watch
	readonly #camera: Publish
	#screen: { publish: Publish; track: MediaStreamTrack } | null = null
	readonly #stops: (() => void)[]

	constructor(
		private readonly room: string,
		other: number,
		tracks: Tracks,
	) {
		this.#watch = new Watch({ endpoint: `${room}whep`, ...SLOTS })
		this.#camera = new Publish(`${room}whip?kind=camera`, "camera", { audio: tracks.voice, video: tracks.camera })
		this.#stops = [
			this.#watch.slots.subscribe((slots) => this.streams.set(sorted(slots, other))),
			this.#camera.line.reading.subscribe((sent) => this.reading.set(sent && both(sent, this.#watch.line.reading.value))),
		]
		this.send(tracks)
	}

	/** What is seen `width` pixels wide. */
	wish(width: number) {
		const rounded = Math.ceil(width / 160) * 160 || null
		this.#watch.wish({ video: "all", audio: true, large: null, width: rounded })
	}

	send(tracks: Tracks) {
		void this.#camera.microphone(tracks.voice)
		void this.#camera.camera(tracks.camera)
		this.#share(tracks)
	}

	get isUp(): boolean {
		return this.#watch.line.state.value.is === "up" && this.#camera.line.state.value.is === "up"
	}

	/** A media process was lost: all begins anew on another. */
	lost(process: string) {
		for (const line of [this.#watch.line, this.#camera.line, this.#screen?.publish.line]) line?.lost(process)
	}

	close() {
		for (const stop of this.#stops) stop()
		this.#watch.close()
		this.#camera.close()
		this.#screen?.publish.close()
		this.#screen = null
	}

	#share({ screen, sound }: Tracks) {
		if (this.#screen?.track === screen) return
		this.#screen?.publish.close()
		this.#screen = screen && { publish: new Publish(`${this.room}whip?kind=screen`, "screen", { audio: sound, video: screen }), track: screen }
	}
}

/** Who is in a slot, its packets say: twice the person's number, and one more for their screen. Sound is played whoever it is of. */
export function sorted(slots: readonly Pick<Slot, "kind" | "source" | "stream">[], other: number): Streams {
	const picture = (source: number) => slots.find((slot) => slot.kind === "video" && slot.source === source)?.stream ?? null
	const [voice = null, sound = null] = slots.filter((slot) => slot.kind === "audio").map((slot) => slot.stream)
	return { voice, camera: picture(2 * other), screen: picture(2 * other + 1), sound }
}

/** What is read of sending, with what is read of receiving. */
function both(sent: Reading, got: Reading | null): Reading {
	return got ? { ...got, sent: sent.sent, missed: sent.missed, upstream: sent.upstream, at: sent.at } : sent
}
