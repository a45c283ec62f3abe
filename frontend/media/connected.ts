import { Unreachable } from "./resource"

/** The server and we have found each other. */
const FOUND = new Set<RTCIceConnectionState>(["connected", "completed"])

export interface Patience {
	/** Milliseconds until a way for packets is found, or found again. */
	way: number
	/** Milliseconds from then on, for the handshake. */
	handshake: number
}

/** Resolves once packets can pass; Unreachable when patience is over. */
export function connected(peer: RTCPeerConnection, patience: Patience): Promise<void> {
	return new Promise((resolve, reject) => {
		const over = new AbortController()
		const { signal } = over
		const end = (then: () => void) => {
			over.abort()
			then()
		}
		const look = () => {
			const { connectionState } = peer
			if (connectionState === "connected") end(resolve)
			else if (connectionState === "closed") end(() => reject(new Unreachable("closed")))
		}
		const giveUp = () => end(() => reject(new Unreachable("no answer to our checks")))
		signal.addEventListener("abort", wait(peer, patience, giveUp, signal))
		peer.addEventListener("connectionstatechange", look, { signal })
		look()
	})
}

/** Gives up when it has taken too long, and begins anew whenever a way is found or lost; returns how to stop. */
function wait(peer: RTCPeerConnection, { way, handshake }: Patience, giveUp: () => void, signal: AbortSignal): () => void {
	let found = false
	let timer = setTimeout(giveUp, way)
	const look = () => {
		const isFound = FOUND.has(peer.iceConnectionState)
		if (isFound === found) return
		found = isFound
		clearTimeout(timer)
		timer = setTimeout(giveUp, found ? handshake : way)
	}
	peer.addEventListener("iceconnectionstatechange", look, { signal })
	look()
	return () => clearTimeout(timer)
}
