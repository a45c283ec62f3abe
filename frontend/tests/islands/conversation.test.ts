import { fireEvent, render, screen, within } from "@testing-library/svelte"
import { flushSync } from "svelte"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { ConversationPicture, Message, Row } from "../../islands/chat/wire"
import { Letters } from "../../islands/conversation/letters.svelte"
import type { Meeting } from "../../islands/conversation/meetings-wire"
import Page from "../../islands/conversation/Page.svelte"
import { connected, Keeper, Line } from "../live/line"
import { ADA, aMoment, answers, GRACE, INES, LINUS, message, says, sent } from "./cast"

let letters: Letters
let root: HTMLElement

const PICTURE: ConversationPicture = {
	messages: [],
	open: true,
	kind: "pair",
	state: "accepted",
	title: "",
	people: [ADA, INES],
	started_by: ADA.id,
	about: null,
}

function row(id: number, other: Partial<Row> = {}): Row {
	const { messages, ...facts } = PICTURE
	const last = { number: 1, by: INES, text: "Olá!", at: "2027-05-25T13:30:00Z", attachments: 0, removed: "" }
	return { id, ...facts, people: [INES], request: "", at: last.at, unread: 0, muted: false, hidden: false, last, ...other }
}

interface Scene {
	rows?: Row[]
	messages?: Message[]
	picture?: Partial<ConversationPicture>
	mine?: { read?: number; reads?: Record<string, number>; muted?: boolean; hidden?: boolean }
	open?: number | null
	more?: boolean
	/** Where the server's first page ended. */
	before?: string
	/** Whether the page is that of what was put away. */
	hidden?: boolean
	keeper?: Keeper
}

/** Ada's page of messages; conversation 9, with Ines, is open unless said otherwise. */
async function show({ rows = [row(9)], messages = [], picture, mine, open = 9, more = false, before = "", hidden = false, keeper = new Keeper() }: Scene = {}) {
	vi.stubGlobal("WebSocket", Line)
	Line.all = []
	history.replaceState(null, "", open ? `/messages/${open}/` : hidden ? "/messages/?hidden=1" : "/messages/")
	document.body.innerHTML = '<div id="conversation"></div>'
	root = document.getElementById("conversation") as HTMLElement
	const snapshot = open ? { snapshot: 30, data: { ...PICTURE, messages, ...picture } } : null
	letters = new Letters(connected(keeper), { me: ADA.id, token: "t", inbox: { rows, more, before }, hidden, open, snapshot })
	await vi.waitFor(() => Line.last.address)
	Line.last.opens()
	if (open) {
		says({ on: "conversation.9", mine: { read: messages.length, muted: false, hidden: false, reads: {}, ...mine } })
		says({ on: "conversation.9", entered: 30 })
	}
	render(Page, { target: root, props: { letters, root } })
	await aMoment()
}

const event = (name: string, data: unknown, seq = 31) => says({ on: "conversation.9", seq, event: name, data })
const field = () => screen.getByLabelText<HTMLTextAreaElement>("Write to Ines Carvalho")
const written = (text: string) => within(screen.getByRole("main")).getByText(text).closest("article") as HTMLElement
const inbox = () => within(screen.getByRole("navigation", { name: "Conversations" }))

async function say(text: string) {
	await fireEvent.input(field(), { target: { value: text } })
	await fireEvent.keyDown(field(), { key: "Enter" })
}

beforeEach(() => localStorage.clear())
afterEach(() => {
	letters.socket.close()
	document.body.replaceChildren()
	vi.unstubAllGlobals()
})

test("what is said waits visibly, and its place is taken by what the server made of it", async () => {
	await show()
	Line.last.breaks()
	await say("Written in a tunnel")
	expect(written("Written in a tunnel").dataset.state).toBe("waiting")
	expect(screen.getByText("One thing is waiting to be sent.", { exact: false })).toBeTruthy()
	letters.socket.tryNow()
	await vi.waitFor(() => expect(Line.all).toHaveLength(2))
	Line.last.opens()
	await answers("chat.say", { ok: message(1, ADA, "Written in a tunnel") })
	expect(written("Written in a tunnel").dataset.state).toBeUndefined()
})

