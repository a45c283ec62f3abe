/** A text being written, kept on the device until it has been sent. */
export class Draft {
	constructor(private readonly key: string) {}

	get text(): string {
		return localStorage.getItem(this.key) ?? ""
	}

	set text(text: string) {
		if (text) localStorage.setItem(this.key, text)
		else localStorage.removeItem(this.key)
	}
}
