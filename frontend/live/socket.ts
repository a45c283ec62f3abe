import { backoff } from "./backoff"
import { serverClock } from "./clock"
import { type Bye, type Command, type Frame, type Listener, Refused, type Reply, type TopicFrame } from "./frames"
import type { Outbox } from "./outbox"
import { ref } from "./ref"
import { Signal } from "./signal"
import { Topic } from "./topic"

const SILENCE = 25_000
const HANDSHAKE = 10_000
const ANSWER = 5_000
const WATCH = 1_000
const TICKET_AGE = 8 * 60_000
/** While the device says that it is offline, trying is only a precaution. */
const OFFLINE_TRY = 30_000
/** Between commands that are sent again, so that a long tunnel doesn't end in "too fast". */
const PACE = 110
/** Before a topic is entered again that could not be entered just now. */
const ENTER_PAUSE = 3_000
const TICKET_INVALID = 4401
const FOR_NOW = new Set(["slow.down", "try.again", "server.stumbled"])

export type State =
	| { is: "connecting" }
	| { is: "open" }
	| { is: "reconnecting"; attempt: number }
	| { is: "closed"; reason: string; say: string }

export interface Options {
	/** Address of the socket without its ticket. */
	address: string
	/** The ticket the page came with. */
	ticket: string
	/** A new ticket; Refused when the person is not signed in any more. */
	renew(): Promise<string>
	outbox: Outbox
}

interface Waiting {
	resolve(ok: unknown): void
	reject(refused: Refused): void
}

/** The tab's one line to the server: many topics, and commands that survive the line. */
export class Socket {
	readonly state = new Signal<State>({ is: "connecting" })
	/** Characters heard, which for JSON is about bytes. */
	received = 0
	/** Commands the server has not answered yet. */
	readonly outbox: Outbox
	readonly #options: Options
	readonly #topics = new Map<string, Topic>()
	readonly #waiting = new Map<string, Waiting>()
	readonly #entering = new Map<string, Topic>()
	#line: WebSocket | null = null
	#heardAt = 0
	#deadline = HANDSHAKE
	#attempt = 0
	#ticket: { text: string; at: number } | null
	#retry: ReturnType<typeof setTimeout> | undefined
	#watch: ReturnType<typeof setInterval>
	#turn = 0
	#offline = false
	#restartBefore = 0

	constructor(options: Options) {
		this.#options = options
		this.outbox = options.outbox
		this.#ticket = { text: options.ticket, at: Date.now() }
		this.#watch = setInterval(() => this.#notice(), WATCH)
		void this.#connect()
	}

