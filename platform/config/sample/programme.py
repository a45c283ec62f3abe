"""The sample's programme: the event, its tracks, venues and sessions, and who speaks where."""

import tomllib
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, islice, product
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from chat.models import Conversation
from people.models import Group, Person, Theme
from programme.models import Appearance, Document, Event, Role, Session, Track, Venue, Viewing
from rooms.models import Room, Segment

from .cast import CAST

PLAN = tomllib.loads(Path(__file__).with_name("sessions.toml").read_text())
SLUG = "digital-society-forum"
FLAGSHIP, MAYORS = "water-that-reports-its-own-leaks", "mayors-round-table"
ZONE = ZoneInfo("Europe/Zurich")
AHEAD = timedelta(minutes=15)  # rooms are open before their session
STEP = 5 * 60  # seconds: sessions of the present day begin at full five minutes
GUIDS = uuid.UUID("6f1f2a5e-8a52-4f0e-9d63-5b2b7a1c9e10")
PAPERS = [("Background paper", "en"), ("Note d’information", "fr"), ("Slides", "en")]


class Size(NamedTuple):
    """How large a forum is wanted. `speakers` is None for as many as the sessions ask for."""

    people: int
    sessions: int
    speakers: int | None


SMALL, FULL = Size(300, len(PLAN["sessions"]), None), Size(15_000, 160, 846)


class Made(NamedTuple):
    """What the rest of the sample builds on; sessions and rooms by their code."""

    event: Event
    cast: dict[str, Person]
    sessions: dict[str, Session]
    rooms: dict[str, Room]
    plans: dict[str, dict]


def anchor(now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // STEP * STEP, ZONE)


def write(size: Size, everybody: list[Person], mayors: Group, now: datetime) -> Made:
    event = write_event(anchor(now).date())
    plans = {plan["code"]: plan for plan in islice([*PLAN["sessions"], *invented()], size.sessions)}
    sessions = write_sessions(event, plans, anchor(now))
    cast = dict(zip(CAST, everybody, strict=False))
    describe(sessions, plans, mayors)
    appoint(size, sessions, plans, cast, everybody)
    give_roles(event, sessions, cast)
    rooms = write_rooms(sessions, now)
    write_running_orders(rooms, plans, cast, now)
    write_documents(sessions)
    write_viewings(sessions, everybody)
    return Made(event, cast, sessions, rooms, plans)


def write_event(today: date) -> Event:
    return Event.objects.create(
        slug=SLUG,
        name=f"Digital Society Forum {today.year}",
        tagline="Five days in Geneva and online, open to everyone who is registered.",
        place="Geneva",
        zone=ZONE.key,
        starts_on=today - timedelta(days=2),
        ends_on=today + timedelta(days=2),
        registration_url="https://example.org/register",
    )


def invented() -> Iterator[dict]:
    """Sessions beyond those somebody thought of: every topic from every angle, at a place and time of its own."""
    slots = product(PLAN["more_venues"], [-2, -1, 1, 2, 0], ["09:00", "11:00", "14:00", "16:00"])
    for (angle, topic), (venue, day, at) in zip(product(PLAN["angles"], PLAN["topics"]), slots, strict=False):
        title = angle["title"].format(topic=topic["topic"])
        yield {
            "code": slugify(title),
            "title": title,
            "venue": venue,
            "day": day,
            "at": at,
            "minutes": 75,
            "themes": topic["themes"],
            "languages": "en fr",
            **{name: angle[name] for name in ("track", "format", "others", "abstract")},
        }


def write_sessions(event: Event, plans: dict[str, dict], now: datetime) -> dict[str, Session]:
    tracks, venues = write_tracks(event), write_venues(event, plans.values())
    sessions = [session(event, plan, tracks, venues, now) for plan in plans.values()]
    return {it.code: it for it in Session.objects.bulk_create(sessions)}


def write_tracks(event: Event) -> dict[str, Track]:
    tracks = [
        Track(event=event, slug=key, name=name, position=place)
        for place, (key, name) in enumerate(PLAN["tracks"].items())
    ]
    return {track.slug: track for track in Track.objects.bulk_create(tracks)}


def write_venues(event: Event, plans: Iterable[dict]) -> dict[str, Venue]:
    used = {plan.get("venue") for plan in plans}
    known = {key: facts for key, facts in (PLAN["venues"] | PLAN["more_venues"]).items() if key in used}
    venues = [
        Venue(event=event, position=place, guid=uuid.uuid5(GUIDS, key), **facts)
        for place, (key, facts) in enumerate(known.items())
    ]
    return dict(zip(known, Venue.objects.bulk_create(venues), strict=True))


def session(event: Event, plan: dict, tracks: dict, venues: dict, now: datetime) -> Session:
    starts = begins(plan, now).astimezone(UTC)
    return Session(
        event=event,
        guid=uuid.uuid5(GUIDS, plan["code"]),
        code=plan["code"],
        title=plan["title"],
        subtitle=plan.get("subtitle", ""),
        abstract=plan["abstract"],
        description=plan.get("description", ""),
        format=plan["format"],
        track=tracks[plan["track"]],
        venue=venues.get(plan.get("venue")),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=plan["minutes"]),
        participation=plan.get("how", Session.Participation.HYBRID),
        cancelled=plan.get("cancelled", False),
    )


