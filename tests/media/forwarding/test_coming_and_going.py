"""Slots are filled again when somebody leaves, and whoever left leaves nothing behind."""

import asyncio
import gc
import weakref

import pytest

from rooms.media import stats
from rooms.media.packets import extended
from tests.media.client import video

from .actors import Crew, crew, person, until


async def test_whoever_waits_takes_the_slot_of_whoever_leaves():
    async with crew(person(42), person(43), person(44)) as c:
        first, second, _ = [await c.speaker(number) for number in (42, 43, 44)]
        watcher = await c.watcher(pictures=2)
        await c.seen(watcher, 84, 86)
        kept = next(slot.outlet.ssrc for slot in watcher.peer.pictures if slot.source == second.source)
        first.peer.close("deleted")
        c.speakers.remove(first)
        await c.seen(watcher, 86, 88)
        assert {head.csrcs for head, _ in watcher.packets(kept)} == {(86,)}


async def test_a_speaker_who_comes_back_takes_its_own_place():
    async with crew(person(42)) as c:
        before = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        c.speakers.clear()
        await c.speaker(42)
        assert before.peer.closed
        await c.seen(watcher, 84)


async def test_of_many_voices_those_who_speak_are_heard():
    async with crew(*(person(number) for number in (42, 43, 44))) as c:
        first, second, third = [await c.speaker(number) for number in (42, 43, 44)]
        watcher = await c.watcher(voices=2)

        async def says(*speakers) -> None:
            for _ in range(5):
                for speaker in c.speakers:
                    speaker.say(20 if speaker in speakers else 127)
                await asyncio.sleep(0.02)

        await c.comes_to(watcher, lambda: set(watcher.said()) == {84, 88}, lambda: says(first, third))
        await c.comes_to(watcher, lambda: {86, 88} == set(watcher.said()), lambda: says(second, third))


@pytest.fixture
def uncollected():
    """OpenSSL's memory does not make the collector hurry, so the end of a peer must not need it."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
async def test_whoever_left_is_freed_at_once():
    async with crew(person(42)) as c:
        speaker, watcher = await c.speaker(42), await c.watcher()
        await c.seen(watcher, 84)
        gone = [weakref.ref(one) for peer in (watcher.peer, speaker.peer) for one in (peer, peer._dtls)]
        watcher.peer.close("deleted")
        speaker.peer.close("deleted")
        del watcher.peer, speaker.peer
        c.speakers.clear()
        await until(lambda: not any(one() for one in gone))


@pytest.mark.usefixtures("uncollected")
async def test_whoever_went_before_shaking_hands_is_freed_at_once():
    async with crew(person(42)) as c:
        await c.on.ask("POST", "/rooms/7/watch", c.on.client().offer(video("recvonly")))
        [peer] = c.on.worker.peers.values()
        gone = weakref.ref(peer)
        peer.close("deleted")
        del peer
        await until(lambda: not gone())


async def test_churn_leaves_nothing():
    async with crew(person(42), person(43)) as c:
        speaker = await c.speaker(42)
        for _ in range(3):
            watchers = [await c.watcher(pictures=2, voices=2) for _ in range(5)]
            other = await c.speaker(43)
            await c.seen(watchers[0], 84, 86)
            await c.on.ask("DELETE", f"/resources/{watchers[0].peer.id}")
            await watchers[1].client.close()
            other.peer.close("deleted")
            c.speakers.remove(other)
            for watcher in watchers[2:]:
                watcher.peer.close("deleted")
            await until(lambda: not c.room.viewers)
        assert_empty(c, speaker)


def assert_empty(c: Crew, speaker) -> None:
    assert c.room.publishers == {84: speaker.peer}
    for track in speaker.peer.tracks:
        assert not track.fanout.homes
        assert not track.fanout.matrices
        assert not track.waiting
        assert not track.paced
    assert list(c.on.worker.peers.values()) == [speaker.peer]
    assert set(c.on.worker.mux.by_address.values()) == {speaker.peer}


async def test_many_watchers_get_the_same():
    """Rows of a matrix come and go while packets flow."""
    async with crew(person(42)) as c:
        await c.speaker(42)
        watchers = [await c.watcher() for _ in range(7)]
        for watcher in watchers:
            await c.seen(watcher, 84)
        watchers.pop(2).peer.close("deleted")
        watchers.pop(0).peer.close("deleted")
        await asyncio.sleep(0.1)
        for watcher in watchers:
            watcher.forget()
        await c.play()
        for watcher in watchers:
            await until(lambda watcher=watcher: watcher.shown()[84] == 10)
        [first, *others] = [[payload[4:] for _, payload in w.packets(w.pictures[0])] for w in watchers]
        assert all(other == first for other in others)
        assert not [name for name in c.counters if name.startswith("dropped_out")]


async def test_what_a_room_is_told():
    async with crew(person(42), person(43, place="backstage"), backstage=[1]) as c:
        await c.speaker(42)
        await c.speaker(43)
        watcher = await c.watcher(pictures=2, place="backstage", person=1)
        await c.seen(watcher, 84, 86)
        now = c.on.worker.clock()
        audience, behind = stats.whisper(c.room, "live", now), stats.whisper(c.room, "backstage", now)
        assert set(audience["sources"]) == {"84"}
        assert audience["sources"]["84"]["video"] is audience["sources"]["84"]["audio"] is True
        assert set(behind["sources"]) == {"84", "86"}
        assert behind["viewers"] == 1
        assert behind["sources"]["86"]["state"] == "ok"
        await c.plan(person(42, microphone=False), person(43, place="backstage"), backstage=[1], hidden=True)
        now = c.on.worker.clock()
        assert stats.whisper(c.room, "live", now)["sources"] == {}
        assert stats.whisper(c.room, "backstage", now)["sources"]["84"]["audio"] is False


async def test_figures_of_each_stream():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        mine = await (await c.on.ask("GET", f"/resources/{speaker.peer.id}")).json()
        assert {track["kind"] for track in mine["tracks"]} == {"audio", "video"}
        theirs = await (await c.on.ask("GET", f"/resources/{watcher.peer.id}")).json()
        assert [slot["flowing"] for slot in theirs["slots"]] == [84, 84]
        lines = (await (await c.on.ask("GET", "/metrics")).text()).splitlines()
        assert 'plenary_media_stream_slots{room="7",source="84",kind="video",layer=""} 1' in lines
        assert 'plenary_media_room_viewers{room="7",state="ok"} 1' in lines
        everything = await (await c.on.ask("GET", "/stats")).json()
        assert everything["rooms"]["7"]["publishers"]["84"]["person"] == 42


async def test_a_speaker_tells_how_far_away_it_is():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        await c.play()
        await until(lambda: speaker.asked)
        ssrc, ntp = speaker.asked[-1]
        half_a_second = 1 << 15
        speaker.client.send(extended.delays(9, ssrc, (ntp >> 16) - half_a_second & 0xFFFFFFFF, 0))
        await until(lambda: speaker.peer.round_trip is not None)
        assert speaker.peer.round_trip >= 0.5
