import { number, t } from "../../i18n"
import { isRelayed } from "../../media/ways"
import type { Call } from "./call.svelte"

/** How the two are connected, in a few words. */
export function lineWords(call: Call): { words: string; state: "" | "thin" | "lost" } {
	const { pair } = call
	if (pair.line.is === "reconnecting") return { words: t("Reconnecting, try {attempt}", { attempt: pair.line.attempt }), state: "lost" }
	if (pair.line.is === "closed") return { words: t("Not connected"), state: "lost" }
	if (!call.inside) return { words: "", state: "" }
	if (call.text) return { words: t("Text only"), state: "" }
	if (!pair.theirs) return { words: "", state: "" }
	if (call.holds === "text") return { words: t("Thin line, text goes on"), state: "thin" }
	if (!call.up) return { words: t("Connecting"), state: "thin" }
	if (call.holds === "voice") return { words: t("Thin line, voice goes on"), state: "thin" }
	return { words: wayWords(call), state: "" }
}

function wayWords({ rung, way }: Call): string {
	if (rung === "server") return t("By the forum’s server, encrypted on the way")
	return way && isRelayed(way) ? t("By a relay, encrypted between you two") : t("Between you two, encrypted")
}

/** Which way is taken, and why not a better one. */
export function whyWords({ rung, cause, way, up }: Call): string {
	if (!up) return t("No way for voice and picture at present; Plenary goes on trying.")
	if (rung === "server" && cause === "broke") return t("Voice and picture go by the forum’s media server, because the direct way between you two broke. It is tried again all the time.")
	if (rung === "server") return t("Voice and picture go by the forum’s media server, because your networks let nothing through directly. It is tried again all the time.")
	if (way && isRelayed(way)) return t("Voice and picture go by a relay, because your networks let nothing through directly. The relay cannot see or hear them.")
	return t("Voice and picture go directly from one of you to the other. Nobody in between can see or hear them.")
}

export function rateWords(bits: number): string {
	return bits >= 1_000_000 ? t("{rate} Mbit/s", { rate: number(Math.round(bits / 100_000) / 10) }) : t("{rate} kbit/s", { rate: number(Math.round(bits / 1000)) })
}
