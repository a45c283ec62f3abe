"""How a reader comes into a topic without missing anything and without hearing anything twice."""

import asyncio
import time

from django.conf import settings

from . import frames, log
from .looking import Looking
from .presence import Presence
from .refusal import Refused
from .stream import Picture, Reading, Stream
from .topics import kind_of

STALE = 20  # frames that a cached picture may be behind
OLD = 5.0  # seconds that a cached picture is good for
TRIES = 5  # to enter a topic that is faster than its own pictures


def wall_clock() -> int:
    """The server's time as clients are told it: milliseconds since 1970."""
    return int(time.time() * 1000)


class Entrance:
    """Welcomes readers to open streams."""

    def __init__(self, looking: Looking, presence: Presence):
        self.looking = looking
        self.presence = presence

    async def enter(self, stream: Stream, reading: Reading, since: int | None) -> None:
        """Raises Refused."""
        stream.presence = kind_of(stream.topic).presence
        mine = frames.of_mine(stream.topic, await self.looking.welcome(reading.person, stream.topic))
        for _ in range(TRIES):
            seq, snapshot = await self._start(stream, since)
            tail = stream.channel.after(seq, stream.channel.sent)
            if tail is not None:
                return self._join(stream, reading, [snapshot, mine, *tail], max(seq, stream.channel.sent))
            since = None
        raise Refused("try.again")

    def _join(self, stream: Stream, reading: Reading, told: list[bytes], seq: int) -> None:
        """No await between looking up the tail and this, or frames would be lost or told twice."""
        if reading.goes_on:
            reading.sink.give(b"".join([*told, frames.of_entered(stream.topic, seq, wall_clock()), stream.here]))
            stream.readers[reading.sink] = reading
            self.presence.arrived(stream, reading.person)

    def leave(self, stream: Stream, reading: Reading) -> None:
        if stream.readers.get(reading.sink) is reading:
            del stream.readers[reading.sink]
            self.presence.left(stream, reading.person)

    async def _start(self, stream: Stream, since: int | None) -> tuple[int, bytes]:
        """From which seq on a newcomer can follow the frames, and what they are told before."""
        if since is not None and await self._reaches_back(stream, since):
            return since, b""
        picture = await self._picture(stream)
        return picture.seq, picture.wire

    async def _reaches_back(self, stream: Stream, since: int) -> bool:
        channel = stream.channel
        if not 0 <= channel.sent - since <= settings.LIVE_RING:
            return False
        if channel.after(since, channel.sent) is None:
            stream.filling = stream.filling or asyncio.ensure_future(self._fill(stream))
            await asyncio.shield(stream.filling)
        return channel.after(since, channel.sent) is not None

    async def _fill(self, stream: Stream) -> None:
        """The ring as it was before this process was started."""
        channel = stream.channel
        try:
            before = max(0, channel.sent - settings.LIVE_RING)
            channel.remember(await self.looking.look(log.since, stream.topic, before, settings.LIVE_RING))
        finally:
            stream.filling = None

    async def _picture(self, stream: Stream) -> Picture:
        """The last one, if it is fresh; else drawn once for all who wait."""
        if stream.picture is None or not self._is_fresh(stream, stream.picture):
            stream.drawing = stream.drawing or asyncio.ensure_future(self._draw(stream))
            return await asyncio.shield(stream.drawing)
        return stream.picture

    @staticmethod
    def _is_fresh(stream: Stream, picture: Picture) -> bool:
        young = time.monotonic() - picture.drawn < OLD and stream.channel.sent - picture.seq <= STALE
        return young and stream.channel.after(picture.seq, stream.channel.sent) is not None

    async def _draw(self, stream: Stream) -> Picture:
        drawn = time.monotonic()
        try:
            stream.picture = Picture(*await self.looking.picture(stream.topic), drawn)
            return stream.picture
        finally:
            stream.drawing = None
