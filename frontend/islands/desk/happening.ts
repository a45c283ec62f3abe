import { t } from "../../i18n"
import type { DeskQuestion } from "../shared/wire"

/** What was done to a question last, in a few words. */
export function happening({ number, last, state }: DeskQuestion): string {
	switch (last?.what) {
		case "approved":
			return t("approved {number}", { number })
		case "edited":
		case "revised":
			return t("changed {number}", { number })
		case "replied":
			return t("answered {number} in writing", { number })
		case "silenced":
			return t("paused whoever asked {number}", { number })
		case "unsilenced":
			return t("let whoever asked {number} contribute again", { number })
		case "labelled":
			return t("labelled {number}", { number })
		case "assigned":
			return t("assigned {number}", { number })
		case "moved":
			return t("moved {number} in the queue", { number })
		case "undone":
			return t("undid a step of {number}", { number })
		default:
			return became({ number, state })
	}
}

function became({ number, state }: Pick<DeskQuestion, "number" | "state">): string {
	const sentences = {
		review: t("put {number} in review", { number }),
		open: t("opened {number}", { number }),
		next: t("put {number} next", { number }),
		now: t("took {number}", { number }),
		answered: t("closed {number} as answered", { number }),
		written: t("left {number} for writing", { number }),
		dismissed: t("dismissed {number}", { number }),
		merged: t("joined {number} with another", { number }),
		withdrawn: t("withdrew {number}", { number }),
	}
	return sentences[state]
}
