"""Which simulcast layers of a source a slot may show: live ones, no larger than its picture."""

from collections.abc import Sequence

from .track import Track

PAUSED = 1.5  # seconds without a packet after which a layer is not sent any more: browsers drop the large ones first
STILL = 4.0  # the same for a source's only layer: a shared screen may stand still
QUARTER, HALF = 320, 640  # pixels of width up to which a picture needs no larger layer


def live(layers: Sequence[Track], now: float) -> list[Track]:
    """Of those that come, from the smallest to the largest."""
    longest = PAUSED if len(layers) > 1 else STILL
    return [track for track in layers if track.is_open and track.silent_for(now) < longest]


def most(is_large: bool, width: int | None) -> int:
    """How many layers, from the smallest, make sense; `width` in pixels of the large picture, if it's known."""
    if not is_large or (width is not None and width <= QUARTER):
        return 1
    return 2 if width is not None and width <= HALF else 3


def fitting(layers: Sequence[Track], is_large: bool, width: int | None, now: float) -> list[Track]:
    """At least one, if any comes at all."""
    wanted = layers[: most(is_large, width)]
    coming = live(layers, now)
    return [track for track in coming if track in wanted] or coming[:1]
