import type { Backstage, BackstagePart } from "../shared/backstage.svelte"
import type { Seat, SeatTold, Source } from "../shared/stage-wire"
import { Trouble } from "../shared/trouble.svelte"
import type { Person } from "../shared/wire"
import type { Desk } from "./desk.svelte"

type SeatStep = "up" | "down" | "remove" | "mute" | "camera_off" | "screen_off" | "chair"

/** Somebody who could come on stage. */
export interface Candidate extends Person {
	/** Speaks or moderates in this session. */
	takesPart: boolean
	place: Seat["place"] | undefined
}

const PATIENCE = 20_000
const MODERATING = new Set(["chair", "moderator", "facilitator"])

/** What a moderator does with the stage. Each act resolves to whether it was done. */
export class Directing implements BackstagePart {
	readonly trouble = new Trouble()
	/** Whether somebody is being looked for who could come up. */
	finding = $state(false)
	/** Who was asked to unmute a moment ago. */
	asked = $state.raw<ReadonlySet<number>>(new Set())
	/** Who was asked to come up and would rather not. */
	declined = $state.raw<Person | null>(null)
	#asking = new Map<number, Person>()

	constructor(
		readonly backstage: Backstage,
		readonly desk: Desk,
	) {
		backstage.join(this)
	}

	get stage() {
		return this.backstage.stage
	}

	get me(): number {
		return this.stage.room.me.id
	}

	step(what: SeatStep, person: number) {
		return this.#do(what, { person })
	}

	/** Up comes who waits behind the stage first in order. */
	async upNext() {
		const [first] = this.backstage.at("backstage")
		return first ? this.step("up", first.person) : false
	}

	/** One's own microphone is switched; anybody else's only off: to switch it on they are asked. */
	microphone({ person, microphone }: Seat) {
		if (person === this.me) return this.trouble.from(this.stage.set({ microphone: !microphone }))
		return microphone ? this.step("mute", person) : this.#askToUnmute(person)
	}

	pin(source: Source | null) {
		return this.#do("pin", { source })
	}

	lock(locked: boolean) {
		return this.#do("lock", { locked })
	}

	hide(hidden: boolean) {
		return this.#do("hide", { hidden })
	}

	/** One place to the front of those on stage, or to the back. */
	async shift({ person }: Seat, by: 1 | -1) {
		const people = this.backstage.at("live").map((seat) => seat.person)
		const at = people.indexOf(person)
		if (at < 0 || at + by < 0 || at + by >= people.length) return false
		people.splice(at + by, 0, ...people.splice(at, 1))
		return this.#do("order", { people })
	}

	/** Whoever is known to moderate here may have the chair. */
	mayChair({ person, as }: Seat): boolean {
		return person !== this.stage.chair?.id && (MODERATING.has(as) || this.desk.present.includes(person))
	}

	/** Who is not on stage and is known here: who takes part first, then who asked or raised a hand. */
	candidates(others: readonly Person[]): Candidate[] {
		const takesPart = new Set(this.desk.people.map((person) => person.id))
		const asked = this.desk.questions.flatMap((question) => question.by ?? [])
		const known = new Map([...others, ...asked, ...this.desk.people].map((person) => [person.id, person.name]))
		const all = [...known].map(([id, name]) => ({ id, name, takesPart: takesPart.has(id), place: this.backstage.place(id) }))
		return all.filter(({ place }) => place !== "live").sort(byPartThenName)
	}

	event(name: string, data: unknown) {
		if (name === "seat") this.#seated(data as SeatTold & { last?: { what: string } })
	}

	#seated(told: SeatTold & { last?: { what: string } }) {
		if (!("gone" in told)) return this.#took(told)
		if (told.last?.what === "declined") this.declined = this.#asking.get(told.person) ?? null
		this.#asking.delete(told.person)
	}

	#took({ person, name, place, microphone }: Seat) {
		if (place === "asked") this.#asking.set(person, { id: person, name })
		if (microphone) this.#isAsked(person, false)
		if (person === this.declined?.id) this.declined = null
	}

	async #askToUnmute(person: number) {
		const done = await this.#do("unmute", { person })
		if (done) this.#isAsked(person, true)
		setTimeout(() => this.#isAsked(person, false), PATIENCE)
		return done
	}

	#isAsked(person: number, asked: boolean) {
		if (this.asked.has(person) === asked) return
		const all = new Set(this.asked)
		if (asked) all.add(person)
		else all.delete(person)
		this.asked = all
	}

	#do(what: string, given: object) {
		return this.trouble.from(this.backstage.do(`stage.${what}`, given))
	}
}

function byPartThenName(one: Candidate, other: Candidate): number {
	return Number(other.takesPart) - Number(one.takesPart) || one.name.localeCompare(other.name)
}
