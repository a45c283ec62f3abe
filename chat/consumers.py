"""What can be asked of a conversation over the line."""

from functools import partial
from typing import Annotated

from msgspec import Meta, Struct

from live.commands import command as any_command
from live.refusal import Refused
from live.topics import topic_kind
from people.models import Person

from . import messages, wire
from .words import tidy

command = partial(any_command, kind="conversation")

Text = Annotated[str, Meta(max_length=messages.LIMIT)]
Id = Annotated[int, Meta(ge=1)]


class Say(Struct, forbid_unknown_fields=True):
    text: Text
    reply: Id | None = None


class Edit(Struct, forbid_unknown_fields=True):
    message: Id
    text: Text


class Which(Struct, forbid_unknown_fields=True):
    message: Id


class Read(Struct, forbid_unknown_fields=True):
    number: Annotated[int, Meta(ge=0)]


def words(text: str) -> str:
    return tidy(text, messages.LIMIT, "chat.empty")


@command("chat.say", Say, rate="chat")
def say(person: int, on: str, given: Say) -> dict:
    conversation = messages.entered(on, person)
    author = Person.objects.of_batch(person)
    return wire.message(messages.say(conversation, author, words(given.text), given.reply))


@command("chat.edit", Edit, rate="chat")
def edit(person: int, on: str, given: Edit) -> dict:
    conversation = messages.entered(on, person)
    return wire.message(messages.edit(conversation, person, given.message, words(given.text)))


@command("chat.delete", Which, rate="chat")
def delete(person: int, on: str, given: Which) -> dict:
    return wire.message(messages.delete(messages.entered(on, person), person, given.message))


@command("chat.remove", Which, rate="desk")
def remove(person: int, on: str, given: Which) -> dict:
    return wire.message(messages.remove(messages.moderated(on, person), given.message))


@command("chat.read", Read, gathered=True, once=False)
def read(on: str, marks: list[tuple[int, Read]]) -> list:
    conversation = messages.named(on)
    here = messages.admitted(conversation, [person for person, _ in marks])
    messages.read(conversation, {person: given.number for person, given in marks if person in here})
    return [None if person in here else Refused("topic.unknown") for person, _ in marks]


topic_kind("conversation", welcome=messages.welcome, picture=messages.picture)
