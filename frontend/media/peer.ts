import { backoff } from "../live/backoff"
import { Signal } from "../live/signal"
import { prefer } from "./codecs"
import { type Reading, reading } from "./reading"
import type { Address, Content, PeerSignal } from "./signals"
import { Sessions } from "./signals"
import { follow } from "./signs"
import { type Way, way } from "./ways"

/** What one person sends another, in the order of the m-lines; `sound` is that of the shared screen. */
export const PARTS = ["voice", "camera", "screen", "sound"] as const
export type Part = (typeof PARTS)[number]
export type Tracks = Record<Part, MediaStreamTrack | null>
export type Streams = Record<Part, MediaStream | null>
export const NOTHING = { voice: null, camera: null, screen: null, sound: null }

/** `calling`: there was no connection yet. */
export type PeerState = "calling" | "up" | "mending" | "closed"

const KINDS: Record<Part, "audio" | "video"> = { voice: "audio", camera: "video", screen: "video", sound: "audio" }
/** Bits per second. */
const MOST: Partial<Record<Part, number>> = { camera: 1_800_000, screen: 2_500_000 }
const TICK = 1_000
/** A hiccup mends by itself. */
const HICCUP = 1_500
/** A search for ways, by relays on a slow line, takes so long: one begun meanwhile would end it. */
const LOOKING = 4_000
const LONGEST_PAUSE = 20_000
/** After so many tries without an answer a connection is given up for a new one. */
const TRIES = 5

export interface Options {
	/** Whether this side gives in when both make an offer at once. The other side makes the first. */
	polite: boolean
	/** Relays; asked for each connection, since credentials are short-lived. */
	servers(): Promise<RTCIceServer[]>
	/** Tells the other's page; it may get lost. */
	tell(signal: Address & Content): void
	/** This page goes by this name from now on. */
	named(session: string): void
	/** Whether the other's page has a line to the server: else nothing that is told arrives. */
	isThere(): boolean
}

/** Milliseconds before the next try. */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
	return 1_000 + Math.min(LONGEST_PAUSE, backoff(attempt, random))
}

/** The direct way to one other person's page, by perfect negotiation (WebRTC 1.0, section 10.7); it mends itself. */
export class Peer {
	readonly state = new Signal<PeerState>("calling")
	/** Once a second while the way is up. */
	readonly reading = new Signal<Reading | null>(null)
	readonly way = new Signal<Way | null>(null)
	readonly streams = new Signal<Streams>(NOTHING)
	readonly sessions = new Sessions()
	readonly #unfollow: () => void
	readonly #clock: ReturnType<typeof setInterval>
	#tracks: Tracks = NOTHING
	#link: RTCPeerConnection | null = null
	#theirs = ""
	#making = false
	#ignoring = false
	/** The offer that was answered last. */
	#answered = ""
	#attempt = 0
	/** When ways were looked for last. */
	#looked = 0
	#knock: ReturnType<typeof setTimeout> | undefined
	#hiccup: ReturnType<typeof setTimeout> | undefined
	#queue: Promise<unknown> = Promise.resolve()

	constructor(private readonly options: Options) {
		this.#unfollow = follow({ changed: () => this.#broken(), online: () => this.hurry() })
		this.#clock = setInterval(() => void this.#read(), TICK)
		options.named(this.sessions.mine)
	}

