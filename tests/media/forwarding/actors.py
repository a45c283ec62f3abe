"""Speakers and watchers at a real worker with real rooms, over UDP, DTLS and SRTP."""

import asyncio
import json
import struct
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from rooms.media.packets import extended, header, rtcp
from rooms.media.packets.header import Header
from rooms.media.publisher import Publisher
from rooms.media.room import Room
from rooms.media.viewer import Viewer
from tests.media.client import H264, OPUS, VP8, VP8_RTX, Client, audio, rtp, simulcast, video, vp8
from tests.media.stage import Stage, stage, until

__all__ = ["Crew", "Speaker", "Watcher", "crew", "person", "until"]

FRAME = 3000  # ticks of 30 frames a second
OPUS_PACKET = 960
H264_KEY = b"\x78\x00\x04\x67sps\x00\x04\x68pps\x00\x06\x65\xb8idr!"
SIZES = {"q": 100, "h": 450, "f": 1100}  # bytes, by which a test tells the layers apart


def person(number: int, **how) -> dict:
    return {"id": number, "place": "live", "microphone": True, "camera": True, "screen": False} | how


class Speaker:
    """Sends frames of a few packets and packets of sound, as told."""

    def __init__(self, client: Client, peer: Publisher, video_ssrc: int, audio_ssrc: int):
        self.client, self.peer = client, peer
        self.video_ssrc, self.audio_ssrc = video_ssrc, audio_ssrc
        self.sequence, self.timestamp, self.picture = 65530, 0xFFFFF000, 32765  # everything soon wraps
        self.audio_sequence, self.audio_timestamp = 65500, 0xFFFFF000
        self.sent: dict[int, bytes] = {}  # packets of pictures, by sequence number
        client.on_rtcp = self.hear
        self.layers: dict[str, int] = {}  # how many frames of each
        self.repairs = self.key_requests = 0
        self.nacked: list[int] = []
        self.reports: list[rtcp.Report] = []
        self.asked: list[tuple[int, int]] = []  # by whom and when, to learn the round trip
        self.feedbacks = 0

    @property
    def source(self) -> int:
        return self.peer.source

    def hear(self, data: bytes) -> None:
        for message in rtcp.read(data):
            match message:
                case rtcp.PictureLoss():
                    self.key_requests += 1
                case rtcp.Nack(lost=lost):
                    self.nacked += lost
                case rtcp.ReceiverReport(reports=reports):
                    self.reports += reports
        for block in rtcp.split(data):
            if block.kind == extended.EXTENDED:
                self.asked.append((int.from_bytes(block.body[:4], "big"), int.from_bytes(block.body[8:16], "big")))
        self.feedbacks += sum(
            block.kind == rtcp.TRANSPORT and block.subtype == rtcp.TRANSPORT_CC for block in rtcp.split(data)
        )

    def show(self, key: bool = False, packets: int = 2, lose: Iterable[int] = (), **extensions: bytes) -> None:
        """One frame. `lose`: which of its packets never arrive."""
        self.timestamp += FRAME
        self.picture += 1
        for n in range(packets):
            self.sequence = self.sequence + 1 & 0xFFFF
            payload = vp8(key, 100, self.picture & 0x7FFF, first=n == 0)
            marker = n == packets - 1
            packet = rtp(VP8, self.sequence, self.timestamp, self.video_ssrc, payload, marker, **extensions)
            self.sent[self.sequence] = packet
            if n not in lose:
                self.client.send(packet)

    def show_layers(self, *rids: str, key: bool = False, packets: int = 2) -> None:
        """A frame of each of these simulcast layers, told apart by nothing but their names."""
        self.timestamp += FRAME
        self.picture += 1
        for rid in rids:
            self.layers[rid] = self.layers.get(rid, 100 * ord(rid)) + 1
            for n in range(packets):
                sequence = self.layers[rid] * packets + n
                payload = vp8(key, SIZES[rid], self.picture & 0x7FFF, first=n == 0)
                ssrc = self.video_ssrc + 10 + ord(rid)
                marker = n == packets - 1
                self.client.send(rtp(VP8, sequence, self.timestamp, ssrc, payload, marker, mid=b"1", rid=rid.encode()))

    def show_h264(self, key: bool = False) -> None:
        """One packet: parameters before a key frame (RFC 6184, 5.7.1), or a slice."""
        self.timestamp += FRAME
        self.sequence = self.sequence + 1 & 0xFFFF
        payload = H264_KEY if key else b"\x41slice"
        self.client.send(rtp(H264, self.sequence, self.timestamp, self.video_ssrc, payload, True))

    def pad(self) -> None:
        """A packet without a payload."""
        self.sequence = self.sequence + 1 & 0xFFFF
        self.client.send(rtp(VP8, self.sequence, self.timestamp, self.video_ssrc, b""))

    def repair(self, sequence: int) -> None:
        """RFC 4588."""
        packet = self.sent[sequence]
        payload = struct.pack("!H", sequence) + packet[12:]
        self.repairs += 1
        self.client.send(rtp(VP8_RTX, self.repairs, int.from_bytes(packet[4:8], "big"), self.video_ssrc + 1, payload))

    def say(self, level: int = 20) -> None:
        """One packet of sound."""
        self.audio_sequence = self.audio_sequence + 1 & 0xFFFF
        self.audio_timestamp += OPUS_PACKET
        payload = b"sound of %d" % self.source
        head = OPUS, self.audio_sequence, self.audio_timestamp, self.audio_ssrc
        self.client.send(rtp(*head, payload, level=bytes((level,))))


