"""Transport-wide congestion control: when each packet came, told to its sender
(draft-holmer-rmcat-transport-wide-cc-extensions-01)."""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rooms.media.packets.header import Malformed
from rooms.media.packets.rtcp import TRANSPORT, TRANSPORT_CC
from rooms.media.packets.sequence import Unwrapper, ahead

TICK = 0.00025
"""Seconds: what deltas count in. The reference time counts 256 of them."""

WIDEST = 500
"""Packets told in one feedback. Behind a wider gap it starts anew."""

_ABSENT, _SMALL, _LARGE = 0, 1, 2
_LONGEST_RUN = 0x1FFF


class Feedback(NamedTuple):
    """`arrivals`: for each number from `base` on, the time in seconds (wrapping after 12 days); None: lost."""

    ssrc: int
    media: int
    base: int
    number: int
    arrivals: tuple[float | None, ...]


class Arrivals:
    """What came of one peer since the last feedback, all its streams together."""

    __slots__ = ("_came", "_count", "_next", "_numbers")

    def __init__(self) -> None:
        self._numbers = Unwrapper()
        self._came: dict[int, float] = {}
        self._next: int | None = None
        self._count = 0

    def arrived(self, number: int, now: float) -> None:
        """`number`: the header extension's 16 bits."""
        extended = self._numbers.extend(number)
        if not self._came or abs(extended - next(iter(self._came))) < WIDEST:
            self._came.setdefault(extended, now)
            return
        self._came = {extended: now}
        self._next = None

    def feedback(self, ssrc: int, media: int) -> bytes | None:
        """The next RTCP packet, from `ssrc` about `media` and the others; None: nothing came. Every 50 to 100 ms."""
        if not self._came:
            return None
        base, last = min(self._came), max(self._came)
        if self._next is not None and 0 < base - self._next < WIDEST:
            base = self._next
        body = self._body(base, [self._came.get(number) for number in range(base, last + 1)])
        self._came, self._next = {}, last + 1
        self._count = self._count + 1 & 0xFF
        return _padded(struct.pack("!II", ssrc, media) + body)

    def _body(self, base: int, arrivals: Sequence[float | None]) -> bytes:
        reference = int(min(at for at in arrivals if at is not None) / TICK) >> 8
        symbols, deltas = _deltas(arrivals, reference << 8)
        head = struct.pack("!HHI", base & 0xFFFF, len(symbols), (reference & 0xFFFFFF) << 8 | self._count)
        return head + b"".join(_chunks(symbols)) + deltas


def _deltas(arrivals: Sequence[float | None], at: int) -> tuple[list[int], bytes]:
    """How each packet is told, and the differences between those that came, beginning at tick `at`."""
    symbols, deltas = [], bytearray()
    for arrival in arrivals:
        if arrival is None:
            symbols.append(_ABSENT)
            continue
        delta = max(-0x8000, min(0x7FFF, int(arrival / TICK) - at))
        at += delta
        symbols.append(_SMALL if 0 <= delta <= 255 else _LARGE)
        deltas += delta.to_bytes(1, "big") if 0 <= delta <= 255 else delta.to_bytes(2, "big", signed=True)
    return symbols, bytes(deltas)


def _chunks(symbols: list[int]) -> Iterator[bytes]:
    """Runs where they are longer than what a vector of 7 holds."""
    at = 0
    while at < len(symbols):
        run = _run(symbols, at)
        if run > 7:
            yield (symbols[at] << 13 | run).to_bytes(2, "big")
            at += run
            continue
        yield _vector(symbols[at : at + 7]).to_bytes(2, "big")
        at += 7


def _run(symbols: list[int], at: int) -> int:
    end = at
    while end < len(symbols) and symbols[end] == symbols[at] and end - at < _LONGEST_RUN:
        end += 1
    return end - at


def _vector(symbols: list[int]) -> int:
    word = 0b11
    for symbol in (symbols + [_ABSENT] * 7)[:7]:
        word = word << 2 | symbol
    return word


def _padded(body: bytes) -> bytes:
    padding = -len(body) % 4
    body += bytes(padding - 1) + bytes((padding,)) if padding else b""
    first = 0x80 | (0x20 if padding else 0) | TRANSPORT_CC
    return struct.pack("!BBH", first, TRANSPORT, len(body) // 4) + body


def read(body: bytes) -> Feedback:
    """What a feedback says; `body` as of `rtcp.Block`. Raises Malformed."""
    try:
        return _read(body)
    except (struct.error, IndexError):
        raise Malformed("feedback cut off") from None


def _read(body: bytes) -> Feedback:
    ssrc, media, base, count, reference = struct.unpack_from("!IIHHI", body)
    symbols, at = _symbols(body, 16, count)
    tick = ahead(reference >> 8, 0, 24) << 8
    arrivals: list[float | None] = []
    for symbol in symbols:
        size = min(symbol, 2)
        if size:
            tick += struct.unpack_from("!B" if symbol == _SMALL else "!h", body, at)[0]
        at += size
        arrivals.append(tick * TICK if size else None)
    return Feedback(ssrc, media, base, reference & 0xFF, tuple(arrivals))


def _symbols(body: bytes, at: int, count: int) -> tuple[list[int], int]:
    symbols: list[int] = []
    while len(symbols) < count:
        (chunk,) = struct.unpack_from("!H", body, at)
        symbols += _unpacked(chunk)
        at += 2
    return symbols[:count], at


def _unpacked(chunk: int) -> list[int]:
    if not chunk & 0x8000:
        return [chunk >> 13 & 3] * (chunk & _LONGEST_RUN)
    if chunk & 0x4000:
        return [chunk >> shift & 3 for shift in range(12, -1, -2)]
    return [chunk >> shift & 1 for shift in range(13, -1, -1)]
