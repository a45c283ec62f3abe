import { untrack } from "svelte"
import { openScreen } from "../../media/devices"
import { Holding } from "../../media/holding"
import { type Cause, Ladder, type Rung } from "../../media/ladder"
import { meter } from "../../media/level"
import { NOTHING, Peer, type PeerState, type Streams, type Tracks } from "../../media/peer"
import type { Reading } from "../../media/reading"
import { Relayed } from "../../media/relayed"
import type { Content, Holds, Sends } from "../../media/signals"
import type { Way } from "../../media/ways"
import { performing } from "../stage/performing.svelte"
import { type Choice, forget, keep } from "./kept"
import type { Pair } from "./pair.svelte"

const SECOND = 1_000
/** Seconds in which the first connection is expected. */
const CONNECTING = 15
/** Seconds after which it is said again what one sends: the first time it may have got lost. */
const REPEAT = 10
/** Louder than a room is by itself. */
const SPEAKING = 0.45

/** Seeing and hearing one other person, by whatever way there is; what templates read is runes. */
export class Call {
	/** Whether the person has come in. */
	inside = $state(false)
	/** Another page of this person is the one in use. */
	elsewhere = $state(false)
	microphone = $state(true)
	camera = $state(true)
	/** Neither voice nor picture, by choice. */
	text = $state(false)
	/** What is shared. */
	screen = $state.raw<MediaStream | null>(null)
	/** What one's own line carries. */
	holds = $state<Holds>("all")
	/** There is no way at all at present, where there was one. */
	cut = $state(false)
	/** What the other sends; null before they said. */
	theirs = $state.raw<Sends | null>(null)
	/** Which way is taken, and why not a better one. */
	rung = $state<Rung>("direct")
	cause = $state<Cause>("never")
	/** Whether the way taken is there. */
	up = $state(false)
	way = $state.raw<Way | null>(null)
	reading = $state.raw<Reading | null>(null)
	/** Bits per second. */
	rates = $state.raw({ up: 0, down: 0 })
	streams = $state.raw<Streams>(NOTHING)
	/** Whether the other is heard just now. */
	speaking = $state(false)
	/** The browser plays no sound before the person has pressed something. */
	silent = $state(false)
	#peer: Peer | null = null
	#relayed: Relayed | null = null
	#ladder = new Ladder()
	#holding = new Holding()
	#seconds = 0
	#wasUp = false
	#wasNamed = false
	#width = 0
	#stops: (() => void)[] = []
	#unmeter = () => {}
	readonly #players = new Set<HTMLMediaElement>()

