"""What people can do in a parlour, well and badly."""

from typing import Annotated

from msgspec import Meta, Struct

from live.access import recheck
from live.batch import people, recall
from live.commands import command
from live.log import publish, retract, whisper
from live.refusal import Refused
from live.topics import topic_kind

from .models import Ban, Hand, Note

LARGE = 60_000  # characters of a text that makes sockets fill up


class Words(Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=200)]


class Nothing(Struct, forbid_unknown_fields=True):
    pass


def number(on: str) -> int:
    return int(on.split(".")[1])


def insist_on_entry(person: int, on: str) -> None:
    banned = recall(("banned", on), lambda: banned_among(number(on), people() or {person}))
    if person in banned or number(on) == 404:
        raise Refused("room.unknown")


def banned_among(parlour: int, those) -> set[int]:
    return set(Ban.objects.filter(parlour=parlour, person__in=those).values_list("person", flat=True))


@command("parlour.say", Words, kind="parlour")
def say(person: int, on: str, given: Words) -> dict:
    insist_on_entry(person, on)
    if given.text == "refused at once":
        raise Refused("questions.closed")
    note = Note.objects.create(parlour=number(on), person=person, text=given.text)
    publish(on, "note", {"id": note.pk, "by": person, "text": given.text})
    if given.text == "refused after writing":
        raise Refused("chat.closed")
    if given.text == "bug after writing":
        raise ZeroDivisionError
    return {"id": note.pk}


def unsay(on: str, note: int) -> None:
    Note.objects.filter(pk=note).delete()
    retract(on, "note", "id", note)
    publish(on, "unsaid", {"id": note})


@command("parlour.hand", Nothing, rate="vote", gathered=True, once=False)
def raise_hands(on: str, casts: list[tuple[int, Nothing]]) -> list:
    Hand.objects.bulk_create(
        [Hand(parlour=number(on), person=person) for person, _ in casts if person != 13], ignore_conflicts=True
    )
    publish(on, "hands", {"count": Hand.objects.filter(parlour=number(on)).count()})
    return [Refused("votes.closed") if person == 13 else {"up": True} for person, _ in casts]


@command("parlour.type", Nothing, once=False)
def type_something(person: int, on: str, given: Nothing) -> None:
    whisper(on, "typing", {"by": person})


@command("parlour.shout", Words, rate="desk", once=False)
def shout(person: int, on: str, given: Words) -> None:
    publish(on, "shout", {"text": (given.text * LARGE)[:LARGE]})


def ban(parlour: int, person: int) -> None:
    Ban.objects.create(parlour=parlour, person=person)
    recheck(person)


def welcome(person: int, topic: str) -> dict:
    insist_on_entry(person, topic)
    return {"me": person}


def picture(topic: str) -> dict:
    notes = Note.objects.filter(parlour=number(topic)).order_by("pk")
    return {
        "notes": [[note.pk, note.text] for note in notes],
        "hands": Hand.objects.filter(parlour=number(topic)).count(),
    }


topic_kind("parlour", welcome=welcome, picture=picture, presence="count")
topic_kind("parlour.desk", welcome=welcome, presence="people")