test("what was typed is kept for each conversation by itself", async () => {
	await show()
	await fireEvent.input(field(), { target: { value: "Half a thought" } })
	letters.visit(new URL("/messages/12/", location.href))
	flushSync()
	says({ on: "conversation.12", snapshot: 3, data: { ...PICTURE, people: [ADA, GRACE] } })
	expect(screen.getByLabelText<HTMLTextAreaElement>("Write to Grace Otieno").value).toBe("")
	letters.visit(new URL("/messages/9/", location.href))
	flushSync()
	says({ on: "conversation.9", snapshot: 30, data: PICTURE })
	expect(field().value).toBe("Half a thought")
})

test("a conversation opens in place; only its own topic is followed", async () => {
	await show({ rows: [row(9), row(12, { people: [GRACE] })] })
	await fireEvent.click(inbox().getByText("Grace Otieno"))
	expect(location.pathname).toBe("/messages/12/")
	expect(Line.last.asked("leave").at(-1)?.on).toBe("conversation.9")
	expect(Line.last.asked("enter").at(-1)?.on).toBe("conversation.12")
})

test("on a phone one sees either the inbox or a conversation", async () => {
	await show()
	expect(root.hasAttribute("data-list")).toBe(false)
	await fireEvent.click(screen.getByLabelText("All conversations"))
	expect(root.hasAttribute("data-list")).toBe(true)
	expect(location.pathname).toBe("/messages/")
})

test("messages of different days have a line between them", async () => {
	const yesterday = new Date(Date.now() - 24 * 60 * 60_000).toISOString()
	await show({ messages: [message(1, INES, "Olá!", { at: yesterday }), message(2, ADA, "Hello", { at: new Date().toISOString() })] })
	expect(screen.getAllByRole("separator").map((line) => line.textContent)).toEqual(["Yesterday", "Today"])
})

test("a group gets a name, and somebody who is known is asked in", async () => {
	const fetched = vi.fn(async () => Response.json({ known: [GRACE, LINUS] }))
	vi.stubGlobal("fetch", fetched)
	await show({ picture: { kind: "group", title: "Night flow", people: [ADA, INES] } })
	const ask = () => fireEvent.click(screen.getByRole("button", { name: "The group" }))
	await ask()
	await aMoment()
	expect(fetched).toHaveBeenCalledWith("/messages/9/known", expect.anything())
	const title = screen.getByLabelText<HTMLInputElement>("Title")
	expect(title.value).toBe("Night flow")
	await fireEvent.input(title, { target: { value: " Pipes " } })
	await fireEvent.click(screen.getByRole("button", { name: "Save" }))
	expect(sent("chat.title")).toEqual({ title: "Pipes" })
	await answers("chat.title", { done: {} })
	await ask()
	await aMoment()
	await fireEvent.click(screen.getByLabelText(GRACE.name))
	await fireEvent.click(screen.getByRole("button", { name: "Add" }))
	expect(sent("chat.add")).toEqual({ people: [GRACE.id] })
})

test("a request is answered before anything is written", async () => {
	await show({ messages: [message(1, INES, "Two lines")], picture: { state: "requested", started_by: INES.id } })
	expect(screen.queryByRole("textbox", { name: "Write to Ines Carvalho" })).toBeNull()
	await fireEvent.click(screen.getByRole("button", { name: "Accept" }))
	expect(Line.last.asked("chat.accept")).toHaveLength(1)
	const { messages, ...facts } = PICTURE
	event("conversation", { ...facts, started_by: INES.id })
	expect(field()).toBeTruthy()
})

test("whoever asked waits, and is told no more than not now", async () => {
	await show({ messages: [message(1, ADA, "Two lines")], picture: { state: "requested" } })
	expect(screen.getByText(/Your first words wait for an answer/)).toBeTruthy()
	const { messages, ...facts } = PICTURE
	event("conversation", { ...facts, state: "declined" })
	expect(screen.getByText("Ines Carvalho does not take up this conversation now.")).toBeTruthy()
	expect(screen.queryByRole("button", { name: "Accept" })).toBeNull()
})

