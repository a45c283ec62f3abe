"""How much longer two people could stay: until either is expected somewhere else. Reads only."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from ..meetings.availability import kept_by
from ..meetings.slots import Span
from ..models import Booking, Pair

MORE = 5  # minutes that are added at a time
MOST = 30  # minutes that are added altogether


class Spare(NamedTuple):
    """`minutes` that could be added now, or 0 and the code of why not. `until`: when one has to go, if it is soon."""

    minutes: int
    until: datetime | None = None
    no: str = ""


def spare(pair: Pair) -> Spare:
    """A round of the lounge ends with all others."""
    if pair.kind == Pair.Kind.ROUND:
        return Spare(0, no="pair.round")
    longest = pair.ends_at + timedelta(minutes=MOST - pair.extended)
    until = min([longest, *expected(pair, longest)])
    if until - pair.ends_at >= timedelta(minutes=MORE):
        return Spare(MORE, until)
    return Spare(0, until, "pair.long_enough" if until == longest else "pair.not_free")


def expected(pair: Pair, longest: datetime) -> Iterator[datetime]:
    """When either is expected elsewhere, from the end on: a meeting, a session they would not miss, another room."""
    two = [pair.one_id, pair.two_id]
    booked = Booking.objects.filter(person__in=two, at__gte=pair.ends_at).exclude(meeting=pair.meeting_id)
    yield from booked.order_by("at").values_list("at", flat=True)[:1]
    for person in pair.people:
        yield from (max(kept.starts, pair.ends_at) for kept in kept_by(person, Span(pair.ends_at, longest)))
        rooms = Pair.objects.of(person.pk).running().exclude(pk=pair.pk).filter(ends_at__gt=pair.ends_at)
        starts = rooms.order_by("starts_at").values_list("starts_at", flat=True)[:1]
        yield from (max(at, pair.ends_at) for at in starts)
