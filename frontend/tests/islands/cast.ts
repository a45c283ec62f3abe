import { flushSync } from "svelte"
import { vi } from "vitest"
import { Desk } from "../../islands/desk/desk.svelte"
import { Directing } from "../../islands/desk/directing.svelte"
import { DeskFloor } from "../../islands/desk/floor.svelte"
import { stageKeys } from "../../islands/desk/stage-keys"
import { DeskShow } from "../../islands/desk/show.svelte"
import { Work } from "../../islands/desk/work.svelte"
import { Chat } from "../../islands/chat/chat.svelte"
import type { Message } from "../../islands/chat/wire"
import { Backstage } from "../../islands/shared/backstage.svelte"
import { Room } from "../../islands/shared/room.svelte"
import type { Segment } from "../../islands/shared/show-wire"
import { Stage } from "../../islands/shared/stage.svelte"
import type {
	DeskQuestion,
	OwnQuestion,
	Person,
	Question,
	RoomPicture,
	RoomSettings,
	RoomWelcome,
} from "../../islands/shared/wire"
import { connected, Keeper, Line } from "../live/line"

export const ADA: Person = { id: 42, name: "Ada Ndiaye" }
export const GRACE: Person = { id: 1, name: "Grace Otieno" }
export const LINUS: Person = { id: 2, name: "Linus Heikkilä" }
export const AIKO: Person = { id: 10, name: "Aiko Mori" }
export const INES: Person = { id: 5, name: "Ines Carvalho" }

export const SETTINGS: RoomSettings = {
	rev: 1,
	state: "live",
	code: "4821",
	moderation: true,
	anonymity: true,
	questions_open: true,
	votes_open: true,
	chat_open: true,
	reactions_open: true,
	starts: "2027-05-25T13:00:00Z",
	ends: "2027-05-25T14:15:00Z",
	opened_at: null,
	live_at: null,
	ended_at: null,
}

/** Question `number`, open, asked by Ines, unless said otherwise. */
export function question(number: number, other: Partial<Question> = {}): Question {
	return {
		id: 100 + number,
		number,
		rev: 1,
		state: "open",
		text: `Question ${number}?`,
		language: "",
		by: INES,
		aloud: false,
		early: false,
		votes: 0,
		position: null,
		to: null,
		answer: "",
		at: "2027-05-25T13:20:00Z",
		since: "2027-05-25T13:20:00Z",
		into: null,
		joined: [],
		...other,
	}
}

export function own(number: number, other: Partial<OwnQuestion> = {}): OwnQuestion {
	const nothing = { room: 7, anonymous: false, original: null, reason: "", note: "", steps: [], root: null }
	return { ...question(number, { by: ADA }), ...nothing, ...other }
}

export function desked(number: number, other: Partial<DeskQuestion> = {}): DeskQuestion {
	const nothing = { labels: [], original: null, reason: "", note: "", edited: false, similar: null, silenced: false, last: null }
	return { ...question(number), ...nothing, ...other }
}

export function message(number: number, by: Person, text: string, other: Partial<Message> = {}): Message {
	return { id: 200 + number, number, rev: 1, by, text, at: "2027-05-25T13:30:00Z", edited: false, removed: "", reply: null, ...other }
}

/** Part `id` of the run of show: five minutes each from 13:00 on, still to come, unless said otherwise. */
export function segment(id: number, other: Partial<Segment> = {}): Segment {
	const starts = new Date(Date.parse(SETTINGS.starts) + (id - 1) * 300_000).toISOString()
	return {
		id,
		rev: 1,
		position: id,
		kind: "talk",
		title: `Part ${id}`,
		who: "",
		minutes: 5,
		seconds: 300,
		starts,
		expected: starts,
		started: null,
		ended: null,
		skipped: false,
		remote: false,
		confirmed: true,
		people: [],
		documents: [],
		...other,
	}
}

export function picture(questions: Question[], settings: Partial<RoomSettings> = {}): RoomPicture {
	return {
		room: { ...SETTINGS, ...settings },
		session: {
			id: 1,
			code: "leaks",
			title: "Water that reports its own leaks",
			starts: SETTINGS.starts,
			ends: SETTINGS.ends,
			zone: "Europe/Zurich",
			place: "Geneva",
			venue: "Room A",
			languages: [],
			speakers: [{ ...LINUS, as: "speaker", organisation: "", remote: true }],
		},
		segments: [],
		show: { current: null, drift: 0, due: null, ends: SETTINGS.ends, segments: [] },
		questions,
	}
}

export function welcome(me: Person, other: Partial<RoomWelcome> = {}): RoomWelcome {
	return { me, roles: [], votes: [], questions: [], silenced: false, conversation: 9, ...other }
}

interface Scene {
	me?: Person
	questions?: Question[]
	own?: OwnQuestion[]
	settings?: Partial<RoomSettings>
	welcome?: Partial<RoomWelcome>
	/** What an earlier page left behind. */
	keeper?: Keeper
}

/** A room whose line is open; the test plays the server through `Line.last`. */
export async function enterRoom({ me = ADA, questions = [], settings, own = [], welcome: given, keeper = new Keeper() }: Scene = {}): Promise<Room> {
	vi.stubGlobal("WebSocket", Line)
	Line.all = []
	const socket = connected(keeper)
	const room = new Room(socket, 7, { snapshot: 10, data: picture(questions, settings) }, welcome(me, { questions: own, ...given }))
	await vi.waitFor(() => Line.last.address)
	Line.last.opens()
	says({ on: "room.7", entered: 10 })
	return room
}

export async function enterDesk(questions: DeskQuestion[], settings: Partial<RoomSettings> = {}): Promise<Work> {
	const room = await enterRoom({ me: GRACE, settings, welcome: { roles: ["moderator"] } })
	const people = { 1: GRACE.name, 2: LINUS.name, 10: AIKO.name }
	const desk = new Desk(room, { snapshot: 20, data: { questions, people, labels: ["Money"], silenced: [] } })
	says({ on: "room.7.desk", entered: 20 })
	return new Work(desk)
}

/** The stage and the speakers' list of a desk, with their keys. */
export function direct(work: Work): { directing: Directing; floor: DeskFloor; run: DeskShow } {
	const floor = new DeskFloor(work.desk)
	const backstage = new Backstage(new Stage(work.desk.room))
	const directing = new Directing(backstage, work.desk)
	const run = new DeskShow(work.desk, backstage)
	work.keys = [...work.keys, stageKeys(directing, floor), run.keys]
	return { directing, floor, run }
}

export function enterChat(room: Room, messages: Message[], read = 0, moderator = false): Chat {
	const chat = new Chat(room.socket, 9, { snapshot: 30, data: { messages, open: true } })
	says({ on: "conversation.9", mine: { read, silenced: false, moderator } })
	says({ on: "conversation.9", entered: 30 })
	return chat
}

/** The server says something, and it is drawn. */
export function says(frame: object) {
	Line.last.says(frame)
	flushSync()
}

/** The server answers the newest command of this name. */
export async function answers(what: string, reply: object) {
	Line.last.answers(what, reply)
	await Promise.resolve()
	await new Promise((resolve) => setTimeout(resolve))
	flushSync()
}

/** What was last sent as this command. */
export function sent(what: string): unknown {
	return Line.last.asked(what).at(-1)?.with
}

/** Longer than redraws are held back. */
export async function aMoment() {
	await new Promise((resolve) => setTimeout(resolve, 300))
	flushSync()
}
