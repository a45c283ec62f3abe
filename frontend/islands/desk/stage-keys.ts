import { t } from "../../i18n"
import type { Directing } from "./directing.svelte"
import type { DeskFloor } from "./floor.svelte"
import type { KeyGroup } from "./keys"

/** The desk's shortcuts for the stage and for the speakers' list. */
export function stageKeys(directing: Directing, floor: DeskFloor): KeyGroup {
	return {
		title: () => t("Stage and speakers’ list"),
		keys: [
			{ keys: ["b"], shown: "B", does: () => t("Bring up who waits backstage first"), run: () => directing.upNext() },
			{ keys: ["f"], shown: "F", does: () => t("Call the suggested speaker; give the floor to who was called"), run: () => floor.callNext() },
			{ keys: ["g"], shown: "G", does: () => t("The speaker has finished, call the next one"), run: () => floor.goOn() },
			{ keys: ["p"], shown: "P", does: () => t("Pause the speaker’s time, or let it go on"), run: () => floor.pauseOrResume() },
			{ keys: ["+"], shown: "+", does: () => t("30 seconds more for the speaker"), run: () => floor.extendSpeaking() },
		],
	}
}
