import type { Command } from "../../live/frames"
import type { Socket, State } from "../../live/socket"
import { Chat } from "../chat/chat.svelte"
import { Conversation } from "../chat/conversation.svelte"
import { Uploads } from "../chat/uploads.svelte"
import type { ConversationPicture } from "../chat/wire"
import type { Snapshot } from "../shared/wire"
import { Inbox, type InboxStart } from "./inbox.svelte"
import { Meetings } from "./meetings.svelte"

/** What the page came with. */
export interface Given {
	me: number
	token: string
	inbox: InboxStart
	/** Whether the page is that of what was put away. */
	hidden?: boolean
	/** The conversation that is open, if one is. */
	open: number | null
	snapshot: Snapshot<ConversationPicture> | null
}

/** The conversation in sight, with the files that are to go into it. */
export class Opened {
	readonly conversation: Conversation
	readonly meetings: Meetings
	readonly uploads: Uploads

	constructor(
		readonly chat: Chat,
		{ me, token }: Given,
	) {
		this.conversation = new Conversation(chat, me)
		this.meetings = new Meetings(chat, me)
		this.uploads = new Uploads(`/messages/${chat.id}/files`, token)
	}
}

/** The page of messages: the inbox, and one conversation or none. */
export class Letters {
	readonly inbox: Inbox
	opened = $state.raw<Opened | null>(null)
	/** Number of a message that is to be brought into sight. */
	sought = $state<number | null>(null)
	line = $state.raw<State>({ is: "connecting" })
	unsent = $state.raw<readonly Command[]>([])

	constructor(
		readonly socket: Socket,
		readonly given: Given,
	) {
		this.inbox = new Inbox(socket, given.me, given.inbox, given.hidden)
		socket.state.subscribe((state) => (this.line = state))
		socket.outbox.commands.subscribe((commands) => (this.unsent = commands))
		if (given.open) this.#open(given.open, given.snapshot)
		this.sought = messageOf(location.hash)
	}

	get me(): number {
		return this.given.me
	}

	get waiting(): boolean {
		return this.line.is !== "open"
	}

	/** Why the open conversation is closed to this person. */
	get shut(): string {
		return this.opened?.chat.shut ?? ""
	}

	/** Where the list of conversations is that this page came with. */
	get home(): string {
		return this.inbox.hidden ? "/messages/?hidden=1" : "/messages/"
	}

	/** To the list, with no conversation open. */
	back() {
		this.visit(new URL(this.home, location.href))
	}

	/** Goes to one of this page's addresses; whether it is one. */
	visit(url: URL, remember = true): boolean {
		const found = /^\/messages\/(?:(\d+)\/)?$/.exec(url.pathname)
		if (!found || url.origin !== location.origin) return false
		if (found[1] ? url.search : url.pathname + url.search !== this.home) return false
		if (remember) history.pushState(null, "", url)
		this.#show(Number(found[1] ?? 0))
		this.sought = messageOf(url.hash)
		return true
	}

	#show(id: number) {
		if (this.opened?.chat.id === id) return
		if (this.opened) this.socket.leave(this.opened.chat.topic)
		this.opened = null
		if (id) this.#open(id, null)
	}

	#open(id: number, snapshot: Snapshot<ConversationPicture> | null) {
		this.opened = new Opened(new Chat(this.socket, id, snapshot), this.given)
	}
}

function messageOf(hash: string): number | null {
	return Number(/^#m(\d+)$/.exec(hash)?.[1] ?? 0) || null
}
