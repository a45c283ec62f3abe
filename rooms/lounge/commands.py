"""What can be asked of a lounge over the line."""

from functools import partial
from typing import Annotated

from msgspec import Meta, Struct

from live.commands import command as any_command
from live.topics import topic_kind

from . import lookup, places

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


topic_kind("lounge", welcome=lookup.welcome, picture=lookup.picture, presence="count")
