"""What a viewer's line bears, and which pictures it gets of it: sound first and last, then screens, then people."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from rooms.media.packets.rtcp import Report
from rooms.media.packets.sequence import ahead

START, LEAST, MOST = 8_000_000.0, 50_000.0, 20_000_000.0
"""bit/s: what is assumed before anything is known, and the bounds of it."""

TRUST = 0.9
"""Of what the receiver says its line bears (REMB)."""

FRESH = 10.0
"""Seconds for which it counts."""

HARMLESS, CONGESTED = 0.05, 0.15
"""Loss, smoothed: up to the first the estimate grows, from the second on it falls. Radio alone loses 2 to 10 %."""

FALLEN = 0.93
"""Of its peak: a REMB below that says that the line is full. One that has only not grown yet says nothing."""

SPARE = 1.2
"""Times what is sent: from there on a REMB says nothing. A browser's never exceeds what it gets by more than half."""

ENOUGH = 500_000.0
"""bit/s for voices and a few small pictures. A browser on a busy machine says much less of a good line; a line that is
narrower shows it by losses, and from then on the browser is believed."""

LACK = 0.7
"""Of what is sent: a first REMB below that says that the line was full from the beginning."""

_GROWTH = 50_000.0
_FEWEST_PACKETS = 20


class Losses:
    """Loss over all the slots of one viewer, of what its receiver reports say in sum (RFC 3550 6.4.1)."""

    __slots__ = ("_expected", "_known", "_lost")

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        self._expected = 0
        self._lost = 0

    def heard(self, report: Report) -> None:
        """Only of ssrcs that are ours: each is remembered."""
        highest, lost = self._known.get(report.ssrc, (report.highest, report.lost))
        self._known[report.ssrc] = report.highest, report.lost
        self._expected += max(0, ahead(report.highest, highest, 32))
        self._lost += report.lost - lost

    def take(self) -> float | None:
        """The fraction since the last take; None, and nothing taken, while there are too few packets to tell."""
        if self._expected < _FEWEST_PACKETS:
            return None
        fraction = min(1.0, max(0.0, self._lost / self._expected))
        self._expected = self._lost = 0
        return fraction


class Estimate:
    """One viewer's downlink: the least of what its browser says and of what its losses say.

    `loss` is the fraction, smoothed. `falls` counts how often the line turned out to be full.
    """

    __slots__ = ("_at", "_narrow", "_peak", "_rate", "_remb", "_remb_at", "falls", "loss")

    def __init__(self, now: float) -> None:
        self.loss = 0.0
        self.falls = 0
        self._rate = START
        self._at = now
        self._remb = math.inf
        self._remb_at = -FRESH
        self._peak = 0
        self._narrow = False

    def remb(self, bitrate: int, now: float, sent: float) -> None:
        """What the browser says, while `sent` bit/s go out."""
        self._remb = bitrate if bitrate < SPARE * sent else math.inf
        self._remb_at = now
        if not self._peak and bitrate < LACK * sent:
            self.falls += 1
        self._peak = max(self._peak, bitrate)
        if bitrate < FALLEN * self._peak:
            self._peak = bitrate
            self.falls += 1

    def lost(self, fraction: float, sent: float, now: float) -> None:
        """The loss of the last second or two, while `sent` bit/s went out.

        Additive increase, multiplicative decrease.
        """
        elapsed = max(0.0, now - self._at)
        self._at = now
        self.loss += (fraction - self.loss) / 2
        if min(fraction, self.loss) > CONGESTED:
            self._rate = max(LEAST, min(self._rate, sent) * (1 - fraction / 2))
            self._narrow = self._rate < ENOUGH
            self.falls += 1
        elif self.loss <= HARMLESS:
            self._rate = min(MOST, self._rate + _GROWTH * elapsed)

    def bitrate(self, now: float) -> float:
        if now - self._remb_at >= FRESH:
            return self._rate
        believed = max(TRUST * self._remb, LEAST if self._narrow else ENOUGH)
        return min(believed, self._rate)


class Want(NamedTuple):
    """What one video slot could show: its track's live layers that fit its picture, bit/s as measured, ascending.

    A single layer where the source sends only one; none where the slot is empty. `source` tells when it changes.
    """

    layers: tuple[int, ...]
    screen: bool = False
    source: int = 0


