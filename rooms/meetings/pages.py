"""What the pages of meetings show, read for one reader at one moment."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from live.models import Entry
from people.audience import shown_fields
from people.connections import connected_to
from people.models import Person
from programme.models import Event
from programme.times import Zone, place_of

from ..models import Meeting, MeetingRules
from . import availability, meetings, rooms_for_two, slots, wire
from .delegates import principals_of
from .parties import Party, party
from .slots import Span

FIRST = 6  # times of a day that are offered before one asks for all of them
State = Meeting.State


@dataclass(frozen=True)
class Clocks:
    """The clock of whoever it is for stands first, the other's beside it where it shows another time."""

    mine: Zone
    theirs: Zone | None


def zone(person: Person, event: Event) -> Zone:
    return zone_named(str(availability.zone_of(person, event)))


def zone_named(key: str) -> Zone:
    return Zone(key, place_of(key, get_language() or "en"))


def clocks(event: Event, mine: Person, theirs: Person, moment: datetime, seen: Collection[str]) -> Clocks:
    """`seen`: the fields of the other that the reader may see."""
    own, other = zone(mine, event), zone(theirs, event)
    same = own.at(moment).utcoffset() == other.at(moment).utcoffset()
    return Clocks(own, None if same or "zone" not in seen else other)


class Reader(NamedTuple):
    """Whoever looks, for whom they act, and with whom they are in touch."""

    person: Person
    principals: set[int]
    connected: set[int]

    def sees(self, other: Person) -> set[str]:
        """The fields of the other's profile."""
        return shown_fields(other, self.person, other.pk in self.connected)


def reader(person: Person) -> Reader:
    return Reader(person, principals_of(person.pk), connected_to(person.pk))


@dataclass(frozen=True)
class Time:
    """A slot to choose. `value` is what its box says."""

    starts: datetime
    chosen: bool

    @property
    def value(self) -> str:
        return self.starts.isoformat()


@dataclass(frozen=True)
class Day:
    """A day by the reader's clock: what is offered first, and the rest."""

    starts: datetime
    first: list[Time]
    more: list[Time]

    @property
    def count(self) -> int:
        return len(self.first) + len(self.more)


def days(spans: Iterable[Span], zone: Zone, chosen: Iterable[datetime] = ()) -> list[Day]:
    marked = set(chosen)
    by_day = groupby(spans, lambda span: zone.at(span.starts).date())
    return [_day(list(of_day), marked) for _date, of_day in by_day]


def _day(of_day: list[Span], chosen: set[datetime]) -> Day:
    offered = {span.starts for span in slots.spread(of_day, FIRST)} | chosen
    times = [Time(span.starts, span.starts in chosen) for span in of_day]
    first, more = ([time for time in times if (time.starts in offered) is is_first] for is_first in (True, False))
    return Day(of_day[0].starts, first, more)


def free(event: Event, one: Person, two: Person, besides: Meeting | None = None) -> list[Span]:
    by_day = availability.shared(availability.rules_of(event), one, two, timezone.now(), besides)
    return [span for of_day in by_day.values() for span in of_day]


def moment(text: str) -> datetime | None:
    """A time as its box says it; None for anything else."""
    try:
        found = parse_datetime(text)
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


# one meeting


@dataclass(frozen=True)
class Shown:
    """A meeting as one reader finds it: `me` is the side they are on, or act for; `seen` what they see of the other."""

    meeting: Meeting
    party: Party
    told: dict
    clocks: Clocks
    seen: set[str]

    @property
    def me(self) -> Person:
        return next(it for it in (self.meeting.proposer, self.meeting.invitee) if it.pk == self.party.side)

    @property
    def other(self) -> Person:
        return self.meeting.other(self.party.side)

    @property
    def my_turn(self) -> bool:
        return self.meeting.turn_id == self.party.side

    @property
    def open(self) -> bool:
        return self.meeting.state in meetings.OPEN

    @property
    def agreed(self) -> bool:
        return self.meeting.state == State.ACCEPTED

    @property
    def ahead(self) -> bool:
        return self.agreed and self.meeting.starts_at is not None and self.meeting.starts_at > timezone.now()

    @property
    def moving(self) -> bool:
        """Agreed, and one of the two asks for another time."""
        return self.agreed and self.meeting.turn_id is not None

    @property
    def may_say(self) -> bool:
        """Whether it is the time to say if it was held."""
        return self.meeting.state in meetings.AGREED and meetings.is_time_for_a_word(self.meeting)

    @property
    def room(self) -> str:
        """Only for the two themselves."""
        return "" if self.party.delegate else self.told["room"]

    @property
    def offered(self) -> list[dict]:
        gone = {it["id"] for it in self.told["slots"] if it["gone"]}
        now = timezone.now()
        return [
            {"id": it.pk, "starts": it.starts_at, "gone": it.pk in gone or it.starts_at <= now}
            for it in wire.standing(self.meeting)
        ]


