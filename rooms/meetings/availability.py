"""Whose time is free when, read from the database."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from live.refusal import Refused
from people.models import Person
from programme.checks import zones
from programme.models import Event, Session

from ..models import Booking, Hour, Meeting, MeetingRules
from . import slots
from .slots import Span, Times


def rules_of(event: Event) -> MeetingRules:
    """What the organisers said, or what holds as long as they say nothing."""
    return MeetingRules.objects.filter(event=event).first() or MeetingRules(event=event)


def days_of(rules: MeetingRules) -> list[date]:
    """The days on which people may meet, at the venue. None if the event was put to others than the rules name."""
    event = rules.event
    first, last = rules.starts_on or event.starts_on, rules.ends_on or event.ends_on
    return list(slots.days(max(first, event.starts_on), min(last, event.ends_on)))


def zone_of(person: Person, event: Event) -> ZoneInfo:
    return ZoneInfo(person.zone or event.zone)


def keep_zone(person: int, zone: str) -> None:
    """That of their device, from somebody who chose none: their hours are counted in it from now on."""
    if zone not in zones():
        raise Refused("command.malformed")
    Person.objects.filter(pk=person, zone="").update(zone=zone)


def times_of(person: Person, event: Event, within: Span, besides: Meeting | None = None) -> Times:
    """What is known of a person's time within a span; what a meeting has booked may be left out, for it to move."""
    words = list(Hour.objects.filter(person=person, starts_at__range=within).values_list("starts_at", "free"))
    booked = bookings({person.pk}, within, besides).values_list("at", flat=True)
    return Times(
        zone_of(person, event),
        kept_by(person, within),
        slots.spans_of(booked),
        {moment for moment, free in words if free},
        {moment for moment, free in words if not free},
    )


def kept_by(person: Person, within: Span) -> list[Span]:
    """Sessions they starred or have a part in."""
    theirs = Q(stars__person=person) | Q(appearances__person=person)
    found = Session.objects.standing().filter(theirs, starts_at__lt=within.ends, ends_at__gt=within.starts)
    return [Span(*times) for times in found.values_list("starts_at", "ends_at").distinct()]


def bookings(people: Iterable[int], within: Span, besides: Meeting | None = None):
    found = Booking.objects.filter(person__in=people, at__gt=within.starts - slots.CELL, at__lt=within.ends)
    return found.exclude(meeting=besides) if besides else found


def busy(person: int, starts: datetime, ends: datetime, besides: Meeting | None = None) -> bool:
    """Whether they have agreed to another meeting at any moment in between."""
    return bookings({person}, Span(starts, ends), besides).exists()


def grid_of(rules: MeetingRules, minutes: int | None = None) -> dict[date, list[Span]]:
    venue = rules.event.tz
    return {day: slots.grid(day, venue, minutes or rules.minutes) for day in days_of(rules)}


def shared(
    rules: MeetingRules, one: Person, two: Person, after: datetime, besides: Meeting | None = None
) -> dict[date, list[Span]]:
    """{day: the slots that are free for both}; `besides` is a meeting that looks for another time."""
    grid = grid_of(rules, besides.minutes if besides else None)
    if not grid:
        return {}
    whole = Span(min(grid.values())[0].starts, max(grid.values())[-1].ends)
    mine, theirs = (times_of(person, rules.event, whole, besides) for person in (one, two))
    return {day: slots.shared(of_day, mine, theirs, after) for day, of_day in grid.items()}


def free_slots(event: Event, one: Person, two: Person, day: date, after: datetime) -> list[Span]:
    return shared(rules_of(event), one, two, after).get(day, [])


def keep_day(person: int, event: Event, day: date, free: Collection[datetime]) -> None:
    """Of this day exactly these slots are free, by their starts. What only repeats the assumed is not kept."""
    of_day = grid_of(rules_of(event)).get(day)
    if not of_day:
        raise Refused("meeting.not_free")
    owner, whole = Person.objects.get(pk=person), Span(of_day[0].starts, of_day[-1].ends)
    assumed = times_of(owner, event, whole)
    said = {slot.starts: slot.starts in free for slot in of_day}
    Hour.objects.filter(person=person, starts_at__gte=whole.starts, starts_at__lt=whole.ends).delete()
    own = [slot for slot in of_day if said[slot.starts] != slots.is_assumed(slot, assumed)]
    Hour.objects.bulk_create(Hour(person=owner, starts_at=slot.starts, free=said[slot.starts]) for slot in own)
