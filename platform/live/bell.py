"""Redis pub/sub: tells other processes at once what the database would tell them within a second anyway."""

import asyncio
import logging
import os
import random
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain

import msgspec
import redis
from django.conf import settings
from redis import RedisError
from redis import asyncio as aioredis

from .batches import Batches
from .frames import Frame, by_topic

logger = logging.getLogger(__name__)

PREFIX = "live:"
ORIGIN = 8  # bytes in front of each message that say who rang
TIMEOUT = 1.0  # seconds
AWAY = (RedisError, OSError)
_decoder = msgspec.msgpack.Decoder(list[Frame])


def ring_from_here(frames: list[Frame]) -> None:
    """Ring once, from a process without a loop."""
    if not frames:
        return
    try:
        _publish_all(_redis(settings.REDIS_URL).pipeline(transaction=False), bytes(ORIGIN), frames).execute()
    except AWAY as problem:
        logger.warning("the bell is away: %r", problem)


@lru_cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


def _publish_all(pipe, origin: bytes, frames: Iterable[Frame]):
    for topic, some in by_topic(frames).items():
        pipe.publish(PREFIX + topic, origin + msgspec.msgpack.encode(some))
    return pipe


class Bell:
    """Rings for what this process committed, and listens to the topics that it has readers for."""

    def __init__(self, heard: Callable[[list[Frame]], None], woken: Callable[[], None]):
        """`heard(frames)` of other processes; `woken()` after Redis was away."""
        self.heard = heard
        self.woken = woken
        self.origin = os.urandom(ORIGIN)
        self.topics: set[str] = set()
        self.mouth = aioredis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
        self.ears = aioredis.Redis.from_url(settings.REDIS_URL, socket_timeout=None, socket_connect_timeout=TIMEOUT)
        self.pubsub = self.ears.pubsub()
        self.ringing: Batches[list[Frame]] = Batches(self._ring)
        self.changing = asyncio.Lock()
        self.listener: asyncio.Task[None] | None = None
        self.is_away = False

    def ring(self, frames: list[Frame]) -> None:
        if frames:
            self.ringing.add(frames)

    async def _ring(self, batches: list[list[Frame]]) -> None:
        try:
            async with self.mouth.pipeline(transaction=False) as pipe:
                await _publish_all(pipe, self.origin, chain.from_iterable(batches)).execute()
            self._reach()
        except AWAY as problem:
            self._miss(problem)

    async def listen_to(self, topics: Iterable[str]) -> None:
        self.topics |= (new := set(topics))
        await self._tell_redis(self.pubsub.subscribe, new)
        self.listener = self.listener or asyncio.ensure_future(self._listen())

    async def forget(self, topics: Iterable[str]) -> None:
        self.topics -= (old := set(topics))
        await self._tell_redis(self.pubsub.unsubscribe, old)

    async def _tell_redis(self, what, topics: set[str]) -> None:
        async with self.changing:
            try:
                await what(*(PREFIX + topic for topic in topics))
            except AWAY as problem:
                self._miss(problem)

    async def _listen(self) -> None:
        while True:
            try:
                self._hear(await self.pubsub.get_message(ignore_subscribe_messages=True, timeout=None))
            except AWAY as problem:
                self._miss(problem)
                await asyncio.sleep(0.2 + random.random() * 0.3)
                await self._listen_anew()

    def _hear(self, message: dict | None) -> None:
        if not message or message["data"][:ORIGIN] == self.origin:
            return
        try:
            self.heard(_decoder.decode(message["data"][ORIGIN:]))
        except Exception:
            logger.exception("a message of %s could not be heard", message["channel"])

    async def _listen_anew(self) -> None:
        async with self.changing:
            await self.pubsub.aclose()
            self.pubsub = self.ears.pubsub()
            try:
                await self.pubsub.subscribe(PREFIX, *(PREFIX + topic for topic in self.topics))
            except AWAY:
                return  # the next message will fail too, and lead here again
        self._reach()
        self.woken()

    def _miss(self, problem: Exception) -> None:
        if not self.is_away:
            logger.warning("the bell is away, the record is asked instead: %r", problem)
        self.is_away = True

    def _reach(self) -> None:
        if self.is_away:
            logger.warning("the bell is back")
        self.is_away = False

    async def close(self) -> None:
        await self.ringing.drained()
        if self.listener:
            self.listener.cancel()
        await self.pubsub.aclose()
        await self.ears.aclose()
        await self.mouth.aclose()
