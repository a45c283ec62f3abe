import { cleanup, fireEvent, render, screen } from "@testing-library/svelte"
import { flushSync } from "svelte"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import GreenRoom from "../../islands/backstage/GreenRoom.svelte"
import { Backstage } from "../../islands/shared/backstage.svelte"
import { Floor } from "../../islands/shared/floor.svelte"
import { Notices } from "../../islands/shared/notices.svelte"
import type { Room } from "../../islands/shared/room.svelte"
import { Stage } from "../../islands/shared/stage.svelte"
import type { Seat } from "../../islands/shared/stage-wire"
import type { RoomSettings } from "../../islands/shared/wire"
import { performing } from "../../islands/stage/performing.svelte"
import { answers, enterRoom, LINUS, says, SETTINGS } from "./cast"

/** Stands for the browser's: it is offered and answered, and finds no way. */
class Peer extends EventTarget {
	static all: Peer[] = []
	connectionState = "new"
	iceConnectionState = "new"

	constructor() {
		super()
		Peer.all.push(this)
	}

	addTransceiver() {
		const sender = { replaceTrack: async () => {}, getParameters: () => ({}) }
		return { sender, receiver: { track: null, getContributingSources: () => [] } }
	}

	createOffer = async () => ({ type: "offer", sdp: "v=0" })
	setLocalDescription = async () => {}
	setRemoteDescription = async () => {}
	getConfiguration = () => ({})
	getStats = async () => new Map()

	close() {
		this.connectionState = "closed"
	}
}

class Stream extends MediaStream {
	constructor(readonly tracks: Track[] = []) {
		super()
	}

	override getAudioTracks = () => this.#of("audio")
	override getVideoTracks = () => this.#of("video")

	#of(kind: string): MediaStreamTrack[] {
		return this.tracks.filter((track) => track.kind === kind) as unknown as MediaStreamTrack[]
	}
}

class Track {
	static all: Track[] = []
	enabled = true
	readyState = "live"

	constructor(readonly kind: "audio" | "video") {
		Track.all.push(this)
	}

	stop() {
		this.readyState = "ended"
	}
}

class Meter {
	createMediaStreamSource = () => ({ connect: () => {} })
	close = async () => {}
}
class Analyser {
	fftSize = 1
	getFloatTimeDomainData = () => {}
}

const asked: string[] = []
/** What the doors of media answer; `refuses` is a sentence. */
let refuses = ""
let settings = 1
let place: HTMLElement
let room: Room
let stage: Stage

async function door(address: string, { method }: RequestInit): Promise<Response> {
	asked.push(`${method} ${address.replace(/^https?:\/\/[^/]*/, "")}`)
	if (method !== "POST") return new Response("")
	if (refuses) return Response.json({ title: refuses, code: "room.not_open" }, { status: 403 })
	return new Response("v=0", { status: 201, headers: { location: `/media/one.${asked.length}` } })
}

const posted = (what: string) => asked.filter((line) => line === `POST /room/4821/${what}`).length
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 20)).then(() => flushSync())
const seat = (rev = 1): Seat => ({
	person: LINUS.id, name: LINUS.name, as: "speaker", organisation: "", country: "", position: 1, microphone: true, camera: true,
	screen: false, source: 4, screen_source: 5, place: "backstage", rev, since: "",
})
const told = (name: string, data: object) => says({ on: `person.${LINUS.id}`, event: name, data })

async function becomes(state: RoomSettings["state"]) {
	settings += 1
	says({ on: "room.7", seq: 9 + settings, event: "room", data: { ...SETTINGS, state, rev: settings } })
	await aWhile()
}

async function opened(state: RoomSettings["state"]) {
	room = await enterRoom({ me: LINUS, settings: { state }, welcome: { roles: ["speaker"] } })
	stage = new Stage(room)
	const props = { backstage: new Backstage(stage), floor: new Floor(room), notices: new Notices(room) }
	place = render(GreenRoom, props).container
	await aWhile()
}

async function entered() {
	await fireEvent.click(screen.getByRole("button", { name: "Enter backstage" }))
	await aWhile()
	await answers("stage.enter", { ok: { seat: seat() } })
	await aWhile()
}

beforeEach(() => {
	asked.length = Peer.all.length = Track.all.length = 0
	refuses = ""
	settings = 1
	sessionStorage.clear()
	vi.stubGlobal("RTCPeerConnection", Peer)
	vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => null })
	vi.stubGlobal("MediaStream", Stream)
	vi.stubGlobal("AudioContext", Meter)
	vi.stubGlobal("AnalyserNode", Analyser)
	vi.stubGlobal("fetch", door)
	vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue()
	const mediaDevices = Object.assign(new EventTarget(), {
		getUserMedia: async () => new Stream([new Track("audio"), new Track("video")]),
		enumerateDevices: async () => [],
	})
	Object.defineProperty(navigator, "mediaDevices", { value: mediaDevices, configurable: true })
})
afterEach(async () => {
	room.socket.close()
	cleanup()
	await aWhile()
	vi.unstubAllGlobals()
})

test("is heard from when the room opens, and again when it goes on after its end", async () => {
	await opened("scheduled")
	expect(posted("whep?place=backstage")).toBe(0)
	await becomes("open")
	expect(posted("whep?place=backstage")).toBe(1)
	await becomes("live")
	expect(posted("whep?place=backstage")).toBe(1)
	await becomes("ended")
	await becomes("live")
	expect(posted("whep?place=backstage")).toBe(2)
})

test("says why it cannot be watched", async () => {
	refuses = "This room is not open yet."
	await opened("open")
	expect(place.querySelector(".stage [role=alert]")?.textContent).toBe(refuses)
})

test("whoever is removed publishes no more, and their camera goes off", async () => {
	await opened("live")
	await entered()
	expect([posted("whip"), performing.isHere, performing.isOpen]).toEqual([1, true, true])
	told("stage", { room: 7, seat: null, why: "removed" })
	await aWhile()
	expect([performing.isHere, performing.isOpen, performing.line]).toEqual([false, false, null])
	expect(Track.all.map((track) => track.readyState)).toEqual(["ended", "ended"])
	expect(Peer.all.at(-1)?.connectionState).toBe("closed")
	expect(sessionStorage.length).toBe(0)
})

test("who enters again after that publishes again", async () => {
	await opened("live")
	await entered()
	told("stage", { room: 7, seat: null, why: "removed" })
	await aWhile()
	await entered()
	expect([posted("whip"), performing.isHere]).toEqual([2, true])
})

test("after the end no camera stays on, even one that was only tried", async () => {
	await opened("live")
	await fireEvent.click(screen.getByRole("button", { name: "Check camera and microphone" }))
	await aWhile()
	expect(performing.isOpen).toBe(true)
	await becomes("ended")
	expect(Track.all.map((track) => track.readyState)).toEqual(["ended", "ended"])
})

test("who was refused may try again", async () => {
	refuses = "The stage is locked."
	await opened("live")
	await entered()
	expect(performing.line).toEqual({ is: "refused", status: 403, title: "The stage is locked." })
	refuses = ""
	performing.begin("4821", async () => false)
	await aWhile()
	expect([posted("whip"), performing.line?.is]).toEqual([2, "joining"])
})
