/** Stars: what the form of `<form data-star>` does, without leaving the page. */

/** Presses the form's star; where that fails, the form is sent as it would be without a script. */
export async function star(form: HTMLFormElement) {
	const button = form.querySelector<HTMLButtonElement>("button[name=on]")
	if (!button) return
	button.setAttribute("aria-busy", "true")
	const answer = await posted(form, button)
	button.removeAttribute("aria-busy")
	if (!answer) return plainly(form, button)
	for (const other of same(form)) mark(other, answer.on)
	say(answer.say)
}

/** Sent by a script, a form leaves out its button. */
function plainly(form: HTMLFormElement, { name, value }: HTMLButtonElement) {
	form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
	form.submit()
}

interface Answer {
	on: boolean
	/** In words, for who does not see the star. */
	say?: string
}

async function posted(form: HTMLFormElement, button: HTMLButtonElement): Promise<Answer | null> {
	const fields = new FormData(form, button)
	const answer = await fetch(form.action, { method: "POST", body: fields, headers: { accept: "application/json" } }).catch(() => null)
	return answer?.ok && answer.headers.get("content-type")?.startsWith("application/json") ? ((await answer.json()) as Answer) : null
}

/** A session may stand on a page more than once. */
function same(form: HTMLFormElement): HTMLButtonElement[] {
	return [...document.querySelectorAll<HTMLFormElement>("form[data-star]")].filter(({ action }) => action === form.action).flatMap((other) => other.querySelector<HTMLButtonElement>("button[name=on]") ?? [])
}

function mark(button: HTMLButtonElement, on: boolean) {
	button.setAttribute("aria-pressed", String(on))
	button.value = on ? "0" : "1"
}

let status: HTMLElement | undefined

function say(words = "") {
	status ??= document.body.appendChild(Object.assign(document.createElement("p"), { className: "only-heard", role: "status" }))
	status.textContent = words
}
