"""Meetings as they stand in somebody's schedule and calendar."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from people.models import Person

from ..models import Meeting
from . import rooms_for_two
from .parties import seen_by

State = Meeting.State


class Shown(NamedTuple):
    """`path` is the meeting's page, `room` that of the room for two, if it has one."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    other: Person
    way: str  # Meeting.Way
    place: str
    path: str
    room: str
    cancelled: bool
    changed_at: datetime
    meeting: Meeting


def shown(person: int) -> list[Shown]:
    """Their own that were agreed, by time. Those cancelled since are there too: calendars are to strike them out."""
    agreed = Meeting.objects.of(person).exclude(starts_at=None).with_people().select_related("pair")
    hidden = set(agreed.values_list("pk", flat=True)) - set(seen_by(person, set()).values_list("pk", flat=True))
    return [_shown(person, it) for it in agreed if it.pk not in hidden or it.state == State.CANCELLED]


def _shown(person: int, it: Meeting) -> Shown:
    assert it.starts_at
    assert it.ends_at
    return Shown(
        uid=f"meeting-{it.pk}@{it.event.slug}.plenary",
        sequence=it.sequence,
        starts_at=it.starts_at,
        ends_at=it.ends_at,
        other=it.other(person),
        way=it.way,
        place=it.place,
        path=reverse("meeting", args=[it.pk]),
        room=rooms_for_two.path(it),
        cancelled=it.state == State.CANCELLED,
        changed_at=it.changed_at,
        meeting=it,
    )
