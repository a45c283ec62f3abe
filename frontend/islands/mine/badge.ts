import { n, number } from "../../i18n"

/** The count beside Messages in the masthead. */
export function badge(count: number) {
	const place = document.getElementById("unread")
	if (!place) return
	place.hidden = count === 0
	const [seen, heard] = [document.createElement("span"), document.createElement("span")]
	seen.ariaHidden = "true"
	seen.textContent = number(count)
	heard.className = "only-heard"
	heard.textContent = n("{count} unread", "{count} unread", count)
	place.replaceChildren(seen, heard)
}
