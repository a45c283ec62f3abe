import { t } from "../../i18n"
import type { Floor } from "../shared/floor.svelte"
import type { Stage } from "../shared/stage.svelte"
import type { Attending } from "./attending.svelte"
import { fullScreen, pictureInPicture } from "./screen"

export interface Here {
	stage: Stage
	floor: Floor
	attending: Attending
	/** The stage on the page. */
	place: HTMLElement
}

interface Shortcut {
	key: string
	does(): string
	run(here: Here): unknown
}

const STEP = 0.1

/** Every shortcut of the room, and what the sheet says about it. */
export const SHORTCUTS: Shortcut[] = [
	{ key: "m", does: () => t("Sound off for me, and on again"), run: ({ attending }) => attending.set({ muted: !attending.muted }) },
	{ key: "+", does: () => t("Louder"), run: ({ attending }) => louder(attending, STEP) },
	{ key: "-", does: () => t("Quieter"), run: ({ attending }) => louder(attending, -STEP) },
	{ key: "f", does: () => t("Full screen"), run: ({ place }) => fullScreen(place) },
	{ key: "p", does: () => t("Picture in picture"), run: ({ place }) => pictureInPicture(place) },
	{ key: "h", does: () => t("Raise my hand, or lower it"), run: ({ floor }) => (floor.standing ? floor.lower() : floor.raise()) },
]

function louder(attending: Attending, step: number) {
	attending.set({ volume: Math.min(1, Math.max(0, attending.volume + step)), muted: false })
}

/** Does what a key stands for; not while somebody types or chooses, holds a modifier, or has switched shortcuts off. */
export function press(here: Here, event: KeyboardEvent) {
	if (!here.attending.shortcuts || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
	if ((event.target as Element).closest("input, textarea, select, dialog, [contenteditable]")) return
	const shortcut = SHORTCUTS.find(({ key }) => key === event.key.toLowerCase())
	if (!shortcut) return
	event.preventDefault()
	void shortcut.run(here)
}
