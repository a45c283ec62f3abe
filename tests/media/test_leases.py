"""What a worker says about itself, and to rooms, in Redis."""

import asyncio

import pytest
from django.conf import settings
from msgspec import json, msgpack
from redis import asyncio as aioredis

from live import bell as kernels
from live.frames import Frame, payloads
from rooms.media import bell, leases
from rooms.media.bell import Bell
from rooms.media.leases import Lease, Load

from .stage import stage, until


@pytest.fixture
async def redis():
    async with aioredis.Redis.from_url(settings.REDIS_URL) as there:
        yield there


async def test_a_lease_tells_where_the_door_is_and_what_it_is_worth(redis):
    async with stage(redis_url=settings.REDIS_URL) as s:
        await s.plan(revision=12)
        await s.publisher()
        await s.viewer()
        lease = Lease(s.worker, "http://127.0.0.1:41234")
        await lease.start()
        key = f"media:worker:{s.worker.name}"
        said = json.decode(await redis.get(key))
        assert said["name"] == s.worker.name
        assert said["http"] == "http://127.0.0.1:41234"
        assert said["rooms"] == {"7": 12}
        assert said["viewers"] == 1
        assert 0 <= said["cpu"] <= 1
        assert {"pps", "at"} <= set(said)
        assert 0 < await redis.pttl(key) <= leases.LIFE
        await lease.stop()
        assert await redis.get(key) is None


async def test_a_lease_is_renewed(redis, monkeypatch):
    monkeypatch.setattr(leases, "EVERY", 0.05)
    async with stage(redis_url=settings.REDIS_URL) as s:
        lease = Lease(s.worker, "http://127.0.0.1:1")
        await lease.start()
        await redis.delete(leases.key(s.worker.name))
        renewed = []
        while not renewed:
            renewed = await redis.keys(leases.key(s.worker.name))
        await lease.stop()


async def test_a_lease_that_is_being_renewed_can_be_stopped(redis, monkeypatch):
    """asyncio.wait_for loses a cancellation that comes in the turn in which what it waits for is done."""
    monkeypatch.setattr(leases, "EVERY", 0)
    async with stage(redis_url=settings.REDIS_URL) as s, asyncio.timeout(60):
        for turns in range(60):
            lease = Lease(s.worker, "http://127.0.0.1:1")
            await lease.start()
            for _ in range(turns % 20):
                await asyncio.sleep(0)
            await lease.stop()
            assert await redis.get(leases.key(s.worker.name)) is None


async def test_without_redis_the_worker_goes_on(caplog):
    async with stage(redis_url="unix:///nowhere") as s:
        lease = Lease(s.worker, "http://127.0.0.1:1")
        await lease.start()
        await lease.renew()
        assert [record.getMessage()[:26] for record in caplog.records] == ["the lease can't be renewed"]
        s.worker.ring("room.7", "media", {})
        await until(lambda: s.worker.bell.is_away)
        await lease.stop()


async def test_load_is_told_in_rates():
    async with stage() as s:
        load = Load(s.worker)
        s.worker.counters["packets_out"] += 500
        assert load.since_last(load.at + 2, load.cpu + 0.5) == {"pps": 250, "cpu": 0.25}
        assert load.since_last(load.at + 1, load.cpu) == {"pps": 0, "cpu": 0.0}


def test_a_whisper_is_written_as_the_kernel_reads_it():
    assert bell.PREFIX == kernels.PREFIX
    assert len(bell.NOBODY) == kernels.ORIGIN


async def test_rooms_hear_whispers(redis):
    ears = redis.pubsub()
    await ears.subscribe("live:room.7")
    await ears.get_message(timeout=5)
    ours = Bell(settings.REDIS_URL)
    ours.ring("room.7", "media", {"speaking": 84})
    message = await ears.get_message(timeout=5)
    [frame] = msgpack.decode(message["data"][kernels.ORIGIN :], type=list[Frame])
    assert (frame.topic, frame.seq, frame.event) == ("room.7", 0, "media")
    [said] = payloads(frame.wire)
    assert json.decode(said) == {"on": "room.7", "event": "media", "data": {"speaking": 84}}
    await ours.close()
    await ears.aclose()


async def test_the_newest_whisper_replaces_the_one_that_waits(redis):
    ears = redis.pubsub()
    await ears.subscribe("live:room.7")
    await ears.get_message(timeout=5)
    ours = Bell(settings.REDIS_URL)
    for level in range(10):
        ours.ring("room.7", "media", {"level": level})
    await ours.close()
    first = await ears.get_message(timeout=5)
    assert b'"level":9' in first["data"]
    assert await ears.get_message(timeout=0.1) is None
    await ears.aclose()
