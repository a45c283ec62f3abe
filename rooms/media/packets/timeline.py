"""Timestamps: when a source's packet was captured on our clock, and what a slot that changes sources makes of it."""

from rooms.media.packets.rtcp import SenderReport
from rooms.media.packets.sequence import ahead

NTP_EPOCH = 2208988800
"""Seconds from 1900 to 1970 (RFC 5905 6)."""

FURTHEST_STRAY = 0.15
"""Seconds by which a slot's step may differ from the arrivals'. GStreamer's first reports are 1 s off."""

LEAST_STEP = 90
"""Ticks from one source's last frame to the next one's first, at least."""

_WORD = 0xFFFFFFFF
_UNBELIEVABLE = 2.0
_CREEP = 2e-4


def ntp(unix: float) -> int:
    """64 bits: seconds since 1900 in 32.32 fixed point (RFC 3550 4), from seconds since 1970."""
    return int((unix + NTP_EPOCH) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF


class SenderClock:
    """One publisher's NTP clock against ours. The quickest report counts, and is outdated by 0.2 ms with each other.

    `offset`: our clock minus theirs, in seconds; None before the first report.
    """

    __slots__ = ("offset",)

    def __init__(self) -> None:
        self.offset: float | None = None

    def report(self, seconds: float, now: float) -> None:
        sample = now - seconds
        if self.offset is None or abs(sample - self.offset) > _UNBELIEVABLE:
            self.offset = sample
        self.offset = min(self.offset + _CREEP, sample)


class SourceClock:
    """When one track's packets were captured, on our clock. `rate`: ticks per second."""

    __slots__ = ("_latest", "_report", "rate", "sender")

    def __init__(self, rate: int, sender: SenderClock) -> None:
        self.rate = rate
        self.sender = sender
        self._latest: tuple[int, float] | None = None
        self._report: tuple[int, float] | None = None

    def seen(self, timestamp: int, now: float) -> None:
        """A packet arrived."""
        self._latest = timestamp, now

    def report(self, stamp: int, timestamp: int, now: float) -> None:
        """A sender report arrived: NTP time in 32.32 fixed point, and the RTP timestamp of the same moment."""
        seconds = stamp / (1 << 32)
        self.sender.report(seconds, now)
        self._report = timestamp, seconds

    def capture(self, timestamp: int, now: float) -> float:
        """Seconds on our clock; the arrival where there is no report, or none to be believed."""
        if self._report is None or self.sender.offset is None:
            return now
        reported, seconds = self._report
        captured = seconds + ahead(timestamp, reported, 32) / self.rate + self.sender.offset
        return captured if abs(captured - now) < _UNBELIEVABLE else now

    def at(self, now: float) -> int | None:
        """The timestamp that a packet captured now would have: what our own sender reports say. None: none came yet."""
        if self._latest is None:
            return None
        timestamp, arrival = self._latest
        return timestamp + round((now - self.capture(timestamp, arrival)) * self.rate) & _WORD


def sender_report(
    ssrc: int, source: SourceClock, offset: int, now: float, unix: float, packets: int, octets: int
) -> SenderReport | None:
    """What a slot says of itself: this moment in seconds since 1970, `unix`, and in its own timestamps.

    `offset`: the timestamp offset in force. Slots that show one source's sound and picture are thus in step.
    None: its source has sent nothing yet.
    """
    timestamp = source.at(now)
    return None if timestamp is None else SenderReport(ssrc, ntp(unix), timestamp + offset & _WORD, packets, octets)


class Timeline:
    """One slot's outgoing timestamps: the slot's own clock, whoever is shown.

    `rate`: ticks per second. `packet`: ticks of an audio packet, 0 for video. `last` is the highest timestamp sent
    and `arrival` when its packet came; set them by `sent`, or by `caught_up` before a switch.
    """

    __slots__ = ("_anchor", "arrival", "last", "packet", "rate")

    def __init__(self, rate: int, first: int = 0, packet: int = 0) -> None:
        self.rate = rate
        self.packet = packet
        self.last = first & _WORD
        self.arrival: float | None = None
        self._anchor: tuple[int, float] = self.last, 0.0

    def sent(self, timestamp: int, now: float) -> None:
        """Remembers the outgoing timestamp of a packet that arrived now, unless a higher one has gone out."""
        if self.arrival is None or ahead(timestamp, self.last, 32) >= 0:
            self.caught_up(timestamp, now)

    def caught_up(self, timestamp: int, arrival: float) -> None:
        """The highest outgoing timestamp, and when its packet came: for slots whose packets go out by the hundred."""
        self.last = timestamp & _WORD
        self.arrival = arrival

    def too_soon(self, now: float) -> bool:
        """Audio only: the next packet fits better, since less than half a packet has passed since the last one."""
        return self.arrival is not None and (now - self.arrival) * self.rate < self.packet / 2

    def switch(self, timestamp: int, captured: float, now: float) -> int:
        """The offset (32 bits) for a new source, whose first packet has this timestamp and arrived now.

        `captured`: by `SourceClock.capture`.
        """
        if self.arrival is None:
            self._anchor = self.last, captured
            return self.last - timestamp & _WORD
        elapsed = now - self.arrival
        step = self._whole_packets(elapsed) if self.packet else self._frame(captured, elapsed)
        return self.last + step - timestamp & _WORD

    def _whole_packets(self, elapsed: float) -> int:
        """Steps that are none of its own grow a browser's audio buffer, up to 160 ms."""
        return max(1, round(elapsed * self.rate / self.packet)) * self.packet

    def _frame(self, captured: float, elapsed: float) -> int:
        arrived = round(elapsed * self.rate)
        stamp, moment = self._anchor
        step = ahead(stamp + round((captured - moment) * self.rate) & _WORD, self.last, 32)
        if abs(step - arrived) > FURTHEST_STRAY * self.rate:
            step = arrived
            self._anchor = self.last + step, captured
        return max(LEAST_STEP, step)
