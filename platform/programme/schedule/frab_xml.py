"""Schedules in XML, as https://c3voc.de/schedule/schema.xsd describes them."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement
from xml.parsers import expat

from django.utils.translation import gettext as _

from . import reading, writing
from .placed import Placed
from .shape import BadSchedule, Fault, Schedule, Speaker, Talk

DEEPEST = 20
SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}")


class Node:
    """An element, the line it begins on, what stands in it."""

    def __init__(self, name: str, attributes: dict[str, str], line: int):
        self.name, self.attributes, self.line = name, attributes, line
        self.children: list[Node] = []
        self.text = ""

    def all(self, name: str) -> "list[Node]":
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Node | None":
        return next(iter(self.all(name)), None)

    def said(self, name: str) -> str | None:
        child = self.first(name)
        return child.text if child else None


class Builder:
    """Builds the tree. A document type is refused, and with it every entity that could grow or reach outside."""

    def __init__(self):
        self.top = Node("", {}, 1)
        self.open = [self.top]
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.say

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def refuse(self, *_declaration) -> None:
        raise BadSchedule([Fault(self.line, "", _("A document type is not accepted in a schedule."))])

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) > DEEPEST:
            raise BadSchedule([Fault(self.line, "", _("This is nested too deeply."))])
        node = Node(name, attributes, self.line)
        self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, _name: str) -> None:
        self.open.pop()

    def say(self, text: str) -> None:
        self.open[-1].text += text

    def build(self, data: bytes) -> Node:
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as problem:
            reason = _("This is not XML: %(problem)s at column %(column)s.")
            where = {"problem": expat.ErrorString(problem.code), "column": problem.offset + 1}
            raise BadSchedule([Fault(problem.lineno, "", reason % where)]) from None
        except (LookupError, ValueError):
            raise BadSchedule([Fault(1, "", _("The encoding that this file names is not known."))]) from None
        return self.top


def read(data: bytes) -> Schedule:
    """Raises BadSchedule."""
    root = Builder().build(data).first("schedule")
    if root is None:
        raise BadSchedule([Fault(1, "", _("This is not a schedule: its first element is not “schedule”."))])
    return reading.schedule_of({"schedule": schedule_in(root)})


def placed(node: Node, **values) -> Placed:
    """The element in the shape that JSON has; what is not there is left out."""
    found = Placed({name: value for name, value in values.items() if value is not None})
    found.line, found.lines = node.line, {child.name: child.line for child in node.children}
    return found


def schedule_in(root: Node) -> Placed:
    conference = root.first("conference")
    return placed(
        root,
        version=root.said("version"),
        base_url=conference.said("base_url") if conference else None,
        conference=conference_in(conference, root) if conference else None,
    )


def conference_in(node: Node, root: Node) -> Placed:
    names = ("title", "acronym", "start", "end", "time_zone_name")
    return placed(
        node,
        **{name: node.said(name) for name in names},
        tracks=[placed(track, name=name_of(track), slug=track.attributes.get("slug")) for track in node.all("track")],
        rooms=rooms_in(root),
        days=[day_in(day) for day in root.all("day")],
    )


def name_of(track: Node) -> str:
    return track.attributes.get("name") or track.text


def rooms_in(root: Node) -> list[Placed]:
    rooms = {room.attributes.get("name", ""): room for day in reversed(root.all("day")) for room in day.all("room")}
    named = ((name, room) for name, room in sorted(rooms.items()) if name.strip())
    return [placed(room, name=name, guid=room.attributes.get("guid")) for name, room in named]


def day_in(node: Node) -> Placed:
    rooms: dict[str, list[Placed]] = {}
    for room in node.all("room"):
        rooms.setdefault(room.attributes.get("name", ""), []).extend(event_in(event) for event in room.all("event"))
    return placed(node, rooms=placed(node, **rooms))


def event_in(node: Node) -> Placed:
    names = ("title", "subtitle", "type", "date", "duration", "abstract", "slug", "track", "language", "description")
    return placed(
        node,
        guid=node.attributes.get("guid"),
        **{name: node.said(name) for name in (*names, "url")},
        do_not_record=opted_out(node),
        persons=[person_in(person) for group in node.all("persons") for person in group.all("person")],
        links=references(node, "links", "link"),
        attachments=references(node, "attachments", "attachment"),
    )


def opted_out(node: Node) -> bool:
    recording = node.first("recording")
    return bool(recording) and (recording.said("optout") or "").strip() in {"true", "1"}  # type: ignore[union-attr]


def person_in(node: Node) -> Placed:
    number = node.attributes.get("id", "")
    return placed(
        node,
        public_name=node.text,
        guid=node.attributes.get("guid"),
        id=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None,
    )


def references(node: Node, group: str, name: str) -> list[Placed]:
    nodes = [each for one in node.all(group) for each in one.all(name)]
    return [placed(each, url=each.attributes.get("href"), title=each.text) for each in nodes]


def write(schedule: Schedule) -> bytes:
    root = Element("schedule")
    SubElement(root, "generator", name="Plenary")
    put(root, "version", schedule.version)
    put_conference(SubElement(root, "conference"), schedule)
    numbers = writing.numbers(schedule)
    for index, day, talks in writing.days(schedule):
        put_day(root, schedule, index, day, talks, numbers)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def put(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = writing.plain(text)


def put_conference(parent: Element, schedule: Schedule) -> None:
    put(parent, "title", schedule.title)
    put(parent, "acronym", schedule.acronym)
    put(parent, "start", schedule.first_day.isoformat())
    put(parent, "end", schedule.last_day.isoformat())
    put(parent, "days", str(len(list(writing.days(schedule)))))
    put(parent, "timeslot_duration", writing.SLOT)
    if schedule.base_url:
        put(parent, "base_url", schedule.base_url)
    put(parent, "time_zone_name", schedule.zone or "UTC")
    for strand in schedule.strands:
        SubElement(parent, "track", {"name": writing.plain(strand.name), **slug_of_track(strand.slug)})


def slug_of_track(slug: str) -> dict[str, str]:
    return {"slug": slug} if re.fullmatch(r"[a-z][a-z0-9-]+", slug) else {}


def put_day(root: Element, schedule: Schedule, index: int, day: date, talks: list[Talk], numbers: dict) -> None:
    begins, ends = writing.span(day, writing.tz_of(schedule))
    parent = SubElement(root, "day", index=str(index), date=day.isoformat(), start=begins, end=ends)
    guids = {place.name: str(place.guid) for place in schedule.places}
    for place, its in writing.by_place(talks).items():
        guid = {"guid": guids[place]} if place in guids else {}
        room = SubElement(parent, "room", {"name": writing.plain(place), **guid})
        for talk in its:
            put_event(SubElement(room, "event", id=str(numbers[talk.guid]), guid=str(talk.guid)), schedule, talk)


def put_event(parent: Element, schedule: Schedule, talk: Talk) -> None:
    starts = talk.starts.astimezone(writing.tz_of(schedule))
    texts = {
        "room": talk.place,
        "title": talk.title,
        "subtitle": talk.subtitle,
        "type": talk.kind,
        "date": writing.stamp(starts),
        "start": f"{starts:%H:%M}",
        "duration": duration(talk.ends - talk.starts),
        "abstract": talk.abstract,
        "slug": talk.slug if SLUG.fullmatch(talk.slug) else "",
        "track": talk.strand,
        "language": ",".join(talk.languages),
        "description": talk.description,
        "url": talk.url,
    }
    for name, text in texts.items():
        if text or name not in {"slug", "url"}:
            put(parent, name, text)
    put_recording(parent, talk)
    put_persons(parent, talk.speakers)
    put_links(parent, talk)


def duration(lasts: timedelta) -> str:
    """Two digits of hours, for the schema has room for no more."""
    hours, minutes, seconds = writing.hours_and_minutes(min(lasts, timedelta(hours=99, minutes=59)))
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def put_recording(parent: Element, talk: Talk) -> None:
    recording = SubElement(parent, "recording")
    put(recording, "license", "")
    put(recording, "optout", "false" if talk.recorded else "true")


def put_persons(parent: Element, speakers: tuple[Speaker, ...]) -> None:
    persons = SubElement(parent, "persons")
    for speaker in speakers:
        SubElement(persons, "person", guid=str(writing.guid_of(speaker))).text = writing.plain(speaker.name)


def put_links(parent: Element, talk: Talk) -> None:
    links = SubElement(parent, "links")
    for paper in talk.papers:
        SubElement(links, "link", href=paper.url).text = writing.plain(paper.title)
