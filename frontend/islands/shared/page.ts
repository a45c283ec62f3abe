import type { Component } from "svelte"
import { flushSync, mount } from "svelte"
import { learn } from "../../i18n"
import { Refused } from "../../live/frames"
import { Outbox } from "../../live/outbox"
import { Socket } from "../../live/socket"

/** What the server wrote into the page as JSON; null if it didn't. */
export function read<T>(id: string): T | null {
	const text = document.getElementById(id)?.textContent
	return text ? (JSON.parse(text) as T) : null
}

/** The page's line to the server, following the device's own signs; null for somebody who only looks. */
export function connect(me: string): Socket | null {
	const ticket = read<string>("ticket")
	if (!ticket) return null
	const socket = new Socket({ address: address(), ticket, renew, outbox: new Outbox(`plenary.unsent.${me}`, sessionStorage) })
	addEventListener("online", () => socket.tryNow())
	addEventListener("offline", () => socket.lost())
	document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && socket.check())
	return socket
}

function address(): string {
	return `${location.origin.replace(/^http/, "ws")}/live`
}

async function renew(): Promise<string> {
	const answer = await fetch("/live/ticket", { headers: { accept: "application/json" }, redirect: "manual" })
	if (answer.ok) return ((await answer.json()) as { ticket: string }).ticket
	if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Refused("signed.out", "")
	throw new Error(`ticket: ${answer.status}`)
}

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