NOTHING = -1
"""Instead of the index of a layer: the slot is to stay without a picture."""


def allocate(bitrate: float, audio: int, wants: Sequence[Want]) -> list[int]:
    """The layer of each slot that the line bears after `audio`: as many pictures as possible, then the better ones.

    Screens come before people, and both in the order given.
    """
    left = bitrate - audio
    chosen = [NOTHING] * len(wants)
    for slot in _by_rank(wants):
        if wants[slot].layers and wants[slot].layers[0] <= left:
            left -= wants[slot].layers[0]
            chosen[slot] = 0
    for slot in _by_rank(wants):
        while chosen[slot] != NOTHING and 0 <= (extra := _extra(wants[slot], chosen[slot])) <= left:
            left -= extra
            chosen[slot] += 1
    return chosen


def spent(chosen: Sequence[int], wants: Sequence[Want]) -> int:
    """bit/s of all the pictures."""
    return sum(_cost(want, layer) for want, layer in zip(wants, chosen, strict=True))


def _by_rank(wants: Sequence[Want]) -> list[int]:
    return sorted(range(len(wants)), key=lambda slot: not wants[slot].screen)


def _cost(want: Want, layer: int) -> int:
    return 0 if layer == NOTHING else want.layers[layer]


def _cut(wants: Sequence[Want], layers: Sequence[int]) -> list[Want]:
    """No layers above these."""
    return [want._replace(layers=want.layers[: layer + 1]) for want, layer in zip(wants, layers, strict=True)]


def _extra(want: Want, layer: int) -> int:
    """bit/s that one layer more would cost (0 where it costs no more); -1: there is no better one."""
    if layer + 1 >= len(want.layers):
        return -1
    return max(0, want.layers[layer + 1] - _cost(want, layer))


State = Literal["ok", "poor", "audio_only"]

HOLD_OFF, LONGEST_HOLD_OFF = 4.0, 32.0
"""Seconds between two tries; after a failure twice as long, and so on."""

PROVEN = 10.0
"""Seconds after which a step up has succeeded."""

STEP = 1.0
"""Seconds between steps that the estimate covers."""

PROBED_FROM = 0.6
"""Of what is sent: with an estimate below that, nothing more is tried."""

LASTING = 3.0
"""Seconds until another state is believed."""


