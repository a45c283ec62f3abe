"""Who may not be seen or heard isn't: not one packet."""

import asyncio

import pytest

from rooms.media.room import MOST_VIEWS
from tests.media.client import video

from .actors import crew, person, until


async def silence(c, watcher, *speakers) -> None:
    """Whatever the speakers send now, nothing of theirs arrives."""
    await asyncio.sleep(0.05)
    watcher.forget()
    await c.play(*speakers)
    await c.play(*speakers)
    # What did arrive had the same way to go.
    await asyncio.sleep(0.05)
    assert not {speaker.source for speaker in speakers} & set(watcher.sources())


@pytest.mark.parametrize("place", ["live", "backstage"])
async def test_muted_means_no_sound_and_a_picture(place):
    async with crew(person(42), backstage=[1]) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher(place=place, person=1)
        await c.seen(watcher, 84)
        await c.plan(person(42, microphone=False), backstage=[1])
        watcher.forget()
        await c.play()
        await until(lambda: watcher.shown()[84] >= 10)
        assert not watcher.said()
        await c.plan(person(42), backstage=[1])
        await c.play()
        await until(lambda: watcher.said()[84])
        assert speaker.peer.closed is False


async def test_without_a_camera_there_is_sound():
    async with crew(person(42)) as c:
        await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        await c.plan(person(42, camera=False))
        watcher.forget()
        await c.play()
        await until(lambda: watcher.said()[84] >= 5)
        assert not watcher.shown()


async def test_the_audience_gets_nothing_of_backstage():
    async with crew(person(42), person(43, place="backstage"), backstage=[1]) as c:
        await c.speaker(42)
        waiting = await c.speaker(43)
        audience = await c.watcher(pictures=2, voices=2)
        behind = await c.watcher(pictures=2, voices=2, place="backstage", person=1)
        await c.seen(behind, 84, 86)
        await silence(c, audience, waiting)
        await c.plan(person(42), person(43), backstage=[1])
        await c.seen(audience, 84, 86)
        await c.plan(person(42), person(43, place="backstage"), backstage=[1])
        await silence(c, audience, waiting)


async def test_while_the_stage_is_hidden_nothing_leaves_it():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        watcher = await c.watcher()
        await c.seen(watcher, 84)
        await c.plan(person(42), hidden=True)
        await silence(c, watcher, speaker)
        last = watcher.peer.slots[0].numbering.last
        for ahead in range(30):
            watcher.nack(watcher.pictures[0], last + ahead & 0xFFFF)
        await silence(c, watcher, speaker)
        assert all(packet.sequence <= last & 0xFFFF for packet, _ in watcher.repaired.get(watcher.pictures[0], []))


async def test_nobody_gets_themselves():
    async with crew(person(42), person(43), backstage=[42]) as c:
        mine = await c.speaker(42)
        await c.speaker(43)
        for place in ("live", "backstage"):
            watcher = await c.watcher(pictures=2, voices=2, place=place, person=42)
            await c.seen(watcher, 86)
            await silence(c, watcher, mine)


async def test_whoever_is_removed_is_closed_at_once():
    async with crew(person(42), person(43)) as c:
        removed = await c.speaker(42)
        await c.speaker(43)
        watcher = await c.watcher(pictures=2, voices=2)
        await c.seen(watcher, 84, 86)
        await c.plan(person(43))
        assert removed.peer.closed
        await silence(c, watcher, removed)


async def test_a_screen_ends_with_its_permission():
    async with crew(person(42, screen=True)) as c:
        screen = await c.speaker(42, kind="screen")
        watcher = await c.watcher()
        await c.seen(watcher, 85)
        await c.plan(person(42))
        assert screen.peer.closed


async def test_backstage_is_for_those_whom_the_plan_names():
    async with crew(person(42), backstage=[1]) as c:
        await c.speaker(42)
        watcher = await c.watcher(place="backstage", person=1)
        await c.seen(watcher, 84)
        await c.plan(person(42), backstage=[])
        assert watcher.peer.closed
        offer = c.on.client().offer(video("recvonly"))
        refused = await c.on.ask("POST", "/rooms/7/watch?place=backstage&person=1", offer, "application/sdp")
        assert refused.status == 403


async def test_an_older_plan_changes_nothing():
    async with crew(person(42)) as c:
        speaker = await c.speaker(42)
        await c.on.plan(people=[], revision=0)
        assert not speaker.peer.closed


async def test_one_person_watches_on_a_few_devices_at_a_time():
    async with crew(person(42)) as c:
        somebody_else = await c.watcher(person=2)
        mine = [await c.watcher(person=1) for _ in range(MOST_VIEWS + 1)]
        assert [watcher.peer.closed for watcher in mine].count(True) == 1
        assert not mine[-1].peer.closed
        assert not somebody_else.peer.closed
        assert len(c.room.viewers) == MOST_VIEWS + 1


async def test_a_plan_may_say_who_the_audience_is():
    async with crew(person(42), person(43), audience=[42, 43]) as c:
        await c.speaker(42)
        other = await c.watcher(person=43)
        await c.seen(other, 84)
        offer = c.on.client().offer(video("recvonly"))
        for who in ("", "&person=44"):
            refused = await c.on.ask("POST", f"/rooms/7/watch?place=live{who}", offer, "application/sdp")
            assert refused.status == 403
        await c.plan(audience=[])
        assert other.peer.closed


async def test_who_watches_is_known_and_whoever_may_not_any_more_is_seen_out():
    async with crew(person(42), backstage=[1]) as c:
        behind, nobody = await c.watcher(place="backstage", person=1), await c.watcher()
        out = [await c.watcher(person=2) for _ in range(2)]
        stays = await c.watcher(person=3)
        assert await audience(c) == [2, 3]
        assert (await c.on.ask("DELETE", "/rooms/7/audience/2")).status == 204
        assert all(watcher.peer.closed for watcher in out)
        assert not any(watcher.peer.closed for watcher in (behind, nobody, stays))
        assert await audience(c) == [3]


async def audience(c) -> list[int]:
    return await (await c.on.ask("GET", "/rooms/7/audience")).json()


@pytest.mark.parametrize(("method", "path"), [("GET", "audience"), ("DELETE", "audience/2")], ids=["asked", "seen out"])
async def test_where_there_is_no_room_there_is_no_audience(method, path):
    async with crew() as c:
        assert (await c.on.ask(method, f"/rooms/8/{path}")).status == 409


@pytest.mark.parametrize("topic", [None, "pair.3"], ids=["a session's room", "a room for two"])
async def test_a_plan_says_where_to_whisper(topic, monkeypatch):
    async with crew(person(42)) as c:
        rung = []
        monkeypatch.setattr(c.on.worker, "ring", lambda on, *_: rung.append(on))
        await c.plan(person(42), topic=topic)
        await until(lambda: rung)
        assert set(rung) == ({topic} if topic else {"room.7", "room.7.backstage"})
