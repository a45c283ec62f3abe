/** Stands for the browser's RTCPeerConnection: descriptions are numbers of an offer, and a test says when packets pass. */

type Kind = "audio" | "video"

class Transceiver {
	direction = "recvonly"
	currentDirection: string | null = null
	readonly receiver = { track: { kind: "" } }
	readonly sender = {
		track: null as unknown,
		replaceTrack: async (track: unknown) => void (this.sender.track = track),
		getParameters: () => ({ encodings: [] }),
		setParameters: async () => undefined,
	}

	constructor(kind: Kind) {
		this.receiver.track.kind = kind
	}
}

export class Link {
	static all: Link[] = []
	static numbers = 0
	signalingState = "stable"
	connectionState = "new"
	iceConnectionState = "new"
	localDescription: RTCSessionDescriptionInit | null = null
	remoteDescription: RTCSessionDescriptionInit | null = null
	onnegotiationneeded = () => {}
	onicecandidate: (event: { candidate: null }) => void = () => {}
	onconnectionstatechange = () => {}
	oniceconnectionstatechange = () => {}
	restarts = 0
	transceivers: Transceiver[] = []

	constructor(readonly configuration: RTCConfiguration) {
		Link.all.push(this)
	}

	addTransceiver(kind: Kind, { direction }: { direction: string }) {
		const transceiver = new Transceiver(kind)
		transceiver.direction = direction
		this.transceivers.push(transceiver)
		if (this.transceivers.length === 1) queueMicrotask(() => this.onnegotiationneeded())
	}

	getTransceivers() {
		return this.transceivers
	}

	async setLocalDescription() {
		const answers = this.signalingState === "have-remote-offer"
		this.localDescription = answers ? { type: "answer", sdp: `to ${this.remoteDescription?.sdp}` } : { type: "offer", sdp: String(++Link.numbers) }
		this.signalingState = answers ? "stable" : "have-local-offer"
	}

	async setRemoteDescription(description: RTCSessionDescriptionInit) {
		const offer = description.type === "offer"
		if (!offer && description.sdp !== `to ${this.localDescription?.sdp}`) throw new DOMException("not ours", "InvalidAccessError")
		this.remoteDescription = description
		this.signalingState = offer ? "have-remote-offer" : "stable"
		for (const kind of ["audio", "video", "video", "audio"] as const) {
			if (offer && this.transceivers.length < 4) this.transceivers.push(new Transceiver(kind))
		}
	}

	async addIceCandidate() {}

	restartIce() {
		this.restarts += 1
		queueMicrotask(() => this.onnegotiationneeded())
	}

	async getStats() {
		return new Map()
	}

	close() {
		this.signalingState = this.connectionState = "closed"
	}

	/** What the browser finds out about the way. */
	becomes(connection: string, ice = connection) {
		this.connectionState = connection
		this.iceConnectionState = ice
		this.onconnectionstatechange()
	}
}
