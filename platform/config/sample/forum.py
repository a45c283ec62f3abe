"""The sample as a whole: made, kept up with the clock, thrown away."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from live.models import Entry, Receipt, Topic
from people.models import Person
from programme.models import Appearance, Event, Session
from rooms.models import Room, Segment

from . import conversations, lounge, meetings, people, programme, record, stars
from .cast import CAST, DOMAIN
from .programme import FLAGSHIP, FULL, SLUG, SMALL, Made, Size

REMAINS = timedelta(minutes=20)  # of the flagship, or there is too little left to try things in
RECORDED = 4  # sessions that are over and left a record
SPOKEN = {Session.Format.PANEL, Session.Format.DIALOGUE, Session.Format.TALK}


def standing() -> Event | None:
    return Event.objects.filter(slug=SLUG).first()


def others() -> list[str]:
    """Names of events that are no sample."""
    return list(Event.objects.exclude(slug=SLUG).values_list("name", flat=True))


def make(size: Size, now: datetime) -> Made:
    """All or nothing. People who are there from an earlier time stay who they are."""
    with transaction.atomic():
        everybody = people.write(size.people, now)
        mayors = people.gather("Mayors", "mayors", [everybody[list(CAST).index("kofi")], *everybody[-30::5]])
        made = programme.write(size, everybody, mayors, now)
        stars.write(made, everybody)
        tell(made, record.Audience(everybody[: SMALL.people]), now)
        conversations.write(everybody, now)
        meetings.write(made.event, everybody, now)
        lounge.write(made.event, now)
        made.event.save()  # changed_at: what is done from now on, somebody does
    return made


def tell(made: Made, audience: record.Audience, now: datetime) -> None:
    for story in record.RECORD["rooms"]:
        room = set_back(made.rooms[story["session"]])
        record.tell_live(room, lead(room), audience, story)
    for session in recorded(made, now):
        room = set_back(made.rooms[session.code])
        record.tell_ended(room, lead(room), audience)


def recorded(made: Made, now: datetime) -> list[Session]:
    over = [it for it in made.sessions.values() if it.ends_at <= now and it.format in SPOKEN]
    return sorted(over, key=lambda session: session.starts_at)[-RECORDED:]


def set_back(room: Room) -> Room:
    """To before it opened: its story is told from there."""
    room.state, room.opened_at, room.live_at, room.ended_at = Room.State.SCHEDULED, None, None, None
    room.save()
    room.conversation.is_open = False
    room.conversation.save()
    room.segments.update(started_at=None, ended_at=None)
    return room


def lead(room: Room) -> Person:
    leading = Appearance.objects.filter(session=room.session_id, role__in=Appearance.RUNNING)
    return leading.select_related("person")[0].person


def is_current(event: Event, now: datetime) -> bool:
    """Something is live, and will be for a while."""
    return event.sessions.filter(code=FLAGSHIP, starts_at__lte=now, ends_at__gte=now + REMAINS).exists()


def is_used(event: Event) -> bool:
    """Somebody has done something in it since it was made."""
    told = Entry.objects.filter(at__gt=event.changed_at).exists()
    return told or Person.objects.filter(joined_at__gt=event.changed_at).exists()


def keep_up(event: Event, now: datetime) -> str:
    """Make what is on the programme be on now. What people did there stays; a sample nobody used is told anew."""
    if is_used(event):
        shift(event, now)
        return "moved"
    size = FULL if event.sessions.count() > SMALL.sessions else SMALL
    with transaction.atomic():
        remove(event)
        make(size, now)
    return "made"


def shift(event: Event, now: datetime) -> None:
    """Times of sessions and what is on in them: when something was asked is part of the record."""
    today = programme.anchor(now)
    plan = next(plan for plan in programme.PLAN["sessions"] if plan["code"] == FLAGSHIP)
    by = programme.begins(plan, today) - event.sessions.get(code=FLAGSHIP).starts_at
    event.sessions.update(starts_at=F("starts_at") + by, ends_at=F("ends_at") + by)
    runs = Segment.objects.filter(room__session__event=event)
    runs.update(started_at=F("started_at") + by, ended_at=F("ended_at") + by)
    lounge.keep_up(event, now)
    first = today.date() - timedelta(days=2)
    Event.objects.filter(pk=event.pk).update(starts_on=first, ends_on=first + timedelta(days=4))


def remove(*events: Event) -> None:
    """With its rooms and their record. People stay."""
    rooms = Room.objects.filter(session__event__in=events)
    topics = [topic for room in rooms for topic in topics_of(room)]
    topics += [
        f"person.{pk}" for pk in Person.objects.filter(email__endswith=f"@{DOMAIN}").values_list("pk", flat=True)
    ]
    forget([*topics, *lounge.remove(events)])
    rooms.delete()
    for event in events:
        event.delete()


def topics_of(room: Room) -> list[str]:
    of_polls = (poll.topic for poll in room.polls.all())
    return [room.topic, room.desk, room.backstage, f"conversation.{room.conversation_id}", *of_polls]


def forget(topics: list[str]) -> None:
    for at in range(0, len(topics), 500):
        some = topics[at : at + 500]
        Entry.objects.filter(topic__in=some).delete()
        Topic.objects.filter(name__in=some).delete()


def begin_anew(size: Size, now: datetime) -> Made:
    """Every event in this database is thrown away first."""
    with transaction.atomic():
        remove(*Event.objects.all())
        Receipt.objects.all().delete()
        return make(size, now)
