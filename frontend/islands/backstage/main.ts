import { mount } from "svelte"
import { Backstage } from "../shared/backstage.svelte"
import { Floor } from "../shared/floor.svelte"
import Line from "../shared/Line.svelte"
import { Notices } from "../shared/notices.svelte"
import { connect, lines, read, replace, takePlace } from "../shared/page"
import { Room } from "../shared/room.svelte"
import { Stage } from "../shared/stage.svelte"
import Title from "../shared/Title.svelte"
import type { RoomPicture, RoomWelcome, Snapshot } from "../shared/wire"
import GreenRoom from "./GreenRoom.svelte"

const root = document.getElementById("backstage")
const snapshot = read<Snapshot<RoomPicture>>("room-snapshot")
const welcome = read<RoomWelcome>("room-mine")
const socket = root && snapshot && welcome && connect(root.dataset.me ?? "")

if (socket) {
	const room = new Room(socket, Number(root.dataset.room), snapshot, welcome)
	const stage = new Stage(room)
	const floor = new Floor(room)
	const backstage = new Backstage(stage)
	const notices = new Notices(room)
	backstage.join(notices)
	void takePlace(document.body, () => {
		replace(document.querySelector(".masthead > .title"), Title, { room })
		replace(lines(document.body), Line, { room })
		root.replaceChildren()
		mount(GreenRoom, { target: root, props: { backstage, floor, notices } })
	})
}
