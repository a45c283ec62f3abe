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
from redis.asyncio.client import PubSub

from .batches import Batches, ended
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
        self.pubsub: PubSub | None = None  # while Redis is there
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
        if self.listener is None:
            await self._connect()
            self.listener = self.listener or asyncio.ensure_future(self._listen())
        await self._tell_redis("subscribe", new)

    async def forget(self, topics: Iterable[str]) -> None:
        self.topics -= (old := set(topics))
        await self._tell_redis("unsubscribe", old)

    async def _tell_redis(self, what: str, topics: set[str]) -> None:
        async with self.changing:
            if self.pubsub:
                try:
                    await getattr(self.pubsub, what)(*(PREFIX + topic for topic in topics))
                except AWAY as problem:
                    self._miss(problem)

    async def _connect(self) -> None:
        """Listen to everything at once; after Redis was away, whoever waits for news should look for them."""
        async with self.changing:
            pubsub = self.ears.pubsub()
            try:
                await pubsub.subscribe(PREFIX, *(PREFIX + topic for topic in self.topics))
            except AWAY as problem:
                return self._miss(problem)
            self.pubsub = pubsub
        self._reach()
        return self.woken()

    async def _listen(self) -> None:
        while True:
            if self.pubsub:
                await self._hear_next(self.pubsub)
            else:
                await asyncio.sleep(0.2 + random.random() * 0.3)
                await self._connect()

    async def _hear_next(self, pubsub: PubSub) -> None:
        try:
            self._hear(await pubsub.get_message(ignore_subscribe_messages=True, timeout=None))
        except AWAY as problem:
            self._miss(problem)
            self.pubsub = None
            await pubsub.aclose()

    def _hear(self, message: dict | None) -> None:
        if not message or message["data"][:ORIGIN] == self.origin:
            return
        try:
            self.heard(_decoder.decode(message["data"][ORIGIN:]))
        except Exception:
            logger.exception("a message of %s could not be heard", message["channel"])

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
        await ended({self.listener} if self.listener else ())
        if self.pubsub:
            await self.pubsub.aclose()
        await self.ears.aclose()
        await self.mouth.aclose()
