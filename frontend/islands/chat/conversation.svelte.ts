import { n, t } from "../../i18n"
import { announce } from "../shared/announce.svelte"
import type { Person } from "../shared/wire"
import type { Chat, ChatPart } from "./chat.svelte"
import type { ChatPicture, ChatWelcome, ConversationPicture, ConversationWelcome, Facts, Message } from "./wire"

const TELL_TYPING = 3_000
const STILL_TYPING = 5_000

/** A conversation of people who were named, beyond its messages: who they are, how far they read, who types. */
export class Conversation implements ChatPart {
	facts = $state.raw<Facts | null>(null)
	muted = $state(false)
	/** Whether it stands in no inbox of this person's until somebody writes. */
	hidden = $state(false)
	/** How far others have read, by their id; only of those who share it. */
	reads = $state.raw<Readonly<Record<string, number>>>({})
	/** Ids of those who type just now. */
	typing = $state.raw<readonly number[]>([])
	#toldTyping = 0
	#heard = Number.POSITIVE_INFINITY
	#forget = new Map<number, ReturnType<typeof setTimeout>>()

	constructor(
		readonly chat: Chat,
		readonly me: number,
	) {
		chat.join(this)
	}

	get others(): Person[] {
		return this.facts?.people.filter(({ id }) => id !== this.me) ?? []
	}

	/** The other one, where there are only two. */
	get other(): Person | undefined {
		return this.facts?.kind === "pair" || this.facts?.kind === "encounter" ? this.others[0] : undefined
	}

	/** Whether the person was asked, and may (still) accept. */
	get answerable(): boolean {
		const { facts } = this
		return facts?.kind === "pair" && facts.state !== "accepted" && facts.open && facts.started_by !== this.me
	}

	name(person: number): string {
		return this.facts?.people.find(({ id }) => id === person)?.name ?? ""
	}

	/** Those who have read as far as `message`. */
	readBy(message: Message): Person[] {
		return this.others.filter(({ id }) => (this.reads[id] ?? 0) >= message.number)
	}

	/** Tells the others that the person types, now and then. */
	types() {
		if (Date.now() - this.#toldTyping < TELL_TYPING) return
		this.#toldTyping = Date.now()
		this.chat.socket.whisper("chat.typing", this.chat.topic)
	}

	async mute(on: boolean) {
		await this.chat.do("chat.mute", { on })
		this.muted = on
	}

	/** Out of the inbox until somebody writes in it again; or back. */
	async hide(on: boolean) {
		await this.chat.do("chat.hide", { on })
		this.hidden = on
	}

	/** To the organisers; about whoever wrote `message`, or about the other of two. */
	report(text: string, message: Message | null): Promise<unknown> {
		return this.chat.do("chat.report", message ? { text, message: message.id } : { text })
	}

	/** What a group is called; nothing calls it by its people. */
	retitle(title: string): Promise<unknown> {
		return this.chat.do("chat.title", { title })
	}

	/** Into a group. */
	add(people: readonly number[]): Promise<unknown> {
		return this.chat.do("chat.add", { people })
	}

	leave(): Promise<unknown> {
		return this.chat.do("chat.leave")
	}

	/** To a request. */
	async answer(how: "accept" | "decline" | "ignore") {
		await this.chat.do(`chat.${how}`)
		this.hidden = how !== "accept"
	}

	picture(picture: ChatPicture) {
		const { messages, ...facts } = picture as ConversationPicture
		this.facts = facts
		this.#heard = messages.at(-1)?.number ?? 0
	}

	welcome(welcome: ChatWelcome) {
		const { muted, hidden, reads } = welcome as ConversationWelcome
		this.muted = muted
		this.hidden = hidden
		this.reads = reads
	}

	event(name: string, data: unknown) {
		if (name === "message") this.#message(data as Message)
		else if (name === "conversation") this.facts = { ...this.facts, ...(data as Facts) }
		else if (name === "reads") this.reads = { ...this.reads, ...(data as Record<string, number>) }
		else if (name === "typing") this.#types((data as { person: number }).person)
	}

	/** What is new is said to whoever does not see it come. */
	#message(message: Message) {
		if (message.number <= this.#heard) return
		this.#heard = message.number
		this.hidden = false
		this.#stops(message.by.id)
		if (message.by.id !== this.me && !this.muted) announce(said(message))
	}

	#types(person: number) {
		if (person === this.me) return
		this.#stops(person)
		this.typing = [...this.typing, person]
		this.#forget.set(person, setTimeout(() => this.#stops(person), STILL_TYPING))
	}

	#stops(person: number) {
		clearTimeout(this.#forget.get(person))
		this.typing = this.typing.filter((id) => id !== person)
	}
}

function said({ by: { name }, text, attachments }: Message): string {
	return text ? t("{name}: {text}", { name, text }) : n("{name} sent {count} file", "{name} sent {count} files", attachments?.length ?? 0, { name })
}
