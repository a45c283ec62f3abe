import { fireEvent, render, screen, within } from "@testing-library/svelte"
import axe from "axe-core"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import Polls from "../../islands/desk/Polls.svelte"
import { DeskPolls } from "../../islands/desk/polls.svelte"
import Middle from "../../islands/projector/Middle.svelte"
import PollsPanel from "../../islands/room/PollsPanel.svelte"
import Talk from "../../islands/room/Talk.svelte"
import { spoken } from "../../islands/shared/announce.svelte"
import { labels, mean, projected, rows, shows } from "../../islands/shared/poll"
import type { DeskPoll, Poll, Tally } from "../../islands/shared/poll-wire"
import { Polls as Model } from "../../islands/shared/polls.svelte"
import type { RoomWelcome } from "../../islands/shared/wire"
import { Line } from "../live/line"
import { aMoment, answers, enterChat, enterDesk, enterRoom, question, says, sent } from "./cast"

let polls: Model

function poll(number: number, other: Partial<Poll> = {}): Poll {
	return {
		id: 300 + number,
		number,
		rev: 1,
		state: "open",
		kind: "single",
		question: `Poll ${number}?`,
		options: ["By train", "By ferry"],
		most: 1,
		named: false,
		results: "after_vote",
		since: "2027-05-25T13:30:00Z",
		tally: null,
		...other,
	}
}

const counted = (number: number, ...counts: number[]): Tally => ({ poll: 300 + number, voted: counts.reduce((sum, n) => sum + n), counts })

async function enter(those: Poll[], welcome: Partial<RoomWelcome> = {}) {
	const room = await enterRoom({ welcome })
	polls = new Model(room)
	for (const [at, one] of those.entries()) says({ on: "room.7", seq: 11 + at, event: "poll", data: one })
	await aMoment()
}

const card = (name: string) => within(screen.getByRole("article", { name }))
const press = (name: string, where: ReturnType<typeof within> = screen) => fireEvent.click(where.getByRole("button", { name }))
const entered = () => Line.last.sent.filter((frame) => frame.do === "enter").map((frame) => frame.on)

beforeEach(() => localStorage.clear())
afterEach(() => {
	polls.room.socket.close()
	vi.unstubAllGlobals()
	location.hash = ""
})

describe("voting", () => {
	test("one choice, sent once, answered, and followed by the results for those who voted", async () => {
		await enter([poll(1)])
		render(PollsPanel, { polls })
		expect(card("Poll 1?").getByText("You see the results once you have voted.", { exact: false })).toBeTruthy()
		await fireEvent.click(screen.getByLabelText("By ferry"))
		await press("Vote")
		expect(sent("poll.vote")).toEqual({ poll: 301, choices: [1] })
		await answers("poll.vote", { ok: { poll: 301, answer: [1] } })
		expect(screen.getByText("Your vote is counted")).toBeTruthy()
		expect(document.activeElement?.textContent).toBe("Change my vote")
		expect(entered()).toContain("poll.301")
		says({ on: "poll.301", mine: { tally: counted(1, 3, 1) } })
		expect(screen.getByRole("row", { name: /By ferry.*your vote.*1.*25/ })).toBeTruthy()
	})

	test("what was refused is said beside the form, and can be tried again", async () => {
		await enter([poll(1)])
		render(PollsPanel, { polls })
		await fireEvent.click(screen.getByLabelText("By train"))
		await press("Vote")
		await answers("poll.vote", { refused: "poll.closed", say: "This poll is closed." })
		expect(screen.getByRole("alert").textContent).toBe("This poll is closed.")
		expect((screen.getByRole("button", { name: "Vote" }) as HTMLButtonElement).disabled).toBe(false)
	})

	test("several choices stop at the most", async () => {
		await enter([poll(1, { kind: "multiple", options: ["A", "B", "C"], most: 2 })])
		render(PollsPanel, { polls })
		for (const name of ["C", "A"]) await fireEvent.click(screen.getByLabelText(name))
		expect((screen.getByLabelText("B") as HTMLInputElement).disabled).toBe(true)
		await press("Vote")
		expect(sent("poll.vote")).toEqual({ poll: 301, choices: [2, 0] })
	})

	test("words", async () => {
		await enter([poll(1, { kind: "words", options: [], most: 2, named: true })])
		render(PollsPanel, { polls })
		expect(screen.getByText("Moderators see your name with your vote.")).toBeTruthy()
		await fireEvent.input(screen.getByLabelText("Word 2"), { target: { value: "trust" } })
		await press("Vote")
		expect(sent("poll.vote")).toEqual({ poll: 301, words: ["trust"] })
	})

	test("steps of a rating, with the names of its ends", async () => {
		await enter([poll(1, { kind: "rating", options: ["Poor", "Good"], most: 5 })])
		render(PollsPanel, { polls })
		expect(screen.getByText("Good").closest("span")?.textContent).toBe("5: Good")
		await fireEvent.click(screen.getByLabelText("4"))
		await press("Vote")
		expect(sent("poll.vote")).toEqual({ poll: 301, choices: [3] })
	})

	test("a mind can be changed while it is open", async () => {
		await enter([poll(1)], { ballots: { "301": [0] } })
		render(PollsPanel, { polls })
		await press("Change my vote")
		expect(document.activeElement).toBe(screen.getByLabelText("By train"))
		await fireEvent.click(screen.getByLabelText("By ferry"))
		await press("Vote")
		await answers("poll.vote", { ok: { poll: 301, answer: [1] } })
		expect(polls.ballots.get(301)).toEqual([1])
		says({ on: "room.7", seq: 12, event: "poll", data: poll(1, { rev: 2, state: "closed", tally: { poll: 301, voted: 1 } }) })
		await aMoment()
		expect(screen.queryByRole("button", { name: "Change my vote" })).toBeNull()
	})

	test("is not for those whose contributions are paused", async () => {
		await enter([poll(1)], { silenced: true })
		render(PollsPanel, { polls })
		expect(screen.queryByRole("radio")).toBeNull()
	})

	test("what was sent before a reload is known when its answer comes", async () => {
		await enter([poll(1)])
		polls.late({ do: "poll.vote", ref: "r" }, { re: "r", ok: { poll: 301, answer: [1] } })
		expect(polls.ballots.get(301)).toEqual([1])
	})
})

