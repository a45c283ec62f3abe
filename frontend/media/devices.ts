/** Cameras and microphones, and why one cannot be had. */

export type Kind = "microphone" | "camera"

/** `browser`: this page may not use it; `dismissed`: the question was closed; `system`: the computer allows no browser to. */
export type Reason = "browser" | "dismissed" | "system" | "busy" | "none" | "insecure" | "unknown"

export interface Wanted {
	/** A device's id, true for any, false for none. */
	microphone: string | boolean
	camera: string | boolean
}

export interface Opened {
	microphone: MediaStreamTrack | null
	camera: MediaStreamTrack | null
	problems: Partial<Record<Kind, Reason>>
}

export interface Device {
	id: string
	name: string
}

export interface Devices {
	microphone: Device[]
	camera: Device[]
	speaker: Device[]
}

/** Three layers of simulcast need at least 960 × 540 (smaller pictures get two). */
const PICTURE: MediaTrackConstraints = { width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 24, max: 30 } }
const VOICE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }
const KINDS = { audioinput: "microphone", videoinput: "camera", audiooutput: "speaker" } as const

/** Asks for both at once, so that the browser asks the person once; what can be had is had. */
export async function open(wanted: Wanted): Promise<Opened> {
	if (!isPossible()) return refused(wanted, "insecure")
	try {
		return found(await navigator.mediaDevices.getUserMedia(constraints(wanted)), {})
	} catch (problem) {
		if (!(problem instanceof DOMException)) throw problem
		return apart(wanted, problem)
	}
}

/** A screen, a window or a tab, as the person chooses; null if they chose none. */
export async function openScreen(): Promise<MediaStream | null> {
	try {
		const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 10, max: 15 } }, audio: true })
		for (const track of stream.getVideoTracks()) track.contentHint = "detail"
		return stream
	} catch (problem) {
		if (problem instanceof DOMException && problem.name === "NotAllowedError") return null
		throw problem
	}
}

export function canShareScreen(): boolean {
	return isPossible() && "getDisplayMedia" in navigator.mediaDevices
}

/** What there is to choose from. Without permission browsers hide the names: then there is nothing to choose. */
export async function list(): Promise<Devices> {
	const devices: Devices = { microphone: [], camera: [], speaker: [] }
	if (!isPossible()) return devices
	for (const { kind, deviceId, label } of await navigator.mediaDevices.enumerateDevices()) {
		if (deviceId && label) devices[KINDS[kind]].push({ id: deviceId, name: label })
	}
	return devices
}

/** Calls `changed` when something was plugged in or pulled out; returns how to stop. */
export function onChange(changed: () => void): () => void {
	if (!isPossible()) return () => {}
	const { mediaDevices } = navigator
	mediaDevices.addEventListener("devicechange", changed)
	return () => mediaDevices.removeEventListener("devicechange", changed)
}

function isPossible(): boolean {
	return Boolean(navigator.mediaDevices?.getUserMedia)
}

function constraints({ microphone, camera }: Wanted): MediaStreamConstraints {
	return { audio: microphone !== false && { ...VOICE, ...chosen(microphone) }, video: camera !== false && { ...PICTURE, ...chosen(camera) } }
}

/** `ideal`: a device that was pulled out must not be in the way of the others. */
function chosen(device: string | boolean): MediaTrackConstraints {
	return typeof device === "string" ? { deviceId: { ideal: device } } : {}
}

function found(stream: MediaStream, problems: Opened["problems"]): Opened {
	return { microphone: stream.getAudioTracks()[0] ?? null, camera: stream.getVideoTracks()[0] ?? null, problems }
}

async function apart(wanted: Wanted, problem: DOMException): Promise<Opened> {
	const both = wanted.microphone !== false && wanted.camera !== false
	if (!both) return refused(wanted, await reason(problem, wanted.camera === false ? "microphone" : "camera"))
	const microphone = await open({ ...wanted, camera: false })
	const camera = await open({ ...wanted, microphone: false })
	return { microphone: microphone.microphone, camera: camera.camera, problems: { ...microphone.problems, ...camera.problems } }
}

function refused({ microphone, camera }: Wanted, why: Reason): Opened {
	const problems = { ...(microphone !== false && { microphone: why }), ...(camera !== false && { camera: why }) }
	return { microphone: null, camera: null, problems }
}

async function reason({ name, message }: DOMException, kind: Kind): Promise<Reason> {
	if (name !== "NotAllowedError") return named(name)
	if (/system/i.test(message)) return "system"
	return (await isDenied(kind)) ? "browser" : "dismissed"
}

/** What each error of getUserMedia stands for (Media Capture and Streams, section 10.2). */
export function named(error: string): Reason {
	if (error === "NotFoundError" || error === "OverconstrainedError") return "none"
	if (error === "NotReadableError" || error === "AbortError") return "busy"
	return error === "SecurityError" ? "browser" : "unknown"
}

async function isDenied(kind: Kind): Promise<boolean> {
	try {
		const { state } = await navigator.permissions.query({ name: kind as PermissionName })
		return state === "denied"
	} catch (unsupported) {
		// Older browsers do not tell: most who are refused said no for good.
		if (unsupported instanceof TypeError) return true
		throw unsupported
	}
}
