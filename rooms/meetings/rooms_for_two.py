"""The room for two that belongs to a meeting by video or voice."""

from datetime import datetime

from django.urls import reverse

from people import acquaintance

from ..models import Meeting, Pair
from ..pair import pairs


def follow(meeting: Meeting) -> None:
    """There is one at the time agreed, and it moves with it; none for those who meet in person."""
    if meeting.way == Meeting.Way.IN_PERSON or not (meeting.starts_at and meeting.ends_at):
        return
    pair = of(meeting)
    if pair:
        pairs.move(pair, meeting.starts_at, meeting.ends_at)
    else:
        _open(meeting, meeting.starts_at, meeting.ends_at)


def _open(meeting: Meeting, starts_at: datetime, ends_at: datetime) -> None:
    assert meeting.conversation  # only drafts have none
    kind, why = Pair.Kind.MEETING, acquaintance.why(*meeting.two)
    pairs.open_pair(pairs.planned(kind, *meeting.two, starts_at, ends_at, meeting.conversation, why, meeting))


def close(meeting: Meeting, by: int) -> None:
    pair = of(meeting)
    if pair and pair.ended_at is None:
        pairs.end(pair, by)


def of(meeting: Meeting) -> Pair | None:
    return Pair.objects.filter(meeting=meeting).first()


def path(meeting: Meeting) -> str:
    """The address of the room, for one of the two; empty if there is none to go to."""
    pair = of(meeting) if meeting.state == Meeting.State.ACCEPTED else None
    return reverse("pair", args=[pair.code]) if pair and pair.ended_at is None else ""
