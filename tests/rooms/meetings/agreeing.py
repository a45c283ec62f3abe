"""People agreeing on a time, and what there is to be seen of it."""

from datetime import UTC, datetime

from live import writer
from live.refusal import Refused
from people.models import Person
from programme.models import Event
from rooms.meetings import meetings
from rooms.meetings.slots import Span, cells
from rooms.models import Booking, Meeting

from ..witness import heard


def at(clock: str, day: int = 25) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2027, 5, day, hour, minute, tzinfo=UTC)


def do(by: Person, verb, *args, **more):
    return writer.do(by.pk, lambda: verb(by.pk, *args, **more))


def propose(by: Person, to: Person, *clocks: str, **more) -> Meeting:
    starts = [at(each) for each in clocks or ("10:30",)]
    return writer.do(by.pk, lambda: meetings.propose(Event.objects.get(), by.pk, to.pk, starts, **more))


def slot_of(meeting: Meeting, clock: str, day: int = 25) -> int:
    return meeting.slots.get(standing=True, starts_at=at(clock, day)).pk


def accept(by: Person, meeting: Meeting, clock: str = "10:30", day: int = 25) -> Meeting:
    return do(by, meetings.accept, meeting.pk, slot_of(meeting, clock, day))


def agreed(one: Person, two: Person, clock: str = "10:30", **more) -> Meeting:
    return accept(two, propose(one, two, clock, **more), clock)


def refused_as(doing, *args, **more) -> str:
    """The code of the refusal; empty if it was done."""
    try:
        doing(*args, **more)
    except Refused as no:
        return no.code
    return ""


def state(meeting: Meeting) -> tuple[str, int | None]:
    meeting = Meeting.objects.get(pk=meeting.pk)
    return meeting.state, meeting.turn_id


def told(meeting: Meeting) -> list[dict]:
    return [data for event, data in heard(meeting.conversation.topic, 0) if event == "meeting"]


def insist_bookings_equal_agreed_meetings() -> None:
    agreed = Meeting.objects.filter(state__in=meetings.AGREED)
    spans = {it: Span(it.starts_at, it.ends_at) for it in agreed if it.starts_at and it.ends_at}
    due = {(person, cell, it.pk) for it, span in spans.items() for person in it.two for cell in cells(span)}
    assert len(spans) == len(agreed)
    assert set(Booking.objects.values_list("person", "at", "meeting")) == due
