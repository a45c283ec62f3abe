import type { Command } from "./frames"
import { Signal } from "./signal"

type Keeper = Pick<Storage, "getItem" | "setItem" | "removeItem">

/** Commands on their way: kept, in order, until the server has answered each; a reload doesn't lose them. */
export class Outbox {
	readonly commands: Signal<readonly Command[]>

	/** `key` names the person too: whoever signs in next in this tab must not send for them. */
	constructor(
		private readonly key: string,
		private readonly keeper: Keeper,
	) {
		this.commands = new Signal(this.#kept())
	}

	add(command: Command) {
		this.#set([...this.commands.value, command])
	}

	has(command: Command): boolean {
		return this.commands.value.includes(command)
	}

	/** The server has answered; returns what it was, if it was one of these. */
	settle(ref: string): Command | undefined {
		const command = this.commands.value.find((command) => command.ref === ref)
		if (command) this.#set(this.commands.value.filter((other) => other !== command))
		return command
	}

	#kept(): readonly Command[] {
		const text = this.keeper.getItem(this.key)
		return text ? JSON.parse(text) : []
	}

	#set(commands: readonly Command[]) {
		this.commands.set(commands)
		if (commands.length) this.keeper.setItem(this.key, JSON.stringify(commands))
		else this.keeper.removeItem(this.key)
	}
}
