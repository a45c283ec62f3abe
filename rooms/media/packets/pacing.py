"""Key frames are many packets at once: they go out at a pace that the line bears."""

PACE = 2.5
"""Times what the line bears on average."""

LEAST = 1_000_000.0
"""bit/s; on a slower line a first picture must not wait for long."""

BURST = 0.01
"""Seconds' worth of packets that go out at once."""

LONGEST = 0.2
"""Seconds that any packet waits at most: later it is no use."""


class Pacer:
    """A leaky bucket. Packets keep their order: each goes out no sooner than the one before."""

    __slots__ = ("_free", "_rate")

    def __init__(self) -> None:
        self._rate = LEAST / 8
        self._free = 0.0

    def follow(self, bitrate: float) -> None:
        """What the line bears, bit/s."""
        self._rate = max(LEAST, bitrate * PACE) / 8

    def when(self, size: int, now: float) -> float:
        """When to send a packet of `size` bytes: `now`, or the time until which to queue it."""
        start = max(now, self._free)
        self._free = min(start + size / self._rate, now + BURST + LONGEST)
        return max(now, start - BURST)
