import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { connected } from "../../media/connected"

/** As much of the browser's peer as is looked at. */
class Peer extends EventTarget {
	connectionState = "new"
	iceConnectionState = "new"

	becomes(ice: string, connection = "connecting") {
		this.iceConnectionState = ice
		this.connectionState = connection
		this.dispatchEvent(new Event("iceconnectionstatechange"))
		this.dispatchEvent(new Event("connectionstatechange"))
	}
}

const PATIENCE = { way: 6_000, handshake: 35_000 }
let peer: Peer
let said: string

beforeEach(() => {
	vi.useFakeTimers()
	peer = new Peer()
	said = ""
	connected(peer as unknown as RTCPeerConnection, PATIENCE).then(
		() => (said = "connected"),
		(problem: Error) => (said = problem.message),
	)
})
afterEach(() => vi.useRealTimers())

const after = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

test("who finds no way gives up soon", async () => {
	peer.becomes("checking")
	await after(5.9)
	expect(said).toBe("")
	await after(0.2)
	expect(said).toBe("no answer to our checks")
})

test("who has found one only waits for their turn in a crowd", async () => {
	await after(1)
	peer.becomes("connected")
	await after(20)
	peer.becomes("completed")
	await after(14)
	expect(said).toBe("")
	peer.becomes("completed", "connected")
	await after(0)
	expect(said).toBe("connected")
})

test("but not for ever", async () => {
	peer.becomes("connected")
	await after(36)
	expect(said).toBe("no answer to our checks")
})

test("who loses it again gives up soon", async () => {
	peer.becomes("connected")
	await after(10)
	peer.becomes("disconnected")
	await after(6.1)
	expect(said).toBe("no answer to our checks")
})

test("and is told at once of a line that was closed", async () => {
	peer.becomes("closed", "closed")
	await after(0)
	expect(said).toBe("closed")
})
