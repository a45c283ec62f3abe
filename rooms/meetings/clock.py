"""What happens to meetings by itself: proposals end, both are reminded, and what nobody spoke of counts as held."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from live import writer
from live.chores import Look, chore
from people.models import Nudge
from people.nudges import nudge

from ..models import Meeting
from . import meetings, news, rooms_for_two

NOBODY = 0
BEFORE = timedelta(minutes=5)
SOON, NOW = "soon", "now"


class Reminder(NamedTuple):
    meeting: int
    what: str
    key: str


@chore(every=10.0)
async def keep_time(look: Look) -> None:
    for pk in await look(ids, meetings.unanswered):
        await writer.ado(NOBODY, meetings.expire, pk)
    for pk in await look(ids, meetings.unspoken):
        await writer.ado(NOBODY, meetings.conclude, pk)
    for reminder in await look(due):
        await writer.ado(NOBODY, remind, reminder)


def ids(found) -> list[int]:
    return list(found().values_list("pk", flat=True))


def due() -> list[Reminder]:
    """Those that nobody was given yet."""
    wanted = list(_wanted())
    given = set(Nudge.objects.filter(key__in=[it.key for it in wanted]).values_list("key", flat=True))
    return [it for it in wanted if it.key not in given]


def _wanted() -> Iterator[Reminder]:
    now, agreed = timezone.now(), Meeting.objects.filter(state=Meeting.State.ACCEPTED)
    near = agreed.filter(starts_at__gt=now - BEFORE, starts_at__lte=now + BEFORE)
    for pk, starts_at, sequence in near.values_list("pk", "starts_at", "sequence"):
        what = NOW if starts_at and starts_at <= now else SOON
        yield Reminder(pk, what, f"meeting.{pk}.{what}.{sequence}")


def remind(reminder: Reminder) -> None:
    """Only the two: at the time itself nobody comes in their place."""
    meeting = Meeting.objects.with_people().get(pk=reminder.meeting)
    path = rooms_for_two.path(meeting) or news.page(meeting)
    until = meeting.starts_at if reminder.what == SOON else meeting.ends_at
    for side in meeting.two:
        nudge(side, reminder.key, f"meeting.{reminder.what}", news.given(meeting, side, side), path, until)
