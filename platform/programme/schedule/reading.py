"""From what a file holds to a `Schedule`: every value looked at, every fault told with its place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _

from ..checks import zones
from .placed import Placed
from .shape import MOST_FAULTS, BadSchedule, Fault, Paper, Place, Schedule, Speaker, Strand, Talk, in_order
from .zones import zone_that_fits

MOST_TALKS = 5000
LONGEST_TALK = timedelta(days=14)
YEARS = range(1970, 2200)
TITLE, LINE, NAME, TEXT, BIOGRAPHY, ADDRESS = 250, 300, 120, 20_000, 2000, 500
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
BLANKS = re.compile(r"[ \t\n]+")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
DURATION = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]?\d))?")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
SLUG = re.compile(r"[a-z0-9_-]{1,60}")


def tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def in_one_line(text: str) -> str:
    return BLANKS.sub(" ", tidy(text))


@dataclass
class Spot:
    """An object somewhere in the file; what is wrong in it is put on the list of faults that all spots share."""

    value: dict[str, Any]
    line: int
    place: str
    faults: list[Fault] = field(default_factory=list)

    def blame(self, name: str, reason: str) -> None:
        place = f"{self.place}.{name}" if name else self.place
        line = self.value.lines.get(name, self.line) if isinstance(self.value, Placed) else self.line
        self.faults.append(Fault(line, place, reason))
        if len(self.faults) >= MOST_FAULTS:
            raise BadSchedule(self.faults)

    def of_kind(self, name: str, kind: type | tuple[type, ...], reason: str, default: Any = None) -> Any:
        value = self.value.get(name)
        if value is None or (isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool)):
            return default if value is None else value
        self.blame(name, reason)
        return default

    def text(self, name: str, most: int, needed: bool = False, form: Callable[[str], str] = in_one_line) -> str:
        """A text, or the English (else the first) of several translations; "" when there is none."""
        value = self.of_kind(name, (str, dict), _("This should be text."))
        if value is None:
            if needed and self.value.get(name) is None:
                self.blame(name, _("This is missing."))
            return ""
        text = form(self.translated(name, value) if isinstance(value, dict) else value)
        self.check_text(name, text, most, needed)
        return text

    def translated(self, name: str, texts: dict) -> str:
        found = texts.get("en") or next(iter(texts.values()), "")
        if isinstance(found, str):
            return found
        self.blame(name, _("This should be text."))
        return ""

    def check_text(self, name: str, text: str, most: int, needed: bool) -> None:
        if needed and not text:
            self.blame(name, _("This is missing."))
        if len(text) > most:
            self.blame(name, _("This is longer than %(count)s characters.") % {"count": most})
        if UNWRITABLE.search(text):
            self.blame(name, _("This holds characters that cannot be written."))

    def cut(self, name: str, most: int) -> str:
        """A text of which the beginning will do."""
        text = self.text(name, 50 * most, form=tidy)
        return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

    def whole(self, name: str) -> int | None:
        value = self.of_kind(name, (int, float), _("This should be a number."))
        if value is None or 0 <= value <= 10_000_000:
            return None if value is None else int(value)
        self.blame(name, _("This should be a number."))
        return None

    def yes(self, name: str) -> bool:
        return bool(self.of_kind(name, bool, _("This should be true or false."), False))

    def guid(self, name: str = "guid") -> UUID | None:
        text = self.text(name, 60)
        if not text or GUID.fullmatch(text):
            return UUID(text) if text else None
        self.blame(name, _("“%(text)s” is not a GUID.") % {"text": text})
        return None

    def day(self, name: str) -> date | None:
        return self.parsed(name, lambda text: date.fromisoformat(text[:10]), _("“%(text)s” is not a date."))

    def moment(self, name: str) -> datetime | None:
        found = self.parsed(name, datetime.fromisoformat, _("“%(text)s” is not a date with a time."))
        if found and found.tzinfo is None:
            self.blame(name, _("This time does not say how far it is from UTC, as in +01:00."))
            return None
        return found

    def parsed(self, name: str, parse: Callable[[str], Any], reason: str) -> Any:
        text = self.text(name, 60)
        try:
            found = parse(text) if text else None
        except ValueError:
            found = None
        if text and (found is None or found.year not in YEARS):
            self.blame(name, reason % {"text": text})
            return None
        return found

    def duration(self, name: str = "duration") -> timedelta | None:
        text = self.text(name, 20)
        found = DURATION.fullmatch(text)
        if text and not found:
            self.blame(name, _("“%(text)s” is not a duration such as 01:30.") % {"text": text})
        if not found:
            return None
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)

    def address(self, name: str, base: str = "") -> str:
        text = self.text(name, ADDRESS)
        try:
            full = urljoin(base, text) if text else ""
            good = not full or (urlsplit(full).scheme in {"http", "https"} and bool(urlsplit(full).hostname))
        except ValueError:
            good = False
        if not good or re.search(r"[\s<>\"]", full):
            self.blame(name, _("“%(text)s” is not an address on the web.") % {"text": text[:80]})
            return ""
        return full

    def child(self, name: str) -> "Spot":
        value = self.of_kind(name, dict, _("This should be an object."))
        if value is None and self.value.get(name) is None:
            self.blame(name, _("This is missing."))
        return self.spot(value or {}, f"{self.place}.{name}" if self.place else name)

    def spot(self, value: Any, place: str) -> "Spot":
        return Spot(value, value.line if isinstance(value, Placed) else self.line, place, self.faults)

    def each(self, name: str) -> Iterator["Spot"]:
        """The objects of a list; nothing when there is no list."""
        for index, value in enumerate(self.of_kind(name, list, _("This should be a list."), [])):
            yield from self.checked(value, f"{self.place}.{name}[{index}]")

    def checked(self, value: Any, place: str) -> Iterator["Spot"]:
        if isinstance(value, dict):
            yield self.spot(value, place)
        else:
            self.faults.append(Fault(self.line, place, _("This should be an object.")))


def schedule_of(found: Any) -> Schedule:
    """What the file says, from its outermost object. Raises BadSchedule with every fault, up to fifty."""
    root = Spot(found if isinstance(found, dict) else {}, getattr(found, "line", 1), "")
    if not isinstance(found, dict) or not isinstance(found.get("schedule"), dict):
        raise BadSchedule([Fault(1, "", _("This is not a schedule: it has no object “schedule”."))])
    schedule = whole_schedule(root.child("schedule"))
    if root.faults:
        raise BadSchedule(root.faults)
    return schedule


def whole_schedule(spot: Spot) -> Schedule:
    conference, base = spot.child("conference"), spot.address("base_url")
    acronym = conference.text("acronym", NAME, needed=True)
    talks = talks_of(conference, base)
    first, last = bounds(conference, talks)
    return Schedule(
        acronym=acronym,
        title=conference.text("title", 160, needed=True),
        first_day=first,
        last_day=last,
        zone=zone(conference, talks),
        version=spot.text("version", NAME),
        base_url=base,
        places=places(conference, talks, acronym),
        strands=strands(conference, talks),
        talks=talks,
        notes=notes(conference, talks),
    )


def bounds(conference: Spot, talks: tuple[Talk, ...]) -> tuple[date, date]:
    """The first and the last day, wide enough for every talk, whatever the file says of them."""
    said = [day for day in (conference.day("start"), conference.day("end")) if day]
    days = [*said, *(talk.starts.date() for talk in talks)]
    return min(days, default=date.min), max(days, default=date.max)


def zone(conference: Spot, talks: tuple[Talk, ...]) -> str:
    named = conference.text("time_zone_name", 60)
    if named and named not in zones():
        conference.blame("time_zone_name", _("There is no time zone “%(name)s”.") % {"name": named})
    return zone_that_fits(named, [talk.starts for talk in talks])


def notes(conference: Spot, talks: tuple[Talk, ...]) -> tuple[str, ...]:
    named = conference.text("time_zone_name", 60)
    if not named or named == zone_that_fits(named, [talk.starts for talk in talks]):
        return ()
    reason = _("The file names the time zone %(name)s, but its times are of another. They were taken as written.")
    return (reason % {"name": named},)


def talks_of(conference: Spot, base: str) -> tuple[Talk, ...]:
    seen: dict[UUID, Spot] = {}
    talks: list[Talk] = []
    for spot, place in spots_of_talks(conference):
        guid = guid_of(spot, seen)
        if len(seen) > MOST_TALKS:
            conference.blame("days", _("There are more than %(count)s sessions.") % {"count": MOST_TALKS})
            raise BadSchedule(conference.faults)
        talks += filter(None, [talk_of(spot, guid, place, base)])
    if not seen and not conference.faults:
        conference.blame("days", _("There is no session in this file."))
    return in_order(talks)


def spots_of_talks(conference: Spot) -> Iterator[tuple[Spot, str]]:
    for day in conference.each("days"):
        rooms = day.child("rooms")
        for name in rooms.value:
            place = in_one_line(name)
            rooms.check_text(name, place, NAME, needed=False)
            for spot in rooms.each(name):
                yield spot, place


def guid_of(spot: Spot, seen: dict[UUID, Spot]) -> UUID | None:
    """The session's guid, if it is one and no other session has it."""
    guid = spot.guid()
    if guid is None and not spot.value.get("guid"):
        spot.blame("guid", _("This is missing."))
    elif guid in seen:
        spot.blame("guid", _("The session on line %(line)s has the same GUID.") % {"line": seen[guid].line})
    if guid:
        seen[guid] = spot
    return guid


