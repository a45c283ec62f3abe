"""From an offer to decrypted packets, and back to nothing."""

from .client import VP8, rtp, ssrc_of, vp8
from .stage import stage, until


async def test_what_a_publisher_sends_arrives_decrypted_and_at_viewers():
    async with stage() as s:
        await s.plan()
        sender, there = await s.publisher()
        watcher, _ = await s.viewer()
        for n in range(20):
            sender.send(rtp(VP8, n, n * 3000, 2222, vp8(key=n == 0)))
        await until(lambda: len(there.heard) == 20)
        await until(lambda: len(watcher.rtp) == 20)
        assert {ssrc_of(packet) for packet in there.heard} == {2222}
        assert {ssrc_of(packet) for packet in watcher.rtp} == {watcher.answer.ssrcs[0][0]}
