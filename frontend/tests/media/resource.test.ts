import { afterEach, describe, expect, test, vi } from "vitest"
import { Barred, Forgotten, iceServers, post, Resource, Unreachable } from "../../media/resource"

/** The server answers like this, once. */
function answers(status: number, body = "", headers: Record<string, string> = {}) {
	const fetched = vi.fn(async (_address: string, _request?: RequestInit) => new Response(status === 204 ? null : body, { status, headers }))
	vi.stubGlobal("fetch", fetched)
	return fetched
}

afterEach(() => vi.unstubAllGlobals())

test("a session knows its media process", () => {
	const resource = new Resource("https://forum.example/room/4821/media/k3v9x0aa.AbC.0f")
	expect([resource.isAt("k3v9x0aa"), resource.isAt("k3v9x0ab"), resource.isAt("AbC")]).toEqual([true, false, false])
})

describe("joining", () => {
	test("gives the answer, the session's address and the relays", async () => {
		answers(201, "v=0", { location: "/room/4821/media/abc", link: '<turn:relay.example.org?transport=tcp>; rel="ice-server"; username="u"; credential="c"; credential-type="password"' })
		const { resource, answer, iceServers } = await post("/room/4821/whep", "offer")
		expect(new URL(resource.address).pathname).toBe("/room/4821/media/abc")
		expect(answer).toBe("v=0")
		expect(iceServers).toEqual([{ urls: "turn:relay.example.org?transport=tcp", username: "u", credential: "c" }])
	})

	test.each([401, 403, 404, 406])("%i is final, with its sentence", async (status) => {
		answers(status, JSON.stringify({ code: "stage.full", title: "The stage is full." }), { "content-type": "application/problem+json" })
		await expect(post("/whip", "offer")).rejects.toEqual(expect.objectContaining({ status, code: "stage.full", title: "The stage is full." }))
		answers(status)
		await expect(post("/whip", "offer")).rejects.toBeInstanceOf(Barred)
	})

	test.each([
		[503, "4", 4],
		[503, "600", 10],
		[502, "", 0],
		[429, "2", 2],
	])("%i with Retry-After %s is tried again after %i s", async (status, after, wait) => {
		answers(status, "", after ? { "retry-after": after } : {})
		await expect(post("/whip", "offer")).rejects.toEqual(expect.objectContaining({ wait }))
	})

	test("no network is no end", async () => {
		vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("Failed to fetch")))
		await expect(post("/whip", "offer")).rejects.toBeInstanceOf(Unreachable)
	})
})

describe("a session", () => {
	const session = new Resource("http://forum.test/room/4821/media/abc")

	test("is restarted whatever its tag", async () => {
		const fetched = answers(200, "a=ice-ufrag:new")
		expect(await session.restart("fragment")).toBe("a=ice-ufrag:new")
		expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: "PATCH", headers: { "if-match": "*" }, body: "fragment" })
	})

	test.each([
		[404, Forgotten],
		[503, Forgotten],
		[412, Unreachable],
	])("a restart answered with %i is not one", async (status, problem) => {
		answers(status)
		await expect(session.restart("fragment")).rejects.toBeInstanceOf(problem)
	})

	test.each([
		[404, true],
		[503, true],
		[200, false],
		[500, false],
	])("is forgotten after %i: %s", async (status, forgotten) => {
		answers(status)
		expect(await session.isForgotten()).toBe(forgotten)
	})

	test("is not forgotten because we are offline", async () => {
		vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("Failed to fetch")))
		expect(await session.isForgotten()).toBe(false)
	})
})

test("other links name no relays", () => {
	expect(iceServers('</style.css>; rel="preload", <stun:stun.example.org>; rel="ice-server"')).toEqual([
		{ urls: "stun:stun.example.org", username: undefined, credential: undefined },
	])
})
