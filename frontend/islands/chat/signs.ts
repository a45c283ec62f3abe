import { FACES } from "../shared/faces"

/** What can be put under a message: the same signs as in the room. */
export const SIGNS = Object.values(FACES)

export function nameOf(sign: string): string {
	return SIGNS.find(({ face }) => face === sign)?.name() ?? sign
}