test("signs are put under messages and taken away again", async () => {
	await show({ messages: [message(1, INES, "Olá!", { reactions: { "🙏": [ADA.id, INES.id] } })] })
	const mine = screen.getByRole("button", { name: "Thank you, by 2 people: Ada Ndiaye and Ines Carvalho" })
	expect(mine.getAttribute("aria-pressed")).toBe("true")
	await fireEvent.click(mine)
	expect(sent("chat.react")).toEqual({ message: 201, sign: "🙏", on: false })
	await fireEvent.click(screen.getByRole("button", { name: "Applause" }))
	expect(sent("chat.react")).toEqual({ message: 201, sign: "👏", on: true })
})

test("pictures have their room before they come; a PDF is a line", async () => {
	const picture = { key: "k", name: "pipe.jpg", type: "image/jpeg", size: 90_000, width: 1600, height: 800, path: "/messages/file/k", preview: "/messages/file/k?small=1" }
	const paper = { key: "p", name: "Article 4.pdf", type: "application/pdf", size: 240_000, width: null, height: null, path: "/messages/file/p", preview: "/messages/file/p" }
	await show({ messages: [message(1, INES, "", { attachments: [picture, paper] })] })
	const shown = screen.getByAltText<HTMLImageElement>("Image: pipe.jpg")
	expect([shown.getAttribute("width"), shown.getAttribute("height")]).toEqual(["320", "160"])
	expect([shown.getAttribute("src"), shown.closest("a")?.getAttribute("href")]).toEqual(["/messages/file/k?small=1", "/messages/file/k"])
	expect(screen.getByText("Article 4.pdf").closest("a")?.textContent).toContain("PDF, 240 KB")
})

test("who types is shown until they wrote, and told to others now and then", async () => {
	await show()
	says({ on: "conversation.9", event: "typing", data: { person: INES.id } })
	expect(screen.getByText("Ines Carvalho writing")).toBeTruthy()
	event("message", message(1, INES, "Olá!"))
	expect(screen.queryByText("Ines Carvalho writing")).toBeNull()
	await fireEvent.input(field(), { target: { value: "H" } })
	await fireEvent.input(field(), { target: { value: "He" } })
	expect(Line.last.asked("chat.typing")).toHaveLength(1)
})

test("the newest of mine that was read says so", async () => {
	await show({ messages: [message(1, ADA, "One"), message(2, ADA, "Two"), message(3, ADA, "Three")], mine: { reads: { 5: 1 } } })
	expect(written("One").nextElementSibling?.textContent).toBe("Read")
	event("reads", { 5: 2 })
	expect(written("Two").nextElementSibling?.textContent).toBe("Read")
	expect(screen.getAllByText("Read")).toHaveLength(1)
})

test("what is new is said to a screen reader, but nothing of one's own", async () => {
	await show()
	event("message", message(1, ADA, "Mine"))
	event("message", message(2, INES, "Theirs"), 32)
	await vi.waitFor(() => expect(within(root).getAllByRole("status").some((place) => place.textContent === "Ines Carvalho: Theirs")).toBe(true), { timeout: 5_000 })
})

test("the inbox follows: requests first, then the latest; what is gone goes", async () => {
	await show({ rows: [row(9), row(12, { people: [GRACE], at: "2027-05-25T12:00:00Z" })] })
	const names = () => inbox().getAllByRole("link").flatMap((link) => link.querySelector("b > bdi")?.textContent ?? [])
	const told = (seq: number, data: object) => says({ on: `person.${ADA.id}`, seq, event: "inbox", data })
	says({ on: `person.${ADA.id}`, snapshot: 1, data: null })
	told(2, { conversation: 12, unread: 1, total: 1, requests: 0, row: row(12, { people: [GRACE], at: "2027-05-25T14:00:00Z", unread: 1 }) })
	expect(names()).toEqual(["Grace Otieno", "Ines Carvalho"])
	told(3, { conversation: 13, unread: 1, total: 1, requests: 1, row: row(13, { people: [LINUS], at: "2027-05-24T14:00:00Z", request: "to_me", state: "requested", started_by: LINUS.id }) })
	expect(names()).toEqual(["Linus Heikkilä", "Grace Otieno", "Ines Carvalho"])
	told(4, { conversation: 9, unread: 0, total: 1, requests: 1, row: null })
	expect(names()).toEqual(["Linus Heikkilä", "Grace Otieno"])
})

