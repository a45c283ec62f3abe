import { t } from "../../i18n"
import type { Attachment } from "./wire"

/** A file on its way. */
export interface Upload {
	id: number
	file: File
	/** 0 to 1. */
	done: number
	/** What the server made of it; null until it has all of it. */
	kept: Attachment | null
	/** Why it did not work. */
	say: string
}

export const MOST = 10
export const TAKEN = "image/jpeg,image/png,image/gif,image/webp,application/pdf"
const TOO_LARGE = 413
let last = 0

/** The files that go with the next message. */
export class Uploads {
	all = $state.raw<readonly Upload[]>([])
	#requests = new Map<number, XMLHttpRequest>()

	constructor(
		private readonly address: string,
		private readonly token: string,
	) {}

	/** Whether all have arrived. */
	get ready(): boolean {
		return this.all.every(({ kept }) => kept)
	}

	get keys(): string[] {
		return this.all.flatMap(({ kept }) => kept?.key ?? [])
	}

	add(files: Iterable<File>) {
		for (const file of [...files].slice(0, MOST - this.all.length)) this.#add(file)
	}

	again(upload: Upload) {
		this.#change(upload.id, { say: "", done: 0 })
		this.#send(upload)
	}

	drop(upload: Upload) {
		this.#requests.get(upload.id)?.abort()
		this.all = this.all.filter(({ id }) => id !== upload.id)
	}

	/** They are said: none are left. Returns what they were, to be put back if it was refused. */
	take(): readonly Upload[] {
		const taken = this.all
		this.all = []
		return taken
	}

	restore(taken: readonly Upload[]) {
		this.all = [...taken, ...this.all]
	}

	#add(file: File) {
		const upload = { id: ++last, file, done: 0, kept: null, say: "" }
		this.all = [...this.all, upload]
		this.#send(upload)
	}

	/** `fetch` does not tell how much of a file is out. */
	#send({ id, file }: Upload) {
		const request = new XMLHttpRequest()
		this.#requests.set(id, request)
		request.open("POST", this.address)
		request.setRequestHeader("X-CSRFToken", this.token)
		request.setRequestHeader("Accept", "application/json")
		request.upload.onprogress = ({ loaded, total }) => this.#change(id, { done: loaded / total })
		request.onload = () => this.#answered(id, request)
		request.onerror = () => this.#change(id, { say: t("The line broke. Please try again.") })
		const form = new FormData()
		form.set("file", file)
		request.send(form)
	}

	#answered(id: number, { status, responseText }: XMLHttpRequest) {
		this.#requests.delete(id)
		const answer = parsed(responseText)
		if (status < 300 && answer.key) this.#change(id, { kept: answer as Attachment, done: 1 })
		else this.#change(id, { say: answer.say || refused(status) })
	}

	#change(id: number, change: Partial<Upload>) {
		this.all = this.all.map((upload) => (upload.id === id ? { ...upload, ...change } : upload))
	}
}

/** By a proxy on the way, which does not say why. */
function refused(status: number): string {
	return status === TOO_LARGE ? t("A file has 10 MB at most.") : t("That did not work this time. Please try again.")
}

/** A proxy on the way may answer anything. */
function parsed(text: string): Partial<Attachment> & { say?: string } {
	try {
		return JSON.parse(text)
	} catch {
		return {}
	}
}
