"""Which media worker a room lives on, and the way to its private door.

Workers announce themselves by leases in Redis (rooms/media/leases.py). A room lives on one of them for as long as that
one lives; then it is placed anew, on the one with the least to do, by whoever needs it first.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import msgspec
from django.conf import settings
from redis import RedisError
from redis import asyncio as aioredis

from live.refusal import Refused

from .plans import Plan

logger = logging.getLogger(__name__)

WORKER, ROOM = "media:worker:", "media:room:"
KEPT = 24 * 60 * 60  # seconds that a place is remembered after it was last asked for
TIMEOUT = 1.0  # seconds, for Redis
PATIENCE = aiohttp.ClientTimeout(total=10, sock_connect=2)
LINES = 32  # to Redis, and to the workers' doors; whoever comes when all are in use waits
TRIES = 3  # workers that may turn out to be dead one after the other
AWAY = (RedisError, OSError)
LOST = (aiohttp.ClientError, TimeoutError)

# Whoever comes first decides, and a place on a worker without a lease is none.
PLACE = """
local held = redis.call('GET', KEYS[1])
if held and redis.call('EXISTS', ARGV[2] .. held) == 0 then held = nil end
held = held or ARGV[1]
redis.call('SET', KEYS[1], held, 'EX', ARGV[3])
return held
"""


class Lease(msgspec.Struct):
    """What a worker says of itself. `rooms` are the revisions of their plans by the room's id."""

    name: str
    http: str
    rooms: dict[str, int] = {}
    viewers: int = 0
    cpu: float = 0

    def revision(self, room: int) -> int:
        """Of the last plan that it is known to have; 0 if it has none."""
        return max(self.rooms.get(str(room), 0), _told.get((self.name, room), 0))

    @property
    def load(self) -> tuple[float, int, int]:
        return round(self.cpu, 1), len(self.rooms), self.viewers


class Answer(NamedTuple):
    """What a worker's door said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Known(NamedTuple):
    """The revision of a stage that somebody has seen; `plan()` looks for the plan, when a worker needs it."""

    revision: int
    plan: Callable[[], Awaitable[Plan]]


class Gone(Exception):
    """Nobody is at this worker's door any more."""


_told: dict[tuple[str, int], int] = {}  # by worker and room: leases are up to a second older than what we told
_lease = msgspec.json.Decoder(Lease)
_people = msgspec.json.Decoder(set[int])


