import { describe, expect, test } from "vitest"
import { credentials, renewed, restartFragment } from "../../media/fragment"

const sdp = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join("")
const OFFER = sdp("v=0", "a=group:BUNDLE 0 1", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:old+", "a=ice-pwd:secret/1", "a=mid:0", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=ice-ufrag:old+", "a=ice-pwd:secret/1", "a=mid:1")
const ANSWER = sdp("v=0", "a=ice-lite", "m=audio 7000 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:srv1", "a=ice-pwd:pwd1", "a=candidate:1 1 udp 1 192.0.2.1 7000 typ host", "a=mid:0", "m=video 7000 UDP/TLS/RTP/SAVPF 96", "a=ice-ufrag:srv1", "a=ice-pwd:pwd1", "a=mid:1")

test("credentials are those of the first part", () => {
	expect(credentials(OFFER)).toEqual({ ufrag: "old+", pwd: "secret/1" })
})

test("a restart tells our credentials, for the first part of the bundle", () => {
	expect(restartFragment(OFFER)).toBe(sdp("a=ice-ufrag:old+", "a=ice-pwd:secret/1", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0"))
})

describe("the answer after a restart", () => {
	test("has the server's new credentials everywhere, and is the same besides", () => {
		const told = renewed(ANSWER, sdp("a=ice-ufrag:srv$2", "a=ice-pwd:pwd$2"))
		expect(told).toBe(ANSWER.replaceAll("srv1", "srv$$2").replaceAll("pwd1", "pwd$$2"))
	})

	test("has the server's new candidates instead of the old ones", () => {
		const told = renewed(ANSWER, sdp("a=ice-ufrag:a", "a=ice-pwd:b", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=candidate:2 1 udp 1 192.0.2.9 7001 typ host"))
		expect(told.match(/a=candidate.*/g)).toEqual(["a=candidate:2 1 udp 1 192.0.2.9 7001 typ host"])
		expect(told.indexOf("candidate")).toBeLessThan(told.indexOf("m=video"))
	})
})

test("a description without credentials is none", () => {
	expect(() => credentials("v=0\r\n")).toThrow("ice-ufrag")
})
