import Line from "../shared/Line.svelte"
import { connect, read, takePlace } from "../shared/page"
import { Room } from "../shared/room.svelte"
import Running from "../shared/Running.svelte"
import Title from "../shared/Title.svelte"
import type { ChatPicture, RoomPicture, RoomWelcome, Snapshot } from "../shared/wire"
import { Chat } from "./chat.svelte"
import Stage from "./Stage.svelte"
import Talk from "./Talk.svelte"

const root = document.getElementById("room")
const snapshot = read<Snapshot<RoomPicture>>("room-snapshot")
const welcome = read<RoomWelcome>("room-mine")
const socket = root && snapshot && welcome && connect(root.dataset.me ?? "")

if (socket) {
	const room = new Room(socket, Number(root.dataset.room), snapshot, welcome)
	const chat = new Chat(socket, welcome.conversation, read<Snapshot<ChatPicture>>("chat-snapshot"))
	const part = (selector: string) => root.querySelector(selector)
	void takePlace(root, [
		{ place: part(".masthead > .title"), component: Title, props: { room } },
		{ place: lines(), component: Line, props: { room } },
		{ place: part(":scope > .running"), component: Running, props: { room } },
		{ place: part(":scope > .floor"), component: Stage, props: { room } },
		{ place: part(":scope > .talk"), component: Talk, props: { room, chat } },
	])
}

/** The masthead says its lines in several elements; one stays to be replaced. */
function lines(): Element | null {
	const [first, ...others] = root?.querySelectorAll(".masthead > .mine > .line") ?? []
	for (const other of others) other.remove()
	return first ?? null
}
