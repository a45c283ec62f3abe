import { mount } from "svelte"
import type { ConversationPicture, InboxPage } from "../chat/wire"
import { connect, type Mine } from "../shared/connect"
import { read, takePlace } from "../shared/page"
import type { Snapshot } from "../shared/wire"
import Page from "./Page.svelte"
import { Letters } from "./letters.svelte"

const root = document.getElementById("conversation")
const mine = read<Mine>("mine")
const socket = root && mine && connect(mine.me)

if (socket) {
	const { me, token } = mine
	const inbox = read<InboxPage>("inbox") ?? { rows: [], more: false, before: "" }
	const snapshot = read<Snapshot<ConversationPicture>>("conversation-snapshot")
	const open = Number(root.dataset.conversation) || null
	const hidden = root.hasAttribute("data-hidden")
	const letters = new Letters(socket, { me, token, inbox, hidden, open, snapshot })
	void takePlace(root, () => {
		root.replaceChildren()
		mount(Page, { target: root, props: { letters, root } })
	})
}
