import { mount } from "svelte"
import { Chat } from "../chat/chat.svelte"
import { Conversation } from "../chat/conversation.svelte"
import type { ChatPicture } from "../chat/wire"
import type { Mine } from "../shared/connect"
import { connect, lines, read, replace, takePlace } from "../shared/page"
import type { Snapshot } from "../shared/wire"
import { Call } from "./call.svelte"
import Controls from "./Controls.svelte"
import { Pair } from "./pair.svelte"
import Seen from "./Seen.svelte"
import Side from "./Side.svelte"
import Status from "./Status.svelte"
import Title from "./Title.svelte"
import type { PairPicture, PairWelcome } from "./wire"

const root = document.getElementById("pair")
const snapshot = read<Snapshot<PairPicture>>("pair-snapshot")
const welcome = read<PairWelcome>("pair-mine")
const socket = root && snapshot && welcome && connect(welcome.me.id)

if (socket) {
	const pair = new Pair(socket, Number(root.dataset.pair), `/pair/${root.dataset.code}/`, snapshot, welcome)
	const chat = new Chat(socket, welcome.conversation, read<Snapshot<ChatPicture>>("chat-snapshot"))
	const conversation = new Conversation(chat, pair.me)
	const call = new Call(pair)
	const token = read<Mine>("mine")?.token ?? ""
	const part = (selector: string) => root.querySelector(selector)
	void takePlace(root, () => {
		replace(part(".masthead > .title"), Title, { pair })
		part(".masthead > .mine > .left")?.remove()
		replace(lines(root), Status, { call })
		replace(part(":scope > .seen"), Seen, { call })
		part(":scope > .controls")?.remove()
		const talk = part(":scope > .talk")
		mount(Controls, { target: root, anchor: talk ?? undefined, props: { call } })
		replace(talk, Side, { call, conversation, token })
	})
}
