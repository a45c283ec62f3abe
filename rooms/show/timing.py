"""When each part of a run of show comes, how late it is, and what to shorten to end on time. Pure.

Times are aware datetimes, lengths are seconds. Without `now` the answers say how it stands if whatever is on ends when
it should: these are told to everyone and stay true until somebody moves on. With `now`, what is over its time, or has
not begun in time, delays what follows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil, inf
from typing import NamedTuple

ROUND = 30  # seconds: nobody can speak to the second
LEAST = 60  # seconds that everything is left
REST = 300  # seconds that a break is left
DISCUSSION = {"questions", "panel", "intervention"}
REASONS = ("discussion", "share", "closing")  # why a part gives time, in this order


class Part(NamedTuple):
    """A part of the run of show. `planned`: seconds as first written; `agreed`: seconds as last agreed."""

    id: int
    kind: str
    planned: int
    agreed: int
    started: datetime | None = None
    ended: datetime | None = None
    skipped: bool = False

    @property
    def is_running(self) -> bool:
        return self.started is not None and self.ended is None

    @property
    def is_to_come(self) -> bool:
        return self.started is None and not self.skipped


class Course(NamedTuple):
    """When each part by its id starts, or started; when the next change is due (None: no more); when all is over."""

    at: Mapping[int, datetime]
    due: datetime | None
    ends: datetime


class Change(NamedTuple):
    """A shorter time for a part. `why`: one of REASONS."""

    part: int
    was: int
    to: int
    why: str


def running(parts: Iterable[Part]) -> Part | None:
    return next((part for part in parts if part.is_running), None)


def coming(parts: Iterable[Part]) -> Part | None:
    """The one that starts next."""
    return next((part for part in parts if part.is_to_come), None)


def to_come(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.is_to_come]


# when


def planned(parts: Sequence[Part], starts: datetime) -> Course:
    """As it was written: one after the other from the session's start."""
    at = {}
    for part in parts:
        at[part.id] = starts
        starts += timedelta(seconds=part.planned)
    return Course(at, None, starts)


def expected(parts: Sequence[Part], starts: datetime, now: datetime | None = None) -> Course:
    """As it goes: what has started when it did, what is to come as soon as what is before it will be over."""
    at, clock, following = {}, starts, None if running(parts) else coming(parts)
    due = _over(running(parts))
    for part in parts:
        if part is following:
            due, clock = clock, _not_before(clock, now)
        at[part.id] = part.started or clock
        clock = _after(part, clock, now)
    return Course(at, due, clock)


def _over(part: Part | None) -> datetime | None:
    return part.started + timedelta(seconds=part.agreed) if part and part.started else None


def _after(part: Part, clock: datetime, now: datetime | None) -> datetime:
    if part.ended:
        return part.ended
    if over := _over(part):
        return _not_before(over, now)
    return clock + timedelta(seconds=0 if part.skipped else part.agreed)


def _not_before(moment: datetime, now: datetime | None) -> datetime:
    return max(moment, now) if now else moment


def drift(parts: Sequence[Part], starts: datetime, now: datetime | None = None) -> int:
    """How many seconds later than planned the next part begins, or the last one ends; negative: earlier."""
    plan, course, following = planned(parts, starts), expected(parts, starts, now), coming(parts)
    late = course.at[following.id] - plan.at[following.id] if following else course.ends - plan.ends
    return round(late.total_seconds())


def lateness(parts: Sequence[Part], starts: datetime, ends: datetime, now: datetime | None = None) -> int:
    """How many seconds after its end the session would be over; negative: before."""
    return ceil((expected(parts, starts, now).ends - ends).total_seconds())


# what to shorten


def proposal(parts: Sequence[Part], late: float, now: datetime) -> list[Change]:
    """What to shorten by `late` seconds in all, rounded up to half minutes, or by as much as can be spared.

    Questions and the panel give first, each in proportion to its length; then everything else; closing statements give
    last. Nobody is left with less than half of what was planned, or a minute; a break keeps five minutes; and what is
    on now keeps what has run already.
    """
    units, changes = ceil(max(late, 0) / ROUND), []
    for why in REASONS:
        tier = [part for part in parts if (part.is_running or part.is_to_come) and reason(part.kind) == why]
        shares = share(units, {part.id: spare(part, now) // ROUND for part in tier}, {it.id: it.agreed for it in tier})
        units -= sum(shares.values())
        changes += [Change(it.id, it.agreed, it.agreed - ROUND * shares[it.id], why) for it in tier if shares[it.id]]
    return changes


def reason(kind: str) -> str:
    if kind in DISCUSSION:
        return "discussion"
    return "closing" if kind == "closing" else "share"


def floor(part: Part, now: datetime) -> float:
    """Seconds that must be left to it."""
    if part.ended:
        return inf
    least = max(part.planned / 2, REST if part.kind == "break" else LEAST)
    has_run = (now - part.started).total_seconds() if part.started else 0
    return max(least, has_run)


def spare(part: Part, now: datetime) -> int:
    """Seconds that it can give."""
    return int(max(0, part.agreed - floor(part, now)))


def share(units: int, room: Mapping[int, int], weight: Mapping[int, int]) -> dict[int, int]:
    """Up to `units` handed out in proportion to weight, nobody more than their room (D'Hondt's divisors)."""
    given = dict.fromkeys(room, 0)
    for _ in range(min(units, sum(room.values()))):
        free = [each for each in room if given[each] < room[each]]
        given[max(free, key=lambda each: weight[each] / (given[each] + 1))] += 1
    return given


def saved(changes: Iterable[Change]) -> int:
    return sum(change.was - change.to for change in changes)


def still_late(late: int, changes: Iterable[Change]) -> int:
    """Seconds that the session would still be late."""
    return max(0, late - saved(changes))


def is_possible(changes: Iterable[Change], parts: Sequence[Part], now: datetime) -> bool:
    """Everything is as the proposal found it, and may still be made as short."""
    there = {part.id: part for part in parts if part.ended is None and not part.skipped}
    return all(
        change.part in there
        and there[change.part].agreed == change.was
        and change.was - change.to <= spare(there[change.part], now)
        for change in changes
    )
