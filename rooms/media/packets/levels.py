"""Who speaks, from the audio levels that publishers send along (RFC 6464)."""

from collections.abc import Sequence

SILENCE = 127
"""-dBov."""

LOUD = 55
"""-dBov. Speech is above it, a quiet room below."""

MASKED = 12
"""dB. Whoever is that much quieter than the loudest is heard through the loudest one's microphone or speaks aside."""

ENOUGH = 0.35
"""Seconds of voice that make somebody the speaker: a sentence begun, no cough."""

MOST = 0.6
"""Seconds of voice that are kept: how long a pause the speaker may make."""

STAY = 0.6
"""Seconds that a speaker stays at least, unless gone from the stage."""

_LONGEST_PACKET = 0.06


class _Voice:
    """One source's: `level` in -dBov, quick to rise and slow to fall; `voice` in seconds, as of `at`."""

    __slots__ = ("at", "level", "voice")

    def __init__(self, now: float) -> None:
        self.level = float(SILENCE)
        self.voice = 0.0
        self.at = now

    def heard(self, level: int, now: float, threshold: float) -> None:
        passed = min(_LONGEST_PACKET, max(0.0, now - self.at))
        self.voice = min(MOST, self.held(now) + passed) if level < threshold else max(0.0, self.held(now) - passed)
        self.level += (level - self.level) * (0.4 if level < self.level else 0.1)
        self.at = now

    def held(self, now: float) -> float:
        """Seconds of voice left: a source that sends nothing (DTX, muted, gone) falls silent, too."""
        return max(0.0, self.voice - max(0.0, now - self.at - _LONGEST_PACKET))

    def heard_at(self, now: float) -> float:
        return self.level if now - self.at < MOST else SILENCE


class Speakers:
    """Turns levels into one active speaker. Sources are numbers.

    Somebody else takes over after ENOUGH seconds of voice, once the speaker's own pause is longer; two at a time leave
    it with whoever spoke first, unless one drowns the other out.
    """

    __slots__ = ("_since", "_voices", "dominant")

    def __init__(self) -> None:
        self._voices: dict[int, _Voice] = {}
        self.dominant: int | None = None
        self._since = 0.0

    def heard(self, source: int, level: int, now: float) -> None:
        """A packet of this level (0 loud, 127 silence) came."""
        voice = self._voices.get(source)
        if voice is None:
            voice = self._voices[source] = _Voice(now)
        voice.heard(level, now, self._threshold(now))

    def _threshold(self, now: float) -> float:
        loudest = min((voice.heard_at(now) for voice in self._voices.values()), default=SILENCE)
        return min(LOUD, loudest + MASKED)

    def gone(self, source: int) -> None:
        self._voices.pop(source, None)

    def level(self, source: int, now: float) -> int:
        """Smoothed, in dBov: 0 to -127."""
        voice = self._voices.get(source)
        return -round(voice.heard_at(now)) if voice else -SILENCE

    def speaking(self, now: float) -> int | None:
        """The dominant source, if it's heard at this moment."""
        return self.dominant if self.dominant is not None and self._held(self.dominant, now) > 0 else None

    def decide(self, order: Sequence[int], now: float) -> int | None:
        """Who is dominant among those on stage, given in order. The first of them, as long as nobody has spoken."""
        if self.dominant not in order:
            self.dominant = None
        strongest = max(order, key=lambda source: self._held(source, now), default=None)
        if strongest is not None and self._takes_over(strongest, now):
            self.dominant = strongest
            self._since = now
        return self.dominant if self.dominant is not None else next(iter(order), None)

    def _takes_over(self, source: int, now: float) -> bool:
        held = self._held(source, now)
        if self.dominant is None:
            return held >= ENOUGH
        return held >= ENOUGH and held > self._held(self.dominant, now) and now - self._since >= STAY

    def _held(self, source: int, now: float) -> float:
        voice = self._voices.get(source)
        return voice.held(now) if voice else 0.0

    def loudest(self, current: Sequence[int], candidates: Sequence[int], size: int, now: float) -> list[int]:
        """Which `size` of the candidates are to be heard, in no order that matters.

        Whoever is heard stays, until somebody outside has spoken for ENOUGH seconds and somebody inside is silent.
        """
        kept = [source for source in current if source in candidates][:size]
        outside = [source for source in candidates if source not in kept]
        outside.sort(key=lambda source: -self._held(source, now))
        kept += outside[: size - len(kept)]
        for source in outside[size - len(kept) :] if size > 0 else []:
            self._displace(kept, source, now)
        return kept

    def _displace(self, kept: list[int], source: int, now: float) -> None:
        quietest = min(kept, key=lambda other: self._held(other, now))
        if source not in kept and self._held(source, now) >= ENOUGH and self._held(quietest, now) <= 0:
            kept[kept.index(quietest)] = source
