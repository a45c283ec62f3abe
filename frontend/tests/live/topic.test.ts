import { beforeEach, expect, test, vi } from "vitest"
import { Topic } from "../../live/topic"
import { listener } from "./line"

let heard: unknown[]
let mend: ReturnType<typeof vi.fn<() => void>>
let topic: Topic

/** A reader who has seen everything up to 10. */
beforeEach(() => {
	heard = []
	mend = vi.fn()
	topic = new Topic("room.7", listener(heard), mend, 10)
	topic.entering()
	topic.hear({ on: "room.7", entered: 10 })
	heard.length = 0
})

const event = (seq: number) => ({ on: "room.7", seq, event: "question", data: seq })

test("passes on what comes in order", () => {
	topic.hear(event(11))
	topic.hear(event(12))
	expect(heard).toEqual([["question", 11, 11], ["question", 12, 12]])
})

test("drops what it has had", () => {
	topic.hear(event(11))
	topic.hear(event(11))
	topic.hear(event(9))
	expect(heard).toEqual([["question", 11, 11]])
	expect(mend).not.toHaveBeenCalled()
})

test("counts what was taken back, and tells nobody", () => {
	topic.hear({ on: "room.7", seq: 11, event: "gone", data: null })
	topic.hear({ on: "room.7", seq: 12, event: "retracted", data: { seqs: [11] } })
	topic.hear(event(13))
	expect(heard).toEqual([["question", 13, 13]])
	expect(mend).not.toHaveBeenCalled()
})

test("mends a gap, and drops what came after it until then", () => {
	topic.hear(event(13))
	expect(mend).toHaveBeenCalledTimes(1)
	expect(heard).toEqual([])
	expect(topic.seq).toBe(10)
})

test("asks only once while the past is arriving", () => {
	mend.mockImplementation(() => topic.entering())
	topic.hear(event(13))
	topic.hear(event(14))
	expect(mend).toHaveBeenCalledTimes(1)
	for (const seq of [11, 12, 13, 14]) topic.hear(event(seq))
	topic.hear({ on: "room.7", entered: 14 })
	expect(heard.map((one) => (one as unknown[])[0])).toEqual(["question", "question", "question", "question", "entered"])
})

test("notices by the heartbeat that something is missing", () => {
	topic.hear({ on: "room.7", beat: 10 })
	expect(mend).not.toHaveBeenCalled()
	topic.hear({ on: "room.7", beat: 12 })
	expect(mend).toHaveBeenCalledTimes(1)
})

test("begins anew when the past did not close the gap", () => {
	mend.mockImplementation(() => topic.entering())
	topic.hear({ on: "room.7", beat: 12 })
	topic.hear({ on: "room.7", entered: 12 })
	expect(topic.seq).toBeNull()
	topic.hear({ on: "room.7", snapshot: 12, data: "all" })
	topic.hear({ on: "room.7", entered: 12 })
	expect(heard).toEqual([["snapshot", "all", 12], ["entered"]])
})

test("whispers have no number and always pass", () => {
	topic.hear({ on: "room.7", event: "hold", data: 3 })
	expect(heard).toEqual([["hold", 3, null]])
})

test("tells presence and the personal part", () => {
	topic.hear({ on: "room.7", mine: { votes: [] } })
	topic.hear({ on: "room.7", here: 0 })
	topic.hear({ on: "room.7", here: 2, people: [4, 9] })
	expect(heard).toEqual([["mine", { votes: [] }], ["here", 0, undefined], ["here", 2, [4, 9]]])
})
