import { t } from "../../i18n"

/** Why a question may be dismissed; the codes are the model's. */
export function reasons(): [code: string, say: string][] {
	return [
		["answered_before", t("Already answered")],
		["other_session", t("Not about this session")],
		["no_time", t("No time left")],
		["not_a_question", t("Not a question")],
		["unsuitable", t("Against the rules of conduct")],
		["other", t("Another reason")],
	]
}

export function reason(code: string): string {
	return reasons().find(([known]) => known === code)?.[1] ?? ""
}