test("names are found without their accents, words by the server", async () => {
	const found = [{ conversation: 12, number: 7, by: GRACE, text: "The hydrophone works", at: "2027-05-25T12:00:00Z" }]
	const fetched = vi.fn(async () => Response.json({ rows: [], more: false, found }))
	vi.stubGlobal("fetch", fetched)
	await show({ rows: [row(9, { people: [LINUS] }), row(12, { people: [GRACE] })] })
	await fireEvent.input(screen.getByLabelText("Find in messages"), { target: { value: "heikkila" } })
	expect(inbox().queryByText("Grace Otieno")).toBeNull()
	expect(inbox().getByText("Linus Heikkilä")).toBeTruthy()
	await vi.waitFor(() => expect(inbox().getByText("The hydrophone works").closest("a")?.getAttribute("href")).toBe("/messages/12/#m7"))
	expect(fetched).toHaveBeenCalledWith("/messages/?q=heikkila", { headers: { accept: "application/json" } })
})

test("a name is found however far down its conversation is, or put away", async () => {
	const named = [row(30, { people: [GRACE], at: "2027-01-02T12:00:00Z", hidden: true })]
	vi.stubGlobal("fetch", vi.fn(async () => Response.json({ rows: named, more: false, before: "", found: [] })))
	await show({ rows: [row(9, { people: [LINUS] })] })
	await fireEvent.input(screen.getByLabelText("Find in messages"), { target: { value: "grace" } })
	expect(await inbox().findByText("Grace Otieno")).toBeTruthy()
	await fireEvent.input(screen.getByLabelText("Find in messages"), { target: { value: "" } })
	expect(inbox().queryByText("Grace Otieno")).toBeNull()
	expect(inbox().getByText("Linus Heikkilä")).toBeTruthy()
})

test("earlier ones follow on where the server's last page ended", async () => {
	const pages = [{ rows: [row(12, { at: "2027-05-03T00:00:00Z" })], more: true, before: "second" }, { rows: [], more: false, before: "" }]
	const fetched = vi.fn(async (_address: string) => Response.json(pages.shift()))
	vi.stubGlobal("fetch", fetched)
	await show({ more: true, before: "first" })
	says({ on: `person.${ADA.id}`, snapshot: 1, data: null })
	const old = row(3, { people: [GRACE], at: "2027-01-02T12:00:00Z", muted: true })
	says({ on: `person.${ADA.id}`, seq: 2, event: "inbox", data: { conversation: 3, unread: 0, total: 0, requests: 0, row: old } })
	for (const before of ["first", "second"]) {
		await fireEvent.click(inbox().getByRole("button", { name: "Earlier ones" }))
		await aMoment()
		expect(fetched).toHaveBeenLastCalledWith(`/messages/?before=${before}`, expect.anything())
	}
	expect(inbox().queryByRole("button", { name: "Earlier ones" })).toBeNull()
})

test("what was put away has a list of its own, and comes back from there", async () => {
	const fetched = vi.fn(async () => Response.json({ rows: [], more: false, before: "" }))
	vi.stubGlobal("fetch", fetched)
	await show({ open: null, hidden: true, more: true, before: "then", rows: [row(12, { people: [GRACE], hidden: true })] })
	expect(letters.visit(new URL("/messages/", location.href))).toBe(false)
	await fireEvent.click(inbox().getByRole("button", { name: "Earlier ones" }))
	expect(fetched).toHaveBeenCalledWith("/messages/?before=then&hidden=1", expect.anything())
	await fireEvent.click(inbox().getByText("Grace Otieno"))
	says({ on: "conversation.12", snapshot: 3, data: { ...PICTURE, people: [ADA, GRACE] } })
	says({ on: "conversation.12", mine: { read: 0, muted: false, hidden: true, reads: {} } })
	await fireEvent.click(within(screen.getByRole("main")).getByRole("button", { name: "Back to the inbox" }))
	expect(sent("chat.hide")).toEqual({ on: false })
	await answers("chat.hide", { ok: null })
	expect(within(screen.getByRole("main")).getByRole("button", { name: "Put away until somebody writes" })).toBeTruthy()
	says({ on: `person.${ADA.id}`, snapshot: 1, data: null })
	says({ on: `person.${ADA.id}`, seq: 2, event: "inbox", data: { conversation: 12, unread: 0, total: 0, requests: 0, row: row(12, { people: [GRACE] }) } })
	expect(inbox().getByText("Nothing was put away")).toBeTruthy()
	await fireEvent.click(screen.getByLabelText("All conversations"))
	expect(location.pathname + location.search).toBe("/messages/?hidden=1")
	expect(inbox().getByRole("link", { name: "Back to the inbox" }).getAttribute("href")).toBe("/messages/")
})

