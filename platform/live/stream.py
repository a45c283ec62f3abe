"""A topic that is open in this process, and those who read it."""

import asyncio
import time
from typing import Literal, NamedTuple

from django.conf import settings

from .channel import Channel
from .sink import Sink


class Reading:
    """A socket that reads a topic, or is about to. It ends once, and for good."""

    __slots__ = ("goes_on", "person", "sink", "topic")

    def __init__(self, person: int, sink: Sink, topic: str):
        self.person = person
        self.sink = sink
        self.topic = topic
        self.goes_on = True


class Picture(NamedTuple):
    """A snapshot on the line, the seq that it stands for, and when it was begun."""

    seq: int
    wire: bytes
    drawn: float


class Stream:
    """The channel of a topic with its readers. It stays open while anybody reads or holds it."""

    def __init__(self, topic: str):
        self.topic = topic
        self.channel = Channel(settings.LIVE_RING)
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.readers: dict[Sink, Reading] = {}
        self.holds = 0
        self.idle_since = time.monotonic()
        self.mending = False
        self.presence: Literal["count", "people"] | None = None
        self.here = b""  # the last word on who is here
        self.picture: Picture | None = None
        self.drawing: asyncio.Task[Picture] | None = None
        self.filling: asyncio.Task[None] | None = None

    def people(self) -> set[int]:
        return {reading.person for reading in self.readers.values()}

    def is_idle(self, now: float) -> bool:
        if self.readers or self.holds:
            self.idle_since = now
        return now - self.idle_since > settings.LIVE_IDLE
