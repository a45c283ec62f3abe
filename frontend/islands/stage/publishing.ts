import type { Stage } from "../shared/stage.svelte"
import { performing } from "./performing.svelte"

/** Which of a person's pages has the microphone: after a reload it takes up where it was. */
const key = (stage: Stage) => `plenary.publishing.${stage.room.id}`

export const wasHere = (stage: Stage) => sessionStorage.getItem(key(stage)) !== null

/** This page takes the microphone, from whichever page had it. */
export async function takeOver(stage: Stage) {
	sessionStorage.setItem(key(stage), "1")
	if (!performing.isOpen) await performing.open(stage.seat?.camera ?? true)
	if (!performing.camera && stage.seat?.camera) await stage.set({ camera: false })
	performing.begin(stage.room.settings.code)
}

export async function letGo(stage: Stage) {
	sessionStorage.removeItem(key(stage))
	await performing.end()
}

/** Publishes again once the media process is back; returns how to stop. */
export function publishes(stage: Stage): () => void {
	return stage.onLoss(() => performing.lost())
}
