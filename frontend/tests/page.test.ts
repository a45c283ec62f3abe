import { beforeAll, expect, test, vi } from "vitest"

const root = document.documentElement

beforeAll(async () => {
	vi.useFakeTimers()
	document.body.innerHTML = `
		<details class="menu"><summary>Display</summary><button data-set-theme="">device</button><button data-set-theme="dark">dark</button></details>
		<details class="menu" open><summary>Other</summary></details>
		<nav class="tabs"><a href="#questions">Questions</a><a href="#chat">Chat</a></nav>
		<time class="countdown" data-until="${new Date(Date.now() + 90_000).toISOString()}">soon</time>
		<form data-instant><select name="track"><option>1</option></select></form>`
	await import("../page")
})

const button = (theme: string) => document.querySelector(`[data-set-theme="${theme}"]`) as HTMLElement

test("a theme is shown at once, and remembered for the server", () => {
	button("dark").click()
	expect(root.dataset.theme).toBe("dark")
	expect(document.cookie).toContain("theme=dark")
	expect(button("dark").getAttribute("aria-pressed")).toBe("true")
	button("").click()
	expect(root.dataset.theme).toBeUndefined()
	expect(document.cookie).not.toContain("theme=dark")
})

test("the server learns the browser's zone", () => {
	expect(decodeURIComponent(document.cookie)).toContain(`zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`)
})

test("menus close by a press elsewhere, and by Escape, which gives the focus back", () => {
	const [first, second] = document.querySelectorAll<HTMLDetailsElement>("details.menu")
	document.body.click()
	expect(second?.open).toBe(false)
	first?.setAttribute("open", "")
	document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))
	expect(first?.open).toBe(false)
	expect(document.activeElement?.textContent).toBe("Display")
})

test("countdowns count", () => {
	const countdown = document.querySelector(".countdown") as HTMLElement
	expect(countdown.textContent).toBe("1:30")
	vi.advanceTimersByTime(31_000)
	expect(countdown.textContent).toBe("0:59")
})

test("tabs follow the address", () => {
	const [questions, chat] = document.querySelectorAll(".tabs a")
	expect(questions?.getAttribute("aria-current")).toBe("true")
	location.hash = "#chat"
	dispatchEvent(new Event("hashchange"))
	expect(chat?.getAttribute("aria-current")).toBe("true")
	expect(questions?.hasAttribute("aria-current")).toBe(false)
})

test("filters apply as they are chosen", () => {
	const form = document.querySelector("form") as HTMLFormElement
	const submitted = vi.fn((event: Event) => event.preventDefault())
	form.addEventListener("submit", submitted)
	form.querySelector("select")?.dispatchEvent(new Event("change", { bubbles: true }))
	expect(submitted).toHaveBeenCalledTimes(1)
})