	constructor(readonly pair: Pair) {
		this.camera = pair.facts.way === "video"
		pair.lost = (process) => this.#relayed?.lost(process)
		pair.returned = () => this.#peer?.hurry()
		pair.signalled = (signal) => {
			if (signal.state && signal.from === pair.other.id) this.theirs = signal.state
			this.#peer?.hear(signal)
		}
		$effect.root(() => {
			$effect(() => this.#follow())
			$effect(() => this.#apply())
			$effect(() => this.#hurry())
		})
		addEventListener("pagehide", () => this.#peer?.close())
	}

	/** Comes in with the devices that are open, or with those that `choice` names. */
	async enter(choice: Choice) {
		if (this.inside) return
		this.microphone = choice.microphone
		this.camera = choice.camera
		this.text = choice.text
		if (!choice.text) await this.#open()
		keep(this.pair.id, this.#choice)
		this.#begin()
	}

	/** The devices are off before the server has heard of it: the line may be down. */
	async leave() {
		const session = this.#peer?.sessions.mine ?? ""
		await this.part()
		await this.pair.do("pair.leave", { session })
	}

	/** Ends, and is not to begin again by itself. */
	async part() {
		forget(this.pair.id)
		await this.end()
	}

	/** Lets go of every way and every device. */
	async end() {
		this.inside = false
		for (const stop of this.#stops.splice(0)) stop()
		this.#unmeter()
		this.#peer?.close()
		this.#relayed?.close()
		this.#peer = this.#relayed = null
		this.streams = NOTHING
		this.theirs = null
		this.up = this.cut = false
		this.stopSharing()
		await performing.close()
	}

	async setMicrophone(on: boolean) {
		this.microphone = on
		if (on && !performing.microphone) await this.#open()
		this.#keep()
	}

	async setCamera(on: boolean) {
		this.camera = on
		if (on && !performing.camera) await this.#open()
		else await performing.follow(this.#seat)
		this.#keep()
	}

	async setText(on: boolean) {
		this.text = on
		if (on) {
			this.stopSharing()
			await performing.close()
		} else {
			this.#holding.again()
			await this.#open()
		}
		this.#keep()
	}

	async share() {
		const stream = await openScreen()
		if (!stream) return
		// The browser's own "stop sharing" ends the track.
		stream.getVideoTracks()[0]?.addEventListener("ended", () => this.stopSharing())
		this.screen = stream
	}

	stopSharing() {
		for (const track of this.screen?.getTracks() ?? []) track.stop()
		this.screen = null
	}

	/** The person does not want to wait until the line is tried again. */
	again() {
		this.#holding.again()
		this.holds = "all"
		this.#peer?.hurry()
		this.pair.socket.tryNow()
	}

	/** How wide the other is seen, in pixels. */
	shown(width: number) {
		this.#width = width
		this.#relayed?.wish(width)
	}

	/** Plays as soon as the browser lets us; returns how to stop. */
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

	get #choice(): Choice {
		return { microphone: this.microphone, camera: this.camera, text: this.text }
	}

	get #seat() {
		return { microphone: this.microphone, camera: this.camera, screen: false }
	}

	#keep() {
		if (this.inside) keep(this.pair.id, this.#choice)
	}

	async #open() {
		if (!performing.microphone || (this.camera && !performing.camera)) await performing.open(this.camera)
		if (!performing.camera) this.camera = false
		if (!performing.microphone) this.microphone = false
		await performing.follow(this.#seat)
	}

	#begin() {
		const { pair } = this
		this.inside = true
		this.elsewhere = this.#wasNamed = this.#wasUp = false
		this.#ladder = new Ladder()
		this.#holding = new Holding()
		this.#seconds = 0
		const peer = new Peer({
			polite: pair.me < pair.other.id,
			servers: () => servers(`${pair.address}ice`),
			tell: (signal) => pair.tell("pair.signal", signal),
			named: (session) => void pair.do("pair.here", { session }).catch(() => this.end()),
			isThere: () => pair.isOtherHere,
		})
		this.#peer = peer
		const clock = setInterval(() => this.#second(peer), SECOND)
		this.#stops = [
			() => clearInterval(clock),
			peer.streams.subscribe(() => this.#show()),
			peer.state.subscribe((state) => this.#changed(state)),
			peer.reading.subscribe((reading) => this.rung === "direct" && this.#read(reading)),
			peer.way.subscribe((way) => (this.way = way)),
		]
	}

	#changed(state: PeerState) {
		this.#show()
		if (state === "up") this.#say()
	}

	/** Which page of the other's is in use, and whether this is the one of mine. */
	#follow() {
		const { inside } = this
		const { theirs, me, facts } = this.pair
		const named = facts.pages[me]
		const peer = this.#peer
		if (!inside || !peer) return
		untrack(() => peer.meet(theirs))
		if (named && peer.sessions.has(named)) this.#wasNamed = true
		else if (named && this.#wasNamed) untrack(() => this.#yield())
		if (theirs) untrack(() => this.#say())
	}

	#yield() {
		this.elsewhere = true
		forget(this.pair.id)
		void this.end()
	}

	/** Gives what is to be sent to the ways that there are, and says so. */
	#apply() {
		const tracks = this.#tracks
		void [this.microphone, this.camera, this.text, this.holds]
		if (!this.inside) return
		untrack(() => {
			this.#peer?.send(tracks)
			this.#relayed?.send(tracks)
			this.#say()
		})
	}

	#hurry() {
		if (this.pair.isOtherHere) untrack(() => this.#peer?.hurry())
	}

	/** While there is no way there is nothing to spare. */
	get #tracks(): Tracks {
		const carries = this.cut ? "all" : this.holds
		if (this.text || this.theirs?.chosen || carries === "text") return NOTHING
		const seen = carries === "all"
		const [screen = null] = this.screen?.getVideoTracks() ?? []
		const [sound = null] = this.screen?.getAudioTracks() ?? []
		return { voice: performing.microphone, camera: seen ? performing.camera : null, screen: seen ? screen : null, sound: seen ? sound : null }
	}

	#say() {
		const { theirs } = this.pair
		const peer = this.#peer
		if (!peer || !theirs) return
		const state: Sends = {
			microphone: this.microphone && performing.microphone !== null,
			camera: this.camera && performing.camera !== null,
			screen: this.screen !== null,
			holds: this.holds,
			chosen: this.text,
		}
		const content: Content = { state }
		this.pair.tell("pair.signal", { session: peer.sessions.mine, of: theirs, ...content })
	}

	#second(peer: Peer) {
		this.#seconds += 1
		const isUp = peer.state.value === "up"
		this.#climb(isUp)
		this.up = this.rung === "direct" ? isUp : (this.#relayed?.isUp ?? false)
		this.#wasUp ||= this.up
		this.#judge()
		if (this.#relayed && this.rung === "server") this.#read(this.#relayed.reading.value)
		if (this.#seconds % REPEAT === 0) this.#say()
	}

	/** Nobody climbs for somebody who is not there, or who would see and hear nothing. */
	#climb(isUp: boolean) {
		const wanted = this.pair.theirs !== "" && !this.text && !this.theirs?.chosen
		if (!wanted || (!isUp && !this.pair.isOtherHere)) this.#ladder.rest()
		else this.rung = this.#ladder.hear(isUp)
		this.cause = this.#ladder.cause
		const needs = this.rung === "server" && wanted
		if (needs && !this.#relayed) this.#relay()
		else if (!needs && this.#relayed) this.#unrelay()
	}

	#relay() {
		const { pair } = this
		this.#relayed = new Relayed(pair.address, pair.other.id, this.#tracks)
		this.#relayed.wish(this.#width)
		this.#relayed.streams.subscribe(() => this.#show())
	}

	#unrelay() {
		this.#relayed?.close()
		this.#relayed = null
		this.reading = null
		this.#show()
	}

	#judge() {
		const expected = this.pair.theirs !== "" && !this.text && !this.theirs?.chosen
		if (!expected) this.#wasUp = false
		if (!expected || !(this.#wasUp || this.#seconds > CONNECTING)) return this.#calm()
		this.holds = this.#holding.hear(this.up ? this.reading : null, this.up)
		this.cut = this.#holding.isCut && this.holds === "text"
	}

	#calm() {
		this.#holding.again()
		this.holds = "all"
		this.cut = false
		if (this.pair.theirs === "") this.#seconds = 0
	}

	#read(reading: Reading | null) {
		const before = this.reading
		this.reading = reading
		const seconds = before && reading ? (reading.at - before.at) / 1000 : 0
		if (!before || !reading || seconds <= 0) return
		const rate = (now: number, then: number) => Math.max(0, ((now - then) * 8) / seconds)
		this.rates = { up: rate(reading.sent, before.sent), down: rate(reading.received, before.received) }
	}

	#show() {
		const streams = (this.rung === "server" && this.#relayed?.streams.value) || this.#peer?.streams.value || NOTHING
		const voice = streams.voice?.getAudioTracks()[0]
		if (voice !== this.streams.voice?.getAudioTracks()[0]) this.#listen(voice)
		this.streams = streams
	}

	#listen(voice: MediaStreamTrack | undefined) {
		this.#unmeter()
		this.speaking = false
		this.#unmeter = voice ? meter(voice, (level) => (this.speaking = level > SPEAKING)) : () => {}
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
}

/** Relays with fresh credentials; none if they cannot be had: most ways need none. */
async function servers(address: string): Promise<RTCIceServer[]> {
	try {
		const answer = await fetch(address)
		return answer.ok ? ((await answer.json()) as { iceServers: RTCIceServer[] }).iceServers : []
	} catch (problem) {
		if (problem instanceof TypeError) return []
		throw problem
	}
}
