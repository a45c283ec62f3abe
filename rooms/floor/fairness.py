"""Whose turn would be fair: what speaks for each who waits, and who might be next. Pure.

A point of order comes before everything. After that WEIGHTS count; each is larger than all that follow together, so
that a suggestion can be explained by naming the first that makes a difference. Where all is equal, the chair's own
order decides. Nothing depends on the clock: the same list always gives the same suggestion.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import fsum
from typing import Any, NamedTuple

WEIGHTS = {
    "first_time": 8,  # has not spoken here yet
    "region": 4,  # nobody of their regional group has
    "stakeholder": 2,  # of those who wait, theirs is the type heard least
    "waiting": 1,  # the share of those waiting who raised their hand later
}
Hint = dict[str, Any]  # {"what": a name of WEIGHTS, "spoken", "point_of_order" or "order", "say": {…}}
Who = tuple[int | None, str]


class Entry(NamedTuple):
    """A turn, as far as fairness goes. `spoken` is in seconds; `is_heard` once it has the floor."""

    id: int
    who: Who
    name: str
    region: str
    stakeholder: str
    raised_at: datetime
    is_point_of_order: bool
    is_waiting: bool
    is_heard: bool
    spoken: float


class Heard(NamedTuple):
    """Seconds of everybody who has been heard."""

    people: dict[Who, float]
    regions: dict[str, float]
    stakeholders: dict[str, float]


class Suggestion(NamedTuple):
    turn: int
    why: list[Hint]


class Balance(NamedTuple):
    """`hints` and `before` (seconds that the same person spoke before) by id, of the turns that wait."""

    hints: dict[int, list[Hint]]
    before: dict[int, int]
    suggestion: Suggestion | None
    totals: dict[str, list[list]]


def weigh(entries: Sequence[Entry]) -> Balance:
    """`entries`: all turns of a room that wait, in the chair's order, or were heard."""
    heard, waiting = heard_in(entries), [entry for entry in entries if entry.is_waiting]
    hints = hints_of(waiting, heard)
    return Balance(
        hints,
        {entry.id: round(heard.people.get(entry.who, 0)) for entry in waiting},
        suggest(waiting, hints),
        totals(entries, heard),
    )


def heard_in(entries: Sequence[Entry]) -> Heard:
    heard = [entry for entry in entries if entry.is_heard]
    return Heard(*(seconds_by(heard, by) for by in ("who", "region", "stakeholder")))


def seconds_by(entries: Iterable[Entry], by: str) -> dict:
    """Added up without rounding on the way: in whichever order they spoke, it comes to the same."""
    spoken: dict[Any, list[float]] = defaultdict(list)
    for entry in entries:
        spoken[getattr(entry, by)].append(entry.spoken)
    return {key: fsum(seconds) for key, seconds in spoken.items()}


def hints_of(waiting: Sequence[Entry], heard: Heard) -> dict[int, list[Hint]]:
    longest = min((entry.raised_at for entry in waiting), default=None) if len(waiting) > 1 else None
    least = least_heard(waiting, heard)
    return {entry.id: list(_hints(entry, heard, least, longest)) for entry in waiting}


def least_heard(waiting: Iterable[Entry], heard: Heard) -> set[str]:
    """The types, among those who wait, that were heard least; none where all were heard the same."""
    present = {entry.stakeholder for entry in waiting} - {""}
    seconds = {kind: heard.stakeholders.get(kind, 0.0) for kind in {*present, *heard.stakeholders} - {""}}
    least = min((seconds[kind] for kind in present), default=0.0)
    if least >= max(seconds.values(), default=0.0):
        return set()
    return {kind for kind in present if seconds[kind] == least}


def _hints(entry: Entry, heard: Heard, least: set[str], longest: datetime | None) -> Iterator[Hint]:
    seconds = heard.people.get(entry.who)
    if seconds is None:
        yield hint("first_time")
    if entry.region and entry.region not in heard.regions:
        yield hint("region", region=entry.region)
    if entry.stakeholder in least:
        yield hint("stakeholder", stakeholder=entry.stakeholder)
    if entry.raised_at == longest:
        yield hint("waiting", since=entry.raised_at.isoformat())
    if seconds is not None:
        yield hint("spoken", seconds=round(seconds))


def hint(what: str, **say: Any) -> Hint:
    return {"what": what, "say": say}


def suggest(waiting: Sequence[Entry], hints: Mapping[int, list[Hint]]) -> Suggestion | None:
    """Who might be next, and why; None if nobody waits."""
    urgent = next((entry for entry in waiting if entry.is_point_of_order), None)
    if urgent:
        return Suggestion(urgent.id, [hint("point_of_order")])
    if not waiting:
        return None
    since = sorted(entry.raised_at for entry in waiting)
    best = max(waiting, key=lambda entry: score(entry, hints[entry.id], since))  # of equals, the first
    return Suggestion(best.id, speaking_for(hints[best.id]) or [hint("order")])


def speaking_for(hints: Iterable[Hint]) -> list[Hint]:
    return [hint for hint in hints if hint["what"] in WEIGHTS]


def score(entry: Entry, hints: Iterable[Hint], since: Sequence[datetime]) -> float:
    """`since`: when each of those who wait began to, in order."""
    named = sum(WEIGHTS[hint["what"]] for hint in speaking_for(hints) if hint["what"] != "waiting")
    later = len(since) - bisect_right(since, entry.raised_at)
    return named + WEIGHTS["waiting"] * later / len(since)


def totals(entries: Iterable[Entry], heard: Heard) -> dict[str, list[list]]:
    """Whole seconds spoken: {"people": [[name, seconds], …], "regions", "stakeholders"}, most first."""
    names = {entry.who: entry.name for entry in entries if entry.is_heard}
    return {
        "people": _ranked((names[who], seconds) for who, seconds in heard.people.items()),
        "regions": _ranked(heard.regions.items()),
        "stakeholders": _ranked(heard.stakeholders.items()),
    }


def _ranked(seconds: Iterable[tuple[str, float]]) -> list[list]:
    return sorted(([name, round(each)] for name, each in seconds if round(each)), key=lambda it: (-it[1], it[0]))