	/** Follows a topic, from `since` if the page already shows that much. Several may follow one, each for itself. */
	enter(name: string, listener: Listener, since: number | null = null) {
		const topic = this.#joined(name, listener) ?? this.#follow(name, listener, since)
		if (this.#isOpen) this.#enter(topic)
	}

	leave(name: string) {
		this.#topics.delete(name)
		if (this.#isOpen) this.#send({ do: "leave", ref: ref(), on: name })
	}

	/** Does a command, once, however often the line breaks. Resolves to what the server says; rejects with Refused. */
	do(what: string, on: string, given: unknown = {}): Promise<unknown> {
		const command: Command = { do: what, ref: ref(), on, with: given }
		this.outbox.add(command)
		if (this.#isOpen) this.#send(command)
		return new Promise((resolve, reject) => this.#waiting.set(command.ref, { resolve, reject }))
	}

	/** Says something that may be lost, as that somebody is typing. */
	whisper(what: string, on: string, given: unknown = {}) {
		if (this.#isOpen) this.#send({ do: what, ref: ref(), on, with: given })
	}

	/** The device is online again, or the person wants it: no more waiting. */
	tryNow() {
		this.#offline = false
		if (this.state.value.is === "closed" || this.#isOpen) return
		this.#drop()
		void this.#connect()
	}

	/** The device says that it is offline. */
	lost() {
		this.#offline = true
		if (this.state.value.is !== "closed") this.#again()
	}

	/** The person looks again after a while: is the line still there? */
	check() {
		if (!this.#isOpen) return this.tryNow()
		this.#heardAt = Date.now()
		this.#deadline = ANSWER
		this.#send({ do: "ping", ref: ref() })
	}

	close(reason = "left", say = "") {
		clearInterval(this.#watch)
		this.#drop()
		this.state.set({ is: "closed", reason, say })
	}

	#joined(name: string, listener: Listener): Topic | undefined {
		const topic = this.#topics.get(name)
		topic?.join(listener)
		return topic
	}

	#follow(name: string, listener: Listener, since: number | null): Topic {
		const topic: Topic = new Topic(name, listener, () => this.#enter(topic), since)
		this.#topics.set(name, topic)
		return topic
	}

	get #isOpen(): boolean {
		return this.state.value.is === "open"
	}

	async #connect() {
		const turn = ++this.#turn
		try {
			const ticket = await this.#validTicket()
			if (turn === this.#turn) this.#dial(ticket)
		} catch (problem) {
			if (turn !== this.#turn) return
			if (problem instanceof Refused) this.close(problem.code, problem.say)
			else this.#again()
		}
	}

	async #validTicket(): Promise<string> {
		if (!this.#ticket || Date.now() - this.#ticket.at > TICKET_AGE) {
			this.#ticket = { text: await this.#options.renew(), at: Date.now() }
		}
		return this.#ticket.text
	}

	#dial(ticket: string) {
		const line = new WebSocket(`${this.#options.address}?ticket=${encodeURIComponent(ticket)}`)
		this.#line = line
		this.#heardAt = Date.now()
		this.#deadline = HANDSHAKE
		line.onopen = () => this.#opened()
		line.onmessage = (message) => this.#heard(message.data)
		line.onclose = ({ code }) => {
			if (code === TICKET_INVALID) this.#ticket = null
			this.#again()
		}
	}

	#opened() {
		this.#heardAt = Date.now()
		this.#deadline = SILENCE
		this.state.set({ is: "open" })
		this.#entering.clear()
		for (const topic of this.#topics.values()) this.#enter(topic)
		this.outbox.commands.value.forEach((command, index) => this.#resend(command, index * PACE))
	}

	#resend(command: Command, pause: number) {
		const line = this.#line
		const send = () => line === this.#line && this.outbox.has(command) && this.#send(command)
		if (pause) setTimeout(send, pause)
		else send()
	}

	#enter(topic: Topic) {
		const asked = ref()
		topic.entering()
		this.#entering.set(asked, topic)
		this.#send({ do: "enter", ref: asked, on: topic.name, with: topic.seq === null ? {} : { since: topic.seq } })
	}

	#enterLater(topic: Topic) {
		const again = () => this.#isOpen && this.#topics.get(topic.name) === topic && this.#enter(topic)
		setTimeout(again, ENTER_PAUSE * (1 + Math.random()))
	}

	#send(command: Command) {
		this.#line?.send(JSON.stringify(command))
	}

	#heard(text: string) {
		this.#attempt = 0
		this.#heardAt = Date.now()
		this.#deadline = SILENCE
		this.received += text.length
		const frame = JSON.parse(text) as Frame
		if ("re" in frame) this.#settle(frame)
		else if ("bye" in frame) this.#partSoon(frame)
		else this.#topic(frame)
	}

	#topic(frame: TopicFrame) {
		if (frame.now !== undefined) serverClock.hear(frame.now)
		const topic = this.#topics.get(frame.on)
		if (!topic) return
		if (frame.refused !== undefined && FOR_NOW.has(frame.refused)) return this.#enterLater(topic)
		if (frame.refused !== undefined) this.#topics.delete(frame.on)
		topic.hear(frame)
	}

	#settle(reply: Reply) {
		const topic = this.#entering.get(reply.re)
		if (topic) this.#notEntered(topic, reply)
		else this.#answer(reply)
	}

	/** Only a refusal answers "enter" like this; else the topic itself speaks. */
	#notEntered(topic: Topic, { re, refused, say }: Reply) {
		this.#entering.delete(re)
		this.#topic({ on: topic.name, refused, say })
	}

	#answer(reply: Reply) {
		const command = this.outbox.settle(reply.re)
		const waiting = this.#waiting.get(reply.re)
		this.#waiting.delete(reply.re)
		if (!waiting) return command && this.#topics.get(command.on ?? "")?.late(command, reply)
		if (reply.refused === undefined) waiting.resolve(reply.ok)
		else waiting.reject(new Refused(reply.refused, reply.say ?? ""))
	}

	/** A planned restart: come back spread over some seconds, even if the server hangs up at once. */
	#partSoon({ within }: Bye) {
		this.#restartBefore = Date.now() + Math.random() * within * 1000
		this.#again()
	}

	/** The line is gone: says so, and tries again after a while. */
	#again() {
		// A line that never opened may have had a ticket that is no longer good.
		if (this.state.value.is !== "open") this.#ticket = null
		this.#drop()
		this.#attempt += 1
		this.state.set({ is: "reconnecting", attempt: this.#attempt })
		this.#retry = setTimeout(() => void this.#connect(), this.#pause())
	}

	#pause(): number {
		if (this.#offline) return OFFLINE_TRY
		return Math.max(backoff(this.#attempt), this.#restartBefore - Date.now())
	}

	#drop() {
		clearTimeout(this.#retry)
		this.#turn += 1
		const line = this.#line
		this.#line = null
		if (!line) return
		line.onopen = line.onmessage = line.onclose = null
		line.close()
	}

	/** Lines die without a word. */
	#notice() {
		if (this.#line && Date.now() - this.#heardAt > this.#deadline) this.#again()
	}
}
