"""What both formats have in common when a schedule is written."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from .reading import GUID, UNWRITABLE
from .shape import Schedule, Speaker, Talk

SLOT = "00:05"


def plain(text: str) -> str:
    """Without the characters that neither format can carry."""
    return UNWRITABLE.sub("", text)


def acronym(slug: str) -> str:
    """As both schemas want it: at least four of a-z, 0-9 and _."""
    return re.sub(r"[^a-z0-9]+", "_", slug.lower()).strip("_").ljust(4, "_")


def tz_of(schedule: Schedule) -> ZoneInfo:
    return ZoneInfo(schedule.zone or "UTC")


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def days(schedule: Schedule) -> Iterator[tuple[int, date, list[Talk]]]:
    """Number from 1, date at the venue, talks; the first day even if there is nothing on it."""
    tz = tz_of(schedule)
    of_days = groupby(schedule.talks, lambda talk: talk.starts.astimezone(tz).date())
    found = [(day, list(talks)) for day, talks in of_days] or [(schedule.first_day, [])]
    yield from ((index, day, talks) for index, (day, talks) in enumerate(found, 1))


def span(day: date, tz: ZoneInfo) -> tuple[str, str]:
    """From midnight to the minute before the next one, by the venue's clocks."""
    last = datetime.combine(day, time(23, 59), tz)
    return stamp(datetime.combine(day, time.min, tz)), stamp(last)


def by_place(talks: Iterable[Talk]) -> dict[str, list[Talk]]:
    found: dict[str, list[Talk]] = {}
    for talk in talks:
        found.setdefault(talk.place, []).append(talk)
    return found


def hours_and_minutes(lasts: timedelta) -> tuple[int, int, int]:
    minutes, seconds = divmod(int(lasts.total_seconds()), 60)
    return *divmod(minutes, 60), seconds


def guid_of(speaker: Speaker) -> UUID:
    """The one the person came with, or one made of what they are called by; never of an address."""
    known = speaker.key("guid")
    if known and GUID.fullmatch(known):
        return UUID(known)
    return uuid5(NAMESPACE_URL, next((key for key in speaker.keys if not key.startswith("mail:")), speaker.name))


def numbers(schedule: Schedule) -> dict[UUID, int]:
    """A number from 1 for each talk, as old readers want: the talk's own, or its place in the file."""
    return {talk.guid: talk.number or index for index, talk in enumerate(schedule.talks, 1)}
