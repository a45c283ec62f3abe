import { t } from "../../i18n"
import type { OnStage } from "../shared/stage-wire"

/** What somebody is in this session, for the line under their picture. */
export function part({ as }: Pick<OnStage, "as">): string {
	const words: Record<string, () => string> = {
		chair: () => t("chair"),
		moderator: () => t("moderator"),
		facilitator: () => t("facilitator"),
	}
	return words[as]?.() ?? ""
}
