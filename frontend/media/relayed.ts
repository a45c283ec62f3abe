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
		private readonly other: number,
		tracks: Tracks,
	) {
		this.#watch = new Watch({ endpoint: `${room}whep`, ...SLOTS })
		this.#camera = new Publish(`${room}whip?kind=camera`, "camera", { audio: tracks.voice, video: tracks.camera })
		this.#stops = [this.#watch.slots.subscribe((slots) => this.#sort(slots)), this.#camera.line.reading.subscribe((reading) => this.reading.set(reading))]
		this.send(tracks)
	}

	/** What is seen `width` pixels wide. */
	wish(width: number) {
		const rounded = Math.ceil(width / 160) * 160 || null
		this.#watch.wish({ video: "all", audio: true, large: 2 * this.other, width: rounded })
	}

	send(tracks: Tracks) {
		void this.#camera.microphone(tracks.voice)
		void this.#camera.camera(tracks.camera)
		this.#share(tracks)
	}

	get isUp(): boolean {
		return this.#watch.line.state.value.is === "up" && this.#camera.line.state.value.is === "up"
	}

	/** The server does not let us: the room is over, or full. */
	get isRefused(): boolean {
		return this.#camera.line.state.value.is === "refused"
	}

	/** What came, for counting what it cost. */
	get watched(): Reading | null {
		return this.#watch.line.reading.value
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

	#sort(slots: readonly Slot[]) {
		this.streams.set(sorted(slots, this.other))
	}
}

/** Who is in a slot, its packets say: twice the person's number, and one more for their screen. */
export function sorted(slots: readonly Pick<Slot, "kind" | "source" | "stream">[], other: number): Streams {
	const of = (kind: Slot["kind"], source: number) => slots.find((slot) => slot.kind === kind && slot.source === source)?.stream ?? null
	const [own, shared] = [2 * other, 2 * other + 1]
	return { voice: of("audio", own), camera: of("video", own), screen: of("video", shared), sound: of("audio", shared) }
}