def talk_of(spot: Spot, guid: UUID | None, place: str, base: str) -> Talk | None:
    starts, ends = times(spot)
    talk: dict[str, Any] = {
        "title": spot.text("title", TITLE, needed=True),
        "subtitle": spot.text("subtitle", TITLE),
        "abstract": spot.text("abstract", TEXT, form=tidy),
        "description": spot.text("description", TEXT, form=tidy),
        "strand": spot.text("track", NAME),
        "kind": spot.text("type", 80),
        "languages": languages(spot),
        "recorded": not spot.yes("do_not_record"),
        "slug": slug(spot),
        "url": spot.address("url", base),
        "speakers": speakers(spot),
        "papers": papers(spot, base),
    }
    return Talk(guid=guid, starts=starts, ends=ends, place=place, **talk) if guid and starts and ends else None


def times(spot: Spot) -> tuple[datetime | None, datetime | None]:
    starts, ends, lasts = spot.moment("date"), spot.moment("end"), spot.duration()
    if not spot.value.get("date"):
        spot.blame("date", _("This is missing."))
    if not (spot.value.get("end") or spot.value.get("duration")):
        spot.blame("duration", _("This is missing."))
    ends = ends or (starts + lasts if starts and lasts is not None else None)
    if starts and ends and not starts < ends <= starts + LONGEST_TALK:
        spot.blame("duration", _("The session has to end after it starts, and within two weeks."))
    return starts, ends


