/** The button that lets this browser take pushes, or no more. The page says it in words; `aria-pressed` says whether. */
import { learn, t } from "../i18n"
import { type Mine, read } from "../islands/shared/connect"

const WORKER = "/sw.js"

export async function offer(button: HTMLElement) {
	await learn()
	const say = told(button)
	if (!("PushManager" in window && "serviceWorker" in navigator)) return say(t("This browser cannot show notifications of pages. On an iPhone, add this page to the home screen first."))
	mark(button, await subscription(button))
	button.addEventListener("click", () => void pressed(button, say))
}

type Say = (words: string) => void

/** Where this device's answer is said. */
function told(button: HTMLElement): Say {
	const place = document.createElement("p")
	place.className = "hush"
	place.role = "status"
	button.closest("p")?.after(place)
	return (words) => (place.textContent = words)
}

function mark(button: HTMLElement, subscription: PushSubscription | null) {
	button.hidden = false
	button.setAttribute("aria-pressed", String(subscription !== null))
}

/** As it stands; nothing is installed for asking. One that somebody else had here, or oneself before signing out, is none. */
async function subscription(button: HTMLElement): Promise<PushSubscription | null> {
	const made = await (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription()
	return made && made.endpoint === button.dataset.known ? made : null
}

async function pressed(button: HTMLElement, say: Say) {
	button.setAttribute("aria-busy", "true")
	const known = await subscription(button)
	say(await (known ? end(button, known) : begin(button)))
	mark(button, await subscription(button))
	button.removeAttribute("aria-busy")
}

async function begin(button: HTMLElement): Promise<string> {
	if ((await Notification.requestPermission()) !== "granted") return t("This browser does not allow us to notify you. You can change that in its settings.")
	const made = await subscribed(button.dataset.key ?? "")
	if (!made) return t("This browser’s push service did not answer. Please try again.")
	const trouble = await post(button, made, true)
	if (trouble) await made.unsubscribe()
	else button.dataset.known = made.endpoint
	return trouble || t("You will be notified on this device.")
}

async function end(button: HTMLElement, known: PushSubscription): Promise<string> {
	const trouble = await post(button, known, false)
	if (!trouble) await known.unsubscribe()
	return trouble || t("You will not be notified on this device any more.")
}

/** Null when the browser's own push service is out of reach. */
async function subscribed(applicationServerKey: string): Promise<PushSubscription | null> {
	await navigator.serviceWorker.register(WORKER)
	const { pushManager } = await navigator.serviceWorker.ready
	try {
		return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
	} catch (problem) {
		if (problem instanceof DOMException) return null
		throw problem
	}
}

/** Tells the server; returns why not. */
async function post(button: HTMLElement, browser: PushSubscription, on: boolean): Promise<string> {
	const answer = await fetch(button.dataset.url ?? "", {
		method: "POST",
		headers: { "content-type": "application/json", "x-csrftoken": read<Mine>("mine")?.token ?? "" },
		body: JSON.stringify({ ...browser.toJSON(), on }),
	}).catch(() => null)
	if (answer?.ok) return ""
	const said = answer?.headers.get("content-type") === "application/json" ? ((await answer.json()) as { say: string }).say : ""
	return said || t("That did not work this time. Please try again.")
}
