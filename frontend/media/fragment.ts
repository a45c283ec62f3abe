/** The little of SDP that an ICE restart by PATCH needs (RFC 9725 section 4.3.3, RFC 8840 section 9). */

export interface Credentials {
	ufrag: string
	pwd: string
}

const UFRAG = /^a=ice-ufrag:(.*)$/m
const PWD = /^a=ice-pwd:(.*)$/m
const CANDIDATES = /^a=candidate:.*$/gm
const FIRST_MEDIA = /^m=(audio|video) .*$/m
const FIRST_MID = /^a=mid:(.*)$/m

export function credentials(sdp: string): Credentials {
	return { ufrag: found(sdp, UFRAG), pwd: found(sdp, PWD) }
}

/** What tells the server our new credentials. There are no candidates: it learns our address from our checks. */
export function restartFragment(offer: string): string {
	const { ufrag, pwd } = credentials(offer)
	const kind = found(offer, FIRST_MEDIA)
	const media = [`m=${kind} 9 UDP/TLS/RTP/SAVPF 0`, `a=mid:${found(offer, FIRST_MID)}`]
	return [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`, ...media, ""].join("\r\n")
}

/** The answer as it stands after the server restarted too. */
export function renewed(answer: string, fragment: string): string {
	const { ufrag, pwd } = credentials(fragment)
	const told = answer
		.replace(new RegExp(UFRAG, "gm"), () => `a=ice-ufrag:${ufrag}`)
		.replace(new RegExp(PWD, "gm"), () => `a=ice-pwd:${pwd}`)
	const candidates = [...new Set(fragment.match(CANDIDATES))].map((line) => line.trimEnd())
	return candidates.length ? withCandidates(told, candidates) : told
}

function withCandidates(answer: string, candidates: string[]): string {
	const [head = "", ...sections] = answer.split(/^(?=m=)/m)
	const [first = "", ...others] = sections.map((section) => section.replace(/^a=candidate:.*\r?\n/gm, ""))
	return [head, first, ...candidates.map((line) => `${line}\r\n`), ...others].join("")
}

function found(sdp: string, what: RegExp): string {
	const value = sdp.match(what)?.[1]?.trim()
	if (!value) throw new Error(`no ${what.source} in the description`)
	return value
}
