"""Schedules in JSON, as frab and pretalx write them and https://c3voc.de/schedule/schema.json describes them."""

import json
import re
from typing import Any

from . import placed, reading, writing
from .shape import Paper, Place, Schedule, Speaker, Strand, Talk

ZONE = re.compile(r"([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")
SLUG = re.compile(r"[a-z0-9_-]+[a-z0-9]")


def read(data: bytes) -> Schedule:
    """Raises BadSchedule."""
    return reading.schedule_of(placed.parse(data))


def write(schedule: Schedule) -> bytes:
    found = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "Plenary"},
        "schedule": {"version": schedule.version, **based(schedule), "conference": conference(schedule)},
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def based(schedule: Schedule) -> dict:
    return {"base_url": schedule.base_url} if schedule.base_url else {}


def conference(schedule: Schedule) -> dict[str, Any]:
    days = [day_of(schedule, *day) for day in writing.days(schedule)]
    zone = {"time_zone_name": schedule.zone} if ZONE.match(schedule.zone) else {}
    return {
        "acronym": schedule.acronym,
        "title": writing.plain(schedule.title),
        "start": schedule.first_day.isoformat(),
        "end": schedule.last_day.isoformat(),
        "daysCount": len(days),
        "timeslot_duration": writing.SLOT,
        **zone,
        "tracks": [track(strand) for strand in schedule.strands],
        "rooms": [room(place) for place in schedule.places],
        "days": days,
    }


def track(strand: Strand) -> dict[str, str]:
    slug = {"slug": strand.slug} if SLUG.fullmatch(strand.slug) else {}
    return {"name": writing.plain(strand.name), **slug}


def room(place: Place) -> dict[str, Any]:
    return {
        "name": writing.plain(place.name),
        "guid": str(place.guid),
        "description": writing.plain(place.description) or None,
        "capacity": place.capacity,
    }


def day_of(schedule: Schedule, index: int, day, talks: list[Talk]) -> dict[str, Any]:
    begins, ends = writing.span(day, writing.tz_of(schedule))
    numbers = writing.numbers(schedule)
    rooms = {
        writing.plain(place): [event(schedule, talk, numbers[talk.guid]) for talk in its]
        for place, its in writing.by_place(talks).items()
    }
    return {"index": index, "date": day.isoformat(), "day_start": begins, "day_end": ends, "rooms": rooms}


def event(schedule: Schedule, talk: Talk, number: int) -> dict[str, Any]:
    starts, ends = (moment.astimezone(writing.tz_of(schedule)) for moment in (talk.starts, talk.ends))
    hours, minutes, _seconds = writing.hours_and_minutes(talk.ends - talk.starts)
    return {
        "id": number,
        "guid": str(talk.guid),
        "date": writing.stamp(starts),
        "start": f"{starts:%H:%M}",
        "end": writing.stamp(ends),
        "duration": f"{hours:02}:{minutes:02}",
        "room": writing.plain(talk.place),
        "slug": talk.slug if SLUG.fullmatch(talk.slug) else f"session-{number}",
        "url": talk.url,
        "title": writing.plain(talk.title),
        "subtitle": writing.plain(talk.subtitle),
        "track": writing.plain(talk.strand) or None,
        "type": writing.plain(talk.kind),
        "language": ",".join(talk.languages) or None,
        "abstract": writing.plain(talk.abstract),
        "description": writing.plain(talk.description),
        "do_not_record": not talk.recorded,
        "persons": [person(speaker) for speaker in talk.speakers],
        "links": [link(paper) for paper in talk.papers],
        "attachments": [],
    }


def person(speaker: Speaker) -> dict[str, Any]:
    # `name` and not `public_name`: the schema takes exactly one of the two kinds of persons.
    code = {"code": speaker.key("code")} if speaker.key("code") else {}
    biography = {"biography": writing.plain(speaker.biography)} if speaker.biography else {}
    return {"name": writing.plain(speaker.name), "guid": str(writing.guid_of(speaker)), **code, **biography}


def link(paper: Paper) -> dict[str, str]:
    return {"url": paper.url, "title": writing.plain(paper.title)}
