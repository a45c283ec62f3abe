"""Repair (RFC 4585 6.2.1, RFC 4588): what to ask a publisher for again, and what to send a viewer again."""

import math

from rooms.media.packets.sequence import ahead

MOST_TRIES = 4
LONGEST = 1.0
"""Seconds after which a missing packet is given up."""

BETWEEN_TRIES = 0.1
"""Seconds before the second time; the third waits twice as long, and so on."""

WIDEST_GAP = 200
"""Packets. Behind a wider gap only a key frame helps."""

MOST_WANTED = 1000
"""Packets, of one track. A source with more holes than that is beyond repair."""


class Missing:
    """What has not come of one track.

    `lost` counts what was given up: when it grows, ask for a key frame. `repaired` counts what came after all.
    `highest` is unwrapped; None before the first packet.
    """

    __slots__ = ("_next", "_wanted", "highest", "lost", "repaired")

    def __init__(self) -> None:
        self.highest: int | None = None
        self.lost = 0
        self.repaired = 0
        self._wanted: dict[int, tuple[float, int]] = {}
        self._next = math.inf

    def __len__(self) -> int:
        return len(self._wanted)

    def arrived(self, sequence: int, now: float) -> int | None:
        """The packet's unwrapped number; None: it's a duplicate, or came after it was given up."""
        if self.highest is None:
            self.highest = sequence
            return sequence
        step = ahead(sequence, self.highest & 0xFFFF)
        if step <= 0:
            return self.filled(sequence)
        if step > 1:
            self._gap(step - 1, now)
        self.highest += step
        return self.highest

    def filled(self, sequence: int) -> int | None:
        """For a repair (RTX) too: the unwrapped number, if the packet is still missing.

        Browsers probe with copies of old packets, key frames included, which must not be forwarded again.
        """
        if self.highest is None:
            return None
        number = self.highest + ahead(sequence, self.highest & 0xFFFF)
        if self._wanted.pop(number, None) is None:
            return None
        self.repaired += 1
        return number

    def _gap(self, width: int, now: float) -> None:
        assert self.highest is not None
        if width > WIDEST_GAP:
            self.lost += width
            return
        if len(self._wanted) + width > MOST_WANTED:
            self.lost += len(self._wanted)
            self._wanted.clear()
        for number in range(self.highest + 1, self.highest + 1 + width):
            self._wanted[number] = now, 0
        self._next = now

    def due(self, now: float) -> list[int]:
        """Sequence numbers (16 bits) to ask for right now. Cheap when there are none: call it for every packet."""
        if now < self._next:
            return []
        self._give_up(now)
        due = [number for number, (since, tries) in self._wanted.items() if now >= _again(since, tries)]
        for number in due:
            since, tries = self._wanted[number]
            self._wanted[number] = since, tries + 1
        self._next = min((_again(*wanted) for wanted in self._wanted.values()), default=math.inf)
        return [number & 0xFFFF for number in due]

    def _give_up(self, now: float) -> None:
        old = [number for number, wanted in self._wanted.items() if _hopeless(*wanted, now)]
        self.lost += len(old)
        for number in old:
            del self._wanted[number]


def _again(since: float, tries: int) -> float:
    """0, 0.1, 0.3, 0.6, 1.0 s after it was missed."""
    return since + BETWEEN_TRIES * tries * (tries + 1) / 2


def _hopeless(since: float, tries: int, now: float) -> bool:
    return now - since >= LONGEST or (tries >= MOST_TRIES and now >= _again(since, tries))


SHARE = 0.25
"""Of what a viewer gets, as repair: or a link of 800 kbit/s is asked to carry 40 Mbit/s of it."""

LEAST_RATE = 100_000
"""bit/s of repair for a viewer who gets next to nothing."""

BURST = 20_000
"""Bytes."""

SOONEST = 0.03
"""Seconds between two copies of a packet, however short the round trip."""


class Budget:
    """One viewer's repair traffic: a token bucket (RFC 2697's single rate) of BURST bytes."""

    __slots__ = ("_at", "_level", "_rate")

    def __init__(self, now: float) -> None:
        self._at = now
        self._level = float(BURST)
        self._rate = LEAST_RATE / 8

    def follow(self, bitrate: float) -> None:
        """What the viewer gets at the moment, bit/s."""
        self._rate = max(LEAST_RATE, bitrate * SHARE) / 8

    def take(self, size: int, now: float) -> bool:
        self._level = min(BURST, self._level + max(0.0, now - self._at) * self._rate)
        self._at = max(self._at, now)
        if self._level < size:
            return False
        self._level -= size
        return True


class Resends:
    """Which of a slot's packets go out again: once per round trip and MOST_TRIES times at most, within the budget.

    `refused` counts those that don't.
    """

    __slots__ = ("_sent", "budget", "refused")

    _REMEMBERED = 1024

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.refused = 0
        self._sent: dict[int, tuple[float, int]] = {}

    def allow(self, outgoing: int, size: int, now: float, round_trip: float) -> bool:
        """`outgoing`: the number that was asked for; `size` in bytes; `round_trip` in seconds."""
        at, times = self._sent.get(outgoing, (-math.inf, 0))
        if now - at > LONGEST:
            times = 0
        if times >= MOST_TRIES or now - at < max(SOONEST, round_trip) or not self.budget.take(size, now):
            self.refused += 1
            return False
        self._sent.pop(outgoing, None)
        self._sent[outgoing] = now, times + 1
        if len(self._sent) > self._REMEMBERED:
            del self._sent[next(iter(self._sent))]
        return True
