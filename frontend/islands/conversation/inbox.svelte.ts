import type { Socket } from "../../live/socket"
import { called } from "../chat/names"
import type { FoundMessage, InboxEvent, InboxPage, Row } from "../chat/wire"

/** What the page came with. */
export type InboxStart = Pick<InboxPage, "rows" | "more" | "before">

const PAUSE = 300
const SHORTEST = 2

/** The conversations of the page's person, the latest first, and what they seek among them. */
export class Inbox {
	rows = $state.raw<readonly Row[]>([])
	/** Conversations with the name that is sought, of all that the server has. */
	named = $state.raw<readonly Row[]>([])
	/** Messages with the words that are sought. */
	found = $state.raw<readonly FoundMessage[]>([])
	/** Whether there are rows further down. */
	more = $state(false)
	fetching = $state(false)
	#sought = $state("")
	#timer: ReturnType<typeof setTimeout> | undefined
	/** Where the server's last page ended; a row that came by itself may be older. */
	#before: string

	/** `hidden`: of what was put away. */
	constructor(
		socket: Socket,
		readonly me: number,
		{ rows, more, before }: InboxStart,
		readonly hidden = false,
	) {
		this.rows = rows
		this.more = more
		this.#before = before
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
		else this.found = this.named = []
	}

	/** Those with the sought name, wherever they are; else this list. Requests to this person first. */
	get shown(): Row[] {
		const found = this.#sought.trim() ? this.#called(folded(this.#sought)) : this.rows.filter((row) => row.hidden === this.hidden)
		return [...found.filter((row) => row.request === "to_me"), ...found.filter((row) => row.request !== "to_me")]
	}

	#called(sought: string): Row[] {
		const known = new Map([...this.named, ...this.rows].map((row) => [row.id, row]))
		const names = (row: Row) => [called(row, this.me), ...row.people.map(({ name }) => name)].join(" ")
		const named = new Set(this.named.map(({ id }) => id))
		return [...known.values()].filter((row) => named.has(row.id) || folded(names(row)).includes(sought.trim())).sort(latestFirst)
	}

	/** Brings the rows further down; what is known already is newer. */
	async further() {
		this.fetching = true
		const page = await this.#ask({ before: this.#before, ...(this.hidden && { hidden: "1" }) })
		this.fetching = false
		if (!page) return
		const known = new Set(this.rows.map(({ id }) => id))
		this.#set([...this.rows, ...page.rows.filter(({ id }) => !known.has(id))])
		this.more = page.more
		this.#before = page.before
	}

	/** Without a line nothing is found; typing on asks again. */
	async #find(text: string) {
		const page = await this.#ask({ q: text })
		if (text !== this.#sought) return
		this.fetching = false
		this.found = page?.found ?? []
		this.named = page?.rows ?? []
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
		this.rows = [...rows].sort(latestFirst)
	}
}

const latestFirst = (one: Row, other: Row) => Date.parse(other.at) - Date.parse(one.at)

/** Without accents and case. */
function folded(text: string): string {
	return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase()
}