class Workers:
    """The workers there are, over lines of their own: `async with Workers() as workers`."""

    async def __aenter__(self) -> "Workers":
        self.loop = asyncio.get_running_loop()
        self.redis = aioredis.Redis.from_pool(
            aioredis.BlockingConnectionPool.from_url(
                settings.REDIS_URL,
                max_connections=LINES,
                timeout=PATIENCE.total,
                socket_timeout=TIMEOUT,
                socket_connect_timeout=TIMEOUT,
                decode_responses=True,
            )
        )
        self.doors = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=LINES),
            timeout=PATIENCE,
            headers={"Authorization": f"Bearer {settings.MEDIA_KEY}"},
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.doors.close()
        await self.redis.aclose()

    # leases

    async def leases(self) -> list[Lease]:
        """Of all who live. Raises AWAY."""
        names = [name async for name in self.redis.scan_iter(match=f"{WORKER}*", count=1000)]
        found = await self.redis.mget(names) if names else []
        return [_lease.decode(lease) for lease in found if lease]

    async def lease(self, name: str) -> Lease | None:
        found = await self.redis.get(WORKER + name)
        return _lease.decode(found) if found else None

    async def bury(self, lease: Lease) -> None:
        """Nobody listens at its door: do not wait for the lease to run out. One who lives renews it."""
        logger.warning("the media worker %s is gone", lease.name)
        await self.redis.delete(WORKER + lease.name)

    async def is_there(self, lease: Lease) -> bool:
        """Somebody listens. A worker that is merely slow counts as there, until its lease is over."""
        at = urlsplit(lease.http)
        try:
            async with asyncio.timeout(TIMEOUT):
                _, line = await asyncio.open_connection(at.hostname, at.port)
        except ConnectionRefusedError:
            return False
        except (OSError, TimeoutError):
            return True
        line.close()
        return True

    # places

    async def home(self, room: int) -> Lease:
        """The worker of a room, which is placed now if it has none. Raises Refused("media.away"), AWAY."""
        name = await self.redis.get(f"{ROOM}{room}")
        lease = await self.lease(str(name)) if name else None
        return lease or await self._place(room)

    async def _place(self, room: int) -> Lease:
        candidates = {lease.name: lease for lease in await self.leases()}
        if not candidates:
            raise Refused("media.away")
        chosen = await self.claim(room, min(candidates.values(), key=lambda lease: lease.load))
        lease = candidates.get(chosen) or await self.lease(chosen)
        if lease is None:
            raise Refused("media.away")
        return lease

    async def claim(self, room: int, lease: Lease) -> str:
        """The name of the worker that has the room: this one, unless another one that lives has it already."""
        return await self.redis.eval(PLACE, 1, f"{ROOM}{room}", lease.name, WORKER, KEPT)

    # doors

    async def ask(
        self, lease: Lease, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Raises Gone when nobody is there, Refused("media.away") when nobody answers in time."""
        try:
            async with self.doors.request(method, lease.http + path, data=body or None, headers=headers) as answer:
                return Answer(answer.status, answer.headers, await answer.read())
        except LOST as problem:
            if not await self.is_there(lease):
                raise Gone from None
            logger.warning("the media worker %s does not answer: %r", lease.name, problem)
            raise Refused("media.away") from None

    async def tell(self, lease: Lease, plan: Plan) -> None:
        """Raises what `ask` raises."""
        answer = await self.ask(lease, "PUT", f"/rooms/{plan['room']}", msgspec.json.encode(plan))
        if answer.status == 204:
            _told[lease.name, plan["room"]] = plan["revision"]
        else:
            logger.error("the media worker %s took no plan: %d %s", lease.name, answer.status, answer.body[:500])

    async def close_room(self, lease: Lease, room: int) -> None:
        """Everybody there is let go, so that they come to the room's own worker."""
        _told.pop((lease.name, room), None)
        await self.ask(lease, "DELETE", f"/rooms/{room}")

    async def audience(self, lease: Lease, room: int) -> set[int]:
        """Those who watch there and are in no plan. Raises what `ask` raises."""
        return await self._people_at(lease, f"/rooms/{room}/audience")

    async def screens(self, lease: Lease, room: int) -> set[int]:
        """Those whose screen is sent there. Raises what `ask` raises."""
        return await self._people_at(lease, f"/rooms/{room}/screens")

    async def _people_at(self, lease: Lease, path: str) -> set[int]:
        answer = await self.ask(lease, "GET", path)
        return _people.decode(answer.body) if answer.status == 200 else set()

    async def see_out(self, lease: Lease, room: int, person: int) -> None:
        await self.ask(lease, "DELETE", f"/rooms/{room}/audience/{person}")

    async def join(self, room: int, known: Known, what: str, offer: bytes, media_type: str) -> Answer:
        """Bring an offer to `/rooms/7/{what}` on the room's worker, who knows the plan by then.

        Raises Refused("media.away").
        """
        for _ in range(TRIES):
            lease = await self.home(room)
            try:
                return await self._join(lease, room, known, what, offer, media_type)
            except Gone:
                await self.bury(lease)
        raise Refused("media.away")

    async def _join(self, lease: Lease, room: int, known: Known, what: str, offer: bytes, media_type: str) -> Answer:
        if lease.revision(room) < known.revision:
            await self.tell(lease, await known.plan())
        path, headers = f"/rooms/{room}/{what}", {"Content-Type": media_type}
        answer = await self.ask(lease, "POST", path, offer, headers)
        if answer.status != 409:
            return answer
        await self.tell(lease, await known.plan())  # it had forgotten the room, which was empty for long
        return await self.ask(lease, "POST", path, offer, headers)


_held: Workers | None = None


@asynccontextmanager
async def held() -> AsyncIterator[Workers]:
    """Workers for as long as the block runs, which whoever says `at_hand` in this loop may use as well."""
    global _held
    async with Workers() as workers:
        _held = workers
        try:
            yield workers
        finally:
            _held = None


@asynccontextmanager
async def at_hand() -> AsyncIterator[Workers]:
    if _held is not None and _held.loop is asyncio.get_running_loop():
        yield _held
    else:
        async with Workers() as workers:
            yield workers


def forget(known: Container[str]) -> None:
    """What was told to workers that are none of these any more."""
    for key in [key for key in _told if key[0] not in known]:
        del _told[key]
