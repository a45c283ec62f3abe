"""Tells the web processes that this worker is there, where its door is, and how loaded it is.

A lease in Redis that is renewed each second and lost after three: `media:worker:<name>`.
"""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import msgspec
from redis import RedisError
from redis import asyncio as aioredis

from live.batches import ended

if TYPE_CHECKING:
    from .worker import Worker

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds
LIFE = 3000  # milliseconds
TIMEOUT = 1.0
AWAY = (RedisError, OSError)


def key(name: str) -> str:
    return f"media:worker:{name}"


class Lease:
    def __init__(self, worker: "Worker", http: str):
        """`http` is the address of the door, as web processes reach it."""
        self.worker = worker
        self.http = http
        self.redis = aioredis.Redis.from_url(
            worker.settings.redis_url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT
        )
        self.load = Load(worker)
        self.is_away = False
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.renew()
        self.task = asyncio.ensure_future(self._renew_for_ever())

    async def stop(self) -> None:
        """The lease is given back, so that rooms are placed anew at once."""
        if self.task:
            await ended([self.task])
        try:
            await self.redis.delete(key(self.worker.name))
        except AWAY as problem:
            logger.warning("the lease is left to run out: %r", problem)
        await self.redis.aclose()

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.renew()

    async def renew(self) -> None:
        try:
            await self.redis.set(key(self.worker.name), msgspec.json.encode(self.said()), px=LIFE)
            self.is_away = False
        except AWAY as problem:
            if not self.is_away:
                logger.warning("the lease can't be renewed: %r", problem)
            self.is_away = True

    def said(self) -> dict:
        worker = self.worker
        return {
            "name": worker.name,
            "http": self.http,
            "rooms": {str(number): room.plan.revision for number, room in worker.rooms.items() if room.plan},
            "viewers": worker.viewers,
            **self.load.since_last(worker.clock(), time.process_time()),
            "at": time.time(),
        }


class Load:
    """Rates between two looks."""

    def __init__(self, worker: "Worker"):
        self.worker = worker
        self.at = worker.clock()
        self.cpu = time.process_time()
        self.packets = 0

    def since_last(self, now: float, cpu: float) -> dict:
        """`pps`: packets out per second; `cpu`: the share of one core."""
        packets = self.worker.counters["packets_out"]
        span = max(now - self.at, 0.001)
        rates = {
            "pps": round((packets - self.packets) / span),
            "cpu": round(min(1.0, (cpu - self.cpu) / span), 3),
        }
        self.at, self.cpu, self.packets = now, cpu, packets
        return rates
