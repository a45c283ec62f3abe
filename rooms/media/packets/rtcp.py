"""RTCP (RFC 3550 6, RFC 4585, RFC 5104 4.3.1, REMB): what we read of it and what we say."""

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from rooms.media.packets.header import Malformed
from rooms.media.packets.sequence import Unwrapper, ahead

SENDER, RECEIVER, DESCRIPTION, GOODBYE, TRANSPORT, PAYLOAD = 200, 201, 202, 203, 205, 206
NACK, PLI, FIR, TRANSPORT_CC, APPLICATION = 1, 1, 4, 15, 15

MOST_REPORTS = 31
"""What a count of 5 bits can say."""

_REPORT = struct.Struct("!IIIIII")
_SENDER = struct.Struct("!IQIII")


class Block(NamedTuple):
    """One packet of a compound: its type, the 5 bits that say how many or which kind, and what follows the 4 bytes."""

    kind: int
    subtype: int
    body: bytes


class Report(NamedTuple):
    """A report block (RFC 3550 6.4.1). `fraction` in 256ths; `lost` may be negative; `jitter` in ticks;
    `last` and `delay` in 65536ths of a second."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    last: int
    delay: int

    def pack(self) -> bytes:
        lost = max(-0x800000, min(0x7FFFFF, self.lost)) & 0xFFFFFF
        return _REPORT.pack(self.ssrc, self.fraction << 24 | lost, self.highest, self.jitter, self.last, self.delay)

    def round_trip(self, ntp: int) -> float | None:
        """Seconds, where `ntp` (64 bits) is our time on arrival (RFC 3550 6.4.1). None: they had no report of ours."""
        if not self.last:
            return None
        return max(0, ahead((ntp >> 16) - self.last & 0xFFFFFFFF, self.delay, 32)) / 65536


class SenderReport(NamedTuple):
    """RFC 3550 6.4.1. `ntp`: 64 bits."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int
    reports: tuple[Report, ...] = ()

    def pack(self) -> bytes:
        body = _SENDER.pack(self.ssrc, self.ntp, self.timestamp, self.packets & _WORD, self.octets & _WORD)
        return _packet(SENDER, len(self.reports), body + b"".join(report.pack() for report in self.reports))


class ReceiverReport(NamedTuple):
    """RFC 3550 6.4.2; MOST_REPORTS at most."""

    ssrc: int
    reports: tuple[Report, ...] = ()

    def pack(self) -> bytes:
        body = self.ssrc.to_bytes(4, "big") + b"".join(report.pack() for report in self.reports)
        return _packet(RECEIVER, len(self.reports), body)


class Description(NamedTuple):
    """SDES (RFC 3550 6.5), of which only the canonical names are kept."""

    names: tuple[tuple[int, str], ...]

    def pack(self) -> bytes:
        return _packet(DESCRIPTION, len(self.names), b"".join(_chunk(ssrc, name) for ssrc, name in self.names))


class Goodbye(NamedTuple):
    """RFC 3550 6.6."""

    ssrcs: tuple[int, ...]

    def pack(self) -> bytes:
        return _packet(GOODBYE, len(self.ssrcs), _words(self.ssrcs))


class Nack(NamedTuple):
    """RFC 4585 6.2.1. `lost`: sequence numbers."""

    ssrc: int
    media: int
    lost: tuple[int, ...]

    def pack(self) -> bytes:
        body = b"".join(struct.pack("!HH", *pair) for pair in _masked(self.lost))
        return _packet(TRANSPORT, NACK, _words((self.ssrc, self.media)) + body)


class PictureLoss(NamedTuple):
    """RFC 4585 6.3.1."""

    ssrc: int
    media: int

    def pack(self) -> bytes:
        return _packet(PAYLOAD, PLI, _words(self))


class FullIntra(NamedTuple):
    """RFC 5104 4.3.1. `requests`: (media ssrc, number of the request, 8 bits)."""

    ssrc: int
    requests: tuple[tuple[int, int], ...]

    def pack(self) -> bytes:
        entries = b"".join(struct.pack("!IB3x", *request) for request in self.requests)
        return _packet(PAYLOAD, FIR, _words((self.ssrc, 0)) + entries)


class Remb(NamedTuple):
    """What a receiver's line bears, all streams together (draft-alvestrand-rmcat-remb-03 2.2). `bitrate` in bit/s."""

    ssrc: int
    bitrate: int
    media: tuple[int, ...]

    def pack(self) -> bytes:
        exponent = max(0, self.bitrate.bit_length() - 18)
        rate = len(self.media) << 24 | exponent << 18 | self.bitrate >> exponent
        return _packet(PAYLOAD, APPLICATION, _words((self.ssrc, 0)) + b"REMB" + _words((rate, *self.media)))