describe("results", () => {
	test("live ones come as whispers", async () => {
		await enter([poll(1, { results: "live" })])
		render(PollsPanel, { polls })
		says({ on: "room.7", event: "tally", data: counted(1, 1, 3) })
		expect(screen.getByRole("row", { name: /By ferry 3 75/ })).toBeTruthy()
		expect(screen.getByText("4 people voted.", { exact: false })).toBeTruthy()
	})

	test("how many voted does not take away the numbers that one may see", async () => {
		await enter([poll(1)], { ballots: { "301": [0] }, tallies: [counted(1, 1, 0)] })
		says({ on: "room.7", event: "tally", data: { poll: 301, voted: 2 } })
		expect(polls.tally(poll(1))).toEqual({ poll: 301, voted: 2, counts: [1, 0] })
		expect(polls.tally(poll(1), false)).toEqual({ poll: 301, voted: 2 })
	})

	test("are hidden again although they are known", async () => {
		await enter([poll(1, { results: "live" })])
		render(PollsPanel, { polls })
		says({ on: "room.7", event: "tally", data: counted(1, 1, 3) })
		says({ on: "room.7", seq: 12, event: "poll", data: poll(1, { rev: 3, state: "closed", results: "live", tally: { poll: 301, voted: 4 } }) })
		await aMoment()
		expect(screen.queryByRole("table")).toBeNull()
		expect(screen.getByText("The moderators have not shown the results yet.", { exact: false })).toBeTruthy()
	})

	test("a word cloud is a list, and a table as well", async () => {
		const tally: Tally = { poll: 301, voted: 9, words: [["Trust", 5], ["time", 1]], more: 2 }
		await enter([poll(1, { kind: "words", options: [], state: "shown", tally })])
		const { container } = render(PollsPanel, { polls })
		const cloud = screen.getByRole("list", { name: "Word cloud" })
		expect(within(cloud).getAllByRole("listitem").map((item) => item.dataset.size)).toEqual(["5", "1"])
		expect(cloud.textContent).toContain("5 people")
		expect(container.querySelectorAll("tbody tr")).toHaveLength(2)
		expect(screen.getByText("And 2 rarer words.", { exact: false })).toBeTruthy()
	})

	test("are announced, and so is a poll that opens", async () => {
		await enter([])
		render(PollsPanel, { polls })
		says({ on: "room.7", seq: 11, event: "poll", data: poll(1) })
		await vi.waitFor(() => expect(spoken.text).toBe("A poll is open: Poll 1?"), 4_000)
		says({ on: "room.7", seq: 12, event: "poll", data: poll(1, { rev: 2, state: "shown", tally: counted(1, 1, 3) }) })
		await vi.waitFor(() => expect(spoken.text).toBe("Results of poll 1: most people chose By ferry, 75 percent."), 4_000)
	})

	test("nothing is wrong for a screen reader", async () => {
		const cloud: Tally = { poll: 303, voted: 2, words: [["Trust", 2]], more: 0 }
		await enter([
			poll(1),
			poll(2, { kind: "rating", options: ["Poor", "Good"], most: 5, state: "shown", tally: counted(2, 1, 0, 2, 0, 0) }),
			poll(3, { kind: "words", options: [], state: "shown", tally: cloud }),
		])
		const { container } = render(PollsPanel, { polls })
		const found = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } })
		expect(found.violations).toEqual([])
	})
})

