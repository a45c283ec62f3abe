/** Shows what the server pushes, and opens its page. It keeps no pages: an old agenda would be worse than none. */

interface Told {
	title: string
	body: string
	path: string
	/** Of two with the same tag only the later one stays. */
	tag: string
}

/** What a service worker has of its own; TypeScript knows either pages or workers. */
interface Worker {
	registration: ServiceWorkerRegistration
	location: Location
	clients: {
		matchAll(of: { type: "window"; includeUncontrolled: boolean }): Promise<Client[]>
		openWindow(address: string): Promise<unknown>
	}
	addEventListener(name: "push" | "notificationclick", hear: (event: Waking) => void): void
}

interface Client {
	url: string
	focus(): Promise<Client>
}

interface Waking {
	data?: { json(): Told }
	notification: Notification
	waitUntil(done: Promise<unknown>): void
}

const worker = self as unknown as Worker

worker.addEventListener("push", (event) => {
	const told = event.data?.json()
	if (told) event.waitUntil(show(told))
})

worker.addEventListener("notificationclick", (event) => {
	event.notification.close()
	event.waitUntil(open(ours(event.notification.data.path)))
})

function show({ title, body, path, tag }: Told): Promise<void> {
	return worker.registration.showNotification(title, { body, tag, dir: "auto", icon: "/static/favicon.svg", data: { path } })
}

/** Whatever a push says, only pages of this site are opened. */
function ours(path: string): URL {
	const { origin } = worker.location
	const url = new URL(path, origin)
	return url.origin === origin ? url : new URL(origin)
}

/** The page, if it is open anywhere; else a new one. */
async function open(page: URL) {
	const all = await worker.clients.matchAll({ type: "window", includeUncontrolled: true })
	const there = all.find(({ url }) => new URL(url).pathname === page.pathname)
	await (there ? there.focus() : worker.clients.openWindow(page.href))
}

export {}