Message = SenderReport | ReceiverReport | Description | Goodbye | Nack | PictureLoss | FullIntra | Remb

_WORD = 0xFFFFFFFF


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def _words(words: Iterable[int]) -> bytes:
    return b"".join(word.to_bytes(4, "big") for word in words)


def _chunk(ssrc: int, name: str) -> bytes:
    item = name.encode()[:255]
    chunk = ssrc.to_bytes(4, "big") + bytes((1, len(item))) + item
    return chunk + bytes(4 - len(chunk) % 4)


def _masked(lost: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Pairs of a number and the bits of those up to 16 behind it, for numbers in ascending order."""
    first, mask = None, 0
    for number in lost:
        behind = 0 if first is None else number - first - 1 & 0xFFFF
        if first is not None and behind < 16:
            mask |= 1 << behind
            continue
        if first is not None:
            yield first, mask
        first, mask = number, 0
    if first is not None:
        yield first, mask


def split(data: bytes) -> list[Block]:
    """The packets of a compound, reduced-size ones too (RFC 5506). Raises Malformed where lengths don't add up."""
    blocks, at = [], 0
    while at < len(data):
        block, at = _block(data, at)
        blocks.append(block)
    if not blocks:
        raise Malformed("empty RTCP")
    return blocks


def _block(data: bytes, at: int) -> tuple[Block, int]:
    if at + 4 > len(data) or data[at] >> 6 != 2:
        raise Malformed("not RTCP version 2")
    end = at + 4 + 4 * (data[at + 2] << 8 | data[at + 3])
    if end > len(data):
        raise Malformed("RTCP longer than its packet")
    stop = end - data[end - 1] if data[at] & 0x20 else end
    if stop < at + 4:
        raise Malformed("RTCP padding longer than its packet")
    return Block(data[at + 1], data[at] & 31, data[at + 4 : stop]), end


def read(data: bytes) -> list[Message]:
    """What a compound says; kinds we have no use for are left out. Raises Malformed."""
    return [message for block in split(data) if (message := understand(block))]


def understand(block: Block) -> Message | None:
    """One packet's meaning; None for kinds we have no use for. Raises Malformed where it's cut off."""
    reader = _READERS.get(block.kind)
    try:
        return reader(block.subtype, block.body) if reader else None
    except (struct.error, IndexError):
        raise Malformed("RTCP cut off") from None


def _sender(count: int, body: bytes) -> SenderReport:
    ssrc, ntp, timestamp, packets, octets = _SENDER.unpack_from(body)
    return SenderReport(ssrc, ntp, timestamp, packets, octets, _reports(body, 24, count))


def _receiver(count: int, body: bytes) -> ReceiverReport:
    return ReceiverReport(_word(body, 0), _reports(body, 4, count))


def _reports(body: bytes, at: int, count: int) -> tuple[Report, ...]:
    return tuple(_report(*_REPORT.unpack_from(body, at + 24 * i)) for i in range(count))


def _report(ssrc: int, losses: int, highest: int, jitter: int, last: int, delay: int) -> Report:
    return Report(ssrc, losses >> 24, ahead(losses & 0xFFFFFF, 0, 24), highest, jitter, last, delay)


def _word(body: bytes, at: int) -> int:
    return struct.unpack_from("!I", body, at)[0]


def _description(count: int, body: bytes) -> Description:
    names: list[tuple[int, str]] = []
    at = 0
    for _ in range(count):
        ssrc = _word(body, at)
        found, at = _items(body, at + 4)
        names += [(ssrc, name) for name in found]
    return Description(tuple(names))


def _items(body: bytes, at: int) -> tuple[list[str], int]:
    """The canonical names in a chunk, and where the next chunk begins."""
    names = []
    while body[at]:
        stop = at + 2 + body[at + 1]
        if body[at] == 1:
            names.append(body[at + 2 : stop].decode(errors="replace"))
        at = stop
    return names, at + 4 - at % 4


def _goodbye(count: int, body: bytes) -> Goodbye:
    return Goodbye(struct.unpack_from(f"!{count}I", body))


def _transport(count: int, body: bytes) -> Nack | None:
    if count != NACK:
        return None
    ssrc, media = struct.unpack_from("!II", body)
    return Nack(ssrc, media, tuple(_unmasked(body[8:])))


def _unmasked(entries: bytes) -> Iterator[int]:
    for first, mask in struct.iter_unpack("!HH", entries):
        yield first
        yield from (first + 1 + bit & 0xFFFF for bit in range(16) if mask >> bit & 1)


def _payload(count: int, body: bytes) -> PictureLoss | FullIntra | Remb | None:
    ssrc, media = struct.unpack_from("!II", body)
    if count == PLI:
        return PictureLoss(ssrc, media)
    if count == FIR:
        return FullIntra(ssrc, tuple(struct.iter_unpack("!IB3x", body[8:])))
    if count == APPLICATION and body[8:12] == b"REMB":
        return _remb(ssrc, body)
    return None


def _remb(ssrc: int, body: bytes) -> Remb:
    rate = _word(body, 12)
    bitrate = (rate & 0x3FFFF) << (rate >> 18 & 63)
    return Remb(ssrc, bitrate, struct.unpack_from(f"!{rate >> 24}I", body, 16))


_READERS: dict[int, Callable[[int, bytes], Message | None]] = {
    SENDER: _sender,
    RECEIVER: _receiver,
    DESCRIPTION: _description,
    GOODBYE: _goodbye,
    TRANSPORT: _transport,
    PAYLOAD: _payload,
}


class Reception:
    """What our reports say of one incoming stream (RFC 3550 A.3 and A.8). `rate`: ticks per second.

    `packets` and `octets` count what came; repairs on a stream of their own are not to be told it.
    """

    __slots__ = ("_first", "_jitter", "_last", "_prior", "_sequence", "_transit", "octets", "packets", "rate")

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.packets = 0
        self.octets = 0
        self._sequence = Unwrapper()
        self._first = 0
        self._prior = 0, 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._last: tuple[int, float] | None = None

    def arrived(self, sequence: int, timestamp: int, size: int, now: float) -> None:
        number = self._sequence.extend(sequence)
        if not self.packets:
            self._first = number
        self.packets += 1
        self.octets += size
        self._spread(now * self.rate - timestamp)

    def _spread(self, transit: float) -> None:
        """Steps of more than a second are a source that starts anew, no jitter."""
        if self._transit is not None:
            spread = abs((transit - self._transit + 0x80000000) % 0x100000000 - 0x80000000)
            self._jitter += ((spread if spread < self.rate else 0) - self._jitter) / 16
        self._transit = transit

    def reported(self, ntp: int, now: float) -> None:
        """Their sender report came; `ntp` has 64 bits."""
        self._last = ntp >> 16 & _WORD, now

    @property
    def lost(self) -> int:
        """Since the first packet; negative where duplicates outnumber losses."""
        return self._expected() - self.packets

    @property
    def jitter(self) -> float:
        """Seconds."""
        return self._jitter / self.rate

    def _expected(self) -> int:
        return 0 if self._sequence.highest is None else self._sequence.highest - self._first + 1

    def report(self, ssrc: int, now: float) -> Report | None:
        """The next report; the fraction is that since the one before. None: nothing came yet."""
        if self._sequence.highest is None:
            return None
        fraction = self._fraction()
        last, since = self._last or (0, now)
        delay = int((now - since) * 65536) & _WORD
        highest = self._sequence.highest & _WORD
        return Report(ssrc, fraction, self.lost, highest, int(self._jitter), last, delay)

    def _fraction(self) -> int:
        expected, lost = self._expected() - self._prior[0], self.lost - self._prior[1]
        self._prior = self._expected(), self.lost
        return min(255, (lost << 8) // expected) if expected > 0 and lost > 0 else 0


SOONEST = 0.25
SLOWEST = 1.0
"""Seconds between two requests of a key frame: the first two, and in the end where none comes."""


class KeyRequests:
    """When to ask one track for a key frame: at once, then again until one comes, and never two close together.

    A request that comes too soon after another is sent later, not forgotten.
    """

    __slots__ = ("_next", "_pause", "wanted")

    def __init__(self) -> None:
        self.wanted = False
        self._next = 0.0
        self._pause = SOONEST

    def ask(self, now: float) -> bool:
        """Somebody needs one. True: send the request now."""
        self.wanted = True
        return self.due(now)

    def due(self, now: float) -> bool:
        """To be asked regularly. True: send a request now."""
        if not self.wanted or now < self._next:
            return False
        self._next = now + self._pause
        self._pause = min(SLOWEST, self._pause * 2)
        return True

    def arrived(self) -> None:
        """A key frame came, or nobody needs one any more."""
        self.wanted = False
        self._pause = SOONEST
