import { Backstage } from "../shared/backstage.svelte"
import { connect, lines, read, replace, takePlace } from "../shared/page"
import { Room } from "../shared/room.svelte"
import { Stage } from "../shared/stage.svelte"
import Title from "../shared/Title.svelte"
import type { DeskPicture, RoomPicture, RoomWelcome, Snapshot } from "../shared/wire"
import Board from "./Board.svelte"
import { Desk } from "./desk.svelte"
import DeskLine from "./DeskLine.svelte"
import { Directing } from "./directing.svelte"
import { DeskFloor } from "./floor.svelte"
import { DeskPolls } from "./polls.svelte"
import Rail from "./Rail.svelte"
import { DeskShow } from "./show.svelte"
import { stageKeys } from "./stage-keys"
import Strip from "./Strip.svelte"
import { Work } from "./work.svelte"

const root = document.getElementById("desk")
const snapshot = read<Snapshot<RoomPicture>>("room-snapshot")
const welcome = read<RoomWelcome>("room-mine")
const picture = read<Snapshot<DeskPicture>>("desk-snapshot")
const socket = root && snapshot && welcome && picture && connect(root.dataset.me ?? "")

if (socket) {
	const room = new Room(socket, Number(root.dataset.room), snapshot, welcome)
	const desk = new Desk(room, picture)
	const work = new Work(desk)
	const polls = new DeskPolls(desk)
	const floor = new DeskFloor(desk)
	const backstage = new Backstage(new Stage(room))
	const directing = new Directing(backstage, desk)
	const run = new DeskShow(desk, backstage)
	work.keys = [...work.keys, stageKeys(directing, floor), run.keys]
	const files = root.querySelector("#show-files")
	// A file that was not taken: the server has said why on the page that is replaced here.
	run.trouble.say = root.querySelector('#show > [role="alert"] p')?.textContent ?? ""
	const part = (selector: string) => root.querySelector(selector)
	void takePlace(root, () => {
		replace(part(".masthead > .title"), Title, { room })
		replace(lines(root), DeskLine, { work })
		replace(part(":scope > .strip"), Strip, { work, directing, floor })
		replace(part(":scope > .board"), Board, { work })
		replace(part(":scope > .rail"), Rail, { work, polls, floor, run, files })
	})
}
