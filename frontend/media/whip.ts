import { prefer } from "./codecs"
import { Line } from "./line"

const LAYERS: RTCRtpEncodingParameters[] = [
	{ rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
	{ rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
	{ rid: "f", maxBitrate: 1_500_000 },
]
const SCREEN: RTCRtpEncodingParameters[] = [{ maxBitrate: 1_500_000 }]

type Track = MediaStreamTrack | null

/** Publishes a person's microphone and camera, or their screen. Tracks come and go without a new negotiation. */
export class Publish {
	readonly line: Line
	#audio: Track = null
	#video: Track = null
	#senders: { audio?: RTCRtpSender; video?: RTCRtpSender } = {}
	#pictureSent = true

	constructor(
		endpoint: string,
		private readonly kind: "camera" | "screen",
		tracks: { audio: Track; video: Track },
		isElsewhere?: () => Promise<boolean>,
	) {
		this.#audio = tracks.audio
		this.#video = tracks.video
		this.line = new Line({ endpoint, prepare: (peer) => this.#prepare(peer), joined: () => void this.#shed(), isElsewhere })
	}

	/** Another microphone, or none. */
	async microphone(track: Track) {
		this.#audio = track
		await this.#senders.audio?.replaceTrack(track)
	}

	/** Another camera, or none. */
	async camera(track: Track) {
		this.#video = track
		await this.#senders.video?.replaceTrack(track)
	}

	/** Whether pictures are sent at all: on a bad line the voice goes first. */
	async pictures(sent: boolean) {
		this.#pictureSent = sent
		await this.#shed()
	}

	close() {
		this.line.close()
		this.#senders = {}
	}

	#prepare(peer: RTCPeerConnection) {
		const stream = new MediaStream()
		const audio = peer.addTransceiver(this.#audio ?? "audio", { direction: "sendonly", streams: [stream] })
		prefer(audio, "audio")
		const encodings = this.kind === "camera" ? LAYERS : SCREEN
		const video = peer.addTransceiver(this.#video ?? "video", { direction: "sendonly", streams: [stream], sendEncodings: encodings })
		prefer(video, "video")
		this.#senders = { audio: audio.sender, video: video.sender }
	}

	async #shed() {
		const sender = this.#senders.video
		if (!sender) return
		const parameters = sender.getParameters()
		if (!parameters.encodings?.some((encoding) => encoding.active !== this.#pictureSent)) return
		for (const encoding of parameters.encodings) encoding.active = this.#pictureSent
		await sender.setParameters(parameters)
	}
}
