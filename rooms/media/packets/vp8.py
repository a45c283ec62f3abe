"""The VP8 payload descriptor (RFC 7741 4.2), made canonical so that every slot patches the same offsets.

Canonical: X and I set, a picture id of 15 bits, then TL0PICIDX and TID/Y/KEYIDX where the source has them.
"""

from typing import NamedTuple

from rooms.media.packets.header import Malformed
from rooms.media.packets.sequence import Unwrapper

PICTURE_ID, TL0_INDEX = 2, 4
"""Offsets of both in a canonical payload: 2 bytes big-endian with the top bit set, and 1 byte where `tl0` is given."""

WIDE = 0x8000
"""The top bit of a 15-bit picture id."""

_REMEMBERED = 32
"""Frames whose made-up ids are kept for packets that come late."""


class Frame(NamedTuple):
    """One packet's share of a frame.

    `payload` has the canonical descriptor. `key`: the first packet of a key frame; `start`: of any frame.
    `picture`: 15 bits. `tl0`, `layer` (temporal) and `sync` (Y: nothing below this layer but the base is needed) come
    from the source; None, 0 and False where it has none.
    """

    payload: bytes
    key: bool
    start: bool
    picture: int
    tl0: int | None
    layer: int
    sync: bool


class Pictures:
    """A track's picture ids of 15 bits: the source's own, widened from 7, or one counted for each timestamp."""

    __slots__ = ("_counted", "_last", "_newest", "_wide")

    def __init__(self, first: int = 0) -> None:
        self._wide = Unwrapper(7)
        self._counted: dict[int, int] = {}
        self._newest: int | None = None
        self._last = first

    def widened(self, short: int) -> int:
        return self._wide.extend(short) & 0x7FFF

    def counted(self, timestamp: int) -> int:
        """One more than the last frame's. A frame too late to get a number of its own shares its predecessor's."""
        known = self._counted.get(timestamp)
        if known is not None:
            return known
        if self._newest is not None and timestamp - self._newest & 0xFFFFFFFF >= 0x80000000:
            return self._before(timestamp)
        return self._next(timestamp)

    def _next(self, timestamp: int) -> int:
        self._newest = timestamp
        self._last = self._last + 1 & 0x7FFF
        self._counted[timestamp] = self._last
        if len(self._counted) > _REMEMBERED:
            del self._counted[next(iter(self._counted))]
        return self._last

    def _before(self, timestamp: int) -> int:
        earlier = [known for known in self._counted if timestamp - known & 0xFFFFFFFF < 0x80000000]
        return self._counted[max(earlier, default=next(iter(self._counted)), key=self._age)]

    def _age(self, known: int) -> int:
        newest = self._newest or 0
        return -(newest - known & 0xFFFFFFFF)


def canonical(payload: bytes, pictures: Pictures, timestamp: int) -> Frame:
    """Rewrites one packet's descriptor. Raises Malformed on one that is cut off or has no frame data behind it."""
    try:
        return _canonical(payload, pictures, timestamp)
    except IndexError:
        raise Malformed("a VP8 descriptor cut off") from None


def _canonical(payload: bytes, pictures: Pictures, timestamp: int) -> Frame:
    first = payload[0]
    extended = payload[1] if first & 0x80 else 0
    at = 2 if first & 0x80 else 1
    own = None
    if extended & 0x80:
        own = payload[at]
        at += 1
        if own & 0x80:
            own = (own & 0x7F) << 8 | payload[at]
            at += 1
        else:
            own = pictures.widened(own)
    picture = pictures.counted(timestamp) if own is None else own
    rest = at
    tl0 = None
    if extended & 0x40:
        tl0 = payload[at]
        at += 1
    temporal = 0
    if extended & 0x30:
        temporal = payload[at]
        at += 1
    start = first & 0x17 == 0x10
    key = start and not payload[at] & 1
    if at >= len(payload):
        raise Malformed("a VP8 packet without frame data")
    head = bytes((first | 0x80, 0x80 | extended & 0x70, 0x80 | picture >> 8, picture & 255))
    layered = extended & 0x20
    return Frame(
        head + payload[rest:],
        key,
        start,
        picture,
        tl0,
        temporal >> 6 if layered else 0,
        bool(layered and temporal & 0x20),
    )


def patch(payload: bytes | bytearray, picture: int, tl0: int | None) -> bytearray:
    """A canonical payload with other numbers, for packets that go out alone."""
    patched = bytearray(payload)
    patched[PICTURE_ID] = 0x80 | picture >> 8
    patched[PICTURE_ID + 1] = picture & 255
    if tl0 is not None:
        patched[TL0_INDEX] = tl0
    return patched
