import type { Component } from "svelte"
import { flushSync, mount } from "svelte"
import { learn } from "../../i18n"

export { connect, read } from "./connect"

/** The masthead says its lines in several elements; one stays to be replaced. */
export function lines(root: HTMLElement): Element | null {
	const [first, ...others] = root.querySelectorAll(".masthead > .mine > .line")
	for (const other of others) other.remove()
	return first ?? null
}

/** Words first, then every part at once by `draw`: a half-replaced page is never painted. */
export async function takePlace(root: HTMLElement, draw: () => void) {
	await learn()
	const restore = remember(root)
	draw()
	flushSync()
	restore()
	aim()
}

/** What the address aimed at was replaced: it aims at what took its place. */
function aim() {
	if (location.hash) location.replace(location.hash)
}

/** Draws a component where the server's element was. */
export function replace<Props extends Record<string, unknown>>(place: Element | null, component: Component<Props>, props: Props) {
	if (!place) return
	mount(component, { target: place.parentElement as Element, anchor: place, props })
	place.remove()
}

/** Notes focus, typed text and scrolling; the answer puts them back on whatever has the same ids. */
function remember(root: HTMLElement): () => void {
	const focused = document.activeElement?.id
	const caret = document.activeElement instanceof HTMLTextAreaElement ? document.activeElement.selectionStart : null
	const typed = [...root.querySelectorAll<HTMLTextAreaElement>("textarea[id]")].map((field) => [field.id, field.value] as const)
	const scrolled = [...root.querySelectorAll(".scroll")].map((element) => element.scrollTop)
	return () => {
		for (const [id, text] of typed) if (text) retype(document.getElementById(id), text)
		root.querySelectorAll(".scroll").forEach((element, index) => (element.scrollTop = scrolled[index] ?? 0))
		if (focused) refocus(document.getElementById(focused), caret)
	}
}

function retype(field: HTMLElement | null, text: string) {
	if (!(field instanceof HTMLTextAreaElement)) return
	field.value = text
	field.dispatchEvent(new Event("input", { bubbles: true }))
}

function refocus(element: HTMLElement | null, caret: number | null) {
	element?.focus({ preventScroll: true })
	if (caret !== null && element instanceof HTMLTextAreaElement) element.setSelectionRange(caret, caret)
}
