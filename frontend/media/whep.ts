import { Signal } from "../live/signal"
import { prefer } from "./codecs"
import { Line } from "./line"

const LOOK = 250
/** Somebody whose packets stopped is not in the slot any more. */
const STALE = 2_000

/** One stream that the server fills with whoever is to be seen or heard; which one, their packets say. */
export interface Slot {
	/** Differs between slots, and between one session and the next. */
	id: string
	kind: "audio" | "video"
	stream: MediaStream
	/** Number of the source that is in it; null while it is empty. */
	source: number | null
}

export interface Wish {
	video: "all" | "slides" | "none"
	audio: boolean
	/** What is shown large, and how many pixels wide. */
	large: number | null
	width: number | null
}

interface Held extends Slot {
	receiver: RTCRtpReceiver
}

export interface Options {
	/** Address of the WHEP endpoint. */
	endpoint: string
	/** How many pictures and voices at once. */
	video: number
	audio: number
}

/** Watches a stage: a fixed number of slots, never negotiated again. */
export class Watch {
	readonly slots = new Signal<readonly Slot[]>([])
	readonly line: Line
	#held: Held[] = []
	#wish: Wish | null = null
	#wished = ""
	readonly #clock: ReturnType<typeof setInterval>

	constructor(private readonly options: Options) {
		this.line = new Line({
			endpoint: options.endpoint,
			prepare: (peer) => this.#prepare(peer),
			joined: () => this.#joined(),
		})
		this.#clock = setInterval(() => this.#look(), LOOK)
	}

	/** What this viewer can use; the server spares the rest. */
	wish(wish: Wish) {
		this.#wish = wish
		void this.#tell()
	}

	close() {
		clearInterval(this.#clock)
		this.line.close()
		this.#held = []
		this.slots.set([])
	}

	#prepare(peer: RTCPeerConnection) {
		const kinds = [...times(this.options.audio, "audio"), ...times(this.options.video, "video")]
		const session = crypto.randomUUID().slice(0, 8)
		this.#held = kinds.map((kind, index) => held(peer, kind, `${session}.${index}`))
		this.#wished = ""
	}

	#joined() {
		this.slots.set(this.#held)
		void this.#tell()
	}

	async #tell() {
		const { resource } = this.line
		const wished = JSON.stringify(this.#wish)
		if (!resource || !this.#wish || wished === this.#wished) return
		this.#wished = wished
		await resource.wish(this.#wish).catch(() => (this.#wished = ""))
	}

	#look() {
		const seen = this.#held.map((slot) => ({ ...slot, source: contributor(slot.receiver) }))
		const changed = seen.some((slot, index) => slot.source !== this.#held[index]?.source)
		if (!changed) return
		this.#held = seen
		if (this.slots.value.length) this.slots.set(seen)
	}
}

function times(count: number, value: Slot["kind"]): Slot["kind"][] {
	return Array.from({ length: count }, () => value)
}

function held(peer: RTCPeerConnection, kind: Slot["kind"], id: string): Held {
	const transceiver = peer.addTransceiver(kind, { direction: "recvonly" })
	prefer(transceiver, kind)
	const { receiver } = transceiver
	return { id, kind, receiver, stream: new MediaStream([receiver.track]), source: null }
}

/** Who sent what is being played (RFC 3550 section 5.1: the contributing source). */
function contributor(receiver: RTCRtpReceiver): number | null {
	return latest(receiver.getContributingSources(), performance.timeOrigin + performance.now())
}

/** The source heard last, unless that is long ago. Timestamps are milliseconds since 1970. */
export function latest(sources: readonly { source: number; timestamp: number }[], now: number): number | null {
	const last = sources.reduce<{ source: number; timestamp: number } | null>(
		(newest, one) => (newest && newest.timestamp >= one.timestamp ? newest : one),
		null,
	)
	return last && now - last.timestamp < STALE ? last.source : null
}
