import { Refused } from "../../live/frames"
import { Outbox } from "../../live/outbox"
import { Socket } from "../../live/socket"

/** What every page of somebody who is signed in carries. */
export interface Mine {
	me: number
	ticket: string
	/** Django's, for what is posted. */
	token: string
}

/** What the server wrote into the page as JSON; null if it didn't. */
export function read<T>(id: string): T | null {
	const text = document.getElementById(id)?.textContent
	return text ? (JSON.parse(text) as T) : null
}

let line: Socket | null = null

/** The page's one line to the server, following the device's own signs; null for somebody who only looks. */
export function connect(me: string | number): Socket | null {
	const ticket = read<string>("ticket") ?? read<Mine>("mine")?.ticket
	if (ticket) line ??= opened(ticket, me)
	return line
}

function opened(ticket: string, me: string | number): Socket {
	const socket = new Socket({ address: address(), ticket, renew, outbox: new Outbox(`plenary.unsent.${me}`, sessionStorage) })
	addEventListener("online", () => socket.tryNow())
	addEventListener("offline", () => socket.lost())
	document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && socket.check())
	return socket
}

function address(): string {
	return `${location.origin.replace(/^http/, "ws")}/live`
}

async function renew(): Promise<string> {
	const answer = await fetch("/live/ticket", { headers: { accept: "application/json" }, redirect: "manual" })
	if (answer.ok) return ((await answer.json()) as { ticket: string }).ticket
	if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Refused("signed.out", "")
	throw new Error(`ticket: ${answer.status}`)
}
