/** What travels on the line; docs/protocol.md says it in words. */

export interface Command {
	do: string
	ref: string
	on?: string
	with?: unknown
}

export interface Reply {
	re: string
	ok?: unknown
	refused?: string
	say?: string
}

export interface TopicFrame {
	on: string
	seq?: number
	event?: string
	data?: unknown
	snapshot?: number
	mine?: unknown
	entered?: number
	beat?: number
	/** The server's clock, in milliseconds; beside `entered` and `beat`. */
	now?: number
	here?: number
	people?: number[]
	refused?: string
	say?: string
}

export interface Bye {
	bye: string
	within: number
}

export type Frame = Reply | TopicFrame | Bye

/** A command the server would not do, with the sentence for the person. */
export class Refused extends Error {
	constructor(
		readonly code: string,
		readonly say: string,
	) {
		super(`${code}: ${say}`)
	}
}

/** What somebody who enters a topic hears. */
export interface Listener {
	snapshot?(data: unknown, seq: number): void
	mine?(data: unknown): void
	/** `seq` is null for a whisper. */
	event?(name: string, data: unknown, seq: number | null): void
	here?(count: number, people: number[] | undefined): void
	entered?(): void
	refused?(code: string, say: string): void
	/** A command on this topic from before a reload has its answer. */
	late?(command: Command, reply: Reply): void
}
