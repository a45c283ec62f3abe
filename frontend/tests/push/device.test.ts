import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { offer } from "../../push/device"

const unsubscribe = vi.fn(async () => {
	subscription = null
	return true
})
const made = { endpoint: "https://push.test/1", toJSON: () => ({ endpoint: "https://push.test/1", keys: { p256dh: "p", auth: "a" } }), unsubscribe }
const subscribe = vi.fn(async () => (subscription = made))
let subscription: typeof made | null
let fetched: ReturnType<typeof vi.fn<(address: string, given: { body: string; headers: Record<string, string> }) => Promise<Response>>>

beforeEach(() => {
	subscription = null
	subscribe.mockClear()
	document.body.innerHTML = `<p><button id="push" data-key="KEY" data-url="/me/reach/browser" hidden>Notify me</button></p>
		<script type="application/json" id="mine">{"me": 42, "ticket": "t", "token": "csrf"}</script>`
	const registration = { pushManager: { getSubscription: async () => subscription, subscribe } }
	const serviceWorker = { register: vi.fn(async () => registration), getRegistration: async () => registration, ready: Promise.resolve(registration) }
	vi.stubGlobal("PushManager", class {})
	vi.stubGlobal("navigator", { serviceWorker })
	vi.stubGlobal("Notification", { requestPermission: async () => "granted" })
	fetched = vi.fn(async () => Response.json({ on: true }))
	vi.stubGlobal("fetch", fetched)
})
afterEach(() => vi.unstubAllGlobals())

const button = () => document.getElementById("push") as HTMLButtonElement
const said = () => document.querySelector("[role=status]")?.textContent

async function press() {
	button().click()
	await vi.waitFor(() => expect(button().hasAttribute("aria-busy")).toBe(false))
}

test("a browser is subscribed by a press, and no more by another", async () => {
	await offer(button())
	expect([button().hidden, button().getAttribute("aria-pressed")]).toEqual([false, "false"])
	await press()
	expect(subscribe).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey: "KEY" })
	const [address, { body, headers }] = fetched.mock.calls[0] ?? ["", { body: "", headers: {} }]
	expect([address, headers["x-csrftoken"], JSON.parse(body)]).toEqual(["/me/reach/browser", "csrf", { ...made.toJSON(), on: true }])
	expect([button().getAttribute("aria-pressed"), said()]).toEqual(["true", "You will be notified on this device."])
	await press()
	expect([button().getAttribute("aria-pressed"), said()]).toEqual(["false", "You will not be notified on this device any more."])
})

test("what somebody else switched on here is off for whoever is signed in now", async () => {
	subscription = made
	await offer(button())
	expect(button().getAttribute("aria-pressed")).toBe("false")
	await press()
	expect([button().getAttribute("aria-pressed"), said()]).toEqual(["true", "You will be notified on this device."])
})

test("what the server refuses is said, and the browser is left as it was", async () => {
	fetched.mockImplementation(async () => Response.json({ refused: "push.foreign", say: "We do not know this push service." }, { status: 403 }))
	await offer(button())
	await press()
	expect([button().getAttribute("aria-pressed"), said()]).toEqual(["false", "We do not know this push service."])
})

test("without the person's leave nothing is subscribed", async () => {
	vi.stubGlobal("Notification", { requestPermission: async () => "denied" })
	await offer(button())
	await press()
	expect(subscribe).not.toHaveBeenCalled()
	expect(said()).toContain("does not allow")
})
