import type { Command, Listener, Reply, TopicFrame } from "./frames"

/** What the kernel says of its own record: that something was taken back, and what stands in its place. */
const KERNELS = new Set(["retracted", "gone"])

/** One topic as this tab follows it: drops what is old, notices what is missing. */
export class Topic {
	/** The newest frame heard; null before the first snapshot. */
	seq: number | null
	/** Between "enter" and "entered" the past is arriving: a gap then is no gap. */
	#entered = false
	readonly #listeners: Listener[]

	constructor(
		readonly name: string,
		listener: Listener,
		private readonly mend: () => void,
		since: number | null,
	) {
		this.#listeners = [listener]
		this.seq = since
	}

	/** One more who hears what comes from now on; the personal part comes to all once the topic is entered again. */
	join(listener: Listener) {
		this.#listeners.push(listener)
	}

	/** To be said each time before the topic is entered. */
	entering() {
		this.#entered = false
	}

	hear(frame: TopicFrame) {
		if (frame.refused !== undefined) this.#refused(frame.refused, frame.say ?? "")
		else if (frame.snapshot !== undefined) this.#snapshot(frame.snapshot, frame.data)
		else if (frame.mine !== undefined) this.#tell((listener) => listener.mine?.(frame.mine))
		else if (frame.entered !== undefined) this.#complete(frame.entered)
		else if (frame.beat !== undefined) this.#beat(frame.beat)
		else if (frame.here !== undefined) this.#here(frame.here, frame.people)
		else if (frame.event !== undefined) this.#event(frame.event, frame.data, frame.seq ?? null)
	}

	late(command: Command, reply: Reply) {
		this.#tell((listener) => listener.late?.(command, reply))
	}

	#refused(code: string, say: string) {
		this.#tell((listener) => listener.refused?.(code, say))
	}

	#here(count: number, people: number[] | undefined) {
		this.#tell((listener) => listener.here?.(count, people))
	}

	#snapshot(seq: number, data: unknown) {
		this.seq = seq
		this.#tell((listener) => listener.snapshot?.(data, seq))
	}

	#complete(seq: number) {
		this.#entered = true
		if (this.#missed(seq)) this.#fresh()
		else this.#tell((listener) => listener.entered?.())
	}

	#beat(seq: number) {
		if (this.#entered && this.#missed(seq)) this.mend()
	}

	#event(name: string, data: unknown, seq: number | null) {
		if (seq === null) return this.#tell((listener) => listener.event?.(name, data, null))
		if (this.seq !== null && seq <= this.seq) return
		if (this.#missed(seq - 1)) return this.#gap()
		this.seq = seq
		if (!KERNELS.has(name)) this.#tell((listener) => listener.event?.(name, data, seq))
	}

	#missed(upTo: number): boolean {
		return this.seq === null || this.seq < upTo
	}

	#gap() {
		if (this.#entered) this.mend()
	}

	/** The past did not close the gap: begin again from a snapshot. */
	#fresh() {
		this.seq = null
		this.mend()
	}

	#tell(say: (listener: Listener) => void) {
		this.#listeners.forEach(say)
	}
}
