"""What media workers are told of a stage is right, whatever was missed."""

import asyncio
import itertools
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import websockets
from redis import asyncio as aioredis

from live import log
from live.tickets import ticket
from people.models import Group, Person
from programme.models import Role
from rooms.models import Room
from rooms.stage import plans
from rooms.stage.keeper import AUDIT, Alarm, Keeper, tell_lost
from rooms.stage.placement import Workers
from tests.live.line import Line, looked

from . import studio
from .studio import guest, until
from .witness import does

REVISIONS = itertools.count(100, 100)
SHORT = 1000  # seconds


@pytest.fixture(scope="module")
def worker(embedded_valkey):
    worker = studio.Worker()
    yield worker
    worker.stop()


@pytest.fixture(scope="module")
def web(django_db_setup, django_db_blocker, embedded_valkey, worker):
    with django_db_blocker.unblock():
        web = studio.Web()
    yield web
    web.stop()


@pytest.fixture
def room(transactional_db, room):
    """The worker remembers rooms of earlier tests, which had the same id."""
    Room.objects.filter(pk=room.pk).update(stage_revision=next(REVISIONS))
    return room


async def done(person, do: str, room: Room, /, **given):
    return await looked(lambda: does(person, do, room, **given))


async def known(room: Room) -> int:
    """The revision that the room's worker has."""
    async with Workers() as workers:
        lease = await workers.home(room.pk)
        return lease.rooms.get(str(room.pk), 0)


async def is_up_to_date(room: Room) -> bool:
    wanted = await looked(lambda: Room.objects.get(pk=room.pk).stage_revision)
    return await known(room) == wanted


async def test_a_change_by_another_process_reaches_the_worker(web, room, ada, grace):
    async with guest(web, room.code, ada) as somebody:
        await somebody.connected(await somebody.watches())
        await done(grace, "stage.enter", room)
        await done(grace, "stage.hide", room, hidden=True)
        await until(is_up_to_date, room)


async def test_a_change_over_the_line_reaches_the_worker(web, room, ada, grace):
    async with guest(web, room.code, ada) as somebody:
        await somebody.connected(await somebody.watches())
        before = await looked(lambda: Room.objects.get(pk=room.pk).stage_revision)
        async with opened(web, grace) as line:
            assert "ok" in await line.ask("stage.hide", room.desk, hidden=True)
        assert await looked(lambda: Room.objects.get(pk=room.pk).stage_revision) > before
        await until(is_up_to_date, room)


@asynccontextmanager
async def opened(web: studio.Web, person) -> AsyncIterator[Line]:
    address = f"ws://127.0.0.1:{web.port}/live?ticket={ticket(person.pk, 'en')}"
    async with websockets.connect(address, proxy=None, max_size=None, compression=None) as socket:
        yield Line(socket)


async def test_a_role_taken_away_closes_the_way_behind_the_stage(web, room, aiko):
    async with guest(web, room.code, aiko) as somebody:
        answer = await somebody.watches("backstage")
        await somebody.connected(answer)
        await looked(lambda: Role.objects.filter(person=aiko).delete())
        await until(is_gone, somebody, answer)


async def test_who_may_not_enter_any_more_is_seen_out_of_the_audience(web, room, ada, ines):
    """Their stream ends, on whatever worker; that of others goes on."""
    async with guest(web, room.code, ada) as somebody, guest(web, room.code, ines) as other:
        answer, goes_on = await somebody.watches(), await other.watches()
        await somebody.connected(answer)
        await other.connected(goes_on)
        await looked(admit_only, room, ines)
        await until(is_gone, somebody, answer)
        assert (await somebody.watches()).status == 404
        assert not await is_gone(other, goes_on)


def admit_only(room: Room, person) -> None:
    mayors = Group.objects.create(name="Mayors", slug="mayors")
    person.groups_in.add(mayors)
    room.session.groups.add(mayors)


async def test_who_has_no_account_any_more_is_seen_out_too(web, room, ada):
    async with guest(web, room.code, ada) as somebody:
        answer = await somebody.watches()
        await somebody.connected(answer)
        await looked(lambda: Person.objects.filter(pk=ada.pk).update(is_active=False))
        await until(has_no_audience, room)


async def has_no_audience(room: Room) -> bool:
    async with Workers() as workers:
        return not await workers.audience(await workers.home(room.pk), room.pk)


async def is_gone(somebody, answer) -> bool:
    return (await somebody.ask("GET", answer.headers["Location"] + "/stats")).status == 404


