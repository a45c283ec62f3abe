"""Whispers to rooms: straight onto the kernel's bell, where web processes hear them (platform/live/bell.py)."""

import asyncio
import logging

import msgspec
from redis import RedisError
from redis import asyncio as aioredis

from live import frames
from live.frames import Frame

logger = logging.getLogger(__name__)

# The kernel's; it is held against them in tests/media/test_bell.py.
PREFIX = "live:"
NOBODY = bytes(8)  # in place of the web process that rang: all of them are to hear it
TIMEOUT = 1.0  # seconds
AWAY = (RedisError, OSError)


class Bell:
    def __init__(self, redis_url: str):
        self.redis = aioredis.Redis.from_url(redis_url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
        self.waiting: dict[tuple[str, str], Frame] = {}
        self.task: asyncio.Task[None] | None = None
        self.is_away = False

    def ring(self, topic: str, event: str, data: dict) -> None:
        """The newest of an event replaces the one that still waits: whispers tell how things are, not what happened."""
        self.waiting[topic, event] = frames.of_whisper(topic, event, msgspec.json.encode(data).decode())
        if self.task is None:
            self.task = asyncio.ensure_future(self._ring())

    async def _ring(self) -> None:
        try:
            while self.waiting:
                batch, self.waiting = list(self.waiting.values()), {}
                await self._publish(batch)
        finally:
            self.task = None

    async def _publish(self, batch: list[Frame]) -> None:
        try:
            async with self.redis.pipeline(transaction=False) as pipe:
                for frame in batch:
                    pipe.publish(PREFIX + frame.topic, NOBODY + msgspec.msgpack.encode([frame]))
                await pipe.execute()
            self.is_away = False
        except AWAY as problem:
            if not self.is_away:
                logger.warning("the bell is away: %r", problem)
            self.is_away = True

    async def close(self) -> None:
        if self.task:
            await asyncio.wait([self.task])
        await self.redis.aclose()