test("beside the other tabs the newest poll asks for attention until it is answered", async () => {
	await enter([poll(1)])
	render(Talk, { room: polls.room, chat: enterChat(polls.room, []), polls })
	const tab = screen.getByRole("link", { name: /^Polls/ })
	expect(tab.textContent).toContain("1 open")
	expect(screen.getByRole("link", { name: "Vote" }).getAttribute("href")).toBe("#polls")
	const voting = polls.vote(poll(1), { choices: [0] })
	await answers("poll.vote", { ok: { poll: 301, answer: [0] } })
	await voting
	await aMoment()
	expect(screen.queryByRole("link", { name: "Vote" })).toBeNull()
})

describe("the projector", () => {
	test("shows what was opened or shown last, unless a question came after it", async () => {
		await enter([poll(1, { since: "2027-05-25T13:31:00Z" }), poll(2, { state: "closed", since: "2027-05-25T13:32:00Z" })])
		render(Middle, { room: polls.room, polls })
		expect(screen.getByRole("heading", { name: "Poll 1?" })).toBeTruthy()
		says({ on: "room.7", seq: 13, event: "question", data: question(1, { state: "now", since: "2027-05-25T13:33:00Z" }) })
		await aMoment()
		expect(screen.queryByRole("heading", { name: "Poll 1?" })).toBeNull()
		says({ on: "room.7", seq: 14, event: "poll", data: poll(2, { rev: 2, state: "shown", since: "2027-05-25T13:34:00Z", tally: counted(2, 1, 3) }) })
		await aMoment()
		expect(screen.getByRole("row", { name: /By ferry 3 75/ })).toBeTruthy()
	})

	test("does not show what only its own reader may see", async () => {
		await enter([poll(1)], { ballots: { "301": [0] }, tallies: [counted(1, 5, 1)] })
		render(Middle, { room: polls.room, polls })
		expect(screen.queryByRole("table")).toBeNull()
		expect(screen.getByText("6 people voted.", { exact: false })).toBeTruthy()
	})
})

