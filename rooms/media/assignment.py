"""Which sources a viewer gets in its slots. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple


class Candidate(NamedTuple):
    """A source that this viewer may get, in the order of the stage. `is_active`: it speaks, or did a moment ago."""

    source: int
    is_screen: bool = False
    is_active: bool = False


class Favour(NamedTuple):
    """Whom the room and the viewer want to see; sources, or None."""

    pinned: int | None = None
    large: int | None = None
    speaking: int | None = None


Slots = Sequence[int | None]
"""Which source each slot has."""


def pictures(slots: Slots, candidates: Sequence[Candidate], favour: Favour) -> list[int | None]:
    """Screens first, then the pinned one, the viewer's own choice, the speaker; then who is shown, then the stage's order."""

    def rank(candidate: Candidate) -> tuple:
        favoured = [candidate.source != source for source in favour]
        return not candidate.is_screen, *favoured, candidate.source not in slots

    return _seated(slots, _best(candidates, rank, len(slots)))


def voices(slots: Slots, candidates: Sequence[Candidate]) -> list[int | None]:
    """Everybody where there are slots enough; else who speaks comes before who is silent, and who is heard stays."""

    def rank(candidate: Candidate) -> tuple:
        return not candidate.is_active, candidate.source not in slots

    return _seated(slots, _best(candidates, rank, len(slots)))


def _best(candidates: Iterable[Candidate], rank: Callable[[Candidate], tuple], most: int) -> list[int]:
    return [candidate.source for candidate in sorted(candidates, key=rank)[:most]]


def _seated(slots: Slots, wanted: list[int]) -> list[int | None]:
    """Whoever has a slot keeps it; the others take those that are free."""
    newcomers = iter([source for source in wanted if source not in slots])
    return [source if source in wanted else next(newcomers, None) for source in slots]
