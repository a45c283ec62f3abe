import { fireEvent, render, screen, within } from "@testing-library/svelte"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import ChatPanel from "../../islands/room/ChatPanel.svelte"
import type { Chat } from "../../islands/chat/chat.svelte"
import type { Room } from "../../islands/shared/room.svelte"
import type { Message } from "../../islands/chat/wire"
import { Keeper, Line } from "../live/line"
import { ADA, aMoment, answers, enterChat, enterRoom, INES, message, says, sent } from "./cast"

let room: Room
let chat: Chat

async function show(messages: Message[] = [], { read = 0, moderator = false, settings = {} } = {}) {
	room = await enterRoom({ settings })
	chat = enterChat(room, messages, read, moderator)
	render(ChatPanel, { room, chat, visible: true })
	await aMoment()
}

const field = () => screen.getByLabelText<HTMLTextAreaElement>("Write to everyone here")
const written = (text: string) => screen.getByText(text).closest("article") as HTMLElement

async function say(text: string) {
	await fireEvent.input(field(), { target: { value: text } })
	await fireEvent.keyDown(field(), { key: "Enter" })
}

beforeEach(() => localStorage.clear())
afterEach(() => {
	room.socket.close()
	vi.unstubAllGlobals()
})

test("what is said waits visibly until the server has it", async () => {
	await show()
	Line.last.breaks()
	await say("The plumbers knew.")
	expect(field().value).toBe("")
	expect(written("The plumbers knew.").dataset.state).toBe("waiting")
	expect(written("The plumbers knew.").textContent).toContain("waiting to be sent")
})

test("what others say appears", async () => {
	await show()
	says({ on: "conversation.9", seq: 31, event: "message", data: message(1, INES, "Olá!") })
	await aMoment()
	expect(written("Olá!").textContent).toContain("Ines Carvalho")
})

test("a reply quotes what it answers", async () => {
	await show([message(1, INES, "Who was there?")])
	await fireEvent.click(within(written("Who was there?")).getByRole("button", { name: "Reply" }))
	await say("I was.")
	expect(sent("chat.say")).toEqual({ text: "I was.", reply: 201 })
})

test("what was refused is back in the field, with the reason", async () => {
	await show()
	await say("Again and again")
	await answers("chat.say", { refused: "slow.down", say: "That was a little fast." })
	expect(field().value).toBe("Again and again")
	expect(screen.getByRole("alert").textContent).toBe("That was a little fast.")
})

test("what was refused after a reload is back in the field, too", async () => {
	const keeper = new Keeper()
	keeper.setItem("ada", JSON.stringify([{ do: "chat.say", ref: "r", on: "conversation.9", with: { text: "Said before" } }]))
	room = await enterRoom({ keeper })
	chat = enterChat(room, [])
	render(ChatPanel, { room, chat, visible: true })
	await answers("chat.say", { refused: "chat.closed", say: "The chat is closed at the moment." })
	expect(field().value).toBe("Said before")
})

test("what is new is marked where it begins, and counted as read once seen", async () => {
	await show([message(1, INES, "old"), message(2, INES, "new"), message(3, INES, "newer")], { read: 1 })
	const mark = screen.getByText("2 new")
	expect(mark.nextElementSibling?.textContent).toContain("new")
	expect(sent("chat.read")).toEqual({ number: 3 })
	expect(chat.unread(ADA.id)).toEqual([])
})

test("my own may be changed and deleted, others' not", async () => {
	await show([message(1, ADA, "Mine"), message(2, INES, "Theirs")])
	expect(within(written("Theirs")).queryByRole("button", { name: "Delete" })).toBeNull()
	await fireEvent.click(within(written("Mine")).getByRole("button", { name: "Edit" }))
	await fireEvent.input(screen.getByLabelText("Your message"), { target: { value: "Mine, better" } })
	await fireEvent.submit((screen.getByLabelText("Your message") as HTMLTextAreaElement).form as HTMLFormElement)
	expect(sent("chat.edit")).toEqual({ message: 201, text: "Mine, better" })
	await answers("chat.edit", { ok: null })
	await fireEvent.click(screen.getByRole("button", { name: "Delete" }))
	expect(sent("chat.delete")).toEqual({ message: 201 })
})

test("moderators remove what others wrote, and pause people", async () => {
	await show([message(1, INES, "Buy now")], { moderator: true })
	await fireEvent.click(screen.getByRole("button", { name: "Remove for everybody" }))
	expect(sent("chat.remove")).toEqual({ message: 201 })
	await fireEvent.click(screen.getByRole("button", { name: "Pause this person’s contributions" }))
	expect(sent("chat.silence")).toEqual({ message: 201 })
})

test("what was removed has no words, and says by whom", async () => {
	await show([message(1, INES, "", { removed: "moderator" })])
	expect(screen.getByText("Removed by a moderator")).toBeTruthy()
})

test("a closed chat says so instead of taking words it will not send", async () => {
	await show([], { settings: { chat_open: false } })
	expect(screen.queryByLabelText("Write to everyone here")).toBeNull()
	expect(screen.getByText("The chat is closed at the moment.")).toBeTruthy()
})

test("what was said before the last two hundred is a press away", async () => {
	await show([message(2, INES, "And the plumbers?")])
	const fetched = vi.fn(async () => Response.json({ messages: [message(1, INES, "Who was there?")], more: false }))
	vi.stubGlobal("fetch", fetched)
	await fireEvent.click(screen.getByRole("button", { name: "Earlier messages" }))
	await vi.waitFor(() => expect(written("Who was there?")).toBeTruthy())
	expect(fetched).toHaveBeenCalledWith("/conversation/9/messages?before=2")
	expect(screen.queryByRole("button", { name: "Earlier messages" })).toBeNull()
})
