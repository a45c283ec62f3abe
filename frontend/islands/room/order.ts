import { byVotes, type Room } from "../shared/room.svelte"
import type { Question } from "../shared/wire"

export type Sort = "top" | "new" | "mine" | "done"

export function sorted(room: Room, sort: Sort): Question[] {
	if (sort === "top") return room.queue
	if (sort === "new") return room.queue.sort((one, other) => other.number - one.number)
	if (sort === "done") return answered(room.questions)
	const own = new Set(room.own.map((question) => question.id))
	return room.queue.filter((question) => own.has(question.id)).sort(byVotes)
}

function answered(questions: readonly Question[]): Question[] {
	const done = questions.filter((question) => question.state === "answered" || question.state === "written")
	return done.sort((one, other) => other.since.localeCompare(one.since))
}

/** Keeps a list in its order while somebody is in it: nothing moves under a finger, nothing disappears. */
export class Order {
	#ids: readonly number[] = []
	#known = new Map<number, Question>()

	/** What to draw. `wanted` is the right order now, `all` every question that can be seen. */
	arrange(wanted: readonly Question[], all: readonly Question[], held: boolean): Question[] {
		if (!held) this.#ids = wanted.map((question) => question.id)
		this.#remember(all)
		return this.#ids.flatMap((id) => this.#known.get(id) ?? [])
	}

	#remember(all: readonly Question[]) {
		for (const question of all) this.#known.set(question.id, question)
	}
}

/** How many of `wanted` are not drawn yet. */
export function missing(shown: readonly Question[], wanted: readonly Question[]): number {
	return wanted.filter((question) => !shown.some((drawn) => drawn.id === question.id)).length
}

/** Whether what is drawn is not the right order any more. */
export function isOld(shown: readonly Question[], wanted: readonly Question[]): boolean {
	return wanted.length !== shown.length || wanted.some((question, index) => question.id !== shown[index]?.id)
}