	/** The page that the other uses now; "" for none. */
	meet(theirs: string) {
		if (theirs === this.#theirs || this.#isOver) return
		this.#drop()
		this.#theirs = theirs
		this.#attempt = 0
		if (theirs) this.#then(() => this.#open())
	}

	/** What is sent from now on; needs no negotiation. */
	send(tracks: Tracks) {
		this.#tracks = tracks
		this.#then(() => this.#load())
	}

	/** The other came back, or the line to the server did: no more waiting. */
	hurry() {
		if (this.#isOver || this.state.value === "up") return
		this.#attempt = 0
		this.#try()
	}

	hear(signal: PeerSignal) {
		if (this.#isOver || signal.of !== this.sessions.mine || signal.session !== this.#theirs) return
		if (signal.bye) this.meet("")
		else if (signal.restart) this.#broken()
		else this.#then(() => this.#take(signal))
	}

	/** Takes leave: the other need not find out by silence. */
	close() {
		if (this.#isOver) return
		this.#tell({ bye: true })
		clearInterval(this.#clock)
		this.#unfollow()
		this.#drop()
		this.state.set("closed")
	}

	get #isOver(): boolean {
		return this.state.value === "closed"
	}

	/** One thing after the other: what comes in between would meet half a negotiation. What fails keeps nothing waiting. */
	#then(work: () => Promise<unknown>) {
		this.#queue = this.#queue.then(work).catch(loudly)
	}

	async #take({ description, candidate }: PeerSignal) {
		const link = this.#link
		if (!link) return
		if (description?.type === "offer") await this.#offered(link, description)
		else if (description) await this.#agreed(link, description)
		else if (candidate !== undefined) await this.#found(link, candidate)
	}

	async #offered(link: RTCPeerConnection, description: RTCSessionDescriptionInit) {
		const stable = link.signalingState === "stable"
		if (stable && description.sdp === this.#answered) return this.#tellDescription(link)
		this.#ignoring = !this.options.polite && (this.#making || !stable)
		if (this.#ignoring) return
		if (!(await attempted(link.setRemoteDescription(description)))) return this.#renew()
		await this.#load()
		await link.setLocalDescription()
		this.#answered = description.sdp ?? ""
		this.#looked = Date.now()
		this.#tellDescription(link)
	}

	/** An answer that comes twice says nothing new. */
	async #agreed(link: RTCPeerConnection, description: RTCSessionDescriptionInit) {
		if (link.signalingState !== "have-local-offer") return
		this.#ignoring = false
		if (!(await attempted(link.setRemoteDescription(description)))) this.#renew()
	}

	/** Candidates that belong to an offer which was not taken, or has not come, are no use; a later offer has them too. */
	async #found(link: RTCPeerConnection, candidate: RTCIceCandidateInit | null) {
		if (link.remoteDescription && !this.#ignoring) await attempted(link.addIceCandidate(candidate ?? undefined))
	}

	async #open() {
		const theirs = this.#theirs
		const iceServers = await this.options.servers()
		if (theirs !== this.#theirs || this.#link || this.#isOver) return
		const link = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers })
		this.#link = link
		this.#answered = ""
		link.onnegotiationneeded = () => void this.#offer(link)
		link.onicecandidate = ({ candidate }) => link === this.#link && this.#tell({ candidate: candidate?.toJSON() ?? null })
		link.onconnectionstatechange = link.oniceconnectionstatechange = () => this.#changed(link)
		if (!this.options.polite) for (const part of PARTS) link.addTransceiver(KINDS[part], { direction: "sendrecv" })
		await this.#load()
		this.#later()
	}

	async #offer(link: RTCPeerConnection) {
		if (link !== this.#link) return
		this.#making = true
		this.#looked = Date.now()
		if (await attempted(link.setLocalDescription())) this.#tellDescription(link)
		this.#making = false
	}

