import type { Command, Listener } from "../../live/frames"
import { Outbox } from "../../live/outbox"
import { Socket } from "../../live/socket"

/** Stands for the browser's WebSocket: a test plays the server. */
export class Line {
	static all: Line[] = []
	static OPEN = 1
	readyState = 0
	sent: Command[] = []
	onopen: (() => void) | null = null
	onmessage: ((message: { data: string }) => void) | null = null
	onclose: ((event: { code: number }) => void) | null = null

	constructor(readonly address: string) {
		Line.all.push(this)
	}

	static get last(): Line {
		return Line.all.at(-1) as Line
	}

	send(text: string) {
		this.sent.push(JSON.parse(text))
	}

	close() {
		this.readyState = 3
	}

	// what the server does

	opens() {
		this.readyState = 1
		this.onopen?.()
	}

	says(frame: object) {
		this.onmessage?.({ data: JSON.stringify(frame) })
	}

	breaks(code = 1006) {
		this.readyState = 3
		this.onclose?.({ code })
	}

	asked(what: string): Command[] {
		return this.sent.filter((command) => command.do === what)
	}

	/** Answers the newest command of this name. */
	answers(what: string, reply: object) {
		this.says({ re: this.asked(what).at(-1)?.ref, ...reply })
	}
}

export class Keeper {
	kept = new Map<string, string>()
	getItem = (key: string) => this.kept.get(key) ?? null
	setItem = (key: string, text: string) => void this.kept.set(key, text)
	removeItem = (key: string) => void this.kept.delete(key)
}

/** Ada’s socket; its first line is being dialled. */
export function connected(keeper = new Keeper(), renew = async () => "renewed"): Socket {
	return new Socket({ address: "ws://forum.test/live", ticket: "first", renew, outbox: new Outbox("ada", keeper) })
}

/** Writes down everything it hears. */
export function listener(heard: unknown[]): Listener {
	return {
		snapshot: (data, seq) => heard.push(["snapshot", data, seq]),
		mine: (data) => heard.push(["mine", data]),
		event: (name, data, seq) => heard.push([name, data, seq]),
		here: (count, people) => heard.push(["here", count, people]),
		entered: () => heard.push(["entered"]),
		refused: (code, say) => heard.push(["refused", code, say]),
	}
}
