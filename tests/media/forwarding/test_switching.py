"""What a decoder sees of one slot while speakers take turns in it."""

import asyncio
from itertools import pairwise

from rooms.media.packets.sequence import ahead

from .actors import OPUS_PACKET, Watcher, crew, person, until


def assert_seamless(watcher: Watcher) -> None:
    """Sequence numbers without a gap, timestamps and picture ids never back, a key frame at each switch."""
    packets = watcher.packets(watcher.pictures[0])
    for (before, old), (after, new) in pairwise(packets):
        assert ahead(after.sequence, before.sequence) == 1
        step = ahead(after.timestamp, before.timestamp, 32)
        assert step > 0 if begins(new) else step == 0
        assert ahead(picture(new), picture(old), 15) == (1 if begins(new) else 0)
        if before.csrcs != after.csrcs:
            assert is_key(new)
    assert is_key(packets[0][1])


def begins(payload: bytes) -> bool:
    return payload[0] & 0x17 == 0x10


def picture(payload: bytes) -> int:
    """The canonical descriptor: X, then I alone, then 15 bits."""
    assert payload[0] & 0x80
    assert payload[1] == 0x80
    assert payload[2] & 0x80
    return (payload[2] & 0x7F) << 8 | payload[3]


def is_key(payload: bytes) -> bool:
    return begins(payload) and not payload[4] & 1


async def test_speakers_take_turns_in_a_slot():
    async with crew(person(42), person(43)) as c:
        await c.speaker(42)
        await c.speaker(43)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        watcher.forget()
        await c.play()
        for pinned in (86, 84, 86):
            await c.plan(person(42), person(43), pinned=pinned)
            await c.play(key=False)  # nothing to join with: who was shown goes on
            await c.play()
            await c.play(key=False)
        await until(lambda: len(watcher.shown()) == 2)
        # The first of it may be the middle of what came before.
        watcher.heard[watcher.pictures[0]] = drop_until_key(watcher.packets(watcher.pictures[0]))
        assert_seamless(watcher)


def drop_until_key(packets):
    return packets[next(n for n, (_, payload) in enumerate(packets) if is_key(payload)) :]


async def test_until_its_key_frame_comes_the_one_before_is_shown():
    async with crew(person(42), person(43)) as c:
        first, second = await c.speaker(42), await c.speaker(43)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        second.key_requests = 0
        await c.plan(person(42), person(43), pinned=86)
        await until(lambda: second.key_requests)
        watcher.forget()
        await c.play(key=False)
        await until(lambda: len(watcher.packets(watcher.pictures[0])) == 10)
        assert set(watcher.shown()) == {84}
        second.show(key=True)
        await until(lambda: 86 in watcher.shown())
        watcher.forget()
        await c.play(first, key=False)
        assert 84 not in watcher.shown()


async def test_a_key_frame_is_asked_for_until_it_comes():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        await c.play(key=False)
        await c.watcher()
        await until(lambda: speaker.key_requests >= 2)
        speaker.show(key=True)
        await until(lambda: not speaker.peer.layers[0].keys.wanted)


async def test_sound_changes_hands_by_whole_packets():
    """A slot for one voice goes to whoever speaks."""
    async with crew(person(42), person(43)) as c:
        first, second = await c.speaker(42), await c.speaker(43)
        watcher = await c.watcher(pictures=0)
        for loud, quiet in ((first, second), (second, first)):
            async with asyncio.timeout(10):
                while loud.source not in watcher.said():
                    loud.say(20)
                    quiet.say(127)
                    await asyncio.sleep(0.02)
        packets = watcher.packets(watcher.voices[0])
        for (before, _), (after, _) in pairwise(packets):
            assert ahead(after.sequence, before.sequence) == 1
            step = ahead(after.timestamp, before.timestamp, 32)
            assert step > 0
            assert step % OPUS_PACKET == 0


async def test_reports_follow_the_clock_of_the_slot():
    async with crew(person(42)) as c:
        await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        told = {}
        await until(lambda: told.update({one.ssrc: one for one in watcher.reports if one.packets}) or len(told) == 2)
        report = told[watcher.pictures[0]]
        newest = watcher.packets(report.ssrc)[-1][0].timestamp
        assert abs(ahead(report.timestamp, newest, 32)) < 90_000
        assert report.octets > 0
