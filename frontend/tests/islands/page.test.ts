import { afterEach, expect, test, vi } from "vitest"
import { lines, read, replace, takePlace } from "../../islands/shared/page"
import Icon from "../../islands/shared/Icon.svelte"
import Ask from "../../islands/room/Ask.svelte"
import type { Room } from "../../islands/shared/room.svelte"
import { enterRoom } from "./cast"

let room: Room | undefined

afterEach(() => {
	room?.socket.close()
	document.body.replaceChildren()
	localStorage.clear()
	vi.unstubAllGlobals()
})

test("what the server wrote into the page is read, and its absence noticed", () => {
	document.body.innerHTML = '<script type="application/json" id="ticket">"abc"</script>'
	expect(read("ticket")).toBe("abc")
	expect(read("room-mine")).toBeNull()
})

test("typed text, the caret and scrolling outlive the change", async () => {
	room = await enterRoom()
	document.body.innerHTML = `<div id="room"><div class="scroll"></div><form class="ask"><textarea id="q"></textarea></form></div>`
	const root = document.getElementById("room") as HTMLElement
	const before = document.getElementById("q") as HTMLTextAreaElement
	const scroll = root.querySelector(".scroll") as HTMLElement
	before.value = "Typed before any script ran"
	before.focus()
	before.setSelectionRange(5, 5)
	scroll.scrollTop = 120
	await takePlace(root, () => replace(root.querySelector(".ask"), Ask, { room: room as Room, vote: () => {} }))
	const after = document.getElementById("q") as HTMLTextAreaElement
	expect(after).not.toBe(before)
	expect(after.value).toBe("Typed before any script ran")
	expect(document.activeElement).toBe(after)
	expect(after.selectionStart).toBe(5)
	expect(scroll.scrollTop).toBe(120)
	expect(localStorage.getItem("plenary.question.7.42")).toBe("Typed before any script ran")
})

test("a component stands where the server's element was", () => {
	document.body.innerHTML = "<header><b>one</b><i>two</i><b>three</b></header>"
	replace(document.querySelector("i"), Icon, { name: "star" })
	expect([...(document.querySelector("header") as HTMLElement).children].map((child) => child.tagName.toLowerCase())).toEqual(["b", "svg", "b"])
})

test("of the masthead's lines one stays, to be replaced", () => {
	document.body.innerHTML = `<div id="room"><header class="masthead"><div class="mine"><span class="line">a</span><span class="line">b</span><details class="menu"></details></div></header></div>`
	const root = document.getElementById("room") as HTMLElement
	expect(lines(root)?.textContent).toBe("a")
	expect(root.querySelectorAll(".line")).toHaveLength(1)
	expect(root.querySelector(".menu")).not.toBeNull()
})
