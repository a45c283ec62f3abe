"""What this process hears, put in order and handed to its sockets."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from functools import partial
from itertools import chain
from typing import Any, Protocol

from django.conf import settings
from django.db import Error

from . import chores, frames, log, writer
from .access import ACCESS, topic_of
from .batches import Batches, ended
from .bell import Bell
from .chores import Chore
from .commit import forget_receipts
from .entrance import Entrance, wall_clock
from .frames import Frame
from .looking import Looking
from .presence import TURN, Presence
from .refusal import Refused
from .sink import Sink
from .stream import Reading, Stream
from .topics import kind_of, name_of_kind
from .writer import Writer

logger = logging.getLogger(__name__)

AT_A_TIME = 256  # sockets written to before others get their turn
HOUR = 3600.0
GAP = 0.05  # seconds that a missing frame may still be on its way


class Visitor(Protocol):
    """Somebody's open socket."""

    person: int
    sink: Sink

    def recheck(self, topic: str | None = None) -> None:
        """What the person may do has changed, everywhere or on this topic."""


class Hub:
    """One for each process, living in its loop."""

    def __init__(self):
        self.streams: dict[str, Stream] = {}
        self.visitors: dict[int, set[Visitor]] = {}
        self.looking = Looking()
        self.bell = Bell(self.hear, self.look_soon)
        self.writer = Writer(self._committed)
        self.presence = Presence(self.bell.mouth, self.streams, self._aside)
        self.entrance = Entrance(self.looking, self.presence)
        self.opening: Batches[Stream] = Batches(self._begin_all)
        self.rounds: dict[str, asyncio.Task[None]] = {}
        self.tasks: set[asyncio.Task[Any]] = set()
        self.poke = asyncio.Event()

    def start(self) -> "Hub":
        for turn in (self._poll, self._beat, self._count, self._tidy):
            self.spawn(_for_ever(turn))
        for chore in chores.all_of_them():
            self.spawn(_for_ever(partial(self._do, chore)))
        writer.take_over(self.writer)
        return self

    async def close(self) -> None:
        """Readers are asked to come back elsewhere; what they asked before is still committed and answered."""
        writer.take_over(None)
        self.farewell()
        await self.writer.close()
        await asyncio.gather(*self.rounds.values())
        await ended(self.tasks)
        await self.bell.close()
        await self.looking.close()

    def farewell(self) -> None:
        """Tell everybody to come back within the next seconds, not all at once."""
        bye = frames.of_bye(settings.LIVE_FAREWELL)
        for visitors in self.visitors.values():
            for visitor in visitors:
                visitor.sink.write(bye)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    # hearing

    def _committed(self, heard: list[Frame]) -> None:
        self.hear(heard)
        self.bell.ring(heard)

    def hear(self, heard: Iterable[Frame]) -> None:
        for topic, some in frames.by_topic(heard).items():
            if stream := self.streams.get(topic):
                self._hear(stream, some)

    def _hear(self, stream: Stream, heard: Iterable[Frame]) -> None:
        self._follow(stream, stream.channel.hear(heard))
        if stream.channel.has_gap():
            self._mend_soon(stream)

    def _follow(self, stream: Stream, released: list[Frame]) -> None:
        self._tell(stream)
        if any(frame.event == ACCESS for frame in released):
            self._recheck(stream.topic)

    def _recheck(self, topic: str) -> None:
        if name_of_kind(topic) == "person":
            for visitor in list(self.visitors.get(int(topic.partition(".")[2]), ())):
                visitor.recheck()
        else:
            for visitor in list(chain.from_iterable(self.visitors.values())):
                visitor.recheck(topic)

    # mending: the bell may be lost, the database not

    def _mend_soon(self, stream: Stream) -> None:
        if not stream.mending:
            stream.mending = True
            asyncio.get_running_loop().call_later(GAP, self._mend, stream, stream.channel.seq)

    def _mend(self, stream: Stream, seen: int | None) -> None:
        stream.mending = False
        if stream.channel.seq == seen:
            self.spawn(self._repair(stream))
        elif stream.channel.has_gap():
            self._mend_soon(stream)

    async def _repair(self, stream: Stream) -> None:
        try:
            missed = await self.looking.look(log.since, stream.topic, stream.channel.seq, settings.LIVE_RING)
        except Error as problem:
            logger.warning("%s could not be mended: %r", stream.topic, problem)
            return
        if not missed:
            stream.channel.early.clear()  # nobody said that, whatever the bell told
        self._hear(stream, missed)

    def look_soon(self) -> None:
        """Ask the database for news without waiting for the next turn."""
        self.poke.set()

    async def _poll(self) -> None:
        await self._poked_or(settings.LIVE_POLL)
        await self._close_idle()
        try:
            self._compare(await self.looking.look(log.seqs, list(self.streams)))
        except Error as problem:
            logger.warning("the database is away: %r", problem)

    async def _poked_or(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.poke.wait()
        except TimeoutError:
            return
        self.poke.clear()

    def _compare(self, seqs: dict[str, int]) -> None:
        for topic, seq in seqs.items():
            stream = self.streams.get(topic)
            if stream and stream.channel.seq is not None and stream.channel.seq < seq:
                self._mend_soon(stream)

    # telling

    def _tell(self, stream: Stream) -> None:
        """One write to each socket for all that is new; what comes meanwhile is the next round."""
        if stream.topic in self.rounds or not stream.channel.has_news():
            return
        if len(stream.readers) <= AT_A_TIME:
            self._write(list(stream.readers), stream.channel.news())
        else:
            self.rounds[stream.topic] = asyncio.ensure_future(self._rounds(stream))

    async def _rounds(self, stream: Stream) -> None:
        try:
            while stream.channel.has_news():
                await self._round(stream)
        finally:
            del self.rounds[stream.topic]

    async def _round(self, stream: Stream) -> None:
        wire, sinks = stream.channel.news(), list(stream.readers)
        for at in range(0, len(sinks), AT_A_TIME):
            self._write([sink for sink in sinks[at : at + AT_A_TIME] if sink in stream.readers], wire)
            await asyncio.sleep(0)

    @staticmethod
    def _write(sinks: list[Sink], wire: bytes) -> None:
        for sink in sinks:
            sink.write(wire)

    def _aside(self, stream: Stream, wire: bytes) -> None:
        stream.channel.asides.append(wire)
        self._tell(stream)

    async def _beat(self) -> None:
        await asyncio.sleep(settings.LIVE_BEAT)
        for stream in list(self.streams.values()):
            if stream.readers:
                self._aside(stream, frames.of_beat(stream.topic, stream.channel.sent, wall_clock()))
                await asyncio.sleep(0)

    async def _tidy(self) -> None:
        await asyncio.sleep(HOUR)
        await self.writer.run(forget_receipts)

    async def _do(self, chore: Chore) -> None:
        await asyncio.sleep(chore.every)
        await chore.work(self.looking.look)

    async def _count(self) -> None:
        await asyncio.sleep(TURN)
        await self.presence.turn()

    # opening and closing topics

    @asynccontextmanager
    async def held(self, topic: str) -> AsyncIterator[Stream]:
        """The topic, open for as long as the block runs."""
        stream = self._stream(topic)
        stream.holds += 1
        try:
            await asyncio.shield(stream.begun)
            yield stream
        finally:
            stream.holds -= 1

    def _stream(self, topic: str) -> Stream:
        if topic not in self.streams:
            self.streams[topic] = Stream(topic)
            self.opening.add(self.streams[topic])
        return self.streams[topic]

    async def _begin_all(self, streams: list[Stream]) -> None:
        """Listen first, then ask how far they are: what is said in between is heard early, not lost."""
        topics = [stream.topic for stream in streams]
        try:
            await self.bell.listen_to(topics)
            seqs = await self.looking.look(log.seqs, topics)
        except Exception:
            logger.exception("%d topics could not be opened", len(topics))
            self._fail_to_open(streams)
        else:
            for stream in streams:
                self._begin(stream, seqs.get(stream.topic, 0))

    def _begin(self, stream: Stream, seq: int) -> None:
        released = stream.channel.begin(seq)
        stream.begun.set_result(None)
        self._follow(stream, released)

    def _fail_to_open(self, streams: list[Stream]) -> None:
        """Everybody who waits is answered, and the next one tries again."""
        for stream in streams:
            self.streams.pop(stream.topic, None)
            stream.begun.set_exception(Refused("try.again"))

    async def _close_idle(self) -> None:
        now = time.monotonic()
        idle = [stream.topic for stream in self.streams.values() if stream.begun.done() and stream.is_idle(now)]
        for topic in idle:
            del self.streams[topic]
        if idle:
            await self.bell.forget(idle)

    # people coming and going

    @asynccontextmanager
    async def visit(self, visitor: Visitor) -> AsyncIterator[None]:
        """While the block runs, the visitor hears at once when what they may do has changed."""
        async with self.held(topic_of(visitor.person)):
            visitors = self.visitors.setdefault(visitor.person, set())
            visitors.add(visitor)
            try:
                yield
            finally:
                visitors.discard(visitor)
                if not visitors:
                    self.visitors.pop(visitor.person, None)

    async def enter(self, reading: Reading, since: int | None = None) -> None:
        """Tell the reader everything up to now, then everything from now on, in order and once.

        Raises Refused.
        """
        kind_of(reading.topic)  # nothing is opened for a topic that cannot be
        async with self.held(reading.topic) as stream:
            await self.entrance.enter(stream, reading, since)

    def leave(self, reading: Reading) -> None:
        reading.goes_on = False
        if stream := self.streams.get(reading.topic):
            self.entrance.leave(stream, reading)


async def _for_ever(turn: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await turn()
        except Exception:
            logger.exception("a turn was lost")
            await asyncio.sleep(1)


_current: Hub | None = None


def current() -> Hub:
    """The hub of this process, started in the loop that asks for it first."""
    global _current
    if _current is None:
        _current = Hub().start()
    return _current


async def close() -> None:
    global _current
    if _current is not None:
        hub, _current = _current, None
        await hub.close()
