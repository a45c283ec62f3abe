import { n, t } from "../../i18n"
import { Refused } from "../../live/frames"
import type { Nudge } from "./wire"

/** Shown at once, the newest first; the others are counted, and come as these are put aside. */
const MOST = 2
const MOST_ON_A_PHONE = 1
const PHONE = "(width < 56rem)"
/** What cannot wait is said at once to a screen reader. */
const URGENT = /\.now$/

/** What the person is to know, in a corner of the page until it is put aside. */
export class Nudges {
	#all = new Map<number, Nudge>()
	#place: HTMLElement | null = null

	constructor(private readonly read: (nudge: Nudge) => Promise<void>) {}

	replace(unread: Nudge[]) {
		this.#all.clear()
		for (const nudge of unread) this.#take(nudge)
		this.#draw()
	}

	put(nudge: Nudge) {
		this.#take(nudge)
		this.#draw()
	}

	#take(nudge: Nudge) {
		const left = nudge.until ? Date.parse(nudge.until) - Date.now() : Number.POSITIVE_INFINITY
		if (nudge.read || left <= 0) this.#all.delete(nudge.id)
		else if (isHere(nudge)) void this.#aside(nudge)
		else this.#all.set(nudge.id, nudge)
		if (left > 0 && left < 2 ** 31) setTimeout(() => this.#drop(nudge), left)
	}

	#drop(nudge: Nudge) {
		if (this.#all.delete(nudge.id)) this.#draw()
	}

	/** Gone from here at once, and from all their other pages. */
	async #aside(nudge: Nudge) {
		this.#drop(nudge)
		try {
			await this.read(nudge)
		} catch (problem) {
			if (!(problem instanceof Refused)) throw problem
		}
	}

	/** Only what changed is touched: what stands there is not said again. */
	#draw() {
		const all = [...this.#all.values()].sort((one, other) => other.id - one.id)
		if (!all.length && !this.#place) return
		const place = (this.#place ??= madePlace())
		const there = new Map([...place.children].map((element) => [element.id, element]))
		const shown = all.slice(0, matchMedia(PHONE).matches ? MOST_ON_A_PHONE : MOST)
		place.replaceChildren(...shown.map((nudge) => there.get(idOf(nudge)) ?? this.#drawn(nudge)), ...more(all.length - shown.length))
	}

	#drawn(nudge: Nudge): HTMLElement {
		const words = made("p", { role: URGENT.test(nudge.kind) ? "alert" : "status" }, nudge.text)
		const open = made("a", { class: "button", "data-kind": "main", href: nudge.path }, t("Go there"))
		open.addEventListener("click", () => void this.#aside(nudge))
		const aside = made("button", { class: "button", "data-kind": "quiet", type: "button" }, t("Put aside"))
		aside.addEventListener("click", () => this.#pressed(nudge))
		const both = made("div", { class: "row" }, open, aside)
		return made("div", { class: "notice", id: idOf(nudge) }, icon("bell"), words, both)
	}

	/** The button that was pressed goes: the next one is at hand, or the place where they were. */
	#pressed(nudge: Nudge) {
		void this.#aside(nudge)
		const next = this.#place?.querySelector<HTMLElement>("button") ?? this.#place
		next?.focus()
	}
}

function isHere({ path }: Nudge): boolean {
	return new URL(path, location.href).pathname === location.pathname && document.visibilityState === "visible"
}

function more(count: number): HTMLElement[] {
	return count ? [made("p", { class: "fine" }, n("{count} more", "{count} more", count))] : []
}

function idOf({ id }: Nudge): string {
	return `nudge-${id}`
}

function madePlace(): HTMLElement {
	const place = made("section", { class: "nudges", "aria-label": t("What is new for you"), tabindex: "-1" })
	document.body.append(place)
	return place
}

function made(name: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
	const element = document.createElement(name)
	for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value)
	element.append(...children)
	return element
}

const SVG = "http://www.w3.org/2000/svg"

function icon(name: string): SVGElement {
	const [icon, use] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, "use")]
	icon.setAttribute("class", "icon")
	icon.setAttribute("aria-hidden", "true")
	use.setAttribute("href", `#i-${name}`)
	icon.append(use)
	return icon
}
