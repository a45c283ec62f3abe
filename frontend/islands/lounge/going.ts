/** Ways into rooms for two, and back. */
import type { Meeting } from "./wire"

const KEY = "plenary.met"

/** The pair's page, which leads back here. */
export function address(pair: Meeting, back: string): string {
	return `/pair/${pair.code}/?back=${encodeURIComponent(back)}`
}

/** Whether this tab has brought its person there already: who came back before the end is not sent there again. */
export function wasThere(pair: Meeting): boolean {
	return sessionStorage.getItem(KEY) === pair.code
}

export function go(pair: Meeting, back: string) {
	sessionStorage.setItem(KEY, pair.code)
	location.assign(address(pair, back))
}