describe("the desk", () => {
	let desk: DeskPolls
	const desked = (number: number, other: Partial<DeskPoll> = {}): DeskPoll => ({ ...poll(number), struck: [], ...other })

	async function sit(...those: DeskPoll[]) {
		const work = await enterDesk([])
		desk = new DeskPolls(work.desk)
		polls = new Model(work.desk.room)
		those.forEach((one, at) => says({ on: "room.7.desk", seq: 21 + at, event: "poll", data: one }))
		render(Polls, { polls: desk })
	}

	test("makes a poll and opens it at once", async () => {
		await sit()
		await press("New poll")
		await fireEvent.input(screen.getByLabelText("Question"), { target: { value: "How did you come?" } })
		await fireEvent.input(screen.getByLabelText("Answers"), { target: { value: "By train\n\n By ferry \n" } })
		await press("Open at once")
		const draft = { kind: "single", question: "How did you come?", options: ["By train", "By ferry"], most: 1, named: false, results: "after_vote" }
		expect(sent("poll.add")).toEqual(draft)
		await answers("poll.add", { ok: { done: [301] } })
		expect(sent("poll.open")).toEqual({ poll: 301, rev: 1 })
		await answers("poll.open", { ok: { done: [301] } })
		expect(screen.queryByRole("dialog")).toBeNull()
	})

	test("asks for what the kind needs", async () => {
		await sit()
		await press("New poll")
		await fireEvent.input(screen.getByLabelText("Question"), { target: { value: "How was it?" } })
		await fireEvent.change(screen.getByLabelText("Kind"), { target: { value: "rating" } })
		await fireEvent.input(screen.getByLabelText("The lowest step is called"), { target: { value: "Poor" } })
		expect((screen.getByRole("button", { name: "Keep as a draft" }) as HTMLButtonElement).disabled).toBe(true)
		await fireEvent.input(screen.getByLabelText("The highest step is called"), { target: { value: "Good" } })
		await fireEvent.click(screen.getByLabelText("People vote with their names, which moderators see"))
		await press("Keep as a draft")
		expect(sent("poll.add")).toMatchObject({ kind: "rating", options: ["Poor", "Good"], most: 5, named: true })
	})

	test("moves it on, each step at the revision that was seen", async () => {
		await sit(desked(1, { state: "draft" }))
		for (const [label, step, state] of [
			["Open the poll", "open", "open"],
			["Close the poll", "close", "closed"],
			["Show the results", "show", "shown"],
			["Hide the results", "hide", "closed"],
		] as const) {
			const rev = desk.all[0]?.rev ?? 0
			await press(label)
			expect(sent(`poll.${step}`)).toEqual({ poll: 301, rev })
			await answers(`poll.${step}`, { ok: { done: [301] } })
			says({ on: "room.7.desk", seq: 21 + rev, event: "poll", data: desked(1, { state, rev: rev + 1 }) })
		}
	})

	test("sees the numbers whatever others may see", async () => {
		await sit(desked(1, { results: "after_close" }))
		says({ on: "room.7.desk", mine: { me: {}, tallies: [counted(1, 0, 1)] } })
		says({ on: "room.7.desk", event: "tally", data: counted(1, 1, 1) })
		expect(screen.getByRole("row", { name: /By ferry 1 50/ })).toBeTruthy()
	})

	test("strikes a word and puts it back", async () => {
		const words: Partial<DeskPoll> = { kind: "words", options: [], state: "shown", tally: { poll: 301, voted: 2, words: [["Spam", 2]], more: 0 } }
		await sit(desked(1, { ...words, struck: ["lies"] }))
		await press("Strike “Spam”")
		expect(sent("poll.strike")).toEqual({ poll: 301, word: "Spam", struck: true })
		await press("Put “lies” back")
		expect(sent("poll.strike")).toEqual({ poll: 301, word: "lies", struck: false })
	})

	test("a draft can be changed and removed", async () => {
		await sit(desked(1, { state: "draft" }))
		await press("Edit")
		expect((screen.getByLabelText("Answers") as HTMLTextAreaElement).value).toBe("By train\nBy ferry")
		await fireEvent.input(screen.getByLabelText("Question"), { target: { value: "And back?" } })
		await press("Keep as a draft")
		expect(sent("poll.edit")).toMatchObject({ poll: 301, rev: 1, question: "And back?" })
		await answers("poll.edit", { ok: { done: [301] } })
		await press("Remove")
		says({ on: "room.7.desk", seq: 22, event: "poll", data: { id: 301, number: 1, rev: 2, gone: true } })
		expect(screen.queryByRole("article")).toBeNull()
	})
})

describe("the arithmetic of polls", () => {
	beforeEach(() => enter([]))

	test("labels, shares and means", () => {
		expect(labels(poll(1, { kind: "rating", most: 3 }))).toEqual(["1", "2", "3"])
		expect(rows(poll(1), counted(1, 1, 2), [0]).map(({ percent, mine }) => [percent, mine])).toEqual([
			[33, true],
			[67, false],
		])
		expect(rows(poll(1), { poll: 301, voted: 3 })).toEqual([])
		expect(mean([1, 0, 1])).toBe(2)
		expect(mean([0, 0])).toBeNull()
	})

	test("one's own word is found however it is written", () => {
		const tally: Tally = { poll: 301, voted: 2, words: [["Open Data", 2]], more: 0 }
		expect(rows(poll(1, { kind: "words" }), tally, ["open  data"])[0]?.mine).toBe(true)
	})

	test("who may see results", () => {
		const seen = (state: Poll["state"], results: Poll["results"]) => [false, true].map((voted) => shows(poll(1, { state, results }), voted))
		expect(seen("open", "live")).toEqual([true, true])
		expect(seen("closed", "live")).toEqual([false, false])
		expect(seen("open", "after_vote")).toEqual([false, true])
		expect(seen("closed", "after_vote")).toEqual([false, true])
		expect(seen("open", "after_close")).toEqual([false, false])
		expect(seen("shown", "after_close")).toEqual([true, true])
		expect(projected([])).toBeUndefined()
	})
})
