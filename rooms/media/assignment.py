"""Which sources a viewer gets in its slots. Pure."""

from collections.abc import Sequence
from typing import NamedTuple


class Candidate(NamedTuple):
    """A source whose picture this viewer may get; they come in the order of the stage."""

    source: int
    is_screen: bool = False


class Favour(NamedTuple):
    """Whom the room and the viewer want to see; sources, or None."""

    pinned: int | None = None
    large: int | None = None
    speaking: int | None = None


Slots = Sequence[int | None]
"""Which source each slot has."""


def ranked(slots: Slots, candidates: Sequence[Candidate], favour: Favour) -> list[int]:
    """Screens first, the pinned one, the viewer's choice, the speaker; then who is shown; then the stage's order."""

    def rank(candidate: Candidate) -> tuple:
        favoured = [candidate.source != source for source in favour]
        return not candidate.is_screen, *favoured, candidate.source not in slots

    return [candidate.source for candidate in sorted(candidates, key=rank)]


def seated(slots: Slots, wanted: Sequence[int]) -> list[int | None]:
    """As many as there are slots. Whoever has one keeps it; the others take those that are free."""
    wanted = wanted[: len(slots)]
    newcomers = iter([source for source in wanted if source not in slots])
    return [source if source in wanted else next(newcomers, None) for source in slots]
