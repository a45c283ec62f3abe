/** Text between addresses, and the addresses, which are pressed. */
export interface Piece {
	text: string
	href?: string
}

const ADDRESS = /https?:\/\/[^\s<>"“”«»]+/gi
/** What ends the sentence, and not the address. */
const AFTER = /[.,;:!?'’…]+$/

/** What somebody wrote, in pieces; only http and https are ever addresses. */
export function pieces(text: string): Piece[] {
	const found: Piece[] = []
	let end = 0
	for (const match of text.matchAll(ADDRESS)) {
		const address = trimmed(match[0])
		const href = parsed(address)
		if (!href) continue
		found.push({ text: text.slice(end, match.index) }, { text: address, href })
		end = match.index + address.length
	}
	return [...found, { text: text.slice(end) }].filter((piece) => piece.text)
}

/** A bracket at the end belongs to the address only if it was opened there. */
function trimmed(address: string): string {
	const shorter = address.replace(AFTER, "")
	const unopened = shorter.endsWith(")") && shorter.split(")").length > shorter.split("(").length
	return unopened ? trimmed(shorter.slice(0, -1)) : shorter
}

function parsed(address: string): string | undefined {
	const url = URL.canParse(address) ? new URL(address) : null
	return url && /^https?:$/.test(url.protocol) ? url.href : undefined
}
