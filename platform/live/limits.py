"""How often and how much at this door. Kept in memory, for each process of its own."""

import threading
import time
from collections import Counter, deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from django.conf import settings

from .refusal import Refused

STRIKES, WINDOW = 20, 10.0  # refusals within seconds, before the line is cut
MANY = 50_000  # buckets, before the full ones are thrown away


class Buckets:
    """Token buckets: up to `count` at once, refilled evenly over `seconds`."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.levels: dict[Hashable, tuple[float, float, float]] = {}  # tokens, when, when it is full again
        self.lock = threading.Lock()

    def take(self, key: Hashable, count: float, seconds: float) -> bool:
        """True if there was one to take."""
        with self.lock:
            return self._take(key, count, count / seconds, self.clock())

    def _take(self, key: Hashable, count: float, per_second: float, now: float) -> bool:
        tokens, at, _ = self.levels.get(key, (count, now, now))
        tokens = min(count, tokens + (now - at) * per_second)
        taken = tokens >= 1
        tokens -= taken
        self.levels[key] = tokens, now, now + (count - tokens) / per_second
        if len(self.levels) > MANY:
            self._throw_full_away(now)
        return taken

    def _throw_full_away(self, now: float) -> None:
        self.levels = {key: level for key, level in self.levels.items() if level[2] > now}


_buckets = Buckets()


def spend(person: int, rate: str) -> None:
    """Count one use of `rate`, a key of settings.LIVE_RATES. Raises Refused("slow.down")."""
    if not _buckets.take((person, rate), *settings.LIVE_RATES[rate]):
        raise Refused("slow.down")


def forgive() -> None:
    """Start counting anew, for everyone: for tests."""
    _buckets.levels.clear()


class Strikes:
    """How often one socket was told to slow down lately."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.lately: deque[float] = deque(maxlen=STRIKES)

    def out(self) -> bool:
        """Count one more; true if that was one too many."""
        now = self.clock()
        self.lately.append(now)
        return len(self.lately) == STRIKES and now - self.lately[0] <= WINDOW


class Sockets:
    """How many sockets are open, by key."""

    def __init__(self):
        self.open: Counter[Hashable] = Counter()

    @contextmanager
    def one_of(self, key: Hashable, most: int) -> Iterator[None]:
        """Holds one while the block runs. Raises Refused("sockets.too_many")."""
        if self.open[key] >= most:
            raise Refused("sockets.too_many")
        self.open[key] += 1
        try:
            yield
        finally:
            self.open[key] -= 1
            if not self.open[key]:
                del self.open[key]
