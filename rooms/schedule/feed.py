"""The private calendar: an address that only its owner knows, and can withdraw (RFC 5545, 7986)."""

from datetime import timedelta

from django.core import signing
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, vDuration
from icalendar import Event as Occasion

from live.refusal import Refused
from people.models import Person
from programme import calendars
from programme.calendars import Address
from programme.models import Event, Session

from ..meetings.shown import Shown, shown
from .entries import sessions_of

EVERY = timedelta(minutes=15)
BEFORE = timedelta(minutes=10)
_signer = signing.Signer(salt="rooms.schedule.feed")


def token(person: Person) -> str:
    """Their id and what only we can make of it, until the serial is another."""
    return f"{person.pk}-{signature(person)}"


def signature(person: Person) -> str:
    return _signer.signature(f"{person.pk}.{person.feed_serial}")


def owner(given: str) -> Person:
    """Raises Refused("calendar.unknown")."""
    pk, _dash, signed = given.partition("-")
    person = Person.objects.filter(pk=pk, is_active=True).first() if pk.isdecimal() and len(pk) < 19 else None
    if person is None or not constant_time_compare(signed, signature(person)):
        raise Refused("calendar.unknown")
    return person


def renew(person: Person) -> None:
    """A new address; the one before is of no use any more, wherever it was copied to."""
    Person.objects.filter(pk=person.pk).update(feed_serial=F("feed_serial") + 1)


def book(person: Person, event: Event | None, address: Address) -> bytes:
    """All that stands in their schedule. What was cancelled says so, so that calendars strike it out."""
    calendar = headed(person, event)
    for session in sessions_of(person).for_listing():
        calendar.add_component(of_session(session, address))
    for meeting in shown(person.pk):
        calendar.add_component(of_meeting(meeting, address))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def headed(person: Person, event: Event | None) -> Calendar:
    name = _("My schedule: %(event)s") % {"event": event.name} if event else _("My schedule")
    calendar = Calendar()
    calendar.add("PRODID", "-//Plenary//My schedule//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    if zone := person.zone or (event.zone if event else ""):
        calendar.add("X-WR-TIMEZONE", zone)
    calendar.add("REFRESH-INTERVAL", vDuration(EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(EVERY))
    return calendar


def of_session(session: Session, address: Address) -> Occasion:
    """As in the programme's own calendar, so that both know it by one UID; its address leads into the room."""
    entry = calendars.occasion(session.event, session, address)
    door = address(reverse("enter", args=[session.code]))
    entry["URL"] = door
    entry["DESCRIPTION"] = calendars.description(session, door)
    return entry if session.cancelled else with_alarm(entry, session.title)


def of_meeting(it: Shown, address: Address) -> Occasion:
    title = _("Meeting with %(name)s") % {"name": it.other.name}
    entry, door, zone = Occasion(), address(it.room or it.path), it.meeting.event.tz
    entry.add("UID", it.uid)
    entry.add("SEQUENCE", it.sequence)
    entry.add("DTSTAMP", it.changed_at)
    entry.add("LAST-MODIFIED", it.changed_at)
    entry.add("DTSTART", it.starts_at.astimezone(zone))
    entry.add("DTEND", it.ends_at.astimezone(zone))
    entry.add("SUMMARY", title)
    entry.add("DESCRIPTION", door)
    entry.add("URL", door)
    entry.add("CLASS", "PRIVATE")
    entry.add("STATUS", "CANCELLED" if it.cancelled else "CONFIRMED")
    if it.place:
        entry.add("LOCATION", it.place)
    return entry if it.cancelled else with_alarm(entry, title)


def with_alarm(entry: Occasion, title: str) -> Occasion:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", title)
    alarm.add("TRIGGER", -BEFORE)
    entry.add_component(alarm)
    return entry
