import { Redraw } from "../../live/redraw"

const PAUSE = 3_000

/** What a screen reader is told; one thing at a time, the newest wins. */
export const spoken = $state({ text: "" })
let newest = ""
const speech = new Redraw(() => (spoken.text = newest), PAUSE)

export function announce(text: string) {
	newest = text
	speech.soon()
}
