import { render } from "@testing-library/svelte"
import { expect, test } from "vitest"
import Linked from "../../islands/chat/Linked.svelte"
import { pieces } from "../../islands/chat/links"

const addresses = (text: string) => pieces(text).flatMap(({ href }) => href ?? [])

test("addresses are found where they stand, and the rest stays as it was written", () => {
	const text = "Article 4 (https://example.org/a_(b)?x=1#y), then http://water.test. Merci !"
	expect(pieces(text).map((piece) => piece.text).join("")).toBe(text)
	expect(addresses(text)).toEqual(["https://example.org/a_(b)?x=1#y", "http://water.test/"])
})

test("what ends the sentence is no part of the address", () => {
	for (const end of [".", ",", "!", "?", "…", ")", ").", "’"]) expect(addresses(`See https://example.org/leaks${end}`)).toEqual(["https://example.org/leaks"])
})

test("nothing but http and https is ever an address", () => {
	for (const text of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://", "www.example.org", "mailto:a@b.c"]) expect(addresses(text)).toEqual([])
})

test("what somebody wrote stays text", () => {
	const { container } = render(Linked, { text: '<img src=x onerror=alert(1)> https://example.org/"onclick="alert(1)' })
	expect(container.querySelector("img")).toBeNull()
	const link = container.querySelector("a") as HTMLAnchorElement
	expect(link.getAttribute("href")).toBe("https://example.org/")
	expect(link.rel).toContain("noopener")
	expect(link.hasAttribute("onclick")).toBe(false)
})
