import { t } from "../../i18n"
import { Refused } from "../../live/frames"

/** The sentence beside a control whose command was refused; gone once something works. */
export class Trouble {
	say = $state("")

	/** Runs `attempt`; true if it was done. Only refusals are caught: bugs stay loud. */
	async from(attempt: Promise<unknown>): Promise<boolean> {
		try {
			await attempt
			this.say = ""
			return true
		} catch (problem) {
			if (!(problem instanceof Refused)) throw problem
			this.say = problem.say || t("That did not work this time. Please try again.")
			return false
		}
	}
}
