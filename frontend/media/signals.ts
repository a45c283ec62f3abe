/** What two pages tell each other, past the server, so that their browsers find a way between them. */

/** Picture and voice, only the voice, or only text. */
export type Holds = "all" | "voice" | "text"

/** What somebody sends at present, and why not more. */
export interface Sends {
	microphone: boolean
	camera: boolean
	screen: boolean
	/** What their line carries. */
	holds: Holds
	/** Without voice and picture because they wished it. */
	chosen: boolean
}

/** One of these. A candidate of null says that no more come; `restart` asks for an offer of other ways; `bye` that the page closes. */
export interface Content {
	description?: RTCSessionDescriptionInit
	candidate?: RTCIceCandidateInit | null
	state?: Sends
	restart?: true
	bye?: true
}

export interface Address {
	/** The page that speaks. */
	session: string
	/** The page that is meant. */
	of: string
}

export interface PeerSignal extends Content, Address {
	to: number
	from: number
}

/** The names that this page has gone by; each connection that is begun anew has another. */
export class Sessions {
	#all = [fresh()]

	get mine(): string {
		return this.#all.at(-1) as string
	}

	renew() {
		this.#all.push(fresh())
	}

	has(session: string): boolean {
		return this.#all.includes(session)
	}
}

function fresh(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("")
}
