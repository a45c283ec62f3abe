"""Two processes' hubs side by side in one loop, with a real Redis between them and a real database beneath."""

import asyncio
import json
import time
from contextlib import asynccontextmanager

import pytest

from config import valkey
from live import chores, entrance, frames, log, topics, writer
from live.hub import Hub
from live.jobs import of_call
from live.refusal import Refused
from live.stream import Reading
from tests.live.line import looked
from tests.live.parlour import verbs

pytestmark = pytest.mark.django_db(transaction=True)

ADA, GRACE, LINUS = 1, 2, 3
ROOM = "parlour.7"


class Ear:
    """A sink that keeps what it is told."""

    def __init__(self):
        self.heard: list[dict] = []

    def write(self, wire: bytes) -> None:
        self.heard += [json.loads(payload) for payload in frames.payloads(wire)]

    give = write

    def abort(self) -> None:
        raise AssertionError("nobody is slow here")

    def seqs(self) -> list[int]:
        return [frame["seq"] for frame in self.heard if "seq" in frame]

    def reached(self) -> int:
        return max(frame.get("seq", frame.get("snapshot", 0)) for frame in self.heard)

    def notes(self) -> list[str]:
        """What somebody who drops what is not newer has on the page: the picture and what followed."""
        [picture] = [frame for frame in self.heard if "snapshot" in frame] or [{"snapshot": 0, "data": {"notes": []}}]
        later = [
            frame["data"] for frame in self.heard if frame.get("event") == "note" and frame["seq"] > picture["snapshot"]
        ]
        known = dict(picture["data"]["notes"]) | {note["id"]: note["text"] for note in later}
        return [known[pk] for pk in sorted(known)]


class Guest:
    """Somebody's socket, as the hub knows it."""

    def __init__(self, person: int):
        self.person, self.sink, self.rechecked = person, Ear(), 0

    def recheck(self, topic: str | None = None) -> None:
        self.rechecked += 1


@pytest.fixture(autouse=True)
def quickly(settings):
    settings.LIVE_POLL, settings.LIVE_IDLE = 0.3, 0.4
    settings.LIVE_LEASE, settings.LIVE_BEAT = 3, 60


@asynccontextmanager
async def two_hubs():
    here, there = Hub().start(), Hub().start()
    try:
        yield here, there
    finally:
        await asyncio.gather(here.close(), there.close())


@pytest.fixture
async def hubs(transactional_db):
    async with two_hubs() as hubs:
        yield hubs


async def come(hub: Hub, person: int = ADA, topic: str = ROOM, since: int | None = None) -> tuple[Ear, Reading]:
    ear = Ear()
    reading = Reading(person, ear, topic)
    await hub.enter(reading, since)
    return ear, reading


def say(hub: Hub, text: str, person: int = ADA, topic: str = ROOM) -> asyncio.Future:
    told = asyncio.get_running_loop().create_future()
    hub.writer.submit(of_call(person, verbs.say, (person, topic, verbs.Words(text)), None, told.set_result))
    return told


