/** The script of every page: theme, zone, countdowns, filters, tabs and menus. All of them work without it, plainly. */
import "./styles/plenary.css"
import { span, speak } from "./i18n"

const YEAR = 365 * 24 * 60 * 60

function remember(name: string, value: string) {
	const secure = location.protocol === "https:" ? "; Secure" : ""
	document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${value ? YEAR : 0}; SameSite=Lax${secure}`
}

function setTheme(theme: string) {
	if (theme) document.documentElement.dataset.theme = theme
	else delete document.documentElement.dataset.theme
	remember("theme", theme)
	markTheme(theme)
}

function markTheme(theme: string) {
	for (const button of document.querySelectorAll<HTMLElement>("[data-set-theme]")) {
		button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme))
	}
}

/** Counts down to `data-until`; until then, and after it, the server's words stand. */
function countDown(element: HTMLElement) {
	const until = Date.parse(element.dataset.until ?? "")
	const draw = () => {
		const left = (until - Date.now()) / 1000
		if (!element.isConnected) clearInterval(timer)
		else if (left > 0) element.textContent = span(left)
		else if (left > -1) location.reload()
	}
	const timer = setInterval(draw, 1000)
	draw()
}

function markTabs() {
	for (const tabs of document.querySelectorAll(".tabs")) {
		const links = [...tabs.querySelectorAll<HTMLAnchorElement>(':scope > a[href^="#"]')]
		const here = links.find((link) => link.hash === location.hash) ?? links[0]
		for (const link of links) mark(link, link === here)
	}
}

function mark(link: Element, isHere: boolean) {
	if (isHere) link.setAttribute("aria-current", "true")
	else link.removeAttribute("aria-current")
}

function closeMenus(except: Element | null) {
	for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.removeAttribute("open")
}

function escapeMenu(event: KeyboardEvent) {
	const menu = event.key === "Escape" && document.querySelector("details.menu[open]")
	if (!menu) return
	menu.removeAttribute("open")
	menu.querySelector("summary")?.focus()
}

/** Once there is nothing more urgent. */
function later(run: () => void) {
	if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: 3_000 })
	else setTimeout(run, 300)
}

/** What concerns the person alone, which is nothing for a hall's screen. */
function bringMine() {
	const push = document.getElementById("push")
	if (push) void import("./push/device").then(({ offer }) => offer(push))
	if (document.getElementById("mine") && !document.getElementById("projector")) void import("./islands/mine/main")
}

speak(document.documentElement.lang || "en")
remember("zone", Intl.DateTimeFormat().resolvedOptions().timeZone)
markTheme(document.documentElement.dataset.theme ?? "")
markTabs()
document.querySelectorAll<HTMLElement>(".countdown[data-until]").forEach(countDown)

addEventListener("load", () => later(bringMine))
addEventListener("hashchange", markTabs)
addEventListener("submit", (event) => {
	const form = event.target as HTMLFormElement
	if (!form.hasAttribute("data-star")) return
	event.preventDefault()
	void import("./stars").then(({ star }) => star(form))
})
addEventListener("keydown", escapeMenu)
addEventListener("click", (event) => {
	const target = event.target as Element
	const theme = target.closest<HTMLElement>("[data-set-theme]")
	if (theme) setTheme(theme.dataset.setTheme ?? "")
	closeMenus(target.closest("details.menu"))
})
addEventListener("change", (event) => {
	const form = (event.target as HTMLInputElement).form
	if (form?.hasAttribute("data-instant")) form.requestSubmit()
})
