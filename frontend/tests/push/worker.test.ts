import { beforeAll, beforeEach, expect, test, vi } from "vitest"

const showNotification = vi.fn(async () => {})
const openWindow = vi.fn(async () => null)
const focus = vi.fn()
let windows: { url: string; focus: typeof focus }[] = []

beforeAll(async () => {
	Object.assign(self, { registration: { showNotification }, clients: { matchAll: async () => windows, openWindow } })
	await import("../../push/worker")
})
beforeEach(() => {
	windows = []
	for (const mock of [showNotification, openWindow, focus]) mock.mockClear()
})

/** What the browser wakes the worker with; resolves when the worker is through. */
async function wakes(name: string, given: object) {
	const done: Promise<unknown>[] = []
	dispatchEvent(Object.assign(new Event(name), given, { waitUntil: (promise: Promise<unknown>) => done.push(promise) }))
	await Promise.all(done)
}

const presses = (path: string) => wakes("notificationclick", { notification: { close: vi.fn(), data: { path } } })

test("what is pushed is shown, and a later one of the same kind takes its place", async () => {
	await wakes("push", { data: { json: () => ({ title: "Forum", body: "Ines accepted", path: "/meetings/12/", tag: "meeting.12" }) } })
	expect(showNotification).toHaveBeenCalledWith("Forum", expect.objectContaining({ body: "Ines accepted", tag: "meeting.12", data: { path: "/meetings/12/" } }))
})

test("a press goes to the page where it is open, else it is opened", async () => {
	windows = [{ url: new URL("/meetings/12/#other", location.href).href, focus }]
	await presses("/meetings/12/")
	expect(focus).toHaveBeenCalledTimes(1)
	expect(openWindow).not.toHaveBeenCalled()
	await presses("/messages/9/")
	expect(openWindow).toHaveBeenCalledWith(new URL("/messages/9/", location.href).href)
})

test("no push opens the page of another site", async () => {
	await presses("https://elsewhere.test/messages/9/")
	expect(openWindow).toHaveBeenCalledWith(new URL("/", location.href).href)
})
