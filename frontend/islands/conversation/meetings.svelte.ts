import { Collection } from "../../live/collection"
import type { Chat, ChatPart } from "../chat/chat.svelte"
import type { ChatPicture } from "../chat/wire"
import type { Meeting } from "./meetings-wire"

/** What the two of a conversation propose to each other, and what they agreed. */
export class Meetings implements ChatPart {
	all = $state.raw<readonly Meeting[]>([])
	#meetings = new Collection<Meeting>()

	constructor(
		private readonly chat: Chat,
		readonly me: number,
	) {
		this.#meetings.subscribe((meetings) => (this.all = meetings))
		chat.join(this)
	}

	/** Those that wait for an answer: new ones, and those that are to be moved. */
	get open(): Meeting[] {
		return this.all.filter(({ turn, state }) => turn !== null && ["proposed", "countered", "accepted"].includes(state))
	}

	/** Whether one waits for the person's own answer: of strangers, that is the request. */
	get asked(): boolean {
		return this.open.some(({ turn }) => turn === this.me)
	}

	/** Those that are agreed and not over at `now`, the next one first. */
	agreed(now: number): Meeting[] {
		const ahead = this.all.filter(({ state, ends }) => state === "accepted" && ends !== null && Date.parse(ends) > now)
		return ahead.sort((one, other) => Date.parse(one.starts ?? "") - Date.parse(other.starts ?? ""))
	}

	accept(meeting: Meeting, slot: number): Promise<void> {
		return this.#do("meeting.accept", { meeting: meeting.id, slot })
	}

	decline(meeting: Meeting): Promise<void> {
		return this.#do("meeting.decline", { meeting: meeting.id })
	}

	cancel(meeting: Meeting): Promise<void> {
		return this.#do("meeting.cancel", { meeting: meeting.id })
	}

	picture(picture: ChatPicture) {
		const { meetings = [] } = picture as ChatPicture & { meetings?: Meeting[] }
		this.#meetings.replace(meetings)
	}

	event(name: string, data: unknown) {
		if (name === "meeting") this.#meetings.put(data as Meeting)
	}

	async #do(what: string, given: object) {
		this.#meetings.put((await this.chat.do(what, given)) as Meeting, true)
	}
}
