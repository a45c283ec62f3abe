import { type Devices, list, onChange, open, openScreen, type Opened } from "../../media/devices"
import { meter } from "../../media/level"
import { ELSEWHERE } from "../../media/line"
import type { LineState } from "../../media/mending"
import type { Reading } from "../../media/reading"
import { type Carries, Shedding } from "../../media/upstream"
import { Publish } from "../../media/whip"
import type { Stage } from "../shared/stage.svelte"
import type { Seat } from "../shared/stage-wire"

const KEY = "plenary.devices"
const SECOND = 1_000

type Chosen = Record<"microphone" | "camera" | "speaker", string>

/** This person's microphone, camera and screen, and their way to the stage; what templates read is runes. */
export class Performing {
	devices = $state.raw<Devices>({ microphone: [], camera: [], speaker: [] })
	chosen = $state<Chosen>({ microphone: "", camera: "", speaker: "", ...kept() })
	problems = $state.raw<Opened["problems"]>({})
	microphone = $state.raw<MediaStreamTrack | null>(null)
	camera = $state.raw<MediaStreamTrack | null>(null)
	/** One's own picture. */
	preview = $state.raw<MediaStream | null>(null)
	/** How loud the microphone is, 0 to 1. */
	level = $state(0)
	/** Whether the browser is asking the person. */
	asking = $state(false)
	line = $state.raw<LineState | null>(null)
	reading = $state.raw<Reading | null>(null)
	carries = $state<Carries>("all")
	/** Whether it is this page that publishes, not another of the same person. */
	isHere = $state(false)
	#publish: Publish | null = null
	#screen: { publish: Publish; stream: MediaStream } | null = null
	#stops: (() => void)[] = []
	#unmeter = () => {}
	#unlisten = () => {}

	/** Another page of this person has taken the microphone. */
	get isElsewhere(): boolean {
		return this.line?.is === "refused" && this.line.status === ELSEWHERE
	}

	get isOpen(): boolean {
		return this.microphone !== null || this.camera !== null
	}

	/** Opens microphone and camera, as chosen; the browser may ask the person. */
	async open(camera = true) {
		this.asking = true
		const wanted = { microphone: this.chosen.microphone || true, camera: camera && (this.chosen.camera || true) }
		const opened = await open(wanted)
		this.asking = false
		this.problems = opened.problems
		await this.#hear(opened.microphone)
		await this.#see(opened.camera)
		this.devices = await list()
		this.#unlisten()
		this.#unlisten = onChange(() => void this.#plugged())
	}

	/** Another device from now on. */
	async choose(kind: keyof Chosen, id: string) {
		this.chosen = { ...this.chosen, [kind]: id }
		localStorage.setItem(KEY, JSON.stringify(this.chosen))
		if (kind === "microphone") await this.#reopenMicrophone()
		else if (kind === "camera" && this.camera) await this.#reopenCamera()
	}

	/** Goes to the stage, or behind it, with what is open. `isElsewhere` tells whether another page does the same. */
	begin(code: string, isElsewhere: () => Promise<boolean>) {
		if (this.#publish && this.line?.is !== "refused") return
		this.#part()
		this.isHere = true
		this.#publish = new Publish(`/room/${code}/whip`, "camera", { audio: this.microphone, video: this.camera }, isElsewhere)
		this.#watch(this.#publish)
	}

	/** Leaves the stage and lets go of every device. */
	async end() {
		this.isHere = false
		this.stopSharing()
		this.#part()
		await this.close()
	}

	#part() {
		for (const stop of this.#stops) stop()
		this.#stops = []
		this.#publish?.close()
		this.#publish = null
		this.line = this.reading = null
		this.carries = "all"
	}

	/** Lets go of every device. */
	async close() {
		this.#unlisten()
		await this.#hear(null)
		await this.#see(null)
	}

	/** Does to the devices what one's seat says: whom the chair has muted is not heard by accident. */
	async follow(seat: Pick<Seat, "microphone" | "camera" | "screen">) {
		if (this.microphone) this.microphone.enabled = seat.microphone
		if (!seat.camera) await this.#see(null)
		else if (!this.camera && !this.problems.camera) await this.#reopenCamera()
		if (!seat.screen && this.#screen) this.stopSharing()
	}

	/** Shares a screen, window or tab that the person chooses; false if they chose none. */
	async share(stage: Stage): Promise<boolean> {
		const stream = await openScreen()
		if (!stream) return false
		try {
			await stage.set({ screen: true })
		} catch (refused) {
			stop(stream)
			throw refused
		}
		const [video = null, audio = null] = [stream.getVideoTracks()[0], stream.getAudioTracks()[0]]
		const publish = new Publish(`/room/${stage.room.settings.code}/whip?kind=screen`, "screen", { audio, video })
		this.#screen = { publish, stream }
		// The browser's own "stop sharing" ends the track.
		video?.addEventListener("ended", () => void stage.set({ screen: false }))
		return true
	}

	stopSharing() {
		if (!this.#screen) return
		this.#screen.publish.close()
		stop(this.#screen.stream)
		this.#screen = null
	}

	#watch(publish: Publish) {
		const shedding = new Shedding()
		const clock = setInterval(() => {
			const before = this.carries
			this.carries = shedding.hear(this.reading, publish.line.state.value)
			if (this.carries !== before) void publish.pictures(this.carries === "all")
		}, SECOND)
		this.#stops = [
			() => clearInterval(clock),
			publish.line.state.subscribe((state) => (this.line = state)),
			publish.line.reading.subscribe((reading) => (this.reading = reading)),
		]
	}

	/** A media process was lost: publish anew what was sent there. */
	lost(process: string) {
		this.#publish?.line.lost(process)
		this.#screen?.publish.line.lost(process)
	}

	/** Something was plugged in or pulled out: whoever lost their device gets the next best. */
	async #plugged() {
		this.devices = await list()
		if (this.microphone?.readyState === "ended") await this.#reopenMicrophone()
		if (this.camera?.readyState === "ended") await this.#reopenCamera()
	}

	async #reopenMicrophone() {
		const enabled = this.microphone?.enabled ?? true
		const { microphone, problems } = await open({ microphone: this.chosen.microphone || true, camera: false })
		if (microphone) microphone.enabled = enabled
		this.problems = { ...this.problems, microphone: problems.microphone }
		await this.#hear(microphone)
	}

	async #reopenCamera() {
		const { camera, problems } = await open({ microphone: false, camera: this.chosen.camera || true })
		this.problems = { ...this.problems, camera: problems.camera }
		await this.#see(camera)
	}

	async #hear(track: MediaStreamTrack | null) {
		this.#unmeter()
		this.#unmeter = track ? meter(track, (level) => (this.level = level)) : () => {}
		this.level = 0
		const before = this.microphone
		this.microphone = track
		await this.#publish?.microphone(track)
		if (before !== track) before?.stop()
	}

	async #see(track: MediaStreamTrack | null) {
		const before = this.camera
		if (before === track) return
		this.camera = track
		this.preview = track && new MediaStream([track])
		await this.#publish?.camera(track)
		before?.stop()
	}
}

function stop(stream: MediaStream) {
	for (const track of stream.getTracks()) track.stop()
}

function kept(): Partial<Chosen> {
	return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Chosen>
}

/** A page has one person, and they have one way to the stage. */
export const performing = new Performing()
