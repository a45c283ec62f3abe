import type { Stage } from "../shared/stage.svelte"
import type { SourceHeard } from "../shared/stage-wire"
import { performing } from "./performing.svelte"

/** Milliseconds: whoever speaks is said once a second, and what was on its way may be old. */
const LISTEN = 2_000
const STALE = 500

/** Where it is said who is heard. */
export interface Hearing {
	heardAt: number
	sources: Record<string, SourceHeard>
}

/** Which of a person's pages has the microphone: after a reload it takes up where it was. */
const key = (stage: Stage) => `plenary.publishing.${stage.room.id}`

export const wasHere = (stage: Stage) => sessionStorage.getItem(key(stage)) !== null

/** This page takes the microphone, from whichever page had it. */
export async function takeOver(stage: Stage, hearing: Hearing = stage) {
	sessionStorage.setItem(key(stage), "1")
	if (!performing.isOpen) await performing.open(stage.seat?.camera ?? true)
	if (!performing.camera && stage.seat?.camera) await stage.set({ camera: false })
	performing.begin(stage.room.settings.code, () => isPublished(stage.seat?.source ?? 0, hearing))
}

/** Whether the media process goes on hearing `source`, though this page's session is gone: from another page, then. */
async function isPublished(source: number, hearing: Hearing): Promise<boolean> {
	const since = Date.now() + STALE
	await new Promise((resolve) => setTimeout(resolve, LISTEN))
	return hearing.heardAt > since && source in hearing.sources
}

export async function letGo(stage: Stage) {
	sessionStorage.removeItem(key(stage))
	await performing.end()
}

/** Publishes again once the media process is back; returns how to stop. */
export function publishes(stage: Stage): () => void {
	return stage.onLoss((process) => performing.lost(process))
}
