"""A worker in this process with its door open, for tests: `async with stage() as s:`. Rooms are plain ones, which
forward nothing cleverly: the transport is looked at here, forwarding in tests/media/forwarding."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from aiohttp import ClientResponse, ClientSession, web

from rooms.media import answers, door, offers, plans
from rooms.media.peer import Peer
from rooms.media.settings import Settings, bearer
from rooms.media.worker import Worker

from .client import Client, audio, video

KEY = bearer("for-tests-only")
SETTINGS = Settings(KEY, "unix:///nowhere", bind=("127.0.0.1",))
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"


class Sender(Peer):
    urgent = True
    tick_every = 0.05

    def __init__(self, room: "PlainRoom", offer: offers.Offer):
        super().__init__(room.worker)
        self.room = room
        self.heard: list[bytes] = []
        self.reported: list[bytes] = []
        self.events: list[str] = []
        streams = offers.streams(offer)
        self.answer = answers.publisher(offer, self.transport(), streams)
        for stream in streams:
            if stream.ssrc:
                self.claim(stream.ssrc)

    def connected(self) -> None:
        self.events.append("connected")

    def moved(self) -> None:
        self.events.append("moved")

    def ended(self, reason: str) -> None:
        self.events.append(reason)
        self.room.members.remove(self)

    def rtp(self, data: bytes, now: float) -> None:
        self.heard.append(data)
        if data[12:] == b"trouble":
            raise RuntimeError("trouble")
        for other in self.room.members:
            if isinstance(other, Receiver):
                other.forward(data)

    def rtcp(self, data: bytes, now: float) -> None:
        self.reported.append(data)


class Receiver(Peer):
    hears_rtp = False

    def __init__(self, room: "PlainRoom", offer: offers.Offer):
        super().__init__(room.worker)
        self.room = room
        self.reported: list[bytes] = []
        self.wished: plans.Wish | None = None
        self.outlets = offers.outlets(offer)
        self.answer = answers.viewer(offer, self.transport(), self.outlets)

    def forward(self, data: bytes) -> None:
        self.send_rtp(data[:8] + self.outlets[0].ssrc.to_bytes(4, "big") + data[12:])

    def rtcp(self, data: bytes, now: float) -> None:
        self.reported.append(data)

    def ended(self, reason: str) -> None:
        self.room.members.remove(self)

    def wish(self, wish: plans.Wish) -> bool:
        self.wished = wish
        return True


class PlainRoom:
    def __init__(self, number: int, worker: Worker):
        self.number = number
        self.worker = worker
        self.plan: plans.Plan | None = None
        self.members: list[Peer] = []

    @property
    def peers(self) -> list[Peer]:
        return self.members

    def apply(self, plan: plans.Plan) -> None:
        self.plan = plan

    def publish(self, offer: offers.Offer, person: int, kind: plans.Kind) -> Peer:
        if not self.plan.allows(person, kind):
            raise plans.Forbidden("not on stage")
        return self._with(Sender(self, offer))

    def watch(self, offer: offers.Offer, place: plans.Place, person: int | None) -> Peer:
        return self._with(Receiver(self, offer))

    def _with(self, peer: Peer) -> Peer:
        self.members.append(peer)
        return peer

    def tick(self, now: float) -> None:
        pass

    def stats(self, now: float) -> dict:
        return {"members": len(self.members)}

    def close(self) -> None:
        pass


class Stage:
    def __init__(self, worker: Worker, url: str, http: ClientSession):
        self.worker = worker
        self.url = url
        self.http = http
        self.clients: list[Client] = []

    async def ask(
        self, method: str, path: str, body: str | bytes = b"", kind: str = SDP, headers: dict | None = None
    ) -> ClientResponse:
        given = {"Authorization": f"Bearer {self.worker.settings.key}", "Content-Type": kind} | (headers or {})
        async with self.http.request(method, self.url + path, data=body, headers=given) as response:
            await response.read()
            return response

    async def plan(self, room: int = 7, **more) -> ClientResponse:
        people = [{"id": 42, "place": "live", "screen": True}]
        body = plans.msgspec.json.encode({"room": room, "revision": 1, "people": people} | more)
        return await self.ask("PUT", f"/rooms/{room}", body)

    def client(self, **how) -> Client:
        self.clients.append(client := Client(**how))
        return client

    async def publisher(self, audio_ssrc: int = 1111, video_ssrc: int = 2222, **how) -> tuple[Client, Sender]:
        client = self.client(**how)
        offer = client.offer(audio("sendonly", audio_ssrc), video("sendonly", video_ssrc, video_ssrc + 1))
        return client, await self.join(client, "/rooms/7/publish?person=42", offer)

    async def viewer(self, **how) -> tuple[Client, Receiver]:
        client = self.client(**how)
        offer = client.offer(video("recvonly"), audio("recvonly"))
        return client, await self.join(client, "/rooms/7/watch", offer)

    async def join(self, client: Client, path: str, offer: str) -> Any:
        response = await self.ask("POST", path, offer, SDP)
        assert response.status == 201, await response.text()
        await client.connect(await response.text())
        peer = self.worker.peers[response.headers["Location"].removeprefix("/resources/")]
        await until(lambda: peer.connected_at is not None)
        return peer


async def until(happens: Callable[[], object], patience: float = 30) -> None:
    async with asyncio.timeout(patience):
        while not happens():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def stage(room=PlainRoom, **settings) -> AsyncIterator[Stage]:
    worker = Worker(replace(SETTINGS, **settings), room)
    runner = web.AppRunner(door.app(worker), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await worker.start()
    port = runner.addresses[0][1]
    async with ClientSession() as http:
        on = Stage(worker, f"http://127.0.0.1:{port}", http)
        try:
            yield on
        finally:
            for client in on.clients:
                client.vanish()
            await runner.cleanup()
            await worker.stop()
