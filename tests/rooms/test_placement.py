"""Rooms on workers: each on one, spread by load, placed anew when their worker dies. The workers are real ones."""

import asyncio
import signal

import pytest
from redis import asyncio as aioredis

from live.refusal import Refused
from rooms.stage import placement
from rooms.stage.placement import AWAY, Gone, Lease, Workers
from tests.media.client import Client

from . import studio
from .studio import RECEIVING, SDP, until

PLAN = {"room": 7, "revision": 1, "hidden": False, "pinned": None, "people": [], "backstage": [4]}


@pytest.fixture
async def redis(settings):
    redis = aioredis.Redis.from_url(settings.REDIS_URL)
    await redis.flushdb()
    yield redis
    await redis.flushdb()
    await redis.aclose()


@pytest.fixture
async def workers(redis):
    async with Workers() as workers:
        yield workers


@pytest.fixture
async def pair(workers):
    """Two that live."""
    two = await asyncio.gather(asyncio.to_thread(studio.Worker), asyncio.to_thread(studio.Worker))
    yield two
    for one in two:
        if one.process.poll() is None:
            one.resume()
            await asyncio.to_thread(one.stop)


def named(pair, name: str) -> studio.Worker:
    return next(one for one in pair if one.name == name)


def known(plan: dict) -> placement.Known:
    async def look() -> dict:
        return plan

    return placement.Known(plan["revision"], look)


async def watches(workers: Workers, plan: dict = PLAN, what: str = "watch?place=live") -> placement.Answer:
    client = Client()
    try:
        return await workers.join(plan["room"], known(plan), what, client.offer(*RECEIVING).encode(), SDP)
    finally:
        client.vanish()


def worker_of(answer: placement.Answer) -> str:
    assert answer.status == 201, answer.body
    return answer.headers["Location"].rpartition("/")[2].partition(".")[0]


async def test_a_room_stays_where_it_was_placed(workers, pair):
    first = worker_of(await watches(workers))
    assert {worker_of(await watches(workers)) for _ in range(5)} == {first}
    assert (await workers.home(7)).name == first


async def test_rooms_are_spread(workers, pair):
    first = worker_of(await watches(workers))
    await until(rooms_of, workers, first)
    assert worker_of(await watches(workers, {**PLAN, "room": 8})) != first


async def rooms_of(workers: Workers, name: str) -> dict[str, int]:
    lease = await workers.lease(name)
    return lease.rooms if lease else {}


async def test_whoever_comes_first_decides(workers, redis):
    leases = [Lease(f"worker{number}", "http://127.0.0.1:1") for number in range(8)]
    for lease in leases:
        await redis.set(f"media:worker:{lease.name}", "{}")
    claimed = await asyncio.gather(*(workers.claim(7, lease) for lease in leases * 5))
    assert len(set(claimed)) == 1


async def test_a_place_on_a_worker_without_a_lease_is_none(workers, redis):
    await redis.set("media:room:7", "longdead")
    assert await workers.claim(7, Lease("livesnow", "http://127.0.0.1:1")) == "livesnow"
    assert 0 < await redis.ttl("media:room:7") <= placement.KEPT


async def test_a_killed_workers_rooms_go_on_elsewhere_at_once(workers, pair):
    first = worker_of(await watches(workers))
    named(pair, first).stop(signal.SIGKILL)
    second = worker_of(await watches(workers))
    assert second != first
    assert await workers.lease(first) is None
    assert (await rooms_of(workers, second)) or await until(rooms_of, workers, second)


async def test_a_worker_that_stops_in_order_gives_its_lease_back(workers, pair):
    first = worker_of(await watches(workers))
    await asyncio.to_thread(named(pair, first).stop)
    assert [lease.name for lease in await workers.leases()] == [one.name for one in pair if one.name != first]


async def test_a_worker_that_hangs_loses_its_rooms_with_its_lease(workers, pair):
    first = worker_of(await watches(workers))
    named(pair, first).pause()
    await until(is_over, workers, first)
    assert worker_of(await watches(workers)) != first


async def is_over(workers: Workers, name: str) -> bool:
    return await workers.lease(name) is None


async def test_a_room_that_a_worker_has_forgotten_is_told_again(workers, pair):
    lease = await workers.lease(worker_of(await watches(workers)))
    assert (await workers.ask(lease, "DELETE", "/rooms/7")).status == 204
    assert worker_of(await watches(workers)) == lease.name


async def test_the_plan_is_known_before_anybody_joins(workers, pair):
    assert (await watches(workers, what="watch?place=backstage&person=4")).status == 201
    narrower = {**PLAN, "revision": 2, "backstage": []}
    assert (await watches(workers, narrower, "watch?place=backstage&person=4")).status == 403


async def test_without_a_worker_nothing_can_be_placed(workers):
    with pytest.raises(Refused, match=r"^media\.away$"):
        await watches(workers)


async def test_a_lease_of_the_dead_is_buried(workers, redis):
    await redis.set("media:worker:phantoms", '{"name":"phantoms","http":"http://127.0.0.1:1"}')
    with pytest.raises(Refused, match=r"^media\.away$"):
        await watches(workers)
    assert await workers.leases() == []


async def test_nobody_is_at_a_dead_workers_door(workers):
    dead = Lease("phantoms", "http://127.0.0.1:1")
    assert not await workers.is_there(dead)
    with pytest.raises(Gone):
        await workers.ask(dead, "GET", "/stats")


async def test_while_redis_is_away_no_worker_can_be_found(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    async with Workers() as workers:
        with pytest.raises(AWAY):
            await workers.home(7)


async def test_a_worker_does_not_open_to_strangers(workers, pair, settings):
    [lease, _] = await workers.leases()
    settings.MEDIA_KEY = "another"
    async with Workers() as strangers:
        assert (await strangers.ask(lease, "GET", "/stats")).status == 401
        assert (await strangers.ask(lease, "PUT", "/rooms/7", b"{}")).status == 401
