import { Collection } from "../../live/collection"
import { t } from "../../i18n"
import { type Command, Refused, type Reply } from "../../live/frames"
import type { Socket } from "../../live/socket"
import type { Returned, Snapshot } from "../shared/wire"
import type { ChatPicture, ChatWelcome, Message } from "./wire"

/** What only some conversations have: who is in them by name, who types. It hears what the conversation hears. */
export interface ChatPart {
	picture?(picture: ChatPicture): void
	welcome?(welcome: ChatWelcome): void
	/** An event or whisper of the conversation. */
	event?(name: string, data: unknown): void
}

/** A conversation as this tab knows it. */
export class Chat {
	readonly topic: string
	messages = $state.raw<readonly Message[]>([])
	open = $state(true)
	silenced = $state(false)
	moderator = $state(false)
	/** Number of the last message the person has seen; null until the server has said so. */
	read = $state<number | null>(null)
	/** A message from before a reload that was refused. */
	returned = $state.raw<Returned | null>(null)
	/** Why the server does not let the person in any more. */
	shut = $state("")
	#messages = new Collection<Message>()
	#parts: ChatPart[] = []
	#pictured: ChatPicture | null = null
	#welcomed: ChatWelcome | null = null

	constructor(
		readonly socket: Socket,
		readonly id: number,
		snapshot: Snapshot<ChatPicture> | null,
	) {
		this.topic = `conversation.${id}`
		this.#messages.subscribe((messages) => (this.messages = [...messages].sort((one, other) => one.number - other.number)))
		if (snapshot) this.#picture(snapshot.data)
		socket.enter(
			this.topic,
			{
				snapshot: (data) => this.#picture(data as ChatPicture),
				mine: (data) => this.#welcome(data as ChatWelcome),
				event: (name, data) => this.#event(name, data),
				refused: (_code, say) => (this.shut = say),
				late: (command, reply) => this.#late(command, reply),
			},
			snapshot?.snapshot,
		)
	}

	/** From now on `part` hears what the conversation hears, beginning with what it last heard as a whole. */
	join(part: ChatPart) {
		this.#parts.push(part)
		if (this.#pictured) part.picture?.(this.#pictured)
		if (this.#welcomed) part.welcome?.(this.#welcomed)
	}

	/** `files`: keys of what was uploaded. */
	async say(text: string, reply: Message | null, files: string[] = []) {
		const answered = reply ? { reply: reply.id } : {}
		const attached = files.length ? { attachments: files } : {}
		// At once in the place of the one that waited.
		this.#messages.put((await this.do("chat.say", { text, ...answered, ...attached })) as Message, true)
	}

	edit(message: Message, text: string): Promise<unknown> {
		return this.do("chat.edit", { message: message.id, text })
	}

	delete(message: Message): Promise<unknown> {
		return this.do("chat.delete", { message: message.id })
	}

	remove(message: Message): Promise<unknown> {
		return this.do("chat.remove", { message: message.id })
	}

	silence(message: Message): Promise<unknown> {
		return this.do("chat.silence", { message: message.id })
	}

	react(message: Message, sign: string, on: boolean): Promise<unknown> {
		return this.do("chat.react", { message: message.id, sign, on })
	}

	/** The newest message has been seen; may be lost, for the next one says it again. */
	seen() {
		const newest = this.messages.at(-1)?.number ?? 0
		if (this.read === null || newest <= this.read) return
		this.read = newest
		this.socket.whisper("chat.read", this.topic, { number: newest })
	}

	/** Something was said before the first message shown. */
	get begunEarlier(): boolean {
		return (this.messages[0]?.number ?? 1) > 1
	}

	/** Brings the page before the first message shown. */
	async earlier() {
		const answer = await fetch(`/conversation/${this.id}/messages?before=${this.messages[0]?.number ?? ""}`).catch(() => null)
		if (!answer?.ok) throw new Refused("try.again", t("That did not work this time. Please try again."))
		const { messages } = (await answer.json()) as { messages: Message[] }
		for (const message of messages) this.#messages.put(message, true)
	}

	unread(me: number): Message[] {
		if (this.read === null) return []
		return this.messages.filter((message) => message.number > (this.read ?? 0) && message.by.id !== me && !message.removed)
	}

	do(what: string, given: unknown = {}): Promise<unknown> {
		return this.socket.do(what, this.topic, given)
	}

	#picture(picture: ChatPicture) {
		this.#pictured = picture
		this.open = picture.open
		this.#messages.replace(picture.messages)
		for (const part of this.#parts) part.picture?.(picture)
	}

	#welcome(welcome: ChatWelcome) {
		this.#welcomed = welcome
		this.read = Math.max(welcome.read, this.read ?? 0)
		this.silenced = welcome.silenced ?? false
		this.moderator = welcome.moderator ?? false
		for (const part of this.#parts) part.welcome?.(welcome)
	}

	#event(name: string, data: unknown) {
		if (name === "message") this.#messages.put(data as Message)
		else if (name === "conversation") this.open = (data as { open: boolean }).open
		for (const part of this.#parts) part.event?.(name, data)
	}

	#late(command: Command, reply: Reply) {
		const { text } = command.with as { text: string }
		if (command.do === "chat.say" && reply.refused !== undefined) this.returned = { say: reply.say ?? "", text }
	}
}
