"""Light clients of a room's stage that come back by themselves, by the rules of frontend/media (line, mending)."""

import asyncio
import random
import time
from itertools import count
from typing import Any, NamedTuple

import aiohttp
import msgspec

from tests.media.client import Client, audio, video

from . import wire
from .page import backoff
from .panel import Speaker, slots, what

# Seconds, as in the front end.
TICK, SPREAD, JOIN_PATIENCE, LONGEST_PAUSE = 1.0, 0.5, 6.0, 3.0
STALLED = 2  # ticks without a packet before the server is asked
GONE = {404, 410, 502, 503, 504}


class Room(NamedTuple):
    address: str  # of the forum
    code: str
    topic: str


class Unreachable(Exception):
    """`wait` is what the server asked for, in seconds."""

    def __init__(self, wait: float = 0):
        super().__init__(f"come again in {wait} seconds")
        self.wait = wait


class Member:
    """`token` opens the doors of media, `ticket` the socket where it is told that a worker was lost."""

    door = ""

    def __init__(self, http: aiohttp.ClientSession, room: Room, token: str, ticket: str):
        self.http, self.room, self.ticket = http, room, ticket
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client: Client | None = None
        self.resource = ""
        self.packets = self.seen = self.still = 0
        self.is_lost = asyncio.Event()
        self.is_here = asyncio.Event()

    def offer(self, client: Client) -> str:
        raise NotImplementedError

    def joined(self, client: Client) -> None:
        """Media may flow."""

    def hear(self, _packet: bytes) -> None:
        self.packets += 1

    async def belong(self) -> None:
        """Without end."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._listen())
            both.create_task(self._stay())

    async def _listen(self) -> None:
        async with self.http.ws_connect(f"{self.room.address}/live", params={"ticket": self.ticket}) as line:
            await line.send_str(wire.enter(self.room.topic).decode())
            async for message in line:
                told = wire.read(message.data)
                if told.event == "media":
                    self._told(msgspec.json.decode(told.data))

    def _told(self, media: dict[str, Any]) -> None:
        if "lost" in media and f"/{media['lost']}." in self.resource:
            self.is_lost.set()

    async def _stay(self) -> None:
        while True:
            await self._come()
            await self._until_lost()

    async def _come(self) -> None:
        for attempt in count(1):
            try:
                async with asyncio.timeout(JOIN_PATIENCE):
                    await self._join()
                return
            except (Unreachable, TimeoutError, ConnectionError, aiohttp.ClientError) as problem:
                await asyncio.sleep(getattr(problem, "wait", 0) + min(LONGEST_PAUSE, backoff(attempt)))

    async def _join(self) -> None:
        self._leave()
        self.client = client = Client()
        client.on_rtp = client.on_rtcp = self.hear
        headers = {"Content-Type": "application/sdp", **self.headers}
        address = f"{self.room.address}/room/{self.room.code}/{self.door}"
        async with self.http.post(address, data=self.offer(client), headers=headers) as answer:
            if answer.status != 201:
                raise Unreachable(float(answer.headers.get("Retry-After", 0)))
            self.resource = answer.headers["Location"]
            await client.connect(await answer.text())
        self.joined(client)
        self.is_here.set()

    def _leave(self) -> None:
        if self.client:
            self.client.vanish()
        self.resource = ""
        self.is_lost.clear()

    async def _until_lost(self) -> None:
        self.still = 0
        while not await self._is_forgotten():
            try:
                await asyncio.wait_for(self.is_lost.wait(), TICK)
            except TimeoutError:
                continue
            await asyncio.sleep(random.random() * SPREAD)
            return

    async def _is_forgotten(self) -> bool:
        self.still = self.still + 1 if self.packets == self.seen else 0
        self.seen = self.packets
        if self.still != STALLED:
            return False
        async with self.http.get(f"{self.room.address}{self.resource}/stats", headers=self.headers) as answer:
            return answer.status in GONE


class Performer(Member):
    """Plays on to whatever worker the room is on."""

    door = "whip"

    def __init__(self, speaker: Speaker, *who: Any):
        super().__init__(*who)
        self.speaker = speaker

    def offer(self, client: Client) -> str:
        return client.offer(audio("sendonly", self.speaker.audio_ssrc), video("sendonly", self.speaker.video_ssrc))

    def joined(self, client: Client) -> None:
        self.speaker.client = client
        self.speaker.wants_key = True

    def hear(self, packet: bytes) -> None:
        super().hear(packet)
        self.speaker.hear(packet)

    async def belong(self) -> None:
        async with asyncio.TaskGroup() as both:
            both.create_task(super().belong())
            both.create_task(self._play())

    async def _play(self) -> None:
        await self.is_here.wait()
        await self.speaker.play(time.monotonic())


class Watcher(Member):
    """Notes since when it gets what, in its present session."""

    door = "whep"

    def __init__(self, speakers: int, *who: Any):
        super().__init__(*who)
        self.speakers = speakers
        self.since: dict[tuple[str, int], float] = {}

    def offer(self, client: Client) -> str:
        self.since = {}
        return client.offer(*slots(self.speakers))

    def hear(self, packet: bytes) -> None:
        super().hear(packet)
        kind = what(packet)
        if kind and kind not in self.since:
            self.since[kind] = time.monotonic()

    def whole_since(self) -> float | None:
        """When it had sound and pictures of all."""
        return max(self.since.values()) if len(self.since) == 2 * self.speakers else None
