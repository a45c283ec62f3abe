"""What can be asked of the run of show over the line."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from chat.words import UNPRINTABLE, tidy
from live.commands import command
from live.refusal import Refused

from ..consumers import Declared, Id, Rev, attending, moderating
from ..models import Notice, Segment
from . import notices, proposals, show, wire

Kind = Literal[
    "opening", "presentation", "flow", "introduction", "talk", "remarks", "panel", "questions", "intervention",
    "closing", "photo", "break", "other",
]  # fmt: skip
Title = Annotated[str, Meta(min_length=1, max_length=200)]
Who = Annotated[str, Meta(max_length=200)]
Minutes = Annotated[int, Meta(ge=1, le=Segment.LONGEST)]
Seconds = Annotated[int, Meta(ge=0, le=60 * Segment.LONGEST)]
Notes = Annotated[str, Meta(max_length=Segment.NOTES)]
Ids = Annotated[list[Id], Meta(max_length=50)]


class Next(Declared):
    seen: Id | None = field(name="from", default=None)


class Which(Declared):
    segment: Id


class Details(Declared, kw_only=True):
    """What a part may be told to be; what is left out stays as it is."""

    kind: Kind | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    who: Who | UnsetType = UNSET
    minutes: Minutes | UnsetType = UNSET
    notes: Notes | UnsetType = UNSET
    remote: bool | UnsetType = UNSET
    confirmed: bool | UnsetType = UNSET
    people: Ids | UnsetType = UNSET
    documents: Ids | UnsetType = UNSET


class Edit(Details, kw_only=True):
    segment: Id
    rev: Rev
    seconds: Seconds | UnsetType | None = UNSET
    skipped: bool | UnsetType = UNSET


class Add(Details, kw_only=True):
    kind: Kind
    title: Title
    minutes: Minutes
    before: Id | None = None


class One(Declared):
    segment: Id
    rev: Rev


class Move(One):
    before: Id | None


class Proposed(Declared):
    proposal: Id


class Nothing(Declared):
    pass


class Send(Declared):
    text: Annotated[str, Meta(max_length=Notice.TEXT)]
    to: Id | None = None


class Read(Declared):
    notice: Id


def given_of(given: Declared, *besides: str) -> dict:
    """The fields that were sent, but these, tidied."""
    names = [name for name in given.__struct_fields__ if name not in besides]
    return {name: tidied(name, getattr(given, name)) for name in names if getattr(given, name) is not UNSET}


def tidied(name: str, value):
    """A title has letters in it; who and notes may be empty."""
    if name == "title":
        return " ".join(tidy(value, 200, "show.no_title").split())
    if name in ("who", "notes"):
        text = UNPRINTABLE.sub("", value.replace("\r\n", "\n")).strip()
        return " ".join(text.split()) if name == "who" else text
    return value


def of(segment: Segment) -> dict:
    return {"segment": segment.pk, "rev": segment.revision}


@command("show.next", Next, rate="desk")
def move_on(person: int, on: str, given: Next) -> None:
    room, _ = moderating(person, on)
    show.move_on(room, given.seen)


@command("show.back", Next, rate="desk")
def back(person: int, on: str, given: Next) -> None:
    room, _ = moderating(person, on)
    show.back(room, given.seen)


@command("show.go", Which, rate="desk")
def go(person: int, on: str, given: Which) -> None:
    room, _ = moderating(person, on)
    show.go(room, given.segment)


@command("show.edit", Edit, rate="desk")
def edit(person: int, on: str, given: Edit) -> dict:
    room, _ = moderating(person, on)
    return of(show.edit(room, given.segment, given.rev, **given_of(given, "segment", "rev")))


@command("show.add", Add, rate="desk")
def add(person: int, on: str, given: Add) -> dict:
    room, _ = moderating(person, on)
    return of(show.add(room, given.before, **given_of(given, "before")))


@command("show.remove", One, rate="desk")
def remove(person: int, on: str, given: One) -> None:
    room, _ = moderating(person, on)
    show.remove(room, given.segment, given.rev)


@command("show.move", Move, rate="desk")
def move(person: int, on: str, given: Move) -> dict:
    room, _ = moderating(person, on)
    return of(show.move(room, given.segment, given.rev, given.before))


@command("show.propose", Nothing, rate="desk")
def propose(person: int, on: str, _: Nothing) -> dict:
    return wire.proposal(proposals.propose(moderating(person, on)[0]))


@command("show.accept", Proposed, rate="desk")
def accept(person: int, on: str, given: Proposed) -> dict:
    return wire.proposal(proposals.accept(*moderating(person, on), given.proposal))


@command("show.decline", Proposed, rate="desk")
def decline(person: int, on: str, given: Proposed) -> dict:
    return wire.proposal(proposals.decline(*moderating(person, on), given.proposal))


@command("notice.send", Send, rate="desk")
def send(person: int, on: str, given: Send) -> dict:
    """By whoever is behind the stage."""
    room, by = attending(person, on)
    if person not in notices.audience(room):
        raise Refused("room.not_yours")
    return wire.notice(notices.send(room, by, given.to, tidy(given.text, Notice.TEXT, "notice.empty")))


@command("notice.ack", Read)
def acknowledge(person: int, on: str, given: Read) -> dict:
    """On the room's topic, its desk's or behind its stage: whoever it was meant for."""
    room, by = attending(person, on)
    return wire.notice(notices.acknowledge(room, by, given.notice))
