"""When two people could meet. Pure: no database, no clock.

Times of the clock are the venue's for the grid, and each person's own for what is humane. All arithmetic is done in
UTC, so that a day on which clocks change has 23 or 25 hours of slots and none twice.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

OPENS, CLOSES = time(8), time(20)
CELL = timedelta(minutes=5)
MOST = 3  # times in one proposal
OPEN_FOR = timedelta(hours=24)


class Span(NamedTuple):
    """From a moment up to, but not including, another."""

    starts: datetime
    ends: datetime

    def meets(self, other: "Span") -> bool:
        return self.starts < other.ends and other.starts < self.ends


class Times(NamedTuple):
    """What is known of one person's time.

    `opened` and `closed` are starts of slots that they gave another word for than is assumed. `kept` is what they
    would rather not miss: it takes a slot unless they opened it. `booked` takes it whatever they said.
    """

    zone: ZoneInfo
    kept: Collection[Span] = ()
    booked: Collection[Span] = ()
    opened: Collection[datetime] = ()
    closed: Collection[datetime] = ()


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(at) for at in range((last - first).days + 1))


def grid(day: date, venue: ZoneInfo, minutes: int) -> list[Span]:
    """Every slot that begins on this day at the venue, in order."""
    first, following = (midnight(it, venue) for it in (day, day + timedelta(1)))
    length = timedelta(minutes=minutes)
    return [Span(first + length * at, first + length * (at + 1)) for at in range(-(-(following - first) // length))]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def is_humane(slot: Span, zone: ZoneInfo) -> bool:
    """Whether all of it is between 08:00 and 20:00 of one day by this zone's clocks."""
    starts, ends = (moment.astimezone(zone) for moment in slot)
    return starts.date() == ends.date() and starts.time() >= OPENS and ends.time() <= CLOSES


def is_assumed(slot: Span, times: Times) -> bool:
    """What holds for a slot as long as the person says nothing else."""
    return is_humane(slot, times.zone) and not any(map(slot.meets, times.kept))


def is_offered(slot: Span, times: Times) -> bool:
    """Whether the person would take it if nothing were booked then. A word within the slot counts for all of it."""
    if _any_in(slot, times.closed):
        return False
    return _any_in(slot, times.opened) or is_assumed(slot, times)


def _any_in(slot: Span, moments: Iterable[datetime]) -> bool:
    return any(slot.starts <= moment < slot.ends for moment in moments)


def is_booked(slot: Span, times: Times) -> bool:
    return any(map(slot.meets, times.booked))


def is_free(slot: Span, times: Times) -> bool:
    return is_offered(slot, times) and not is_booked(slot, times)


def shared(slots: Iterable[Span], one: Times, two: Times, after: datetime) -> list[Span]:
    """Those that are free for both and begin after a moment."""
    return [slot for slot in slots if slot.starts > after and is_free(slot, one) and is_free(slot, two)]


def cells(slot: Span) -> list[datetime]:
    """The starts of the five minutes that it is made of."""
    return [slot.starts + CELL * at for at in range(-(-(slot.ends - slot.starts) // CELL))]


def spans_of(starts: Iterable[datetime], length: timedelta = CELL) -> list[Span]:
    return [Span(moment, moment + length) for moment in starts]


def expires_at(now: datetime, starts: Iterable[datetime], agreed_until: datetime | None = None) -> datetime:
    """When a proposal made now ends by itself: after a day, or when its last time has come, or what it would move is
    over."""
    return min(filter(None, [now + OPEN_FOR, max(starts), agreed_until]))


def spread(slots: list[Span], count: int) -> list[Span]:
    """At most `count` of them, evenly over all: what is offered first."""
    if len(slots) <= count:
        return slots
    step = (len(slots) - 1) / max(count - 1, 1)
    return [slots[round(at * step)] for at in range(count)]
