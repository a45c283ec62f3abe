"""A run of show as a file: JSON or CSV, out and in again.

JSON is an object whose `run_of_show` is a list of entries, or that list alone; CSV names its columns in the first line.
An entry knows `kind`, `title`, `who`, `minutes` (or `at`, HH:MM: it lasts until the next one), `remote`, `confirmed`,
`skipped`, `notes`, `people` (names) and `documents` (titles). An intervention without a time stands in the speakers'
list instead, with `organisation`, `country` and `text`. Whatever else is there, such as the times of our own files, is
passed over.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from chat.words import UNPRINTABLE
from people.cells import table, uncell
from people.countries import code_of

from ..models import Room, Segment, Turn
from . import notices, wire
from .running import run_of

Kind = Segment.Kind
LARGEST = 256 * 1024  # bytes
DAY = 24 * 60
PARTED = " | "  # several names or titles in one cell
PLAN = ("kind", "title", "who", "minutes", "remote", "confirmed", "skipped", "notes", "people", "documents")
TIMES = ("seconds", "starts", "started", "ended")  # told, and passed over when read
COLUMNS = (*PLAN, "organisation", "country", "text", *TIMES)
TICKS = {"": None, "0": False, "1": True, "no": False, "yes": True, "false": False, "true": True}
SPOKEN_OF = {
    "welcome": Kind.OPENING,
    "opening remarks": Kind.OPENING,
    "keynote": Kind.PRESENTATION,
    "presentation": Kind.PRESENTATION,
    "panel opens": Kind.FLOW,
    "panel discussion": Kind.PANEL,
    "discussion": Kind.PANEL,
    "q&a": Kind.QUESTIONS,
    "questions and answers": Kind.QUESTIONS,
    "intervention": Kind.INTERVENTION,
    "closing remarks": Kind.CLOSING,
    "group photo": Kind.PHOTO,
    "coffee break": Kind.BREAK,
}


class BadFile(Exception):
    """Nothing of it was taken; the message says where and why, in the reader's language."""


class Entry(NamedTuple):
    """What stands in one place of a file, and how that place is called."""

    where: str
    given: dict[str, Any]


class Item(NamedTuple):
    """A part as a file gives it; `people` are names, `documents` titles."""

    where: str
    fields: dict[str, Any]
    people: list[str]
    documents: list[str]


class Plan(NamedTuple):
    """What a whole file gives: parts in their order, and interventions as floor.announce takes them."""

    items: list[Item]
    announced: list[dict[str, Any]]


# reading: bytes to a plan


def read(data: bytes, ends: str) -> Plan:
    """Raises BadFile. `ends`: HH:MM, how long the last entry lasts if the file does not say when all is over."""
    entries, end = entries_of(decoded(data).strip())
    if len(entries) > Segment.MOST:
        raise BadFile(_("A run of show has %(count)s parts at most.") % {"count": Segment.MOST})
    timed = [entry for entry in entries if is_timed(entry)]
    lengths = minutes_of(timed, end or ends)
    items = [item(entry, minutes) for entry, minutes in zip(timed, lengths, strict=True)]
    return Plan(items, [announcement(entry) for entry in entries if not is_timed(entry)])


def entries_of(text: str) -> tuple[list[Entry], str | None]:
    """With when the last one is over, if the file says so."""
    if text.startswith(("{", "[")):
        entries, end = from_json(text)
    else:
        entries, end = from_csv(text) if text else [], None
    if not entries:
        raise BadFile(_("There is no run of show in this file."))
    return entries, end


def decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        raise BadFile(_("The file is larger than %(count)s KB.") % {"count": LARGEST // 1024})
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(_("The file is not written in UTF-8. Please save it as UTF-8.")) from None


def at_line(line: int, why: str) -> BadFile:
    return BadFile(_("Line %(line)s: %(why)s") % {"line": line, "why": why})


def at(entry: Entry, why: str) -> BadFile:
    return BadFile(_("%(where)s: %(why)s") % {"where": entry.where, "why": why})


def from_json(text: str) -> tuple[list[Entry], str | None]:
    given = parsed(text)
    run = given.get("run_of_show") if isinstance(given, dict) else given
    if not isinstance(run, list):
        raise BadFile(_("There is no list called “run_of_show” in this file."))
    entries = [Entry(_("Entry %(number)s") % {"number": number}, it) for number, it in enumerate(run, 1)]
    for entry in entries:
        if not isinstance(entry.given, dict):
            raise at(entry, _("this is not a part of a run of show."))
    return entries, given.get("end") if isinstance(given, dict) else None


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        raise at_line(problem.lineno, _("this is not JSON.")) from None
    except (ValueError, RecursionError):
        raise BadFile(_("This is not JSON that can be read.")) from None


def from_csv(text: str) -> list[Entry]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    try:
        names = [name.strip().lower() for name in next(lines, [])]
        insist_columns(names)
        return [Entry(_("Line %(line)s") % {"line": lines.line_num}, row(names, cells, lines.line_num))
                for cells in lines if any(cell.strip() for cell in cells)]  # fmt: skip
    except csv.Error:
        raise at_line(lines.line_num, _("this is not a line of a table.")) from None


def delimiter(text: str) -> str:
    """Spreadsheets write what their country does."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def insist_columns(names: Sequence[str]) -> None:
    if not {"kind", "title"} & set(names):
        raise at_line(1, _("the first line names the columns, “kind” or “title” among them."))
    if len(set(names)) < len(names):
        raise at_line(1, _("there are two columns of the same name."))


def row(names: Sequence[str], cells: Sequence[str], line: int) -> dict[str, Any]:
    """Empty cells say nothing."""
    if len(cells) > len(names):
        raise at_line(line, _("there are more cells than columns."))
    told = {name: uncell(text) for name, text in zip(names, cells, strict=False)}
    return {name: value(name, text, line) for name, text in told.items() if text.strip()}


def value(name: str, text: str, line: int) -> Any:
    if name in ("remote", "confirmed", "skipped"):
        return tick(text, line)
    if name in ("people", "documents"):
        return [each.strip() for each in text.split(PARTED.strip()) if each.strip()]
    return int(text) if name == "minutes" and re.fullmatch(r"\s*\d{1,4}\s*", text, re.ASCII) else text


def tick(text: str, line: int) -> bool | None:
    if text.strip().lower() not in TICKS:
        raise at_line(line, _("“%(text)s” is neither yes nor no.") % {"text": text.strip()[:40]})
    return TICKS[text.strip().lower()]


# how long each takes


def is_timed(entry: Entry) -> bool:
    """An intervention without a time waits in the speakers' list; everything else has one."""
    timed = entry.given.get("minutes") is not None or entry.given.get("at") is not None
    if not timed and kind(entry) != Kind.INTERVENTION:
        raise at(entry, _("it says neither “minutes” nor “at”."))
    return timed


def minutes_of(entries: Sequence[Entry], end: Any) -> list[int]:
    """As written, or until the next one begins, the last until the end."""
    marks = [moment(entry) for entry in entries]
    following = [*marks, clock(end)][1:]
    return [length(*each) for each in zip(entries, marks, following, strict=True)]


def moment(entry: Entry) -> int | None:
    """Minutes after midnight."""
    given = entry.given.get("at")
    if given is not None and clock(given) is None:
        raise at(entry, _("“at” is a time such as 14:30."))
    return clock(given)


def clock(text: Any) -> int | None:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text, re.ASCII) if isinstance(text, str) else None
    return 60 * int(found[1]) + int(found[2]) if found else None


def length(entry: Entry, begins: int | None, ends: int | None) -> int:
    given = entry.given.get("minutes")
    if given is None and (begins is None or ends is None):
        raise at(entry, _("it does not say how many minutes it takes, nor does the next one when it begins."))
    minutes = given if given is not None else (ends - begins) % DAY  # type: ignore[operator]  # neither is None
    if not isinstance(minutes, int) or isinstance(minutes, bool) or not 1 <= minutes <= Segment.LONGEST:
        raise at(entry, _("it takes between 1 and %(most)s minutes.") % {"most": Segment.LONGEST})
    return minutes


# what each is


def item(entry: Entry, minutes: int) -> Item:
    fields = {
        "kind": kind(entry).value,
        "title": line(entry, "title") or called(entry),
        "who": line(entry, "who"),
        "minutes": minutes,
        "notes": text(entry, "notes", Segment.NOTES),
        "remote": ticked(entry, "remote", default=False),
        "confirmed": ticked(entry, "confirmed", default=True),
        "skipped": ticked(entry, "skipped", default=False),
    }
    return Item(entry.where, fields, names(entry, "people"), names(entry, "documents"))


def kind(entry: Entry) -> Kind:
    return kinds().get(line(entry, "kind").casefold(), Kind.OTHER)


def kinds() -> dict[str, Kind]:
    """By what a file may call them: their codes, their names in the reader's language, and what people say."""
    return SPOKEN_OF | {str(name).casefold(): it for it in Kind for name in (it.value, it.label)}


def called(entry: Entry) -> str:
    """What has no title is called as its kind is."""
    said = line(entry, "kind")
    if not said:
        raise at(entry, _("it has neither a “title” nor a “kind”."))
    known = {it.value: str(it.label) for it in Kind}
    return known.get(said.casefold()) or said[0].upper() + said[1:]


def line(entry: Entry, name: str) -> str:
    return " ".join(text(entry, name, 200).split())


def text(entry: Entry, name: str, most: int) -> str:
    given = entry.given.get(name)
    if given is None:
        return ""
    if not isinstance(given, str):
        raise at(entry, _("“%(name)s” is not a text.") % {"name": name})
    if len(given) > most:
        raise at(entry, _("“%(name)s” is longer than %(most)s letters.") % {"name": name, "most": most})
    return printable(given).strip()


def printable(given: str) -> str:
    return UNPRINTABLE.sub("", given.replace("\r\n", "\n"))


def ticked(entry: Entry, name: str, default: bool) -> bool:
    given = entry.given.get(name)
    if given is None:
        return default
    if not isinstance(given, bool):
        raise at(entry, _("“%(name)s” is neither yes nor no.") % {"name": name})
    return given


def names(entry: Entry, name: str) -> list[str]:
    given = entry.given.get(name) or []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise at(entry, _("“%(name)s” is not a list of names.") % {"name": name})
    return [" ".join(printable(each).split()) for each in given]


def announcement(entry: Entry) -> dict[str, Any]:
    """As floor.announce takes it; a country at the end of the name counts."""
    name = line(entry, "who") or line(entry, "title")
    if not name:
        raise at(entry, _("an intervention needs to say “who”."))
    country = code_of(line(entry, "country") or name.rpartition(",")[2]) or ""
    words = text(entry, "text", Turn.TEXT)
    return {"name": name, "organisation": line(entry, "organisation"), "country": country, "text": words}


# fitting: names to those who are here


class Fitted(NamedTuple):
    """Ready to be written: fields of a segment, ids of its people and of its documents."""

    fields: dict[str, Any]
    people: list[int]
    documents: list[int]


def fit(room: Room, plan: Plan) -> list[Fitted]:
    """Raises BadFile. People who have no part in the session stay as names."""
    here = {person.name.casefold(): person for person in notices.people(room)}
    papers = {paper.title.casefold(): paper.pk for paper in room.session.documents.all()}
    return [fitted(it, here, papers) for it in plan.items]


def fitted(it: Item, here: dict[str, Any], papers: dict[str, int]) -> Fitted:
    found = [here[name.casefold()].pk for name in it.people if name.casefold() in here]
    strangers = [name for name in it.people if name.casefold() not in here and name not in it.fields["who"]]
    who = ", ".join([*filter(None, [it.fields["who"]]), *strangers])
    missing = [title for title in it.documents if title.casefold() not in papers]
    if missing:
        raise BadFile(
            _("%(where)s: this session has no document called “%(title)s”.") % {"where": it.where, "title": missing[0]}
        )
    if len(who) > 200:
        raise BadFile(_("%(where)s: there are too many names.") % {"where": it.where})
    ids = found or [person.pk for name, person in here.items() if name in it.fields["who"].casefold()]
    return Fitted({**it.fields, "who": who}, ids, [papers[title.casefold()] for title in it.documents])


# writing


def end_of(room: Room) -> str:
    """HH:MM by the clocks of the place, as `read` wants it."""
    return f"{room.session.ends_at.astimezone(room.session.event.tz):%H:%M}"


def rows(room: Room) -> list[dict[str, Any]]:
    """Every part with its plan and how it went, then the interventions that were announced."""
    run = run_of(room)
    names = {person.pk: person.name for person in notices.people(room)}
    told = wire.segments(run, room.session.starts_at)
    return [*(row_of(it, names) for it in told), *(row_of_turn(it) for it in announced(room))]


def row_of(told: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    people = [names[pk] for pk in told["people"] if pk in names]
    documents = [paper["title"] for paper in told["documents"]]
    return {name: told[name] for name in (*PLAN, *TIMES)} | {"people": people, "documents": documents}


def announced(room: Room) -> Iterable[Turn]:
    return room.turns.filter(kind=Turn.Kind.ANNOUNCED, person=None).order_by("number")


def row_of_turn(it: Turn) -> dict[str, Any]:
    told = {"kind": Kind.INTERVENTION.value, "who": it.name, "organisation": it.organisation, "country": it.country}
    return {name: value for name, value in {**told, "text": it.text}.items() if value}


def as_json(room: Room) -> dict[str, Any]:
    """{"title", "date", "start", "end", "time_zone", "run_of_show"}"""
    session, zone = room.session, room.session.event.tz
    starts = session.starts_at.astimezone(zone)
    return {
        "title": session.title,
        "date": f"{starts:%Y-%m-%d}",
        "start": f"{starts:%H:%M}",
        "end": end_of(room),
        "time_zone": str(zone),
        "run_of_show": rows(room),
    }


def as_csv(room: Room) -> str:
    return table(COLUMNS, ([in_cell(it.get(name, "")) for name in COLUMNS] for it in rows(room)))


def in_cell(given: Any) -> Any:
    return PARTED.join(given) if isinstance(given, list) else given
