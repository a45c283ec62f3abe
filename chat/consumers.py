"""What can be asked of a conversation over the line."""

from functools import partial
from typing import Annotated, Literal

from msgspec import Meta, Struct

from live.commands import command as any_command
from live.refusal import Refused
from live.topics import topic_kind
from people.models import Person

from . import conversations, evidence, messages, wire
from .attachments import MOST as MOST_FILES
from .models import Conversation
from .words import one_line, tidy

command = partial(any_command, kind="conversation")

Text = Annotated[str, Meta(max_length=messages.LIMIT)]
Id = Annotated[int, Meta(ge=1)]
Key = Annotated[str, Meta(pattern=r"^[0-9a-f-]{36}\Z")]
Sign = Literal["👍", "🙏", "💡", "👏", "❤️", "🎉"]


class Say(Struct, forbid_unknown_fields=True):
    text: Text
    reply: Id | None = None
    attachments: Annotated[list[Key], Meta(max_length=MOST_FILES)] = []


class Edit(Struct, forbid_unknown_fields=True):
    message: Id
    text: Text


class Which(Struct, forbid_unknown_fields=True):
    message: Id


class Read(Struct, forbid_unknown_fields=True):
    number: Annotated[int, Meta(ge=0)]


class React(Struct, forbid_unknown_fields=True):
    message: Id
    sign: Sign
    on: bool


class Nothing(Struct, forbid_unknown_fields=True):
    pass


class Switch(Struct, forbid_unknown_fields=True):
    on: bool


class Title(Struct, forbid_unknown_fields=True):
    title: Annotated[str, Meta(max_length=conversations.TITLE)]


class Add(Struct, forbid_unknown_fields=True):
    people: Annotated[list[Id], Meta(min_length=1, max_length=conversations.MOST)]


class Tell(Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(max_length=evidence.LIMIT)]
    message: Id | None = None


def words(text: str) -> str:
    return tidy(text, messages.LIMIT, "chat.empty")


@command("chat.say", Say, rate="chat")
def say(person: int, on: str, given: Say) -> dict:
    conversation = messages.entered(on, person)
    author = Person.objects.of_batch(person)
    text = "" if given.attachments and not given.text.strip() else words(given.text)
    return wire.message(messages.say(conversation, author, text, given.reply, given.attachments))


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


def named(on: str, person: int) -> Conversation:
    """For what can be asked only where people are by name. Raises Refused("topic.unknown")."""
    conversation = messages.entered(on, person)
    if not conversation.by_name:
        raise Refused("topic.unknown")
    return conversation


@command("chat.react", React, rate="chat")
def react(person: int, on: str, given: React) -> dict:
    return wire.message(messages.react(named(on, person), person, given.message, given.sign, given.on))


@command("chat.typing", Nothing, rate="typing", once=False)
def typing(person: int, on: str, _given: Nothing) -> None:
    messages.typing(named(on, person), person)


@command("chat.accept", Nothing)
def accept(person: int, on: str, _given: Nothing) -> None:
    conversations.accept(named(on, person), person)


@command("chat.decline", Nothing)
def decline(person: int, on: str, _given: Nothing) -> None:
    conversations.decline(named(on, person), person)


@command("chat.ignore", Nothing)
def ignore(person: int, on: str, _given: Nothing) -> None:
    conversations.ignore(named(on, person), person)


@command("chat.mute", Switch)
def mute(person: int, on: str, given: Switch) -> None:
    conversations.mute(named(on, person), person, given.on)


@command("chat.hide", Switch)
def hide(person: int, on: str, given: Switch) -> None:
    conversations.hide(named(on, person), person, given.on)


@command("chat.leave", Nothing)
def leave(person: int, on: str, _given: Nothing) -> None:
    conversations.leave(named(on, person), person)


@command("chat.title", Title)
def retitle(person: int, on: str, given: Title) -> None:
    conversations.retitle(named(on, person), one_line(given.title))


@command("chat.add", Add)
def add(person: int, on: str, given: Add) -> None:
    conversations.add(named(on, person), person, given.people)


@command("chat.report", Tell, rate="report")
def report(person: int, on: str, given: Tell) -> None:
    text = tidy(given.text, evidence.LIMIT, "chat.empty")
    evidence.report(named(on, person), person, text, given.message)


topic_kind("conversation", welcome=messages.welcome, picture=messages.picture)
