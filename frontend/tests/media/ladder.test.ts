import { expect, test } from "vitest"
import { Ladder } from "../../media/ladder"

function after(ladder: Ladder, seconds: number, isUp: boolean): string {
	for (let second = 0; second < seconds; second++) ladder.hear(isUp)
	return ladder.rung
}

test("the server's way is taken when there is no direct one after some seconds", () => {
	const ladder = new Ladder()
	expect(after(ladder, 5, false)).toBe("direct")
	expect(after(ladder, 1, false)).toBe("server")
	expect(ladder.cause).toBe("never")
})

test("a way that broke is waited for less long", () => {
	const ladder = new Ladder()
	after(ladder, 10, true)
	expect(after(ladder, 3, false)).toBe("direct")
	expect(after(ladder, 1, false)).toBe("server")
	expect(ladder.cause).toBe("broke")
})

test("it goes back up once the direct way holds", () => {
	const ladder = new Ladder()
	after(ladder, 6, false)
	expect(after(ladder, 3, true)).toBe("server")
	expect(after(ladder, 1, true)).toBe("direct")
})

test("a hiccup while it comes back starts the count anew", () => {
	const ladder = new Ladder()
	after(ladder, 6, false)
	after(ladder, 3, true)
	after(ladder, 1, false)
	expect(after(ladder, 3, true)).toBe("server")
})

test("each time it breaks again it has to hold for longer, until it has lasted", () => {
	const ladder = new Ladder()
	after(ladder, 10, true)
	after(ladder, 4, false)
	expect(after(ladder, 7, true)).toBe("server")
	expect(after(ladder, 1, true)).toBe("direct")
	after(ladder, 4, false)
	expect(after(ladder, 15, true)).toBe("server")
	expect(after(ladder, 1, true)).toBe("direct")
	after(ladder, 60, true)
	after(ladder, 4, false)
	expect(after(ladder, 8, true)).toBe("direct")
})

test("nobody there says nothing about the way", () => {
	const ladder = new Ladder()
	after(ladder, 5, false)
	ladder.rest()
	expect(after(ladder, 5, false)).toBe("direct")
})
