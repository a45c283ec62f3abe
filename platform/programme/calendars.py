"""The programme as calendars: one for the event, a track or a session (RFC 5545)."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, vDuration
from icalendar import Event as Occasion

from .models import Event, Session
from .search import by_part

EVERY = timedelta(minutes=15)
Address = Callable[[str], str]  # a page's path -> its full address


def calendar(event: Event, name: str, sessions: Iterable[Session], address: Address) -> bytes:
    """Cancelled sessions stay in it as cancelled, so that calendars that have them strike them out."""
    book = Calendar()
    book.add("PRODID", "-//Plenary//Programme//EN")
    book.add("VERSION", "2.0")
    book.add("METHOD", "PUBLISH")
    book.add("NAME", name)
    book.add("X-WR-CALNAME", name)
    book.add("X-WR-TIMEZONE", event.zone)
    book.add("REFRESH-INTERVAL", vDuration(EVERY), parameters={"VALUE": "DURATION"})
    for session in sessions:
        book.add_component(occasion(event, session, address))
    book.add_missing_timezones()
    return book.to_ical()


def occasion(event: Event, session: Session, address: Address) -> Occasion:
    entry, page = Occasion(), address(session.get_absolute_url())
    entry.add("UID", f"{session.guid}@{event.slug}.plenary")
    entry.add("SEQUENCE", session.revision)
    entry.add("DTSTAMP", session.changed_at)
    entry.add("LAST-MODIFIED", session.changed_at)
    entry.add("DTSTART", session.starts_at.astimezone(event.tz))
    entry.add("DTEND", session.ends_at.astimezone(event.tz))
    entry.add("SUMMARY", session.title)
    entry.add("DESCRIPTION", description(session, page))
    entry.add("URL", page)
    entry.add("STATUS", "CANCELLED" if session.cancelled else "CONFIRMED")
    if where := location(event, session):
        entry.add("LOCATION", where)
    if session.track:
        entry.add("CATEGORIES", [session.track.name])
    return entry


def location(event: Event, session: Session) -> str:
    places = [session.venue.name if session.venue else "", event.place if session.venue else ""]
    online = _("online") if session.participation != Session.Participation.IN_PERSON else ""
    return ", ".join(filter(None, [*places, online]))


def description(session: Session, page: str) -> str:
    speakers = ", ".join(one.person.name for one in by_part(session))
    return "\n\n".join(filter(None, [session.subtitle, session.abstract, speakers, page]))