async def test_a_screen_that_nobody_sends_any_more_is_taken_back(web, room, linus):
    """As after a crash: its browser has said nothing, and nobody else could share theirs."""
    await looked(lambda: does(linus, "stage.enter", room))
    async with guest(web, room.code, linus) as somebody:
        answer = await somebody.publishes("screen")
        await somebody.connected(answer)
        assert await looked(shares, room, linus)
        await asyncio.sleep(2 * AUDIT)
        assert await looked(shares, room, linus)
        async with Workers() as workers:
            name, *resource, _mark = answer.headers["Location"].rpartition("/")[2].split(".")
            lease = await workers.lease(name)
            assert (await workers.ask(lease, "DELETE", f"/resources/{'.'.join([name, *resource])}")).status == 200
        await until(shares_no_more, room, linus)


def shares(room: Room, person) -> bool:
    return room.seats.filter(person=person, screen=True).exists()


async def shares_no_more(room: Room, person) -> bool:
    return not await looked(shares, room, person)


async def test_everybody_is_told_when_their_worker_dies(web, room, ada):
    doomed = await asyncio.to_thread(studio.Worker)
    await place(room, doomed)
    async with guest(web, room.code, ada) as somebody, opened(web, ada) as line:
        await line.enter(room.topic)
        await somebody.connected(await somebody.watches())
        await until(known, room)
        async with Workers() as workers:
            await workers.redis.expire(f"media:room:{room.pk}", SHORT)
        await until(is_kept, room)
        doomed.stop(signal.SIGKILL)
        told = await line.until(event="media", on=room.topic, data={"lost": doomed.name})
        assert told["data"]["lost"] == doomed.name
        answer = await somebody.watches()
        assert doomed.name not in answer.headers["Location"]
        await somebody.connected(answer)


async def is_kept(room: Room) -> bool:
    """The keeper has seen the room on its worker: it remembers the place anew."""
    async with Workers() as workers:
        return await workers.redis.ttl(f"media:room:{room.pk}") > SHORT


async def place(room: Room, worker: studio.Worker) -> None:
    async with Workers() as workers:
        await workers.redis.set(f"media:room:{room.pk}", worker.name)


async def test_a_room_on_two_workers_stays_on_one(web, room, ada, worker):
    """As after a pause that everybody took for a death."""
    other = await asyncio.to_thread(studio.Worker)
    try:
        await place(room, other)
        async with guest(web, room.code, ada) as somebody:
            answer = await somebody.watches()
            await somebody.connected(answer)
            await until(known, room)
            await place(room, worker)
            await until(is_gone, somebody, answer)
    finally:
        await asyncio.to_thread(other.stop)


async def test_several_keepers_do_no_harm(room, grace, worker):
    await place(room, worker)
    async with Workers() as workers:
        await workers.tell(await workers.home(room.pk), await looked(plan_of, room))
        await until(known, room)
        keepers = [Keeper(looked, workers) for _ in range(3)]
        await done(grace, "stage.enter", room)
        for _ in range(3):
            await asyncio.gather(*(keeper.turn() for keeper in keepers))
    await until(is_up_to_date, room)


def plan_of(room: Room) -> plans.Plan:
    return plans.plan(Room.objects.select_related("session__event").get(pk=room.pk))


async def test_a_keeper_outlives_redis(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    async with Workers() as workers:
        keeper = Keeper(looked, workers)
        for _ in range(2):
            await keeper.turn()
        assert keeper.is_away


async def test_redis_forgetting_everything_kills_no_worker(settings, transactional_db, worker, room):
    redis = aioredis.Redis.from_url(settings.REDIS_URL)
    async with Workers() as workers:
        await until(workers.leases)
        keeper = Keeper(looked, workers)
        await keeper.turn()
        await redis.flushdb()
        await keeper.turn()
        assert worker.name in keeper.known
    await redis.aclose()


async def test_a_change_rings_at_once(room, grace):
    with Alarm() as alarm:
        await done(grace, "stage.lock", room, locked=True)
        await asyncio.wait_for(alarm.rung.wait(), studio.PATIENCE)
        await alarm.within(0)
        await done(grace, "room.set", room, moderation=False)
        await asyncio.sleep(0)
        assert not alarm.rung.is_set()


def test_who_was_on_a_lost_worker_hears_its_name(room, db):
    with log.listening() as said:
        tell_lost(room.pk, "abcdefgh")
    assert [(it.topic, it.event, it.data, it.durable) for it in said] == [
        (room.topic, "media", '{"lost":"abcdefgh"}', False),
        (room.backstage, "media", '{"lost":"abcdefgh"}', False),
    ]
