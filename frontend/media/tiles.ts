/** Who is seen where. Pure: the same stage always looks the same. */

/** What there is to be shown of somebody. */
export interface Shown {
	source: number
	person: number
	kind: "camera" | "screen"
	/** The slot with their picture; null when there is none. */
	slot: string | null
}

export interface Scene {
	large: Shown | null
	small: Shown[]
}

export interface Publisher {
	person: number
	camera: boolean
	screen: boolean
	source: number
	screen_source: number
}

interface Filled {
	id: string
	kind: "audio" | "video"
	source: number | null
}

/** The source to be shown large: a shared screen, else what is pinned, else who speaks, else who was large, else the first. */
export function largest(people: readonly Publisher[], pinned: number | null, speaking: number | null, before: number | null): number | null {
	const screen = people.find((person) => person.screen)
	if (screen) return screen.screen_source
	const known = (source: number | null) => people.some((person) => person.source === source)
	return [pinned, speaking, before].find((source) => source !== null && known(source)) ?? people[0]?.source ?? null
}

/** Everybody on stage in their order, the large one apart. */
export function scene(people: readonly Publisher[], slots: readonly Filled[], large: number | null): Scene {
	const slotOf = new Map(slots.filter((slot) => slot.kind === "video" && slot.source !== null).map((slot) => [slot.source, slot.id]))
	const all = people.flatMap((person) => shown(person, slotOf))
	return { large: all.find((one) => one.source === large) ?? null, small: all.filter((one) => one.source !== large) }
}

function shown(person: Publisher, slotOf: Map<number | null, string>): Shown[] {
	const camera: Shown = { source: person.source, person: person.person, kind: "camera", slot: person.camera ? (slotOf.get(person.source) ?? null) : null }
	if (!person.screen) return [camera]
	const screen: Shown = { source: person.screen_source, person: person.person, kind: "screen", slot: slotOf.get(person.screen_source) ?? null }
	return [screen, camera]
}