class Allocator:
    """Which layers one viewer gets over time: down at once, up one layer at a time.

    A browser's estimate only grows to half as much again as what it receives, which seldom covers the next layer: that
    is tried, and taken back if the estimate falls. What failed before is tried ever more rarely.

    `state` is what to tell the person: `poor`: somebody's picture is missing or much is lost; `audio_only`: every
    picture is missing.
    """

    __slots__ = (
        "_before",
        "_candidate",
        "_chosen",
        "_failed_at",
        "_falls",
        "_had",
        "_hold_off",
        "_resting",
        "_since",
        "_stepped",
        "_used",
        "_warned",
        "state",
    )

    def __init__(self) -> None:
        self.state: State = "ok"
        self._candidate: State = "ok"
        self._since = 0.0
        self._chosen: list[int] = []
        self._had: list[int | None] = []
        self._used = 0
        self._falls = 0
        self._stepped: float = -PROVEN
        self._before: list[int] | None = None
        self._resting = self._warned = -HOLD_OFF
        self._hold_off = HOLD_OFF
        self._failed_at: float = math.inf

    def decide(self, estimate: Estimate, audio: int, wants: Sequence[Want], now: float) -> list[int]:
        """A layer or NOTHING for each slot. `audio`: bit/s of all the sound. To be asked once a second or so."""
        bitrate = estimate.bitrate(now)
        fresh = self._follow(wants)
        fallen, self._falls = estimate.falls > self._falls, estimate.falls
        if now - self._stepped > PROVEN:
            self._prove(audio + spent(self._chosen, wants))
        if fallen and audio + spent(self._chosen, wants) > bitrate:
            self._descend(bitrate, audio, wants, now)
        elif any(fresh):
            self._welcome(bitrate, audio, wants, fresh, now)
        elif not fallen and estimate.loss <= CONGESTED:
            self._climb(bitrate, audio, wants, now)
        self._used = audio + spent(self._chosen, wants)
        self._judge(estimate.loss, wants, now)
        return list(self._chosen)

    def _follow(self, wants: Sequence[Want]) -> list[bool]:
        """Forgets layers that are no more. Returns which slots have something else to show than before."""
        missing = len(wants) - len(self._chosen)
        chosen = (self._chosen + [NOTHING] * missing)[: len(wants)]
        had = (self._had + [None] * missing)[: len(wants)]
        self._chosen = [min(layer, len(want.layers) - 1) for layer, want in zip(chosen, wants, strict=True)]
        self._had = [want.source if want.layers else None for want in wants]
        fresh = [has is not None and has != before for has, before in zip(self._had, had, strict=True)]
        if any(fresh) or missing:
            self._before = None
        return fresh

    def _prove(self, used: int) -> None:
        """The last step has succeeded; all is forgiven where it went beyond the last failure."""
        self._before = None
        if used >= self._failed_at:
            self._failed_at = math.inf
            self._hold_off = HOLD_OFF

    def _descend(self, bitrate: float, audio: int, wants: Sequence[Want], now: float) -> None:
        """Back to what was proven before a single step, or else to what the estimate covers."""
        self._fail(audio + spent(self._chosen, wants), now)
        kept, self._before = self._before or self._chosen, None
        held = _cut(wants, [min(pair) for pair in zip(kept, self._chosen, strict=True)])
        returned = [len(want.layers) - 1 for want in held]
        if returned == self._chosen:
            returned = allocate(bitrate, audio, held)
        self._chosen = returned

    def _fail(self, used: int, now: float) -> None:
        if now - self._stepped <= PROVEN:
            self._failed_at = min(used, self._failed_at)
            self._hold_off = min(LONGEST_HOLD_OFF, self._hold_off * 2)
        self._resting = now + HOLD_OFF
        self._warned = now + self._hold_off

    def _welcome(self, bitrate: float, audio: int, wants: Sequence[Want], fresh: Sequence[bool], now: float) -> None:
        """Somebody new begins with what the slot showed before or the lowest layer; those of lower rank make room."""
        layers = [max(layer, 0 if new else NOTHING) for layer, new in zip(self._chosen, fresh, strict=True)]
        self._chosen = allocate(max(bitrate, self._used), audio, _cut(wants, layers))
        self._stepped = now

    def _climb(self, bitrate: float, audio: int, wants: Sequence[Want], now: float) -> None:
        used = audio + spent(self._chosen, wants)
        steps = [(slot, extra) for slot, extra in self._steps(wants) if self._may_try(used + extra, now)]
        slot = next((slot for slot, extra in steps if used + extra <= bitrate), None)
        if slot is None and now - self._stepped >= HOLD_OFF and bitrate >= PROBED_FROM * used:
            slot = min(steps, key=lambda step: (self._chosen[step[0]] != NOTHING, step[1]), default=(None, 0))[0]
        if slot is None or now - self._stepped < STEP:
            return
        self._before = None if now - self._stepped <= PROVEN else list(self._chosen)
        self._chosen[slot] += 1
        self._stepped = now

    def _may_try(self, used: int, now: float) -> bool:
        return now >= (self._warned if used >= self._failed_at else self._resting)

    def _steps(self, wants: Sequence[Want]) -> list[tuple[int, int]]:
        """Every step up there is, with its bit/s: slots without a picture first, then by rank."""
        steps = [(slot, _extra(wants[slot], self._chosen[slot])) for slot in _by_rank(wants)]
        return sorted((step for step in steps if step[1] >= 0), key=lambda step: self._chosen[step[0]] != NOTHING)

    def _judge(self, loss: float, wants: Sequence[Want], now: float) -> None:
        state = self._state(loss, wants)
        if state != self._candidate:
            self._candidate, self._since = state, now
        if now - self._since >= LASTING:
            self.state = state

    def _state(self, loss: float, wants: Sequence[Want]) -> State:
        shown = [layer for layer, want in zip(self._chosen, wants, strict=True) if want.layers]
        if shown and max(shown) == NOTHING:
            return "audio_only"
        return "poor" if NOTHING in shown or loss > CONGESTED else "ok"
