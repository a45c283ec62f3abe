import { Signal } from "../live/signal"
import { connected, type Patience } from "./connected"
import { renewed, restartFragment } from "./fragment"
import { type LineState, Mending } from "./mending"
import { type Reading, reading } from "./reading"
import { Barred, Forgotten, post, type Resource, Unreachable } from "./resource"
import { follow } from "./signs"

const RESTART_PATIENCE: Patience = { way: 2_000, handshake: 2_000 }
/** A crowd shakes hands one after the other, and the server keeps nobody waiting for more than half a minute. */
const JOIN_PATIENCE: Patience = { way: 6_000, handshake: 35_000 }
const TICK = 1_000
/** As HTTP says it: two pages of one person cannot both publish. */
export const ELSEWHERE = 409
/** A whole audience must not come back at once. */
const SPREAD = 500
/** Readings without a byte before the server is asked whether it still knows us. */
const STALLED = 2

export interface Plan {
	endpoint: string
	/** Gives a new peer its transceivers. */
	prepare(peer: RTCPeerConnection): void
	/** A new peer has its answer. */
	joined?(peer: RTCPeerConnection): void
	/** Asked when the server has forgotten the session: whether another page has taken its place, so that this one yields. */
	isElsewhere?(): Promise<boolean>
}

/** One media session with the server, by WHIP or WHEP, that comes back by itself. */
export class Line {
	readonly state = new Signal<LineState>({ is: "joining" })
	/** Once a second while the line is up. */
	readonly reading = new Signal<Reading | null>(null)
	peer: RTCPeerConnection | null = null
	resource: Resource | null = null
	#answer = ""
	#still = 0
	#forgotten = false
	readonly #mending: Mending
	readonly #unfollow: () => void
	readonly #clock: ReturnType<typeof setInterval>
	readonly #leave = () => void this.resource?.end()

	constructor(private readonly plan: Plan) {
		const deeds = { restart: () => this.#restart(), rejoin: () => this.#rejoin() }
		this.#mending = new Mending(deeds, (state) => this.state.set(state))
		this.#unfollow = follow({ changed: () => this.#mending.trouble(), online: () => this.#online() })
		this.#clock = setInterval(() => void this.#read(), TICK)
		addEventListener("pagehide", this.#leave)
		this.#mending.begin()
	}

	close() {
		clearInterval(this.#clock)
		removeEventListener("pagehide", this.#leave)
		this.#unfollow()
		this.#mending.close()
		this.#drop()
	}

	/** The server says that it lost this media process. Several servers may, after we are on another one already. */
	lost(process: string) {
		setTimeout(() => this.resource?.isAt(process) && this.#again(), Math.random() * SPREAD)
	}

	#online() {
		this.#mending.hurry()
		this.#mending.trouble()
	}

	async #rejoin() {
		this.#drop()
		if (this.#forgotten && (await this.plan.isElsewhere?.())) throw new Barred(ELSEWHERE, "", "")
		this.#forgotten = false
		const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" })
		this.peer = peer
		this.plan.prepare(peer)
		try {
			await this.#join(peer)
		} catch (problem) {
			if (problem instanceof Barred) this.#drop()
			throw problem
		}
		peer.addEventListener("iceconnectionstatechange", () => this.#iceChanged(peer))
	}

	/** The server's relays come with its answer, so nothing is gathered before. */
	async #join(peer: RTCPeerConnection) {
		const offer = await peer.createOffer()
		const { resource, answer, iceServers } = await post(this.plan.endpoint, offer.sdp ?? "")
		if (this.peer !== peer) return resource.end()
		this.resource = resource
		this.#answer = answer
		if (iceServers.length) peer.setConfiguration({ ...peer.getConfiguration(), iceServers })
		await peer.setLocalDescription(offer)
		await peer.setRemoteDescription({ type: "answer", sdp: answer })
		this.plan.joined?.(peer)
		await connected(peer, JOIN_PATIENCE)
	}

	async #restart() {
		const { peer, resource } = this
		if (!peer || !resource) throw new Unreachable("there is no session")
		peer.restartIce()
		const offer = await peer.createOffer()
		await peer.setLocalDescription(offer)
		const fragment = await this.#exchanged(resource, restartFragment(offer.sdp ?? ""))
		this.#answer = renewed(this.#answer, fragment)
		await peer.setRemoteDescription({ type: "answer", sdp: this.#answer })
		await connected(peer, RESTART_PATIENCE)
	}

	async #exchanged(resource: Resource, fragment: string): Promise<string> {
		try {
			return await resource.restart(fragment)
		} catch (problem) {
			this.#forgotten = problem instanceof Forgotten
			throw problem
		}
	}

	#iceChanged(peer: RTCPeerConnection) {
		if (peer === this.peer && ["disconnected", "failed"].includes(peer.iceConnectionState)) this.#mending.trouble()
	}

	async #read() {
		const { peer } = this
		if (!peer || this.state.value.is !== "up") return
		const now = reading(await peer.getStats())
		if (peer !== this.peer) return
		const before = this.reading.value
		this.reading.set(now)
		await this.#notice(before !== null && now.received <= before.received)
	}

	/** Silence may be silence; or the server is gone and nobody says so. */
	async #notice(silent: boolean) {
		this.#still = silent ? this.#still + 1 : 0
		const { resource } = this
		if (this.#still !== STALLED || !resource || !(await resource.isForgotten())) return
		if (resource !== this.resource) return
		this.#forgotten = true
		this.#again()
	}

	/** Nothing is left there to take leave of. */
	#again() {
		this.resource = null
		this.#mending.lost()
	}

	#drop() {
		void part(this.peer, this.resource)
		this.resource = this.peer = null
		this.reading.set(null)
		this.#still = 0
	}
}

/** The server is told first: a peer that closes says so by itself, and then there is nothing left to delete. */
async function part(peer: RTCPeerConnection | null, resource: Resource | null) {
	await resource?.end()
	peer?.close()
}
