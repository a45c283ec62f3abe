/** Where a room for two was opened from, such as `/lounge/3/`: a path of ours, or "". */
export function wayBack(search: string): string {
	const path = new URLSearchParams(search).get("back") ?? ""
	return /^\/(?![/\\])/.test(path) ? path : ""
}
