"""Ten minutes before what somebody starred or speaks in, they are told; each once, whichever process sees it first."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from live import writer
from live.chores import Look, chore
from people import nudges
from people.models import Nudge, Person
from programme.models import Session
from programme.times import Zone

NOBODY = 0
BEFORE = timedelta(minutes=10)
LATE = timedelta(minutes=15)  # after the start a reminder only confuses
AT_ONCE = 200
KIND = "reminder.session"


@nudges.kind(KIND, urgent=True, reminder=True)
def say(given: dict[str, Any]) -> str:
    """Within ten minutes, and by the venue's clock: the server may have been away for some of them."""
    return _("“%(title)s” begins within ten minutes, at %(time)s (%(place)s).") % given


def key(session: Session) -> str:
    """With the time: whoever was told before it was moved is told again."""
    return f"{KIND}.{session.pk}.{session.starts_at:%Y%m%d%H%M}"


def soon(now: datetime) -> list[Session]:
    coming = Session.objects.standing().filter(starts_at__gt=now, starts_at__lte=now + BEFORE)
    return list(coming.select_related("event"))


def untold(session: Session) -> list[int]:
    """Ids of those who keep it or speak in it, may enter, and have not been told."""
    told = Nudge.objects.filter(key=key(session)).values("person")
    keeping = Person.objects.filter(Q(stars__session=session) | Q(appearances__session=session)).exclude(pk__in=told)
    return sorted(session.admits(keeping.values_list("pk", flat=True)))


def due(now: datetime) -> list[tuple[int, list[int]]]:
    """(session, people) to be told, a few hundred people at once."""
    return [(session.pk, some) for session in soon(now) for some in parts(untold(session))]


def parts(people: list[int]) -> Iterator[list[int]]:
    return (people[at : at + AT_ONCE] for at in range(0, len(people), AT_ONCE))


def remind(pk: int, people: list[int]) -> None:
    """Looked up again: it may have been moved, or told by somebody else, a moment ago."""
    session = next((it for it in soon(timezone.now()) if it.pk == pk), None)
    if session:
        given = {"title": session.title, "time": clock(session), "place": session.event.place or session.event.zone}
        door = reverse("enter", args=[session.code])
        nudges.nudge_all(people, key(session), KIND, given, door, until=session.starts_at + LATE)


def clock(session: Session) -> str:
    return f"{Zone(session.event.zone, session.event.place).at(session.starts_at):%H:%M}"


@chore(every=15.0)
async def keep(look: Look) -> None:
    for pk, people in await look(due, timezone.now()):
        await writer.ado(NOBODY, remind, pk, people)
