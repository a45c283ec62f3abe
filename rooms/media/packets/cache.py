"""The last packets of a track, for those who ask again."""

from typing import Generic, TypeVar

SIZE = 1024
"""Packets; a power of two. libsrtp protects nothing older than its window of as many."""

LONGEST = 2.0
"""Seconds after which a packet is no use to anyone, and its number may belong to the next round."""

Packet = TypeVar("Packet")


class Ring(Generic[Packet]):
    """Packets by their sequence numbers (16 bits)."""

    __slots__ = ("_arrivals", "_numbers", "_packets")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._numbers: list[int] = [-1] * SIZE
        self._arrivals: list[float] = [0.0] * SIZE
        self._packets: list[Packet | None] = [None] * SIZE

    def put(self, sequence: int, packet: Packet, now: float) -> None:
        at = sequence & SIZE - 1
        self._numbers[at] = sequence
        self._arrivals[at] = now
        self._packets[at] = packet

    def get(self, sequence: int, now: float) -> Packet | None:
        """None: never came, overwritten, or too old."""
        at = sequence & SIZE - 1
        if self._numbers[at] != sequence or now - self._arrivals[at] > LONGEST:
            return None
        return self._packets[at]
