import { number, t } from "../../i18n"
import type { Attachment } from "./wire"

/** CSS pixels: the longest side of a picture among messages. */
const SIDE = 320

/** `240 KB`, `1.3 MB`. */
export function size(bytes: number): string {
	if (bytes < 1e6) return t("{size} KB", { size: Math.max(1, Math.round(bytes / 1e3)) })
	return t("{size} MB", { size: number(Math.round(bytes / 1e5) / 10) })
}

export function isPicture(file: Attachment): boolean {
	return file.width !== null && file.height !== null
}

/** Reserved before a picture has come, so that nothing jumps. */
export function shownAt({ width, height }: Attachment): { width: number; height: number } {
	const [wide, high] = [width ?? SIDE, height ?? SIDE]
	const scale = Math.min(1, SIDE / wide, SIDE / high)
	return { width: Math.max(1, Math.round(wide * scale)), height: Math.max(1, Math.round(high * scale)) }
}
