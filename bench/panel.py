"""A panel whose pictures can be seen: little real VP8 and Opus from each speaker, and viewers who note what they get.

`python -m bench.panel HOW MANY DOOR KEY` plays to a media worker, as bench/publish.py does.
"""

import asyncio
import sys
from fractions import Fraction
from functools import cache

import av
import numpy

from tests.media.client import OPUS, VP8, Client, audio, video

from . import publish
from .servers import CLIENT, take_place

WIDTH, HEIGHT, FRAMES_PER_SECOND, BITS_PER_SECOND = 320, 180, 15, 100_000
LASTS = 30  # frames, then the film begins again
PART = 1100  # bytes of a packet
SILENCE = b"\xf8\xff\xfe"  # an Opus frame of 20 ms
SOURCE = slice(12, 16)  # the one CSRC of a forwarded packet
KINDS = {OPUS: "audio", VP8: "video"}


@cache
def film() -> list[list[bytes]]:
    """Frames of a moving slope in parts that fit packets. The first can be decoded alone."""
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.bit_rate, encoder.gop_size, encoder.time_base = BITS_PER_SECOND, LASTS, Fraction(1, FRAMES_PER_SECOND)
    encoder.options = {"deadline": "realtime", "lag-in-frames": "0"}
    return [parts(bytes(packet)) for n in range(LASTS) for packet in encoder.encode(picture(n))]


def picture(n: int) -> av.VideoFrame:
    slope = numpy.linspace(0, 255, WIDTH, dtype=numpy.uint8)
    frame = av.VideoFrame.from_ndarray(numpy.tile(numpy.roll(slope, 8 * n), (HEIGHT, 1)), format="gray")
    frame = frame.reformat(format="yuv420p")
    frame.pts = n
    return frame


def parts(frame: bytes) -> list[bytes]:
    return [frame[at : at + PART] for at in range(0, len(frame), PART)]


class Speaker(publish.Speaker):
    frames_per_second = FRAMES_PER_SECOND

    def __init__(self, number: int, client: Client):
        super().__init__(number, client)
        self.at = -1

    def payloads(self, key: bool) -> list[bytes]:
        self.at = 0 if key else (self.at + 1) % LASTS
        return [publish.descriptor(self.frames, n == 0) + part for n, part in enumerate(film()[self.at])]

    def saying(self) -> bytes:
        return SILENCE


def slots(speakers: int) -> list[str]:
    """What a viewer offers to see and hear as many."""
    return [video("recvonly")] * speakers + [audio("recvonly")] * speakers


def what(packet: bytes) -> tuple[str, int] | None:
    """Kind and source of a packet from a media worker; None for what fills gaps."""
    kind = KINDS.get(packet[1] & 0x7F)
    return (kind, int.from_bytes(packet[SOURCE], "big")) if kind and packet[0] & 15 else None


if __name__ == "__main__":
    take_place(CLIENT)
    film()
    many, *worker = sys.argv[1:]
    asyncio.run(publish.main(int(many), "127.0.0.1", publish.to_worker(*worker), Speaker))
