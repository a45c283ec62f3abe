import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { star } from "../stars"

const FORM = '<form data-star method="post" action="/session/leaks/star"><input type="hidden" name="back" value="/"><button class="star" name="on" value="1" aria-pressed="false">In my schedule</button></form>'

beforeEach(() => {
	document.body.innerHTML = FORM + FORM
})
afterEach(() => vi.unstubAllGlobals())

const [first, buttons] = [() => document.querySelector("form") as HTMLFormElement, () => [...document.querySelectorAll("button")]]

test("a star is kept without leaving the page, wherever its session stands on it, and said", async () => {
	const fetched = vi.fn(async () => Response.json({ on: true, say: "It is in your schedule." }))
	vi.stubGlobal("fetch", fetched)
	await star(first())
	expect(buttons().map((button) => [button.getAttribute("aria-pressed"), button.value])).toEqual([["true", "0"], ["true", "0"]])
	expect(document.querySelector("[role=status]")?.textContent).toBe("It is in your schedule.")
})

test.each([
	["without a line", async () => Promise.reject(new TypeError("offline"))],
	["when the server answers with a page", async () => new Response("<html>", { headers: { "content-type": "text/html" } })],
])("%s the form is sent as it would be without a script", async (_name, answer) => {
	vi.stubGlobal("fetch", vi.fn(answer))
	const form = first()
	form.submit = vi.fn()
	await star(form)
	expect(form.submit).toHaveBeenCalledTimes(1)
	expect(new FormData(form).get("on")).toBe("1")
	expect(buttons()[1]?.getAttribute("aria-pressed")).toBe("false")
})