def _rid(size: int) -> str:
    return max((least, rid) for rid, least in SIZES.items() if least <= size)[1]


class Watcher:
    """Keeps what came in each slot."""

    def __init__(self, client: Client, peer: Viewer, pictures: int):
        self.client, self.peer = client, peer
        slots = client.answer.ssrcs
        self.pictures = [ssrcs[0] for ssrcs in slots[:pictures]]
        self.repairs = {ssrcs[1]: ssrcs[0] for ssrcs in slots[:pictures]}
        self.voices = [ssrcs[0] for ssrcs in slots[pictures:]]
        self.heard: dict[int, list[tuple[Header, bytes]]] = {}
        self.repaired: dict[int, list[tuple[Header, bytes]]] = {}
        self.reports: list[rtcp.SenderReport] = []
        client.on_rtp, client.on_rtcp = self.take, self.note

    def take(self, data: bytes) -> None:
        head = header.parse(data)
        where = self.repaired if head.ssrc in self.repairs else self.heard
        where.setdefault(self.repairs.get(head.ssrc, head.ssrc), []).append((head, data[head.start : head.end]))

    def note(self, data: bytes) -> None:
        self.reports += [message for message in rtcp.read(data) if isinstance(message, rtcp.SenderReport)]

    def packets(self, ssrc: int) -> list[tuple[Header, bytes]]:
        return self.heard.get(ssrc, [])

    def sources(self) -> Counter[int]:
        """How many packets came of each source."""
        return Counter(head.csrcs[0] for packets in self.heard.values() for head, _ in packets)

    def shown(self) -> Counter[int]:
        """How many packets of pictures came of each source."""
        return Counter(head.csrcs[0] for ssrc in self.pictures for head, _ in self.packets(ssrc))

    def layers(self) -> set[tuple[int, str]]:
        """Of whom which layers of a picture came."""
        came = [packet for ssrc in self.pictures for packet in self.packets(ssrc)]
        return {(head.csrcs[0], _rid(len(payload))) for head, payload in came}

    def said(self) -> Counter[int]:
        """The same of sound."""
        return Counter(head.csrcs[0] for ssrc in self.voices for head, _ in self.packets(ssrc))

    def forget(self) -> None:
        self.heard.clear()
        self.repaired.clear()

    def ask(self, *messages: rtcp.Message) -> None:
        self.client.send(b"".join(message.pack() for message in messages))

    def nack(self, ssrc: int, *lost: int) -> None:
        self.ask(rtcp.Nack(1, ssrc, lost))


