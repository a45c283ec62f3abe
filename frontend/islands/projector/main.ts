import { connect, read, replace, takePlace } from "../shared/page"
import { Floor } from "../shared/floor.svelte"
import { Polls } from "../shared/polls.svelte"
import { Reactions } from "../shared/reactions.svelte"
import { Room } from "../shared/room.svelte"
import type { RoomPicture, RoomWelcome, Snapshot } from "../shared/wire"
import Countdown from "./Countdown.svelte"
import Head from "./Head.svelte"
import Middle from "./Middle.svelte"
import Next from "./Next.svelte"

const root = document.getElementById("projector")
const snapshot = read<Snapshot<RoomPicture>>("room-snapshot")
const welcome = read<RoomWelcome>("room-mine")
const socket = root && snapshot && welcome && connect(root.dataset.me ?? "")

if (socket) {
	const room = new Room(socket, Number(root.dataset.room), snapshot, welcome)
	const polls = new Polls(room)
	const floor = new Floor(room)
	const reactions = new Reactions(room)
	const part = (selector: string) => root.querySelector(selector)
	void takePlace(root, () => {
		replace(part(":scope > header"), Head, { room, floor })
		replace(part(":scope > div"), Middle, { room, polls })
		replace(part("footer > .next"), Next, { room, reactions })
		replace(part("footer > .time"), Countdown, { room })
	})
}