def shown(meeting: Meeting, reader: Reader) -> Shown:
    side = party(meeting, reader.person.pk, reader.principals)
    told = wire.meeting(meeting, meetings.gone(meeting), rooms_for_two.path(meeting))
    found = Shown(meeting, side, told, Clocks(Zone("UTC", "UTC"), None), set())
    seen = reader.sees(found.other)
    at = meeting.starts_at or next((it.starts_at for it in wire.standing(meeting)), timezone.now())
    return replace(found, clocks=clocks(meeting.event, found.me, found.other, at, seen), seen=seen)


def history(meeting: Meeting) -> list[dict]:
    """The steps as the record has them, oldest first. What was only said again is left out."""
    if meeting.conversation is None:
        return []
    entries = Entry.objects.filter(topic=meeting.conversation.topic, event="meeting").order_by("seq")
    told = [it for it in map(json.loads, entries.values_list("data", flat=True)) if it["id"] == meeting.pk]
    return [next(same) for _step, same in groupby(told, lambda it: (it["last"]["act"], it["last"]["at"]))]


# all of them


@dataclass(frozen=True)
class Lists:
    mine: list[Shown]  # to be answered by the reader, or by whoever they act for
    theirs: list[Shown]
    agreed: list[Shown]
    drafts: list[Shown]
    past: list[Shown]


PAST = 30


def lists(reader: Reader) -> Lists:
    found = meetings.seen_by(reader.person.pk, reader.principals).with_people()
    ahead = [shown(it, reader) for it in found.filter(state__in=[*meetings.OPEN, State.ACCEPTED])]
    past = found.exclude(state__in=[*meetings.OPEN, State.ACCEPTED, State.DRAFT]).order_by("-changed_at")[:PAST]
    return Lists(
        mine=[it for it in ahead if it.my_turn],
        theirs=[it for it in ahead if it.open and not it.my_turn],
        agreed=[it for it in ahead if it.agreed],
        drafts=[shown(it, reader) for it in found.filter(state=State.DRAFT)],
        past=[shown(it, reader) for it in past],
    )


# availability


@dataclass(frozen=True)
class Hour:
    """A slot of one's own day: whether one would take it, and what speaks against that."""

    starts: datetime
    free: bool
    booked: bool
    kept: bool
    humane: bool

    @property
    def value(self) -> str:
        return self.starts.isoformat()


def hours(person: Person, event: Event, day: date) -> list[Hour]:
    of_day = availability.grid_of(availability.rules_of(event)).get(day, [])
    if not of_day:
        return []
    times = availability.times_of(person, event, Span(of_day[0].starts, of_day[-1].ends))
    return [_hour(span, times) for span in of_day]


def _hour(span: Span, times: slots.Times) -> Hour:
    return Hour(
        span.starts,
        slots.is_offered(span, times),
        slots.is_booked(span, times),
        any(map(span.meets, times.kept)),
        slots.is_humane(span, times.zone),
    )


def chosen_day(rules: MeetingRules, asked: str | None, now: datetime) -> date | None:
    """The day asked for; else today, or the first of those on which people may meet. None if there is no such day."""
    of_event = availability.days_of(rules)
    wanted = next((day for day in of_event if day.isoformat() == asked), None)
    today = now.astimezone(rules.event.tz).date()
    return wanted or (today if today in of_event else next(iter(of_event), None))