async def until(true, within: float = 60) -> None:
    """Waits for it, however busy the machine is."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within, "that never came true"
        await asyncio.sleep(0.005)


async def never_poll(settings) -> None:
    """From now on only the bell tells."""
    settings.LIVE_POLL = 3600
    await asyncio.sleep(0.7)


# hearing each other


async def test_readers_of_both_processes_hear_the_same(hubs):
    here, there = hubs
    (near, _), (far, _) = await come(here), await come(there)
    await asyncio.gather(*(say(hub, str(n)) for n in range(20) for hub in hubs))
    await until(lambda: len(far.seqs()) == len(near.seqs()) == 40)
    assert near.seqs() == far.seqs() == list(range(1, 41))
    assert near.notes() == far.notes()


async def test_the_writer_does_not_hear_itself_twice(hubs):
    here, there = hubs
    (near, _), (far, _) = await come(here), await come(there)
    here.writer.submit(of_call(ADA, verbs.type_something, (ADA, ROOM, verbs.Nothing()), None, print))
    await until(lambda: far.heard[-1].get("event") == "typing")
    await asyncio.sleep(0.1)
    assert [frame.get("event") for frame in near.heard].count("typing") == 1


async def test_a_management_command_rings_the_bell(hubs, settings):
    await never_poll(settings)
    ear, _ = await come(hubs[0])
    writer.take_over(None)
    await looked(writer.do, ADA, verbs.say, ADA, ROOM, verbs.Words("from the command line"))
    await until(lambda: ear.seqs() == [1])


async def test_what_the_bell_lost_is_found_in_the_record(hubs, caplog):
    here, there = hubs
    ear, _ = await come(there)
    here.bell.ring = lambda _: None
    await say(here, "unheard")
    await until(lambda: ear.seqs() == [1])


async def test_a_gap_is_mended_from_the_record(hubs):
    here, there = hubs
    ear, _ = await come(there)
    ring, here.bell.ring = here.bell.ring, lambda _: None
    await say(here, "lost")
    here.bell.ring = ring
    await say(here, "heard")
    await until(lambda: len(ear.seqs()) == 2)
    assert ear.notes() == ["lost", "heard"]


async def test_what_the_record_does_not_know_was_never_said(hubs):
    ear, _ = await come(hubs[0])
    hubs[0].hear([frames.of_entry(ROOM, 5, "note", "null")])
    await until(lambda: not hubs[0].streams[ROOM].channel.has_gap())
    await say(hubs[1], "true")
    await until(lambda: ear.seqs() == [1])


async def test_redis_may_die_and_come_back(transactional_db, tmp_path, settings):
    settings.REDIS_URL = valkey.url(valkey.socket_in(tmp_path))
    async with two_hubs() as (here, there):
        with valkey.serving(tmp_path):
            far, _ = await come(there)
            await say(here, "before")
            await until(lambda: far.seqs() == [1])
        await asyncio.gather(*(say(here, str(n)) for n in range(20)))
        await until(lambda: len(far.seqs()) == 21)
        late, _ = await come(there, GRACE)
        assert late.heard[0]["snapshot"] == 21
        with valkey.serving(tmp_path):
            await until(lambda: there.bell.pubsub)
            await never_poll(settings)
            await say(here, "after")
            await until(lambda: far.seqs()[-1] == 22)
    assert far.seqs() == list(range(1, 23))


# entering


async def test_entering_in_the_middle_of_traffic_misses_nothing_and_repeats_nothing(hubs):
    entering = asyncio.gather(*(come_after(turn * 0.03, hubs[turn % 2], since_of(turn)) for turn in range(20)))
    number = 0
    while not entering.done():
        number += 1
        await asyncio.gather(*(say(hub, f"{number}") for hub in hubs))
    ears = entering.result()
    last = (await looked(log.seqs, [ROOM]))[ROOM]
    await until(lambda: all(ear.reached() == last for ear in ears))
    for turn, ear in enumerate(ears):
        begun = next((frame["snapshot"] for frame in ear.heard if "snapshot" in frame), since_of(turn))
        # The record may be ahead of what this process has heard: what the picture has already is heard then.
        assert [seq for seq in ear.seqs() if seq > begun] == list(range(begun + 1, last + 1))
        assert ear.seqs() == sorted(set(ear.seqs()))
    whole = await looked(lambda: [note for _, note in verbs.picture(ROOM)["notes"]])
    assert next(ear.notes() for ear in ears if "snapshot" in ear.heard[0]) == whole


async def come_after(seconds: float, hub: Hub, since: int | None) -> Ear:
    await asyncio.sleep(seconds)
    return (await come(hub, since=since))[0]


def since_of(turn: int) -> int | None:
    return turn // 3 if turn % 3 == 0 else None


async def test_who_comes_back_hears_nothing_of_what_was_taken_back(hubs):
    here, there = hubs
    (near, _), (far, _) = await come(here), await come(there)
    await say(here, "swordfish")
    await say(here, "herring")
    await until(lambda: near.seqs() == far.seqs() == [1, 2])
    [note, _] = [frame["data"]["id"] for frame in near.heard if "event" in frame]
    here.writer.submit(of_call(ADA, verbs.unsay, (ROOM, note), None, print))
    await until(lambda: near.reached() == far.reached() == 4)
    for hub in hubs:
        back, _ = await come(hub, since=0)
        assert [frame["event"] for frame in back.heard if "event" in frame] == ["gone", "note", "retracted", "unsaid"]
        assert "swordfish" not in str(back.heard)


async def test_a_picture_is_drawn_once_for_all_who_wait(hubs, monkeypatch):
    drawn: list[str] = []

    def draw(topic: str) -> None:
        drawn.append(topic)
        time.sleep(0.05)

    kind = topics.kind_of(ROOM)
    monkeypatch.setitem(topics._kinds, "parlour", kind._replace(picture=draw))
    await asyncio.gather(*(come(hubs[0], person) for person in range(50)))
    assert len(drawn) == 1
    for n in range(entrance.STALE + 1):
        await say(hubs[0], str(n))
    await asyncio.gather(*(come(hubs[0], person) for person in range(50)))
    assert len(drawn) == 2


async def test_a_since_of_another_age_gets_a_picture(hubs, settings):
    await say(hubs[0], "a")
    ear, _ = await come(hubs[0], since=99)
    assert ear.heard[0]["snapshot"] == 1
    settings.LIVE_RING = 0
    ear, _ = await come(hubs[0], since=0)
    assert ear.heard[0]["snapshot"] == 1


async def test_whoever_may_not_enter_is_refused_and_joins_nothing(hubs):
    with pytest.raises(Refused, match=r"room\.unknown"):
        await come(hubs[0], topic="parlour.404")
    assert not hubs[0].streams["parlour.404"].readers


async def test_who_leaves_while_entering_is_not_joined(hubs):
    ear = Ear()
    reading = Reading(ADA, ear, ROOM)
    entering = asyncio.ensure_future(hubs[0].enter(reading))
    await asyncio.sleep(0)
    hubs[0].leave(reading)
    await entering
    await say(hubs[0], "a")
    assert ear.heard == []


async def test_the_last_word_of_an_old_page_does_not_silence_the_new_one(hubs):
    ear = Ear()
    old, new = Reading(ADA, ear, ROOM), Reading(ADA, ear, ROOM)
    await hubs[0].enter(old)
    await hubs[0].enter(new)
    hubs[0].leave(old)
    await say(hubs[0], "a")
    assert ear.seqs() == [1]


async def test_topics_nobody_reads_are_closed_again(hubs):
    hub = hubs[0]
    _, reading = await come(hub)
    await asyncio.sleep(1)
    assert ROOM in hub.streams
    hub.leave(reading)
    await until(lambda: ROOM not in hub.streams)
    assert ROOM not in hub.bell.topics
    ear, _ = await come(hub)
    await say(hubs[1], "a")
    await until(lambda: ear.seqs() == [1])


# who may, and who is here


async def test_everyones_sockets_are_rechecked_in_every_process(hubs):
    guests = [Guest(ADA), Guest(ADA), Guest(GRACE)]
    async with hubs[0].visit(guests[0]), hubs[1].visit(guests[1]), hubs[1].visit(guests[2]):
        await writer.ado(GRACE, verbs.ban, 7, ADA)
        await until(lambda: guests[0].rechecked and guests[1].rechecked)
    assert [guest.rechecked for guest in guests] == [1, 1, 0]
    assert not hubs[0].visitors


async def test_a_recheck_arrives_without_the_bell(hubs):
    guest = Guest(ADA)
    async with hubs[0].visit(guest):
        hubs[1].bell.ring = lambda _: None
        await writer.ado(GRACE, verbs.ban, 7, ADA)
        await until(lambda: guest.rechecked == 1)


def here_in(ear: Ear) -> list:
    return [frame.get("people", frame["here"]) for frame in ear.heard if "here" in frame]


async def test_presence_counts_people_of_all_processes_once(hubs):
    ear, _ = await come(hubs[0], ADA, f"{ROOM}.desk")
    for hub in hubs:
        await come(hub, GRACE, f"{ROOM}.desk")
    await until(lambda: here_in(ear)[-1:] == [[ADA, GRACE]])


async def test_a_process_that_dies_takes_its_people_along(hubs):
    ear, _ = await come(hubs[0], ADA)
    await come(hubs[1], GRACE)
    await until(lambda: here_in(ear)[-1:] == [2])
    hubs[1].streams.clear()
    await until(lambda: here_in(ear)[-1:] == [1])


async def test_who_has_another_page_open_is_still_here(hubs):
    ear, _ = await come(hubs[0], ADA)
    _, one = await come(hubs[0], GRACE)
    await come(hubs[1], GRACE)
    await until(lambda: here_in(ear)[-1:] == [2])
    hubs[0].leave(one)
    await asyncio.sleep(4)
    assert here_in(ear)[-1] == 2


async def test_nobody_is_counted_where_the_topic_does_not_ask(hubs):
    ear, _ = await come(hubs[0], ADA, "person.1")
    await asyncio.sleep(1.5)
    assert here_in(ear) == []


async def test_a_chore_is_done_again_and_again_even_if_it_fails_once(monkeypatch):
    monkeypatch.setattr(chores, "_table", [])
    seen = []

    @chores.chore(every=0.01)
    async def look_after_it(look):
        seen.append(await look(log.seqs, [ROOM]))
        if len(seen) == 1:
            raise RuntimeError("the first time")

    hub = Hub().start()
    await until(lambda: len(seen) > 2)
    await hub.close()
    assert seen[0] == {}