def begins(plan: dict, now: datetime) -> datetime:
    if isinstance(plan["at"], int):
        # In UTC: a night with a change of clocks has an hour more or less on the wall.
        return now.astimezone(UTC) + timedelta(minutes=plan["at"])
    return datetime.combine(now.date() + timedelta(days=plan["day"]), time.fromisoformat(plan["at"]), ZONE)


def describe(sessions: dict[str, Session], plans: dict[str, dict], mayors: Group) -> None:
    themes = {theme.code: theme.pk for theme in Theme.objects.exclude(kind=Theme.Kind.TAG)}
    link(
        Session.themes,
        "theme_id",
        sessions,
        {code: [themes[it] for it in plan["themes"].split()] for code, plan in plans.items()},
    )
    link(Session.languages, "language_id", sessions, {code: plan["languages"].split() for code, plan in plans.items()})
    link(Session.groups, "group_id", sessions, {code: [mayors.pk] for code, plan in plans.items() if "group" in plan})


def link(relation, column: str, sessions: dict[str, Session], targets: dict[str, list]) -> None:
    through = relation.through
    through.objects.bulk_create(
        through(session_id=sessions[code].pk, **{column: pk}) for code, pks in targets.items() for pk in pks
    )


def appoint(
    size: Size, sessions: dict[str, Session], plans: dict[str, dict], cast: dict, everybody: list[Person]
) -> None:
    """The cast where it belongs, and others in turn, until everybody has spoken once."""
    named = {person.split(":")[0] for plan in plans.values() for person in plan.get("who", ())}
    wanted = len(everybody) - len(CAST) if size.speakers is None else size.speakers - len(named)
    others = cycle(everybody[len(CAST) : len(CAST) + wanted])
    appearances = [
        appearance
        for code, plan in plans.items()
        for appearance in [
            *(with_part(sessions[code], cast, place, who) for place, who in enumerate(plan.get("who", ()))),
            *besides(sessions[code], plan, islice(others, plan.get("others", 3))),
        ]
    ]
    Appearance.objects.bulk_create(appearances)


def with_part(session: Session, cast: dict[str, Person], place: int, who: str) -> Appearance:
    key, role, *how = who.split(":")
    return Appearance(session=session, person=cast[key], role=role, remote="remote" in how, position=place)


def besides(session: Session, plan: dict, others: Iterable[Person]) -> Iterator[Appearance]:
    """If nobody of the cast leads it, the first of the others does."""
    online = session.participation == Session.Participation.ONLINE
    led = any(role in who for who in plan.get("who", ()) for role in Appearance.RUNNING)
    for place, person in enumerate(others, len(plan.get("who", ()))):
        role = Appearance.As.PANELLIST if led else Appearance.As.MODERATOR
        led = True
        yield Appearance(session=session, person=person, role=role, remote=online or place % 3 == 2, position=place)


def give_roles(event: Event, sessions: dict[str, Session], cast: dict[str, Person]) -> None:
    Role.objects.create(event=event, person=cast["olga"], role=Role.Kind.ORGANISER)
    Role.objects.create(event=event, session=sessions[FLAGSHIP], person=cast["aiko"], role=Role.Kind.MODERATOR)


