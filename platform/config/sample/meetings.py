"""What the cast agreed on, and what they are still to answer."""

from datetime import datetime, timedelta

from django.db.models import Q

from live import writer
from people.models import Nudge, Person
from programme.models import Event
from rooms.meetings import availability, meetings, slots
from rooms.models import Delegation, Meeting

from .cast import CAST

Way = Meeting.Way
LATER = timedelta(hours=2)  # a visitor has time to look at it first


def write(event: Event, people: list[Person], now: datetime) -> None:
    cast = dict(zip(CAST, people, strict=False))
    everybody = Q(person__in=cast.values())
    Nudge.objects.filter(everybody, kind__startswith="meeting.").delete()
    Delegation.objects.get_or_create(principal=cast["ines"], delegate=cast["salma"])
    tell(event, cast, now)
    # The pages show them; nobody is written to because of a sample.
    Nudge.objects.filter(everybody, kind__startswith="meeting.").update(due_at=None)


def tell(event: Event, cast: dict[str, Person], now: datetime) -> None:
    ada, ines, thabo, layla, salma = (cast[key] for key in ("ada", "ines", "thabo", "layla", "salma"))
    agree(event, thabo, ada, now, Way.IN_PERSON, "What a repaired metre costs", "The table under the clock, foyer")
    agree(event, ines, layla, now, Way.VIDEO, "The logger that reports in Arabic")
    propose(event, ines, ada, now, Way.VIDEO, "Article 4, and how the council took it")
    waiting = propose(event, cast["meiling"], ines, now, Way.VOICE, "Three questions about your sensors")
    if waiting:
        times = [span.starts for span in free(event, ines, cast["meiling"], now, 1, besides=waiting)]
        writer.do(salma.pk, meetings.counter, salma.pk, waiting.pk, times, "She is in sessions until then.")


def free(event: Event, one: Person, two: Person, now: datetime, count: int, besides: Meeting | None = None):
    """Some times of theirs, spread over what is left of the forum's days."""
    by_day = availability.shared(availability.rules_of(event), one, two, now + LATER, besides)
    return slots.spread([span for of_day in by_day.values() for span in of_day], count)


def propose(event: Event, by: Person, to: Person, now: datetime, way: str, note: str, place: str = ""):
    """None if there is no time left that suits both."""
    times = [span.starts for span in free(event, by, to, now, 2)]
    if not times:
        return None
    return writer.do(by.pk, meetings.propose, event, by.pk, to.pk, times, way, note, place)


def agree(event: Event, by: Person, to: Person, now: datetime, way: str, note: str, place: str = "") -> None:
    made = propose(event, by, to, now, way, note, place)
    if made:
        writer.do(to.pk, meetings.accept, to.pk, made.pk, made.slots.first().pk)
