import { mount } from "svelte"
import { connect, read, takePlace } from "../shared/page"
import { Room } from "../shared/room.svelte"
import type { RoomPicture, RoomWelcome, Snapshot } from "../shared/wire"
import Speaker from "./Speaker.svelte"

const root = document.getElementById("speaker")
const snapshot = read<Snapshot<RoomPicture>>("room-snapshot")
const welcome = read<RoomWelcome>("room-mine")
const socket = root && snapshot && welcome && connect(root.dataset.me ?? "")

if (socket) {
	const room = new Room(socket, Number(root.dataset.room), snapshot, welcome)
	void takePlace(root, () => {
		root.replaceChildren()
		mount(Speaker, { target: root, props: { room } })
	})
}
