/** Where a room for two was opened from, such as `/lounge/3/`: a path of ours, or "". */
export function wayBack(search: string): string {
	const path = new URLSearchParams(search).get("back") ?? ""
	if (!path.startsWith("/") || !URL.canParse(path, location.origin)) return ""
	const { origin, pathname, search: asked } = new URL(path, location.origin)
	// As an address, "//elsewhere.example" leads away: "/.//elsewhere.example" is that path, here.
	return origin === location.origin && !pathname.startsWith("//") ? pathname + asked : ""
}