class Crew:
    """A room, who is in it, and its plan."""

    def __init__(self, on: Stage):
        self.on = on
        self.revision = 0
        self.speakers: list[Speaker] = []

    @property
    def room(self) -> Room:
        room = self.on.worker.rooms[7]
        assert isinstance(room, Room)
        return room

    @property
    def counters(self) -> Counter[str]:
        return self.on.worker.counters

    async def plan(self, *people: dict, **more) -> None:
        self.revision += 1
        response = await self.on.plan(people=list(people), revision=self.revision, **more)
        assert response.status == 204

    async def speaker(
        self, number: int, kind: str = "camera", rids: tuple[str, ...] = (), h264_only: bool = False
    ) -> Speaker:
        client = self.on.client()
        ssrc = 10_000 * number + 100 * len(self.speakers)
        picture = simulcast(*rids) if rids else video("sendonly", ssrc, ssrc + 1, h264_only)
        offer = client.offer(audio("sendonly", ssrc + 5), picture)
        peer = await self.on.join(client, f"/rooms/7/publish?person={number}&kind={kind}", offer)
        self.speakers.append(speaker := Speaker(client, peer, ssrc, ssrc + 5))
        return speaker

    async def watcher(
        self,
        pictures: int = 1,
        voices: int = 1,
        place: str = "live",
        person: int | None = None,
        h264_only: bool = False,
    ) -> Watcher:
        client = self.on.client()
        picture = video("recvonly", h264_only=h264_only)
        offer = client.offer(*[picture] * pictures, *[audio("recvonly")] * voices)
        who = "" if person is None else f"&person={person}"
        peer = await self.on.join(client, f"/rooms/7/watch?place={place}{who}", offer)
        return Watcher(client, peer, pictures)

    async def wish(self, watcher: Watcher, **wish) -> None:
        path = f"/resources/{watcher.peer.id}/wish"
        response = await self.on.ask("PUT", path, json.dumps(wish))
        assert response.status == 204

    async def play(self, *speakers: Speaker, frames: int = 5, key: bool = True, **how) -> None:
        """A key frame, if wanted, and more frames with sound of each; until the worker has taken them."""
        for n in range(frames):
            for speaker in speakers or self.speakers:
                speaker.show(key=key and n == 0, **how)
                speaker.say()
            await asyncio.sleep(0.02)

    async def play_layers(self, *rids: str) -> None:
        for n in range(5):
            for speaker in self.speakers:
                speaker.show_layers(*(rids or SIZES), key=n == 0)
            await asyncio.sleep(0.02)

    async def comes_to(self, watcher: Watcher, happens: Callable[[], bool], play: Callable[[], Awaitable]) -> None:
        """Until that is how it is, for all that came of one round."""
        async with asyncio.timeout(15):
            while True:
                watcher.forget()
                await play()
                if happens():
                    return

    async def seen(self, watcher: Watcher, *sources: int) -> None:
        """The watcher has pictures of exactly these."""
        await self.comes_to(watcher, lambda: set(watcher.shown()) == set(sources), self.play)

    async def layered(self, watcher: Watcher, *layers: tuple[int, str], sent: tuple[str, ...] = ()) -> None:
        """It has exactly these layers, while all speakers send all, or those that are `sent`."""
        await self.comes_to(watcher, lambda: set(watcher.layers()) == set(layers), lambda: self.play_layers(*sent))


@asynccontextmanager
async def crew(*people: dict, **more) -> AsyncIterator[Crew]:
    async with stage(room=Room) as on:
        with_plan = Crew(on)
        await with_plan.plan(*(people or [person(42)]), **more)
        yield with_plan
        mishaps = {name: count for name, count in on.worker.counters.items() if name.startswith("mishaps_")}
        assert not mishaps
