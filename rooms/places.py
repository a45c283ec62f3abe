"""Places in a queue that people rearrange: numbers with gaps between them, so that moving one seldom moves others."""

from collections.abc import Sequence

from live.refusal import Refused

GAP = 2**16


def index(queue: Sequence[int], before: int | None, otherwise: str) -> int:
    """Where to go in front of this one of the queue's ids, or behind all of them (None); else Refused(otherwise)."""
    if before is None:
        return len(queue)
    if before not in queue:
        raise Refused(otherwise)
    return queue.index(before)


def after(last: int | None) -> int:
    """Behind the last one; None if nobody is there."""
    return GAP if last is None else last + GAP


def ahead(first: int | None) -> int:
    """In front of the first one; None if nobody is there."""
    return GAP if first is None else first - GAP


def is_tight(places: Sequence[int], at: int) -> bool:
    """Nothing fits in front of the one at index `at` any more."""
    return gap(places, at) < 2


def gap(places: Sequence[int], at: int) -> int:
    return places[at] - places[at - 1] if 0 < at < len(places) else 2 * GAP


def between(places: Sequence[int], at: int) -> int:
    """A place in front of the one at index `at`, or behind all of them (`len(places)`). Not for where it is tight."""
    if not places:
        return GAP
    low = places[at - 1] if at else places[0] - 2 * GAP
    return low + gap(places, at) // 2


def spread(size: int) -> list[int]:
    """As many places with the usual gaps."""
    return [at * GAP for at in range(1, size + 1)]