test("the inbox leads to what was put away", async () => {
	await show({ rows: [row(9), row(12, { people: [GRACE], hidden: true })] })
	expect(inbox().queryByText("Grace Otieno")).toBeNull()
	const away = inbox().getByRole<HTMLAnchorElement>("link", { name: "What was put away" })
	expect(letters.visit(new URL(away.href))).toBe(false)
})

test("a request that was left is over, and nothing is to be answered", async () => {
	await show({ picture: { state: "requested", started_by: INES.id, open: false } })
	expect(screen.getByText("This conversation has ended. It can still be read.")).toBeTruthy()
	expect(screen.queryByText(/Your first words wait/)).toBeNull()
	expect(screen.queryByRole("button", { name: "Accept" })).toBeNull()
})

test("a file that is too large for a proxy on the way is called so", async () => {
	class Refusing {
		upload = {}
		status = 413
		responseText = "<h1>Request Entity Too Large</h1>"
		onload?: () => void
		open = vi.fn()
		setRequestHeader = vi.fn()
		send = vi.fn(() => this.onload?.())
	}
	vi.stubGlobal("XMLHttpRequest", Refusing)
	await show()
	letters.opened?.uploads.add([new File(["x"], "pipe.png", { type: "image/png" })])
	flushSync()
	expect(screen.getByRole("alert").textContent).toBe("A file has 10 MB at most.")
})

test("files go up at once, and with the words", async () => {
	const requests: FakeUpload[] = []
	class FakeUpload {
		upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {}
		status = 0
		responseText = ""
		onload?: () => void
		open = vi.fn()
		setRequestHeader = vi.fn()
		send = vi.fn(() => void requests.push(this))
		abort = vi.fn()
		answers(status: number, answer: object) {
			this.status = status
			this.responseText = JSON.stringify(answer)
			this.onload?.()
			flushSync()
		}
	}
	vi.stubGlobal("XMLHttpRequest", FakeUpload)
	await show()
	const add = (name: string) => {
		letters.opened?.uploads.add([new File(["x"], name, { type: "image/png" })])
		flushSync()
	}
	add("pipe.png")
	expect(requests[0]?.open).toHaveBeenCalledWith("POST", "/messages/9/files")
	requests[0]?.upload.onprogress?.({ loaded: 1, total: 4 })
	flushSync()
	expect(screen.getByLabelText<HTMLProgressElement>("Uploading pipe.png").value).toBe(0.25)
	await say("Not yet")
	expect(Line.last.asked("chat.say")).toHaveLength(0)
	requests[0]?.answers(201, { key: "k1", name: "pipe.png" })
	add("virus.exe")
	requests[1]?.answers(400, { refused: "file.wrong_type", say: "That is neither an image nor a PDF." })
	expect(screen.getByRole("alert").textContent).toBe("That is neither an image nor a PDF.")
	await fireEvent.click(screen.getByRole("button", { name: "Take virus.exe out again" }))
	await fireEvent.keyDown(field(), { key: "Enter" })
	expect(sent("chat.say")).toEqual({ text: "Not yet", attachments: ["k1"] })
	await answers("chat.say", { refused: "slow.down", say: "That was a little fast." })
	expect(field().value).toBe("Not yet")
	expect(letters.opened?.uploads.keys).toEqual(["k1"])
})

