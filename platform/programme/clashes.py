"""What stands in one schedule at the same time, and when else it could be seen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Q

from .models import Session
from .search import folded


class Timed(Protocol):
    starts_at: datetime
    ends_at: datetime


def overlap(one: Timed, other: Timed) -> int:
    """Whole minutes that both take; 0 if one ends before the other begins."""
    both = min(one.ends_at, other.ends_at) - max(one.starts_at, other.starts_at)
    return max(0, int(both.total_seconds() // 60))


@dataclass(frozen=True)
class Clash:
    """Something else at the same time, and a repeat of that which fits, if there is one."""

    other: Session
    minutes: int
    repeat: Session | None = None


def of(session: Session, kept: Iterable[Session], repeats: dict[int, Session]) -> list[Clash]:
    """What in `kept` clashes with this session, in order of time."""
    found = [(other, overlap(session, other)) for other in kept if other.pk != session.pk]
    return [Clash(other, minutes, repeats.get(other.pk)) for other, minutes in found if minutes]


def repeats(sessions: Iterable[Session], person, now: datetime) -> dict[int, Session]:
    """For each of these, by id, when the same is held again and this person may enter: the first that is still to come.

    The same is what has the same title, or in another event the same guid.
    """
    sought = list(sessions)
    again = Q(event__in={it.event_id for it in sought}) | Q(guid__in=[it.guid for it in sought])
    coming = Session.objects.joinable_by(person).filter(again, starts_at__gt=now).select_related("event", "venue")
    others = list(coming.order_by("starts_at")) if sought else []
    found = {it.pk: next((other for other in others if is_repeat(it, other)), None) for it in sought}
    return {pk: other for pk, other in found.items() if other}


def is_repeat(one: Session, other: Session) -> bool:
    same = one.guid == other.guid or (one.event_id == other.event_id and folded(one.title) == folded(other.title))
    return same and one.pk != other.pk and not overlap(one, other)


def kept_by(person, event) -> list[Session]:
    """What this person keeps of an event, as far as it takes place."""
    return list(event.sessions.standing().filter(stars__person=person).select_related("event").order_by("starts_at"))
