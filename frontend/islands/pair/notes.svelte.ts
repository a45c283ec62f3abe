import { merged, patched } from "./merge"
import type { NotesChange, NotesTold } from "./wire"

/** Milliseconds after the last letter, and at most so many after the first. */
const PAUSE = 700
const LONGEST = 3_000
const RETRY = 4_000
const REFUSED = new Set([400, 403, 404, 413, 422])

export const MOST = 20_000

export type Saving = "saved" | "typing" | "saving" | "waiting" | "refused"

interface Sent {
	rev: number
	base: string
	text: string
}

/** The text that two people write together: what one types is never lost by what the other writes meanwhile. */
export class Notes {
	/** As it stands in this page. */
	text = $state("")
	saving = $state<Saving>("saved")
	/** The sentence of a refusal. */
	say = $state("")
	#rev: number
	#base: string
	#sent: Sent | null = null
	#later: NotesChange[] = []
	#timer: ReturnType<typeof setTimeout> | undefined
	#typedAt = 0

	constructor(
		private readonly address: string,
		told: NotesTold,
		/** In this tab's storage, of what the server has not answered. */
		private readonly key: string,
	) {
		this.#rev = told.rev
		this.#base = this.text = told.text
		this.#restore()
	}

	/** The person has typed. */
	type(text: string) {
		this.text = text
		if (this.saving === "saved") this.#typedAt = Date.now()
		this.#keep()
		if (this.#sent) return
		this.saving = "typing"
		this.#soon()
	}

	/** The whole, as the server has it. */
	told({ rev, text }: NotesTold) {
		if (this.#sent || rev < this.#rev) return
		this.#rebase(this.#base, text)
		this.#rev = rev
	}

	/** Somebody's lines. While one's own are on their way, the answer comes first: it says what became of them. */
	changed(change: NotesChange) {
		if (this.#sent) this.#later.push(change)
		else if (change.rev === this.#rev + 1) this.#follow(change)
		else if (change.rev > this.#rev) void this.#fetch()
	}

	/** Now, without waiting for a pause. */
	async save() {
		clearTimeout(this.#timer)
		if (this.#sent) return
		if (this.text === this.#base) return void (this.saving = "saved")
		this.#sent = { rev: this.#rev, base: this.#base, text: this.text }
		await this.#put(this.#sent)
	}

	/** The page is left: what is not saved yet is sent without waiting for an answer. */
	part() {
		const left = this.#unsaved()
		if (left) void asked(this.address, { ...put(left), keepalive: true })
	}

	/** What was typed on a page that this one follows. */
	#restore() {
		const kept = sessionStorage.getItem(this.key)
		if (!kept) return
		const { base, text } = JSON.parse(kept) as Sent
		this.text = merged(base, this.#base, text)
		this.#keep()
		if (this.text === this.#base) return
		this.saving = "typing"
		this.#typedAt = Date.now()
		this.#soon()
	}

	#keep() {
		const left = this.#unsaved()
		if (left) sessionStorage.setItem(this.key, JSON.stringify(left))
		else sessionStorage.removeItem(this.key)
	}

	/** What is on its way is said again with it: a line may come twice then, but none is lost. */
	#unsaved(): Sent | null {
		const { rev, base } = this.#sent ?? { rev: this.#rev, base: this.#base }
		return this.#sent || this.text !== base ? { rev, base, text: this.text } : null
	}

	#soon() {
		clearTimeout(this.#timer)
		const pause = Math.min(PAUSE, Math.max(0, this.#typedAt + LONGEST - Date.now()))
		this.#timer = setTimeout(() => void this.save(), pause)
	}

	/** Until it is answered the same is sent again: whether it arrived the first time, nobody here knows. */
	async #put(sent: Sent) {
		if (this.saving !== "waiting") this.saving = "saving"
		const answer = await asked(this.address, put(sent))
		if (answer?.ok) return this.#arrived(sent, (await answer.json()) as NotesTold)
		if (answer && REFUSED.has(answer.status)) return this.#refused(answer)
		this.saving = "waiting"
		setTimeout(() => void this.#put(sent), RETRY)
	}

	#arrived(sent: Sent, { rev, text }: NotesTold) {
		this.#sent = null
		this.say = ""
		this.text = merged(sent.text, text, this.text)
		this.#base = text
		this.#rev = rev
		for (const change of this.#later.splice(0)) this.changed(change)
		this.#keep()
		this.saving = this.text === this.#base ? "saved" : "typing"
		if (this.saving === "typing") {
			this.#typedAt = Date.now()
			this.#soon()
		}
	}

	async #refused(answer: Response) {
		this.#sent = null
		this.#later = []
		this.saving = "refused"
		this.say = ((await answer.json().catch(() => ({}))) as { title?: string }).title ?? ""
		await this.#fetch()
	}

	#follow(change: NotesChange) {
		this.#rebase(this.#base, patched(this.#base, change))
		this.#rev = change.rev
	}

	#rebase(before: string, after: string) {
		this.text = merged(before, after, this.text)
		this.#base = after
		this.#keep()
	}

	async #fetch() {
		const answer = await asked(this.address)
		if (answer?.ok) this.told((await answer.json()) as NotesTold)
	}
}

function put(sent: Sent): RequestInit {
	return { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(sent) }
}

/** Null when the server cannot be reached. */
async function asked(address: string, request?: RequestInit): Promise<Response | null> {
	try {
		return await fetch(address, request)
	} catch (problem) {
		if (problem instanceof TypeError) return null
		throw problem
	}
}