def write_rooms(sessions: dict[str, Session], now: datetime) -> dict[str, Room]:
    """Every session's room with its conversation, as it would stand by now if nothing had been said in it."""
    chance, them = Random(len(sessions)), list(sessions.values())
    codes = chance.sample(range(1000, 10000), len(them))
    talks = Conversation.objects.bulk_create(Conversation(session=it, is_open=is_open(it, now)) for it in them)
    rooms = [room(*each, now) for each in zip(them, talks, codes, strict=True)]
    return {it.session.code: it for it in Room.objects.bulk_create(rooms)}


def is_open(session: Session, now: datetime) -> bool:
    return session.starts_at - AHEAD <= now < session.ends_at


def room(session: Session, talk: Conversation, code: int, now: datetime) -> Room:
    opened, state = session.starts_at - AHEAD, state_by_the_clock(session, now)
    return Room(
        session=session,
        conversation=talk,
        code=str(code),
        state=state,
        opened_at=opened if opened <= now else None,
        live_at=session.starts_at if session.starts_at <= now else None,
        ended_at=session.ends_at if state == Room.State.ENDED else None,
    )


def state_by_the_clock(session: Session, now: datetime) -> Room.State:
    if session.cancelled or now < session.starts_at - AHEAD:
        return Room.State.SCHEDULED
    if now < session.starts_at:
        return Room.State.OPEN
    return Room.State.LIVE if now < session.ends_at else Room.State.ENDED


def write_running_orders(rooms: dict[str, Room], plans: dict[str, dict], cast: dict, now: datetime) -> None:
    for code, plan in plans.items():
        parts = plan.get("running") or usual(plan["minutes"])
        them = Segment.objects.bulk_create(by_the_clock(rooms[code], parts, now))
        keys = [(it, key) for it, part in zip(them, parts, strict=True) for key in part.get("people", "").split()]
        through = Segment.people.through
        through.objects.bulk_create(through(segment=it, person=cast[key]) for it, key in keys)


def by_the_clock(room: Room, parts: list[dict], now: datetime) -> Iterator[Segment]:
    """As they would stand by now if everybody had kept to their time."""
    begins = room.session.starts_at
    for place, part in enumerate(parts, 1):
        fields = {name: value for name, value in part.items() if name != "people"}
        ends = begins + timedelta(minutes=part["minutes"])
        begun = room.live_at is not None and begins <= now
        yield Segment(
            room=room,
            position=place,
            started_at=begins if begun else None,
            ended_at=ends if begun and (ends <= now or room.ended_at) else None,
            **fields,
        )
        begins = ends


def usual(minutes: int) -> list[dict]:
    """Half of the time belongs to questions."""
    return [
        {"kind": "opening", "title": "Opening", "minutes": 5},
        {"kind": "talk", "title": "Contributions", "minutes": minutes // 2 - 5},
        {
            "kind": "questions",
            "title": "Questions",
            "who": "The room and online, in one queue",
            "minutes": minutes - minutes // 2 - 5,
        },
        {"kind": "closing", "title": "Closing", "minutes": 5},
    ]


def write_documents(sessions: dict[str, Session]) -> None:
    """For every third session, and the one that everybody looks at."""
    papered = {it.code: it for it in [*list(sessions.values())[1::3], sessions[FLAGSHIP]]}
    Document.objects.bulk_create(
        Document(session=it, title=f"{kind}: {it.title}", language_id=language, position=place, url=paper(it, place))
        for it in papered.values()
        for place, (kind, language) in enumerate(PAPERS, 1)
    )


def paper(session: Session, number: int) -> str:
    return f"https://example.org/papers/{session.code}-{number}.pdf"


def write_viewings(sessions: dict[str, Session], everybody: list[Person]) -> None:
    """Up to half of the people have looked at a session's page."""
    chance = Random(len(everybody))
    viewers = [f"person:{person.pk}" for person in everybody[: SMALL.people]]
    Viewing.objects.bulk_create(
        Viewing(session=it, viewer=viewer)
        for it in sessions.values()
        for viewer in chance.sample(viewers, chance.randrange(len(viewers) // 10, len(viewers) // 2))
    )