test("to leave, to block and to report are asked about first", async () => {
	await show({ messages: [message(1, INES, "Buy now")] })
	const menu = within(screen.getByRole("main").querySelector("header") as HTMLElement)
	await fireEvent.click(menu.getByRole("button", { name: "Block" }))
	const form = screen.getByRole("dialog").querySelector("form") as HTMLFormElement
	expect(form.getAttribute("action")).toBe(`/person/${INES.id}/block`)
	expect(new FormData(form).get("csrfmiddlewaretoken")).toBe("t")
	await fireEvent.click(screen.getByRole("button", { name: "Cancel" }))
	await fireEvent.click(within(written("Buy now")).getByRole("button", { name: "Report" }))
	await fireEvent.input(screen.getByLabelText("What happened?"), { target: { value: "Advertising" } })
	await fireEvent.submit(screen.getByLabelText<HTMLTextAreaElement>("What happened?").form as HTMLFormElement)
	expect(sent("chat.report")).toEqual({ text: "Advertising", message: 201 })
	await answers("chat.report", { ok: null })
	expect(screen.getByText("The organisers have been told. Thank you.")).toBeTruthy()
	await fireEvent.click(screen.getByRole("button", { name: "Close" }))
	await fireEvent.click(menu.getByRole("button", { name: "Leave" }))
	await fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Leave" }))
	expect(Line.last.asked("chat.leave")).toHaveLength(1)
	await answers("chat.leave", { ok: null })
	expect(location.pathname).toBe("/messages/")
})

const MEETING: Meeting = {
	id: 12,
	rev: 1,
	state: "proposed",
	proposer: INES,
	invitee: ADA,
	turn: ADA.id,
	way: "video",
	place: "",
	note: "About article 4",
	minutes: 15,
	slots: [{ id: 31, starts: "2027-05-26T10:30:00Z", gone: true }, { id: 32, starts: "2027-05-26T13:30:00Z", gone: false }, { id: 33, starts: "2027-05-26T14:00:00Z", gone: false }],
	starts: null,
	ends: null,
	expires: "2027-05-25T10:00:00Z",
	last: { by: INES, handled_by: null },
	path: "/meetings/12/",
	room: "",
}

test("a proposed meeting is answered where it was proposed; a time that is gone is not offered", async () => {
	await show()
	event("meeting", MEETING)
	await aMoment()
	const card = within(screen.getByRole("region", { name: "Ines Carvalho proposes 15 minutes by video" }))
	expect(card.getAllByRole("radio")).toHaveLength(2)
	await fireEvent.click(card.getAllByRole("radio")[1] as HTMLElement)
	await fireEvent.click(card.getByRole("button", { name: /^Accept/ }))
	expect(sent("meeting.accept")).toEqual({ meeting: 12, slot: 33 })
	const [starts, ends] = ["2999-05-26T14:00:00Z", "2999-05-26T14:15:00Z"]
	await answers("meeting.accept", { ok: { ...MEETING, rev: 2, state: "accepted", turn: null, slots: [], starts, ends, room: "/pair/abc/" } })
	expect(screen.queryByRole("region", { name: /proposes/ })).toBeNull()
	expect(screen.getByText("To the room for two").getAttribute("href")).toBe("/pair/abc/")
})

test("what was asked for with a proposal only goes with it", async () => {
	await show({ picture: { state: "requested", started_by: INES.id, meetings: [MEETING] } as object })
	await fireEvent.click(screen.getByRole("button", { name: "Not now" }))
	await answers("meeting.decline", { ok: { ...MEETING, rev: 2, state: "declined", turn: null } })
	expect(location.pathname).toBe("/messages/9/")
	says({ on: "conversation.9", refused: "topic.unknown", say: "There is nothing here, or it is not open to you." })
	await aMoment()
	expect(location.pathname).toBe("/messages/")
	expect(screen.queryByRole("alert")).toBeNull()
})

test("whoever proposed sees what waits, and may take it back", async () => {
	await show({ picture: { meetings: [{ ...MEETING, proposer: ADA, invitee: INES, turn: INES.id }] } as object })
	await fireEvent.click(screen.getByRole("button", { name: "Take it back" }))
	expect(sent("meeting.cancel")).toEqual({ meeting: 12 })
})
