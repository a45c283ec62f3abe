"""What is lost on either side of us comes after all, and nothing else does."""

import asyncio

from rooms.media.packets import rtcp

from .actors import crew, person, until
from .test_switching import assert_seamless


async def test_what_a_watcher_lost_is_sent_again():
    async with crew(person(42)) as c:
        await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        slot = watcher.pictures[0]
        lost = watcher.packets(slot)[3:6]
        watcher.nack(slot, *(head.sequence for head, _ in lost))
        await until(lambda: len(watcher.repaired.get(slot, [])) == 3)
        for (head, payload), (was, original) in zip(watcher.repaired[slot], lost, strict=True):
            assert payload == was.sequence.to_bytes(2, "big") + original
            assert (head.timestamp, head.csrcs, head.marker) == (was.timestamp, was.csrcs, was.marker)
            assert head.payload_type == 97


async def test_repair_has_the_numbers_of_when_it_was_sent():
    """After a switch, packets of the speaker before are still to be had."""
    async with crew(person(42), person(43)) as c:
        await c.speaker(42)
        await c.speaker(43)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        old, original = watcher.packets(watcher.pictures[0])[-1]
        await c.plan(person(42), person(43), pinned=86)
        await c.seen(watcher, 86)
        watcher.nack(watcher.pictures[0], old.sequence)
        await until(lambda: watcher.repaired)
        head, payload = watcher.repaired[watcher.pictures[0]][0]
        assert (head.csrcs, payload[2:]) == ((84,), original)


async def test_what_was_never_sent_is_not_repaired():
    async with crew(person(42)) as c:
        await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        newest = watcher.packets(watcher.pictures[0])[-1][0].sequence
        watcher.nack(watcher.pictures[0], *(newest + n & 0xFFFF for n in range(100, 110)))
        await until(lambda: c.counters["dropped_too_old"] == 10)
        assert not watcher.repaired


async def test_a_storm_of_requests_is_no_storm_of_repairs():
    async with crew(person(42)) as c:
        await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        slot = watcher.pictures[0]
        newest = watcher.packets(slot)[-1][0].sequence
        for _ in range(50):
            watcher.nack(slot, newest)
        await until(lambda: c.counters["nacks_in"] == 50)
        assert 1 <= watcher.peer.slots[0].repaired <= 5


async def test_what_a_speaker_lost_is_asked_for_and_reaches_the_watcher():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        watcher.forget()
        speaker.show(key=True, packets=4)
        speaker.show(packets=4, lose=(1, 2))
        await until(lambda: len(speaker.nacked) >= 2)
        for lost in set(speaker.nacked):
            speaker.repair(lost)
        await c.play(key=False)
        await until(lambda: len(watcher.packets(watcher.pictures[0])) >= 18)
        watcher.heard[watcher.pictures[0]].sort(key=lambda packet: packet[0].sequence - 60_000 & 0xFFFF)
        assert speaker.peer.layers[0].missing.repaired == 2


async def test_copies_that_probe_the_line_go_nowhere():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        watcher.forget()
        for sequence in list(speaker.sent)[-10:]:
            speaker.repair(sequence)
        await until(lambda: c.counters["dropped_probe"] == 10)
        assert not watcher.shown()


async def test_empty_packets_leave_no_gap():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watchers = [await c.watcher() for _ in range(4)]
        for watcher in watchers:
            await c.seen(watcher, 84)
        await asyncio.sleep(0.1)
        for watcher in watchers:
            watcher.forget()
        speaker.show(key=True)
        speaker.pad()
        speaker.show()
        for watcher in watchers:
            await until(lambda watcher=watcher: len(watcher.packets(watcher.pictures[0])) == 5)
            numbers = [head.sequence for head, _ in watcher.packets(watcher.pictures[0])]
            assert [number - numbers[0] & 0xFFFF for number in numbers] == [0, 1, 2, 3, 4]


async def test_key_frames_are_asked_for_no_more_often_than_four_times_a_second():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        before = speaker.key_requests
        for _ in range(20):
            watcher.ask(rtcp.PictureLoss(1, watcher.pictures[0]))
        await until(lambda: c.counters["key_requests_in"] >= 20)
        await until(lambda: speaker.key_requests > before)
        assert speaker.key_requests - before <= 2


async def test_a_speaker_hears_how_its_packets_came():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        await c.watcher()
        for n in range(30):
            speaker.show(key=n == 0, twcc=n.to_bytes(2, "big"))
            await asyncio.sleep(0.01)
        await until(lambda: speaker.feedbacks > 1)
        await until(lambda: speaker.video_ssrc in {report.ssrc for report in speaker.reports})


async def test_a_watcher_that_moved_gets_a_key_frame():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        speaker.key_requests = 0
        watcher.client.move()
        watcher.client.send_raw(watcher.client.request())
        await until(lambda: speaker.key_requests)
        watcher.forget()
        await c.play()
        await until(lambda: len(watcher.packets(watcher.pictures[0])) >= 10)
        assert_seamless(watcher)
