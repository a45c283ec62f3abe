/** The HTTP half of WHIP and WHEP (RFC 9725): an offer goes in, an answer and the address of our session come out. */

const SDP = "application/sdp"
const FRAGMENT = "application/trickle-ice-sdpfrag"
const LONGEST_PAUSE = 10
const PARTING = 2_000

/** The server cannot be reached, or stumbled: to be tried again. */
export class Unreachable extends Error {
	/** Seconds it asked us to wait. */
	constructor(
		message: string,
		readonly wait = 0,
	) {
		super(message)
	}
}

/** The server does not know our session any more. */
export class Forgotten extends Unreachable {}

/** The server does not let us: trying again changes nothing. */
export class Barred extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		readonly title: string,
	) {
		super(`${status} ${code}`)
	}
}

export interface Joined {
	resource: Resource
	answer: string
	iceServers: RTCIceServer[]
}

const GONE = new Set([404, 410, 502, 503, 504])
const FINAL = new Set([400, 401, 403, 404, 406, 415, 422])

export async function post(endpoint: string, offer: string): Promise<Joined> {
	const answer = await ask(endpoint, { method: "POST", headers: { "content-type": SDP }, body: offer })
	if (answer.status !== 201) throw await trouble(answer)
	const location = new URL(answer.headers.get("location") ?? "", new URL(endpoint, window.location.href))
	return { resource: new Resource(location.href), answer: await answer.text(), iceServers: iceServers(answer.headers.get("link") ?? "") }
}

/** Our session at the server. */
export class Resource {
	constructor(readonly address: string) {}

	/** Whether it lives at the media process of this name. */
	isAt(process: string): boolean {
		return this.address.includes(`/media/${process}.`)
	}

	/** Tells our new ICE credentials; returns the server's. */
	async restart(fragment: string): Promise<string> {
		const headers = { "content-type": FRAGMENT, "if-match": "*" }
		const answer = await ask(this.address, { method: "PATCH", headers, body: fragment })
		if (GONE.has(answer.status)) throw new Forgotten(`restart: ${answer.status}`)
		if (answer.status !== 200) throw new Unreachable(`restart: ${answer.status}`)
		return answer.text()
	}

	/** Whether the server has forgotten us, or the media process behind it is gone; false when it cannot be asked. */
	async isForgotten(): Promise<boolean> {
		try {
			return GONE.has((await ask(`${this.address}/stats`, { method: "GET" })).status)
		} catch (problem) {
			if (problem instanceof Unreachable) return false
			throw problem
		}
	}

	async wish(wish: object) {
		await ask(`${this.address}/wish`, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(wish) })
	}

	/** Takes leave, even of a page that is closing. Whether the server hears it does not matter: it notices by itself. */
	async end() {
		const request = { method: "DELETE", keepalive: true, signal: AbortSignal.timeout(PARTING) }
		await fetch(this.address, request).catch(() => undefined)
	}
}

async function ask(address: string, request: RequestInit): Promise<Response> {
	try {
		return await fetch(address, request)
	} catch (problem) {
		throw new Unreachable(String(problem))
	}
}

async function trouble(answer: Response): Promise<Error> {
	const wait = Math.min(LONGEST_PAUSE, Number(answer.headers.get("retry-after")) || 0)
	if (!FINAL.has(answer.status)) return new Unreachable(`join: ${answer.status}`, wait)
	const { code = "", title = "" } = await problem(answer)
	return new Barred(answer.status, code, title)
}

async function problem(answer: Response): Promise<{ code?: string; title?: string }> {
	if (!answer.headers.get("content-type")?.includes("json")) return {}
	return answer.json()
}

/** The relays that a `Link` header names (RFC 9725 section 4.6). */
export function iceServers(link: string): RTCIceServer[] {
	return link.split(/,\s*(?=<)/).flatMap((part) => {
		const [, urls] = part.match(/^\s*<((?:stun|turn)s?:[^>]*)>/) ?? []
		const parameters = Object.fromEntries([...part.matchAll(/;\s*([\w-]+)="?([^";]*)"?/g)].map(([, name, value]) => [name, value]))
		if (!urls || parameters.rel !== "ice-server") return []
		return [{ urls, username: parameters.username, credential: parameters.credential }]
	})
}
