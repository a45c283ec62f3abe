import { clock, date, day } from "../../i18n"

/** `13:31` today, `25 May` before that. */
export function when(at: string): string {
	return day(at) === day(Date.now()) ? clock(at) : date(at)
}
