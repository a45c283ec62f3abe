/** A name for a command that nobody else gives. `crypto.randomUUID` is missing on pages that came without TLS. */
export function ref(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16))
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
