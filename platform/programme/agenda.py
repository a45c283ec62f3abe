"""The programme as one reader sees it at one moment: what is live, one day, and how it is arranged."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q

from . import presence, stars
from .models import Event, Session
from .search import Entry, Wish, answers
from .times import Clocks, bounds

IN_THE_BAND = 4


@dataclass(frozen=True)
class Day:
    date: date
    today: bool
    found: int | None  # how many sessions a search found on it


def days_of(event: Event) -> list[date]:
    """The days at the venue on which something is planned; one query."""
    return [moment.date() for moment in event.sessions.datetimes("starts_at", "day", tzinfo=event.tz)]


def chosen_day(days: list[date], now: datetime, event: Event) -> date | None:
    """Today, or the forum's first or last day, whichever is nearest."""
    today = now.astimezone(event.tz).date()
    return min(days, key=lambda day: abs(day - today), default=None)


def on(day: date, event: Event) -> Q:
    begins, ends = bounds(day, event.tz)
    return Q(starts_at__gte=begins, starts_at__lt=ends)


def running(now: datetime) -> Q:
    """Sessions that may be live: by the clock, or because their room is."""
    return Q(starts_at__lte=now, ends_at__gt=now) | Q(room__state__in=["open", "live"])


def read(event: Event, day: date | None, wish: Wish, now: datetime) -> list[Session]:
    """A day's sessions and those that are live; a search reads all days, to say where else it found something."""
    sessions = event.sessions.for_listing().defer("description")
    return list(sessions if wish or day is None else sessions.filter(on(day, event) | running(now)))


def entries(sessions: list[Session], person, now: datetime) -> list[Entry]:
    """With what is true for this person; three look-ups, however many sessions."""
    ids = [session.pk for session in sessions]
    admitted = set(Session.objects.filter(pk__in=ids).joinable_by(person).values_list("pk", flat=True))
    here, starred = presence.here(sessions), stars.starred(person, sessions)
    return [Entry(it, it.stage(now), it.pk in admitted, here.get(it.pk, 0), it.pk in starred) for it in sessions]


def live(found: list[Entry]) -> list[Entry]:
    """What is live: what the reader may join before the rest, fullest first, then what has just begun."""
    now_on = [entry for entry in found if entry.stage == Session.Stage.LIVE]
    return sorted(now_on, key=lambda entry: (not entry.admits, -entry.here, -entry.session.starts_at.timestamp()))


def days(event: Event, dates: list[date], found: list[Entry], wish: Wish, now: datetime) -> list[Day]:
    today = now.astimezone(event.tz).date()
    hits = [date_of(entry.session, event) for entry in found if answers(entry, wish)] if wish else []
    return [Day(day, day == today, hits.count(day) if wish else None) for day in dates]


def date_of(session: Session, event: Event) -> date:
    return session.starts_at.astimezone(event.tz).date()


@dataclass(frozen=True)
class Slot:
    """What begins at the same time."""

    starts_at: datetime
    entries: list[Entry]
    clocks: Clocks


@dataclass(frozen=True)
class Strand:
    """What belongs to the same track; None for what belongs to none."""

    track: object
    entries: list[Entry]


def by_time(found: list[Entry], clocks: Clocks) -> list[Slot]:
    ordered = sorted(found, key=lambda entry: (entry.session.starts_at, place(entry), entry.session.title))
    return [
        Slot(starts_at, list(group), clocks) for starts_at, group in groupby(ordered, lambda e: e.session.starts_at)
    ]


def by_track(found: list[Entry]) -> list[Strand]:
    ordered = sorted(found, key=lambda entry: (rank(entry), entry.session.starts_at, entry.session.title))
    return [Strand(group[0].session.track, group) for _rank, group in grouped(ordered)]


def grouped(ordered: list[Entry]):
    return ((key, list(group)) for key, group in groupby(ordered, rank))


def place(entry: Entry) -> int:
    return entry.session.venue.position if entry.session.venue else 0


def rank(entry: Entry) -> tuple:
    track = entry.session.track
    return (track is None, track.position if track else 0, track.name if track else "", track.pk if track else 0)


def main_action(event: Event, found: list[Entry], person, now: datetime) -> Entry | None:
    """What to do next: join the live session that suits best, else look at the next one open to the reader."""
    joinable = [entry for entry in live(found) if entry.admits]
    if joinable:
        mine = set(Session.objects.spoken_in_by(person).values_list("pk", flat=True))
        return min(joinable, key=lambda entry: (entry.session.pk not in mine, not entry.starred))
    following = event.sessions.joinable_by(person).filter(starts_at__gt=now).select_related("event", "room")
    first = following.order_by("starts_at", "pk").first()
    return Entry(first, first.stage(now), True) if first else None
