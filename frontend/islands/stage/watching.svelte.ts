import { ByteMeter } from "../../media/bytes"
import type { LineState } from "../../media/mending"
import { Adviser, type Quality, type Tier } from "../../media/tier"
import { type Slot, Watch, type Wish } from "../../media/whep"
import { media } from "../shared/media.svelte"
import type { Stage } from "../shared/stage.svelte"

/** Pictures at once: as many as somebody can tell apart on this screen. */
const PICTURES = { wide: 6, narrow: 2 }
const VOICES = 4
const NARROW = "(width < 56rem)"

const WISHES: Record<Exclude<Tier, "text">, Pick<Wish, "video" | "audio">> = {
	video: { video: "all", audio: true },
	slides: { video: "slides", audio: true },
	audio: { video: "none", audio: true },
}

export interface Options {
	place: "live" | "backstage"
	tier: Exclude<Tier, "text">
	/** A lighter way would help on this line. */
	advise?(tier: Tier | null): void
}

/** The stage as it is seen and heard on this page; what templates read is runes. */
export class Watching {
	slots = $state.raw<readonly Slot[]>([])
	line = $state.raw<LineState>({ is: "joining" })
	quality = $state<Quality>("good")
	/** The browser does not play sound before the person has pressed something. */
	silent = $state(false)
	#tier: Exclude<Tier, "text">
	#large: number | null = null
	#width: number | null = null
	readonly #watch: Watch
	readonly #adviser = new Adviser()
	readonly #stops: (() => void)[]
	readonly #players = new Set<HTMLMediaElement>()

	constructor(
		readonly stage: Stage,
		private readonly options: Options,
	) {
		this.#tier = options.tier
		const code = stage.room.settings.code
		const video = matchMedia(NARROW).matches ? PICTURES.narrow : PICTURES.wide
		this.#watch = new Watch({ endpoint: `/room/${code}/whep?place=${options.place}`, video, audio: VOICES })
		this.#stops = this.#follow(this.#watch)
		this.#wish()
	}

	/** How much of it is to be sent. */
	set tier(tier: Exclude<Tier, "text">) {
		if (tier === this.#tier) return
		this.#tier = tier
		this.#adviser.changed()
		this.#wish()
	}

	/** What is shown large, `width` pixels wide. */
	large(source: number | null, width: number) {
		const rounded = Math.ceil(width / 160) * 160 || null
		if (source === this.#large && rounded === this.#width) return
		this.#large = source
		this.#width = rounded
		this.#wish()
	}

	decline(tier: Tier) {
		this.#adviser.decline(tier)
	}

	/** Plays a slot as soon as the browser lets us; returns how to stop. */
	play(element: HTMLMediaElement, stream: MediaStream): () => void {
		element.srcObject = stream
		this.#players.add(element)
		void this.#start(element)
		return () => {
			this.#players.delete(element)
			element.srcObject = null
		}
	}

	/** The person has pressed something: now sound may be played. */
	async turnOn() {
		this.silent = false
		await Promise.all([...this.#players].map((element) => this.#start(element)))
	}

	close() {
		for (const stop of this.#stops) stop()
		this.#watch.close()
	}

	/** Whether others are to be seen, and nobody is. */
	get #isStarved(): boolean {
		if (this.#tier !== "video") return false
		const { me } = this.stage.room
		const seen = Object.entries(this.stage.sources).some(([source, { video }]) => video && Number(source) >> 1 !== me.id)
		return seen && !this.slots.some((slot) => slot.kind === "video" && slot.source !== null)
	}

	async #start(element: HTMLMediaElement) {
		try {
			await element.play()
		} catch (problem) {
			// AbortError: the element got another stream meanwhile, and plays that.
			if (!(problem instanceof DOMException)) throw problem
			if (problem.name === "NotAllowedError" && !element.muted) this.silent = true
		}
	}

	#follow(watch: Watch): (() => void)[] {
		const meter = new ByteMeter()
		const before = media.bytes
		return [
			watch.slots.subscribe((slots) => (this.slots = slots)),
			watch.line.state.subscribe((line) => (this.line = line)),
			meter.count(watch.line),
			watch.line.reading.subscribe((reading) => {
				media.bytes = before + meter.total
				const offer = this.#adviser.hear(reading, this.#tier, this.#isStarved)
				this.quality = media.quality = this.#adviser.quality
				if (offer) this.options.advise?.(offer)
			}),
			this.stage.onLoss((process) => watch.line.lost(process)),
		]
	}

	#wish() {
		this.#watch.wish({ ...WISHES[this.#tier], large: this.#large, width: this.#width })
	}
}
