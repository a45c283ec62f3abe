"""Speakers for bench/media.py: each plays 1 Mbit/s of VP8 640×360 and Opus, every payload ending in when it was sent.

`python -m bench.publish HOW MANY TARGET…` says `ready` and a line of JSON, plays from the line `go` on until `stop`.
"""

import asyncio
import json
import os
import struct
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple

import aiohttp

from tests.forum import own_address
from tests.media.client import OPUS, VP8, Answer, Client, audio, rtp, video

from . import janus
from .servers import CLIENT, take_place

FRAMES, PACKETS, SIZE = 30, 4, 1041  # 1 Mbit/s of video
KEY_PACKETS = 8
VOICES, VOICE = 50, 80  # 32 kbit/s of sound
PATIENCE_WITH_KEYS = 0.3  # seconds between two key frames
LEVEL = bytes((0x80 | 30,))
SENT = struct.Struct("<Q")


class Due(NamedTuple):
    at: float
    play: Callable[[], None]


class Speaker:
    frames_per_second = FRAMES

    def __init__(self, number: int, client: Client):
        self.client = client
        self.audio_ssrc, self.video_ssrc = 1000 + 10 * number, 1001 + 10 * number
        self.wants_key, self.last_key = True, 0.0
        self.video_sequence = self.audio_sequence = self.frames = self.voices = 0
        client.on_rtcp = self.hear

    def offer(self) -> str:
        return self.client.offer(audio("sendonly", self.audio_ssrc), video("sendonly", self.video_ssrc))

    def hear(self, packet: bytes) -> None:
        """Any feedback about pictures that asks for a key frame, wherever in the compound it stands."""
        at = 0
        while at + 4 <= len(packet):
            if packet[at + 1] == 206 and packet[at] & 31 in (1, 4):
                self.wants_key = True
            at += 4 + 4 * int.from_bytes(packet[at + 2 : at + 4], "big")

    def frame(self) -> None:
        payloads = self.payloads(self._is_key_due())
        for n, payload in enumerate(payloads):
            at, is_last = 90_000 // self.frames_per_second * self.frames, n == len(payloads) - 1
            self._send(VP8, self.video_sequence, at, self.video_ssrc, payload, is_last)
            self.video_sequence += 1
        self.frames += 1

    def _is_key_due(self) -> bool:
        due = self.wants_key and time.monotonic() - self.last_key > PATIENCE_WITH_KEYS
        if due:
            self.wants_key, self.last_key = False, time.monotonic()
        return due

    def payloads(self, key: bool) -> list[bytes]:
        """Of the next frame, with their descriptors."""
        parts = range(KEY_PACKETS if key else PACKETS)
        return [stamped(descriptor(self.frames, n == 0) + bytes((not key,)), SIZE) for n in parts]

    def voice(self) -> None:
        self._send(OPUS, self.audio_sequence, 960 * self.voices, self.audio_ssrc, self.saying(), False)
        self.audio_sequence += 1
        self.voices += 1

    def saying(self) -> bytes:
        return stamped(b"\x78", VOICE)

    def _send(self, pt: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, marker: bool) -> None:
        extensions = {"level": LEVEL} if pt == OPUS else {}
        self.client.send(rtp(pt, sequence, timestamp, ssrc, payload, marker, **extensions))

    def schedule(self, start: float) -> Iterator[Due]:
        """Everything this speaker plays, in order, for ever."""
        frame = voice = 0
        while True:
            at_frame, at_voice = start + frame / self.frames_per_second, start + voice / VOICES
            if at_frame <= at_voice:
                frame += 1
                yield Due(at_frame, self.frame)
            else:
                voice += 1
                yield Due(at_voice, self.voice)

    async def play(self, start: float) -> None:
        for due in self.schedule(start):
            await asyncio.sleep(max(0.0, due.at - time.monotonic()))
            due.play()


def descriptor(picture: int, starts: bool) -> bytes:
    """RFC 7741, 4.2, with a picture id of 15 bits."""
    return bytes((0x90 if starts else 0x80, 0x80, 0x80 | picture >> 8 & 0x7F, picture & 0xFF))


def stamped(head: bytes, size: int) -> bytes:
    return head + bytes(size - len(head) - SENT.size) + SENT.pack(time.time_ns())


def sent_at(payload: bytes) -> int:
    """Nanoseconds since 1970."""
    return SENT.unpack_from(payload, len(payload) - SENT.size)[0]


Join = Callable[[aiohttp.ClientSession, Speaker, int], Awaitable[int]]


def to_worker(door: str, key: str) -> Join:
    async def join(http: aiohttp.ClientSession, speaker: Speaker, person: int) -> int:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/sdp"}
        address = f"{door}/rooms/1/publish?person={person}&kind=camera"
        async with http.post(address, data=speaker.offer(), headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            await speaker.client.connect(await answer.text())
        return person

    return join


def to_janus(port: str) -> Join:
    async def join(http: aiohttp.ClientSession, speaker: Speaker, _person: int) -> int:
        handle = await janus.Handle(http, int(port)).attach()
        far, number = await janus.publish(handle, speaker.offer())
        await shake_hands(speaker.client, far)
        return number

    return join


async def shake_hands(client: Client, far: janus.Far) -> None:
    client.tie_breaker = 2**64 - 1  # we stay in control, though Janus offered (RFC 8445, 7.3.1.1)
    await client.check(Answer(far.ufrag, far.pwd, far.fingerprint, [far.address]))
    await client.shake_hands(far.role)


async def lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def main(many: int, host: str, join: Join, make: Callable[[int, Client], Speaker] = Speaker) -> None:
    told = await lines()
    async with aiohttp.ClientSession() as http:
        speakers = [make(n, Client(host)) for n in range(many)]
        numbers = [await join(http, speaker, 1 + n) for n, speaker in enumerate(speakers)]
    print(f"ready {json.dumps(numbers)}", flush=True)
    await told.readline()
    start = time.monotonic()
    # Cameras are not in step with each other.
    plays = [asyncio.ensure_future(it.play(start + n / FRAMES / many)) for n, it in enumerate(speakers)]
    await told.readline()
    assert not any(play.done() for play in plays)
    os._exit(0)


if __name__ == "__main__":
    take_place(CLIENT)
    many, target, *where = sys.argv[1:]
    if target == "janus":
        asyncio.run(main(int(many), own_address(), to_janus(*where)))
    else:
        asyncio.run(main(int(many), "127.0.0.1", to_worker(*where)))
