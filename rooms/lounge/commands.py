"""What can be asked of a lounge over the line."""

from functools import partial
from typing import Annotated

from msgspec import Meta, Struct

from live.access import topic_of
from live.commands import command as any_command
from live.refusal import Refused
from live.topics import topic_kind
from programme.context import current_event
from programme.models import Event

from . import lookup, now, places

command = partial(any_command, kind="lounge")


class Declared(Struct, forbid_unknown_fields=True):
    """Base of what a client may send."""


class Enter(Declared):
    """The language of the page, in which one is told whom one meets."""

    language: Annotated[str, Meta(max_length=12, pattern=r"^[a-zA-Z-]*\Z")] = ""


class Nothing(Declared):
    pass


@command("lounge.enter", Enter)
def enter(person: int, on: str, given: Enter) -> dict:
    places.enter(lookup.entered(on, person), person, given.language)
    return lookup.welcome(person, on)


@command("lounge.leave", Nothing)
def leave(person: int, on: str, _: Nothing) -> dict:
    places.leave(lookup.entered(on, person), person)
    return lookup.welcome(person, on)


@command("lounge.back", Nothing)
def back(person: int, on: str, _: Nothing) -> dict:
    places.back(lookup.entered(on, person), person)
    return lookup.welcome(person, on)


def oneself(person: int, on: str) -> None:
    if on != topic_of(person):
        raise Refused("topic.unknown")


@any_command("now.seek", Nothing, kind="person")
def seek(person: int, on: str, _: Nothing) -> dict:
    oneself(person, on)
    now.seek(insist_forum().pk, person)
    return now.told(person)


def insist_forum() -> Event:
    event = current_event()
    if event is None:
        raise Refused("now.nowhere")
    return event


@any_command("now.still", Nothing, kind="person", once=False)
def still(person: int, on: str, _: Nothing) -> None:
    oneself(person, on)
    now.still(person)


@any_command("now.stop", Nothing, kind="person")
def stop(person: int, on: str, _: Nothing) -> dict:
    oneself(person, on)
    now.stop(person)
    return now.told(person)


topic_kind("lounge", welcome=lookup.welcome, picture=lookup.picture, presence="count")
