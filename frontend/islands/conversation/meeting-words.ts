import { clock, day, n, t } from "../../i18n"
import type { Meeting } from "./meetings-wire"

/** `Wednesday, 26 May, 10:30`, by the reader's clocks. */
export function moment(at: string): string {
	return t("{day}, {time}", { day: day(at), time: clock(at) })
}

/** What is proposed, and by whom. */
export function proposal({ way, minutes, place, state, last }: Meeting, name: string): string {
	if (state === "accepted") return t("{name} asks for another time", { name: last.by?.name ?? name })
	if (way === "video") return n("{name} proposes {count} minute by video", "{name} proposes {count} minutes by video", minutes, { name })
	if (way === "voice") return n("{name} proposes {count} minute by voice", "{name} proposes {count} minutes by voice", minutes, { name })
	if (way === "in_person") return n("{name} proposes {count} minute in person: {place}", "{name} proposes {count} minutes in person: {place}", minutes, { name, place })
	return n("{name} proposes {count} minute", "{name} proposes {count} minutes", minutes, { name })
}
