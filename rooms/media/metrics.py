"""What the media process counts, and how it tells: /metrics in Prometheus' text format."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

logger = logging.getLogger(__name__)

QUIET = 10  # seconds between two lines about mishaps of one kind
TYPES = {
    "packets_in": "RTP and RTCP packets that came",
    "bytes_in": "their bytes, as they came",
    "packets_out": "RTP packets that went",
    "bytes_out": "their bytes, as they went",
    "checks": "connectivity checks answered",
    "joins": "handshakes that succeeded",
}


class Mishaps:
    """Exceptions where one packet or one peer must not take the others along: each counted, some of them logged."""

    def __init__(self, counters: Counter[str], clock: Callable[[], float] = time.monotonic):
        self.counters = counters
        self.clock = clock
        self.quiet_until: dict[str, float] = {}

    def note(self, where: str) -> None:
        """Called inside `except`. The log gets the first of its kind with its traceback, then one in ten seconds."""
        self.counters[f"mishaps_{where}"] += 1
        now = self.clock()
        if now >= self.quiet_until.get(where, 0):
            self.quiet_until[where] = now + QUIET
            logger.exception("a mishap in %s, the %d. of its kind", where, self.counters[f"mishaps_{where}"])


def text(counters: Mapping[str, int], gauges: Mapping[str, float]) -> str:
    """Prometheus' text format, version 0.0.4. `dropped_*` and `mishaps_*` become one metric each, with a label."""
    return "".join(f"{line}\n" for line in (*_counters(counters), *_labelled(counters), *_gauges(gauges)))


def _counters(counters: Mapping[str, int]) -> Iterable[str]:
    for name, what in TYPES.items():
        yield f"# HELP plenary_media_{name}_total {what}"
        yield f"# TYPE plenary_media_{name}_total counter"
        yield f"plenary_media_{name}_total {counters.get(name, 0)}"


def _labelled(counters: Mapping[str, int]) -> Iterable[str]:
    for family, label in (("dropped", "reason"), ("mishaps", "where"), ("ended", "reason")):
        yield f"# TYPE plenary_media_{family}_total counter"
        for name in sorted(counters):
            if name.startswith(f"{family}_"):
                key = name.removeprefix(f"{family}_")
                yield f'plenary_media_{family}_total{{{label}="{key}"}} {counters[name]}'


def _gauges(gauges: Mapping[str, float]) -> Iterable[str]:
    for name, value in gauges.items():
        yield f"# TYPE plenary_media_{name} gauge"
        yield f"plenary_media_{name} {value:g}"
