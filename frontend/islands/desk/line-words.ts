import { t } from "../../i18n"
import type { SourceHeard } from "../shared/stage-wire"

interface Said {
	say: string
	tone: "warn" | "stop"
}

/** How somebody's line is, in words; null while there is nothing to say about it. */
export function lineOf(heard: SourceHeard | undefined): Said | null {
	if (!heard) return { say: t("not connected"), tone: "stop" }
	if (heard.state === "gone") return { say: t("line lost"), tone: "stop" }
	if (heard.state === "audio_only") return { say: t("sound only"), tone: "warn" }
	return heard.state === "poor" ? { say: t("weak line"), tone: "warn" } : null
}
