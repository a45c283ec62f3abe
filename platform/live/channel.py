"""The order of one topic, as a process hears it. Pure: no sockets, no clock, no database."""

from collections import deque
from collections.abc import Iterable

from . import frames
from .frames import RETRACTED, Frame


class Channel:
    """Takes frames in any order, repeated or not, and gives them out in theirs, once.

    `seq` is the last frame heard in order, None until the log has said how far the topic is; `sent` is the
    last one given out. The ring keeps the last `size` frames given out, and all that are still to go.
    """

    __slots__ = ("asides", "early", "gone", "ring", "sent", "seq", "size")

    def __init__(self, size: int):
        self.size = size
        self.seq: int | None = None
        self.sent = 0
        self.ring: deque[Frame] = deque()
        self.early: dict[int, Frame] = {}
        self.asides: list[bytes] = []
        self.gone: set[int] = set()

    def begin(self, seq: int) -> list[Frame]:
        """The log has come to `seq`. Returns what was heard meanwhile and follows it."""
        self.seq = self.sent = seq
        self.early = {early: frame for early, frame in self.early.items() if early > seq}
        return self._released(self.early.pop(seq + 1, None))

    def hear(self, heard: Iterable[Frame]) -> list[Frame]:
        """Returns the frames that are now in order."""
        return [released for frame in heard for released in self._take(frame)]

    def _take(self, frame: Frame) -> list[Frame]:
        if not frame.seq:
            self.asides.append(frame.wire)
        elif self.seq is not None and frame.seq == self.seq + 1:
            return self._released(frame)
        elif (self.seq is None or frame.seq > self.seq) and len(self.early) < self.size:
            self.early[frame.seq] = frame
        return []

    def _released(self, frame: Frame | None) -> list[Frame]:
        """This frame, which is next, and those that only waited for it."""
        released: list[Frame] = []
        while frame:
            released.append(frame)
            frame = self.early.pop(frame.seq + 1, None)
        if released:
            self.seq = released[-1].seq
            self.ring.extend(released)
            self._take_back(released)
        return released

    def _take_back(self, released: Iterable[Frame]) -> None:
        """Whoever comes back later does not hear what was retracted."""
        for frame in released:
            if frame.event == RETRACTED:
                self.gone.update(frames.retracted(frame))
                self.ring = deque(frames.without(self.gone, self.ring))

    def has_gap(self) -> bool:
        return bool(self.early) and self.seq is not None

    def has_news(self) -> bool:
        return bool(self.asides) or (self.seq or 0) > self.sent

    def news(self) -> bytes:
        """Everything that was not given out before, as one piece."""
        told = [*(self.after(self.sent, self.seq or 0) or ()), *self.asides]
        self.sent, self.asides = self.seq or 0, []
        while len(self.ring) > self.size:
            self.ring.popleft()
        return b"".join(told)

    def after(self, seq: int, until: int) -> list[bytes] | None:
        """The frames after `seq` up to `until`; None if the ring does not reach back that far."""
        if seq >= until:
            return []
        if not self.ring or self.ring[0].seq > seq + 1:
            return None
        first = self.ring[0].seq
        return [self.ring[at].wire for at in range(seq + 1 - first, until + 1 - first)]

    def remember(self, older: Iterable[Frame]) -> None:
        """Put what the log still knows in front of the ring: frames in order, with no gap between."""
        first = self.ring[0].seq if self.ring else self.sent + 1
        # What the log had before it was retracted.
        known = frames.without(self.gone, (frame for frame in older if frame.seq < first))
        if known and known[-1].seq == first - 1:
            self.ring.extendleft(reversed(known))
