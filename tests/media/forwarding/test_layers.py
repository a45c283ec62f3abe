"""Which layer of a picture a watcher gets: as large as it is shown, as the line bears, as there is."""

import asyncio

import msgspec

from rooms.media.packets import rtcp
from tests.media.client import H264

from .actors import H264_KEY, crew, person, until

LAYERS = ("q", "h", "f")


async def test_a_large_picture_gets_the_largest_layer():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42, rids=LAYERS)
        watcher = await c.watcher()
        await c.layered(watcher, (84, "f"))
        assert [track.ssrc is not None for track in speaker.peer.layers] == [True, True, True]


async def test_small_pictures_get_the_smallest():
    async with crew(person(42), person(43)) as c:
        await c.speaker(42, rids=LAYERS)
        await c.speaker(43, rids=LAYERS)
        watcher = await c.watcher(pictures=2)
        await c.wish(watcher, large=86, width=1280)
        await c.layered(watcher, (84, "q"), (86, "f"))
        await c.wish(watcher, large=84, width=300)
        await c.layered(watcher, (84, "q"), (86, "q"))
        await c.wish(watcher, large=84, width=600)
        await c.layered(watcher, (84, "h"), (86, "q"))


async def test_a_narrow_line_gets_a_smaller_layer():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42, rids=LAYERS)
        watcher = await c.watcher()
        await c.layered(watcher, (84, "f"))
        small, sound = speaker.peer.layers[0].bitrate, speaker.peer.audio.bitrate
        for _ in range(2):
            watcher.peer.estimate.lost(0.6, 900_000, watcher.peer.worker.clock())
        watcher.ask(rtcp.Remb(1, 10_000_000, (watcher.pictures[0],)))
        watcher.ask(rtcp.Remb(1, round(1.3 * (small + sound)), (watcher.pictures[0],)))
        await c.layered(watcher, (84, "q"))


async def test_where_a_layer_stops_another_takes_over():
    async with crew(person(42)) as c:
        await c.speaker(42, rids=LAYERS)
        watcher = await c.watcher()
        await c.layered(watcher, (84, "f"))
        await c.layered(watcher, (84, "h"), sent=("q", "h"))
        await c.layered(watcher, (84, "f"))


async def test_only_what_the_watcher_can_decode():
    async with crew(person(42)) as c:
        await c.speaker(42)
        watcher = await c.watcher(h264_only=True)
        await c.play()
        await until(lambda: watcher.said()[84])
        await c.play()
        assert not watcher.shown()


async def test_h264_passes_through_as_it_is():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42, h264_only=True)
        watcher = await c.watcher()
        await c.comes_to(watcher, lambda: 84 in watcher.shown(), lambda: films(speaker))
        head, payload = watcher.packets(watcher.pictures[0])[0]
        assert (head.payload_type, payload) == (H264, H264_KEY)


async def films(speaker) -> None:
    for n in range(5):
        speaker.show_h264(key=n == 0)
        await asyncio.sleep(0.02)


async def test_tiers():
    async with crew(person(42, screen=True), person(43)) as c:
        await c.speaker(42)
        await c.speaker(42, kind="screen")
        await c.speaker(43)
        watcher = await c.watcher(pictures=3, voices=3)
        await c.seen(watcher, 84, 85, 86)
        await c.wish(watcher, video="slides")
        await c.seen(watcher, 85)
        assert set(watcher.said()) == {84, 85, 86}
        await c.wish(watcher, video="none")
        await c.seen(watcher)
        assert set(watcher.said()) == {84, 85, 86}
        await c.wish(watcher, video="all", audio=False)
        await c.seen(watcher, 84, 85, 86)
        assert not watcher.said()


async def test_a_screen_comes_before_whoever_speaks():
    async with crew(person(42), person(43, screen=True)) as c:
        await c.speaker(42)
        screen = await c.speaker(43, kind="screen")
        watcher = await c.watcher()
        await c.seen(watcher, 87)
        screen.client.vanish()
        screen.peer.close("left")
        c.speakers.remove(screen)
        await c.seen(watcher, 84)


async def test_a_narrow_line_gets_a_key_frame_bit_by_bit_and_in_order():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        await narrow(watcher)
        speaker.show(key=True, packets=60)
        await until(lambda: watcher.peer.queue)
        await until(lambda: len(last_frame(watcher)) == 60)
        numbers = last_frame(watcher)
        assert [number - numbers[0] & 0xFFFF for number in numbers] == list(range(60))


def last_frame(watcher) -> list[int]:
    """Its sequence numbers: packets of frames before it may come late."""
    heads = [head for head, _ in watcher.packets(watcher.pictures[0])]
    return [head.sequence for head in heads if head.timestamp == heads[-1].timestamp]


async def narrow(watcher) -> None:
    """Its line turns out to bear all of the picture, but not at once."""
    watcher.peer.estimate.remb(400_000, watcher.peer.worker.clock(), sent=400_000)
    await until(lambda: watcher.peer.is_paced)


async def test_what_waits_for_a_narrow_line_does_not_leave_once_the_stage_is_hidden():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        await narrow(watcher)
        speaker.show(key=True, packets=60)
        await until(lambda: watcher.peer.queue)
        c.room.apply(msgspec.structs.replace(c.room.plan, hidden=True))
        sent = c.counters["packets_out"]
        await until(lambda: not watcher.peer.queue)
        assert c.counters["packets_out"] == sent
