"""Numbers that wrap around (RFC 1982), and how a slot numbers packets that come from one track after another."""

from collections import deque
from typing import Any, NamedTuple

LATEST_MAPPINGS = 8
FORGET_BASE = 4000
"""Packets after which nothing from before a switch can come any more; at 32,768 the comparison would turn around."""


def ahead(number: int, other: int, bits: int = 16) -> int:
    """How far `number` is ahead of `other` (negative: behind), the shorter way round."""
    half = 1 << bits - 1
    return (number - other + half & (1 << bits) - 1) - half


class Unwrapper:
    """Numbers of `bits` bits as ever-growing integers: each the nearest to the highest one so far."""

    __slots__ = ("bits", "highest")

    def __init__(self, bits: int = 16) -> None:
        self.bits = bits
        self.highest: int | None = None

    def extend(self, number: int) -> int:
        if self.highest is None:
            self.highest = number
            return number
        extended = self.highest + ahead(number, self.highest, self.bits)
        self.highest = max(self.highest, extended)
        return extended


class Mapping(NamedTuple):
    """What a slot adds to its track's numbers from outgoing packet `first` (unwrapped) on.

    `track` is whatever the caller switches between. Offsets wrap at 16, 32, 15 and 8 bits.
    """

    first: int
    track: Any
    sequence: int
    timestamp: int
    picture: int
    tl0: int


class Numbering:
    """One slot's outgoing numbers, without a gap and without going back, whoever is shown.

    `last` (unwrapped), `picture` and `tl0` are the highest sent; set them by `sent` or, where packets go out by the
    hundred, by `caught_up` before a switch. `mapping` is the one in force, None before the first switch.
    """

    __slots__ = ("_shift", "base", "last", "mapping", "mappings", "picture", "tl0")

    def __init__(self, sequence: int = 0, picture: int = 0, tl0: int = 0) -> None:
        self.last = sequence
        self.picture = picture
        self.tl0 = tl0
        self.mapping: Mapping | None = None
        self.mappings: deque[Mapping] = deque(maxlen=LATEST_MAPPINGS)
        self.base: int | None = None
        self._shift = 0

    def switch(self, track: Any, sequence: int, timestamp: int, picture: int = 0, tl0: int = 0) -> Mapping:
        """From the track's packet with these numbers on it is shown: that packet gets the number after the last one.

        `timestamp` is the offset to add. `sequence` may be unwrapped, for `caught_up`.
        """
        self.mapping = Mapping(
            self.last + 1,
            track,
            self.last + 1 - sequence & 0xFFFF,
            timestamp & 0xFFFFFFFF,
            self.picture + 1 - picture & 0x7FFF,
            self.tl0 + 1 - tl0 & 0xFF,
        )
        self.mappings.append(self.mapping)
        self.base = sequence & 0xFFFF
        self._shift = self.last + 1 - sequence
        return self.mapping

    def outgoing(self, sequence: int) -> int | None:
        """The number (16 bits) under which the track's packet goes out.

        None for one from before the switch: its number was given to the previous track.
        """
        assert self.mapping is not None, "nothing is shown yet"
        if self.base is not None and not self._after_base(sequence):
            return None
        return sequence + self.mapping.sequence & 0xFFFF

    def _after_base(self, sequence: int) -> bool:
        since = ahead(sequence, self.base or 0)
        if since > FORGET_BASE:
            self.base = None
        return since >= 0

    def sent(self, outgoing: int, picture: int | None = None, tl0: int | None = None) -> None:
        """Remembers the outgoing numbers of a packet, unless higher ones have gone out."""
        self.last += max(0, ahead(outgoing, self.last & 0xFFFF))
        if picture is not None and ahead(picture, self.picture, 15) > 0:
            self.picture = picture
        if tl0 is not None and ahead(tl0, self.tl0, 8) > 0:
            self.tl0 = tl0

    def caught_up(self, sequence: int, picture: int | None = None, tl0: int | None = None) -> None:
        """`sent`, told by the track's own highest numbers: every packet up to them went out under this mapping.

        `sequence` is unwrapped, as the one that was given to `switch`: any number of packets may lie between.
        """
        if self.mapping is None:
            return
        self.last = max(self.last, sequence + self._shift)
        if picture is not None:
            self.picture = picture + self.mapping.picture & 0x7FFF
        if tl0 is not None:
            self.tl0 = tl0 + self.mapping.tl0 & 0xFF

    def source(self, outgoing: int) -> tuple[Mapping, int] | None:
        """Which mapping an outgoing packet was sent under, and its number on its track; None: too long ago."""
        at = self.last + ahead(outgoing, self.last & 0xFFFF)
        if at > self.last:
            return None
        for mapping in reversed(self.mappings):
            if mapping.first <= at:
                return mapping, at - mapping.sequence & 0xFFFF
        return None
