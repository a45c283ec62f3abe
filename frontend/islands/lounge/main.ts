import { mount } from "svelte"
import { connect, read, takePlace } from "../shared/page"
import type { Snapshot } from "../shared/wire"
import LoungePage from "./Lounge.svelte"
import { Lounge } from "./lounge.svelte"
import MeetNow from "./MeetNow.svelte"
import { Seeking } from "./seeking.svelte"
import type { LoungePicture, LoungeWelcome, NowTold } from "./wire"

function lounge(root: HTMLElement) {
	const snapshot = read<Snapshot<LoungePicture>>("lounge-snapshot")
	const welcome = read<LoungeWelcome>("lounge-mine")
	const socket = snapshot && welcome && connect(welcome.me.id)
	if (!socket) return
	const it = new Lounge(socket, Number(root.dataset.lounge), snapshot, welcome)
	void takePlace(root, () => {
		root.replaceChildren()
		mount(LoungePage, { target: root, props: { lounge: it } })
	})
}

function now(root: HTMLElement) {
	const told = read<NowTold>("now-mine")
	const me = root.dataset.me ?? ""
	const socket = told && connect(me)
	if (!socket) return
	const seeking = new Seeking(socket, me, told)
	void takePlace(root, () => {
		root.replaceChildren()
		mount(MeetNow, { target: root, props: { seeking } })
	})
}

const [lounged, sought] = [document.getElementById("lounge"), document.getElementById("meet-now")]
if (lounged) lounge(lounged)
else if (sought) now(sought)
