/** What a page tells the person whose page it is, whatever else it shows: unread messages, and what is to be known now. */
import { learn } from "../../i18n"
import { connect, type Mine, read } from "../shared/connect"
import { badge } from "./badge"
import { Nudges } from "./nudges"
import type { InboxEvent, MineTold, Nudge } from "./wire"

async function begin({ me }: Mine) {
	const socket = connect(me)
	if (!socket) return
	await learn()
	const nudges = new Nudges(async (nudge) => void (await socket.do("nudge.read", `person.${me}`, { nudge: nudge.id })))
	socket.enter(`person.${me}`, {
		mine: (data) => {
			const { inbox, nudges: unread } = data as MineTold
			if (inbox) badge(inbox.unread + inbox.requests)
			if (unread) nudges.replace(unread)
		},
		event: (name, data) => {
			if (name === "inbox") badge((data as InboxEvent).total + (data as InboxEvent).requests)
			else if (name === "nudge") nudges.put(data as Nudge)
		},
	})
}

const mine = read<Mine>("mine")
if (mine) void begin(mine)