	/** Gives every part what is to be sent, and shows what comes. */
	async #load() {
		const link = this.#link
		if (!link) return
		const transceivers = link.getTransceivers().slice(0, PARTS.length)
		await Promise.all(transceivers.map((transceiver, index) => this.#fill(transceiver, PARTS[index] as Part)))
		if (link === this.#link && !this.streams.value.voice && transceivers.length) this.streams.set(received(transceivers))
	}

	async #fill(transceiver: RTCRtpTransceiver, part: Part) {
		if (transceiver.direction !== "sendrecv") transceiver.direction = "sendrecv"
		if (!transceiver.currentDirection) prefer(transceiver, KINDS[part])
		const { sender } = transceiver
		if (sender.track !== this.#tracks[part]) await sender.replaceTrack(this.#tracks[part])
		await bound(sender, MOST[part])
	}

	#changed(link: RTCPeerConnection) {
		if (link !== this.#link) return
		clearTimeout(this.#hiccup)
		if (link.iceConnectionState === "failed") this.#broken()
		else if (link.connectionState === "failed") this.#renew()
		else if (link.iceConnectionState === "disconnected") this.#hiccup = setTimeout(() => this.#broken(), HICCUP)
		else if (link.connectionState === "connected") this.#up()
	}

	#up() {
		clearTimeout(this.#knock)
		this.#attempt = this.#looked = 0
		this.state.set("up")
	}

	/** The way broke, or the network is another one. */
	#broken() {
		if (this.#isOver || !this.#link) return
		if (this.state.value === "up") this.#mend()
		this.#try()
	}

	#mend() {
		this.state.set("mending")
		this.reading.set(null)
		this.way.set(null)
	}

	/** Says again what may have got lost, or looks for another way; and again later, with growing pauses. */
	#try() {
		const link = this.#link
		if (!link) return
		if (this.options.isThere()) this.#insist(link)
		this.#later()
	}

	#insist(link: RTCPeerConnection) {
		const isAgreed = link.signalingState === "stable" && link.remoteDescription !== null
		if (isAgreed) this.#restart(link)
		else if (this.#attempt % TRIES === TRIES - 1) this.#renew()
		else if (link.signalingState === "have-local-offer") this.#tellDescription(link)
	}

	/** Two offers at once roll one back, and Chromium does not show the pictures of a connection that was rolled back. */
	#restart(link: RTCPeerConnection) {
		if (Date.now() - this.#looked < LOOKING) return
		this.#looked = Date.now()
		if (this.options.polite) this.#tell({ restart: true })
		else link.restartIce()
	}

	#later() {
		clearTimeout(this.#knock)
		if (this.state.value !== "up" && !this.#isOver) this.#knock = setTimeout(() => this.#try(), pauseBefore(++this.#attempt))
	}

	/** This connection is beyond mending: a new one, under a new name, so that nothing of the old one gets into it. */
	#renew() {
		this.sessions.renew()
		this.options.named(this.sessions.mine)
		this.#drop()
		this.#then(() => this.#open())
	}

	#tellDescription(link: RTCPeerConnection) {
		const { localDescription } = link
		if (link === this.#link && localDescription) this.#tell({ description: { type: localDescription.type, sdp: localDescription.sdp } })
	}

	#tell(content: Content) {
		if (this.#theirs) this.options.tell({ session: this.sessions.mine, of: this.#theirs, ...content })
	}

	async #read() {
		const link = this.#link
		if (!link || this.state.value !== "up") return
		const report = await link.getStats()
		if (link !== this.#link || this.state.value !== "up") return
		this.way.set(way(report))
		this.reading.set(reading(report))
	}

	#drop() {
		clearTimeout(this.#knock)
		clearTimeout(this.#hiccup)
		this.#link?.close()
		this.#link = null
		this.#making = this.#ignoring = false
		if (this.state.value === "up") this.#mend()
		this.streams.set(NOTHING)
	}
}

function received(transceivers: RTCRtpTransceiver[]): Streams {
	const streams = transceivers.map(({ receiver }, index) => [PARTS[index], new MediaStream([receiver.track])])
	return { ...NOTHING, ...Object.fromEntries(streams) }
}

/** False if the browser could not do it: descriptions or candidates that do not fit what it has. */
async function attempted(doing: Promise<void>): Promise<boolean> {
	try {
		await doing
		return true
	} catch (problem) {
		if (!(problem instanceof DOMException) && !(problem instanceof TypeError)) throw problem
		return false
	}
}

/** A connection that was closed meanwhile refuses all that is asked of it; anything else is a bug. */
function loudly(problem: unknown) {
	if (!(problem instanceof DOMException)) queueMicrotask(() => Promise.reject(problem))
}

async function bound(sender: RTCRtpSender, most: number | undefined) {
	const parameters = sender.getParameters()
	const [encoding] = parameters.encodings ?? []
	if (!most || !encoding || encoding.maxBitrate === most) return
	encoding.maxBitrate = most
	await attempted(sender.setParameters(parameters))
}
