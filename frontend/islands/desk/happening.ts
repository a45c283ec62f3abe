import { t } from "../../i18n"
import type { DeskQuestion } from "../shared/wire"

/** What was done to a question last, in a few words. */
export function happening({ last, state }: DeskQuestion): string {
	switch (last?.what) {
		case "approved":
			return t("approved it")
		case "edited":
		case "revised":
			return t("changed it")
		case "replied":
			return t("answered it in writing")
		case "silenced":
			return t("paused whoever asked it")
		case "unsilenced":
			return t("let whoever asked it contribute again")
		case "labelled":
			return t("labelled it")
		case "assigned":
			return t("assigned it")
		case "moved":
			return t("moved it in the queue")
		case "undone":
			return t("undid a step")
		default:
			return became(state)
	}
}

function became(state: DeskQuestion["state"]): string {
	const sentences = {
		review: t("put it in review"),
		open: t("opened it"),
		next: t("put it next"),
		now: t("took it"),
		answered: t("closed it as answered"),
		written: t("left it for writing"),
		dismissed: t("dismissed it"),
		merged: t("joined it with another"),
		withdrawn: t("withdrew it"),
	}
	return sentences[state]
}
