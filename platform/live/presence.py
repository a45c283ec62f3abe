"""Who is here: leases in Redis that their process keeps renewing. A crash needs no cleaning up."""

import logging
import time
from collections.abc import Callable, Collection, Mapping

from django.conf import settings
from redis.asyncio import Redis

from . import frames
from .bell import AWAY
from .stream import Stream

logger = logging.getLogger(__name__)

PREFIX = "here:"
TURN = 1.0  # seconds between two counts
PARTS = 3  # of a lease: it is renewed after one of them
NAMES = 500  # people told by id at most


async def who_is_on(topics: Collection[str]) -> dict[str, set[int]] | None:
    """Ids of the people on each of these topics, in whatever process; None while nobody can tell."""
    if not topics:
        return {}
    redis, now = Redis.from_url(settings.REDIS_URL, socket_timeout=TURN, socket_connect_timeout=TURN), time.time()
    try:
        async with redis.pipeline(transaction=False) as pipe:
            for topic in topics:
                pipe.zrangebyscore(PREFIX + topic, now, "+inf")
            answers = await pipe.execute()
    except AWAY as problem:
        logger.warning("nobody can tell who is here: %r", problem)
        return None
    finally:
        await redis.aclose()
    return {topic: {int(person) for person in answer} for topic, answer in zip(topics, answers, strict=True)}


class Presence:
    """A sorted set for each topic: people by the time at which their lease ends.

    Whoever leaves is not struck off at once, for they may be here through another page or process, whose
    renewal then comes in time; a reconnecting reader does not flicker.
    """

    def __init__(self, redis: Redis, streams: Mapping[str, Stream], tell: Callable[[Stream, bytes], None]):
        self.redis = redis
        self.streams = streams
        self.tell = tell
        self.came: dict[str, set[int]] = {}
        self.went: dict[str, set[int]] = {}
        self.renewed = 0.0

    def arrived(self, stream: Stream, person: int) -> None:
        if stream.presence:
            self.came.setdefault(stream.topic, set()).add(person)

    def left(self, stream: Stream, person: int) -> None:
        if stream.presence:
            self.went.setdefault(stream.topic, set()).add(person)

    async def turn(self) -> None:
        """Renew, count, and tell those whose count has changed."""
        watched = [stream for stream in self.streams.values() if stream.presence and stream.readers]
        if not (watched or self.went):
            return
        try:
            counted = await self._counted(watched, time.time())
        except AWAY as problem:
            logger.warning("presence is counted alone: %r", problem)
            counted = [sorted(stream.people()) for stream in watched]
        for stream, people in zip(watched, counted, strict=True):
            self._tell_if_new(stream, people)

    async def _counted(self, watched: list[Stream], now: float) -> list[int | list[int]]:
        async with self.redis.pipeline(transaction=False) as pipe:
            self._shorten_leases(pipe, now)
            self._renew_leases(pipe, watched, now)
            for stream in watched:
                self._ask(pipe, stream)
            answers = await pipe.execute()
        return [_ids(answer) for answer in answers[len(answers) - len(watched) :]]

    def _shorten_leases(self, pipe, now: float) -> None:
        went, self.went = self.went, {}
        soon = now + settings.LIVE_LEASE / PARTS + TURN
        for topic, people in went.items():
            if gone := people - self._still_here(topic):
                pipe.zadd(PREFIX + topic, dict.fromkeys(gone, soon), xx=True)

    def _still_here(self, topic: str) -> set[int]:
        stream = self.streams.get(topic)
        return stream.people() if stream else set()

    def _renew_leases(self, pipe, watched: list[Stream], now: float) -> None:
        came, self.came = self.came, {}
        due = now - self.renewed >= settings.LIVE_LEASE / PARTS
        self.renewed = now if due else self.renewed
        for stream in watched:
            people = stream.people() if due else came.get(stream.topic, set()) & stream.people()
            self._renew(pipe, PREFIX + stream.topic, people, now)

    @staticmethod
    def _renew(pipe, key: str, people: set[int], now: float) -> None:
        if people:
            pipe.zadd(key, dict.fromkeys(people, now + settings.LIVE_LEASE))
            pipe.expire(key, int(settings.LIVE_LEASE) + 60)
        pipe.zremrangebyscore(key, "-inf", now)

    @staticmethod
    def _ask(pipe, stream: Stream) -> None:
        if stream.presence == "people":
            pipe.zrange(PREFIX + stream.topic, 0, -1)
        else:
            pipe.zcard(PREFIX + stream.topic)

    def _tell_if_new(self, stream: Stream, counted: int | list[int]) -> None:
        here = _frame(stream, counted)
        if here != stream.here:
            stream.here = here
            self.tell(stream, here)


def _ids(answer) -> int | list[int]:
    return answer if isinstance(answer, int) else sorted(int(person) for person in answer)


def _frame(stream: Stream, counted: int | list[int]) -> bytes:
    count = counted if isinstance(counted, int) else len(counted)
    names = counted[:NAMES] if stream.presence == "people" and isinstance(counted, list) else None
    return frames.of_here(stream.topic, count, names)
