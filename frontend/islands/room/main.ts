import Line from "../shared/Line.svelte"
import { connect, lines, read, replace, takePlace } from "../shared/page"
import { Room } from "../shared/room.svelte"
import Running from "../shared/Running.svelte"
import Title from "../shared/Title.svelte"
import type { ChatPicture } from "../chat/wire"
import type { RoomPicture, RoomWelcome, Snapshot } from "../shared/wire"
import { Floor } from "../shared/floor.svelte"
import { Polls } from "../shared/polls.svelte"
import { Reactions } from "../shared/reactions.svelte"
import { Stage as StageModel } from "../shared/stage.svelte"
import { Attending } from "./attending.svelte"
import { Chat } from "../chat/chat.svelte"
import Stage from "./Stage.svelte"
import Talk from "./Talk.svelte"

const root = document.getElementById("room")
const snapshot = read<Snapshot<RoomPicture>>("room-snapshot")
const welcome = read<RoomWelcome>("room-mine")
const socket = root && snapshot && welcome && connect(root.dataset.me ?? "")

if (socket) {
	const room = new Room(socket, Number(root.dataset.room), snapshot, welcome)
	const chat = new Chat(socket, welcome.conversation, read<Snapshot<ChatPicture>>("chat-snapshot"))
	const stage = new StageModel(room)
	const floor = new Floor(room)
	const attending = new Attending()
	const polls = new Polls(room)
	const reactions = new Reactions(room)
	const part = (selector: string) => root.querySelector(selector)
	void takePlace(root, () => {
		replace(part(".masthead > .title"), Title, { room })
		replace(lines(root), Line, { room })
		replace(part(":scope > .running"), Running, { room })
		replace(part(":scope > .floor"), Stage, { stage, floor, attending, reactions })
		replace(part(":scope > .talk"), Talk, { room, chat, polls })
	})
}
