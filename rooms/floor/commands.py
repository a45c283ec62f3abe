"""What can be asked of the speakers' list over the line: by those in the room, and by whoever runs it."""

from typing import Annotated

from msgspec import Meta

from chat.words import tidy
from live.commands import command

from ..consumers import Declared, Id, Rev, attending, moderating
from ..models import Turn
from . import floor, wire

Words = Annotated[str, Meta(max_length=Turn.TEXT)]
Name = Annotated[str, Meta(max_length=200)]
Country = Annotated[str, Meta(pattern=r"^([A-Z]{2})?\Z")]
Seconds = Annotated[int, Meta(ge=Turn.SHORTEST, le=Turn.LONGEST)]


class Raise(Declared):
    in_writing: Words | None = None
    point_of_order: bool = False


class Lower(Declared):
    turn: Id | None = None


class One(Declared):
    turn: Id
    rev: Rev


class Finish(One):
    next: bool = False


class Move(One):
    before: Id | None


class Announce(Declared):
    name: Name = ""
    organisation: Name = ""
    country: Country = ""
    person: Id | None = None
    text: Words = ""
    in_writing: bool = False
    seconds: Seconds | None = None


class Extend(Declared):
    turn: Id
    seconds: Annotated[int, Meta(ge=1, le=600)] = 30


class Open(Declared):
    open: bool


class Nothing(Declared):
    pass


class Timing(Declared):
    turn_seconds: Seconds


def words(text: str) -> str:
    return tidy(text, Turn.TEXT, "floor.empty")


def done(turn: Turn) -> dict:
    return {"done": [turn.pk]}


@command("hand.raise", Raise, rate="hand", kind="room")
def raise_hand(person: int, on: str, given: Raise) -> dict:
    text = "" if given.in_writing is None else words(given.in_writing)
    return wire.own(floor.raise_hand(*attending(person, on), text, given.point_of_order))


@command("hand.lower", Lower, kind="room")
def lower_own(person: int, on: str, given: Lower) -> dict:
    return wire.own(floor.lower_own(*attending(person, on), given.turn))


@command("floor.invite", One, rate="desk")
def invite(person: int, on: str, given: One) -> dict:
    return done(floor.invite(*moderating(person, on), given.turn, given.rev))


@command("floor.start", One, rate="desk")
def start(person: int, on: str, given: One) -> dict:
    return done(floor.start(*moderating(person, on), given.turn, given.rev))


@command("floor.pause", One, rate="desk")
def pause(person: int, on: str, given: One) -> dict:
    return done(floor.pause(*moderating(person, on), given.turn, given.rev))


@command("floor.resume", One, rate="desk")
def resume(person: int, on: str, given: One) -> dict:
    return done(floor.resume(*moderating(person, on), given.turn, given.rev))


@command("floor.finish", Finish, rate="desk")
def finish(person: int, on: str, given: Finish) -> dict:
    return done(floor.finish(*moderating(person, on), given.turn, given.rev, given.next))


@command("floor.skip", One, rate="desk")
def skip(person: int, on: str, given: One) -> dict:
    return done(floor.skip(*moderating(person, on), given.turn, given.rev))


@command("floor.no_answer", One, rate="desk")
def no_answer(person: int, on: str, given: One) -> dict:
    return done(floor.no_answer(*moderating(person, on), given.turn, given.rev))


@command("floor.lower", One, rate="desk")
def lower(person: int, on: str, given: One) -> dict:
    return done(floor.lower(*moderating(person, on), given.turn, given.rev))


@command("floor.lower_all", Nothing, rate="desk")
def lower_all(person: int, on: str, _: Nothing) -> dict:
    return {"lowered": floor.lower_all(*moderating(person, on))}


@command("floor.readd", One, rate="desk")
def readd(person: int, on: str, given: One) -> dict:
    return done(floor.readd(*moderating(person, on), given.turn, given.rev))


@command("floor.move", Move, rate="desk")
def move(person: int, on: str, given: Move) -> dict:
    return done(floor.move(*moderating(person, on), given.turn, given.rev, given.before))


@command("floor.add", Announce, rate="desk")
def announce(person: int, on: str, given: Announce) -> dict:
    return done(floor.announce(*moderating(person, on), given.person, **announced(given)))


def announced(given: Announce) -> dict:
    """As typed, tidied; whoever has no account needs a name."""
    named = {name: line(getattr(given, name)) for name in ("name", "organisation") if getattr(given, name).strip()}
    if not given.person:
        named["name"] = line(given.name)
    text = words(given.text) if given.text.strip() else ""
    return {**named, "country": given.country, "text": text, "in_writing": given.in_writing, "seconds": given.seconds}


def line(text: str) -> str:
    return tidy(" ".join(text.split()), 200, "floor.nameless")


@command("floor.extend", Extend, rate="desk")
def extend(person: int, on: str, given: Extend) -> dict:
    return done(floor.extend(*moderating(person, on), given.turn, given.seconds))


@command("floor.open", Open, rate="desk")
def open_list(person: int, on: str, given: Open) -> None:
    floor.open_list(*moderating(person, on), given.open)


@command("floor.set", Timing, rate="desk")
def set_seconds(person: int, on: str, given: Timing) -> None:
    floor.set_seconds(*moderating(person, on), given.turn_seconds)
