import { list, t } from "../../i18n"
import type { Facts } from "./wire"

/** What a conversation is called for the person `me`. */
export function called({ title, about, people }: Pick<Facts, "title" | "about" | "people">, me: number): string {
	if (title) return title
	if (about) return t("Speakers of “{title}”", { title: about.title })
	return list(people.filter(({ id }) => id !== me).map(({ name }) => name)) || t("Nobody else is here")
}
