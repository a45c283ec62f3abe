import type { Socket } from "../../live/socket"
import { called } from "../chat/names"
import type { FoundMessage, InboxEvent, InboxPage, Row } from "../chat/wire"

const PAUSE = 300
const SHORTEST = 2

/** The conversations of the page's person, the latest first, and what they seek among them. */
export class Inbox {
	rows = $state.raw<readonly Row[]>([])
	/** Messages with the words that are sought. */
	found = $state.raw<readonly FoundMessage[]>([])
	/** Whether there are rows further down. */
	more = $state(false)
	fetching = $state(false)
	#sought = $state("")
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(
		socket: Socket,
		readonly me: number,
		{ rows, more }: Pick<InboxPage, "rows" | "more">,
	) {
		this.rows = rows
		this.more = more
		socket.enter(`person.${me}`, { event: (name, data) => name === "inbox" && this.#changed(data as InboxEvent) })
	}

	get sought(): string {
		return this.#sought
	}

	/** Names are found at once, words a moment later. */
	set sought(text: string) {
		this.#sought = text
		clearTimeout(this.#timer)
		this.fetching = text.trim().length >= SHORTEST
		if (this.fetching) this.#timer = setTimeout(() => void this.#find(text), PAUSE)
		else this.found = []
	}

	/** Those with the sought name; requests to this person first. */
	get shown(): Row[] {
		const sought = folded(this.#sought)
		const found = this.rows.filter((row) => !row.hidden && folded(called(row, this.me)).includes(sought))
		return [...found.filter((row) => row.request === "to_me"), ...found.filter((row) => row.request !== "to_me")]
	}

	/** Brings the rows further down; what is known already is newer. */
	async further() {
		this.fetching = true
		const page = await this.#ask({ before: this.rows.at(-1)?.at ?? "" })
		this.fetching = false
		if (!page) return
		const known = new Set(this.rows.map(({ id }) => id))
		this.#set([...this.rows, ...page.rows.filter(({ id }) => !known.has(id))])
		this.more = page.more
	}

	/** Without a line nothing is found; typing on asks again. */
	async #find(text: string) {
		const page = await this.#ask({ q: text })
		if (text !== this.#sought) return
		this.fetching = false
		this.found = page?.found ?? []
	}

	async #ask(what: Record<string, string>): Promise<InboxPage | null> {
		const answer = await fetch(`/messages/?${new URLSearchParams(what)}`, { headers: { accept: "application/json" } }).catch(() => null)
		return answer?.ok ? ((await answer.json()) as InboxPage) : null
	}

	#changed({ conversation, row }: InboxEvent) {
		const others = this.rows.filter(({ id }) => id !== conversation)
		this.#set(row ? [row, ...others] : others)
	}

	#set(rows: readonly Row[]) {
		this.rows = [...rows].sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
	}
}

/** Without accents and case. */
function folded(text: string): string {
	return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase()
}