def languages(spot: Spot) -> tuple[str, ...]:
    """One code, as files have it, or several with commas, as ours do."""
    codes = [code for code in re.split(r"[\s,;/]+", spot.text("language", NAME)) if code]
    for code in codes:
        if not LANGUAGE.fullmatch(code) or len(code) > 12:
            spot.blame("language", _("“%(code)s” is not a language’s code, such as en.") % {"code": code})
    return tuple(sorted({code.lower() for code in codes}))


def slug(spot: Spot) -> str:
    text = spot.text("slug", TITLE).lower()
    return text if SLUG.fullmatch(text) else ""


def speakers(spot: Spot) -> tuple[Speaker, ...]:
    found = {speaker.keys[0]: speaker for speaker in map(speaker_of, spot.each("persons")) if speaker}
    return tuple(found.values())


def speaker_of(spot: Spot) -> Speaker | None:
    name = spot.text("public_name", NAME) or spot.text("name", NAME) or spot.text("full_public_name", NAME)
    if not name:
        spot.blame("name", _("This is missing."))
        return None
    return Speaker(name, keys(spot, name), spot.cut("biography", BIOGRAPHY))


def keys(spot: Spot, name: str) -> tuple[str, ...]:
    """All lasting names that the file has for a person; a number or the name itself only if there is no other."""
    guid, number = spot.guid(), spot.whole("id")
    lasting = {"guid": str(guid or ""), "code": spot.text("code", 100), "mail": spot.text("email", 140).lower()}
    found = tuple(f"{kind}:{value}" for kind, value in lasting.items() if value)
    return found or ((f"id:{number}",) if number is not None else (f"name:{name.casefold()[:150]}",))


def papers(spot: Spot, base: str) -> tuple[Paper, ...]:
    found = [paper_of(each, base) for name in ("links", "attachments") for each in spot.each(name)]
    return tuple(dict.fromkeys(paper for paper in found if paper.url))


def paper_of(spot: Spot, base: str) -> Paper:
    url = spot.address("url", base)
    return Paper(url, spot.text("title", 200) or url.rstrip("/").rpartition("/")[2][:200] or url[:200])


def places(conference: Spot, talks: tuple[Talk, ...], acronym: str) -> tuple[Place, ...]:
    """Those that the file lists, then those that only its days mention."""
    listed = {place.name: place for place in map(place_of, conference.each("rooms")) if place.name}
    for name in sorted({talk.place for talk in talks} - {*listed, ""}):
        listed[name] = Place(name, uuid5(NAMESPACE_URL, f"{acronym}/{name}"))
    return tuple(listed.values())


def place_of(spot: Spot) -> Place:
    name = spot.text("name", NAME, needed=True)
    guid = spot.guid() or uuid5(NAMESPACE_URL, f"{spot.place}/{name}")
    return Place(name, guid, spot.cut("description", LINE), spot.whole("capacity") or None)


def strands(conference: Spot, talks: tuple[Talk, ...]) -> tuple[Strand, ...]:
    listed = {strand.name: strand for strand in map(strand_of, conference.each("tracks")) if strand.name}
    for name in sorted({talk.strand for talk in talks} - {*listed, ""}):
        listed[name] = Strand(name)
    return tuple(listed.values())


def strand_of(spot: Spot) -> Strand:
    return Strand(spot.text("name", NAME), slug(spot))
