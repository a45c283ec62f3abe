import { t } from "../../i18n"
import type { Reaction } from "./poll-wire"

/** How reactions look, and what they are called. */
export const FACES: Record<Reaction, { face: string; name: () => string }> = {
	applause: { face: "👏", name: () => t("Applause") },
	thanks: { face: "🙏", name: () => t("Thank you") },
	insight: { face: "💡", name: () => t("New to me") },
	agree: { face: "👍", name: () => t("I agree") },
	heart: { face: "❤️", name: () => t("Love it") },
	celebrate: { face: "🎉", name: () => t("Congratulations") },
}
