"""What the cast write to each other outside of sessions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from chat.models import Conversation, Membership, Message
from live.models import Entry, Topic
from people.models import Person
from programme.models import Session

from .cast import CAST
from .programme import FLAGSHIP

Kind, State = Conversation.Kind, Conversation.State


class Line(NamedTuple):
    """Somebody says something, so many minutes ago."""

    by: str
    ago: int
    text: str


class Letters(NamedTuple):
    """A conversation; the first line's author began it."""

    kind: Conversation.Kind
    people: tuple[str, ...]
    lines: tuple[Line, ...]
    state: Conversation.State = State.ACCEPTED
    title: str = ""
    about: str = ""
    unread_by: tuple[str, ...] = ()


DAY = 24 * 60
LETTERS = [
    Letters(
        Kind.PAIR,
        ("ada", "ines"),
        (
            Line(
                "ada",
                DAY + 200,
                "I run the pipes of Ngor, in Dakar.\nYou opened your night-flow data and survived. How?",
            ),
            Line(
                "ines",
                DAY + 158,
                "Survived is the word. Gladly. The council’s decision is short, and there is a French text too.",
            ),
            Line("ada", 64, "Article 4 est exactement ce qu’il nous manquait. On se parle ?"),
            Line("ines", 28, "Wednesday would suit me. I will send you two times."),
        ),
        unread_by=("ada",),
    ),
    Letters(
        Kind.PAIR,
        ("doyun", "ada"),
        (Line("doyun", 47, "We have forty loggers and no city.\nYou seem to have a city and no loggers."),),
        State.REQUESTED,
    ),
    Letters(
        Kind.PAIR,
        ("layla", "ines"),
        (Line("layla", 131, "شكراً على السؤال، نلتقي غداً؟"), Line("ines", 120, "With pleasure, after the plenary.")),
    ),
    Letters(
        Kind.PAIR,
        ("thabo", "ada"),
        (
            Line("thabo", 2 * DAY, "Could you tell me what a repaired metre costs you?"),
            Line("ada", 2 * DAY - 30, "Between 40 and 65 euros, depending on whether the road is anybody’s."),
        ),
    ),
    Letters(
        Kind.GROUP,
        ("ines", "ada", "thabo", "linus"),
        (
            Line("ines", DAY, "The four of us keep having the same talk in pairs."),
            Line("linus", DAY - 12, "Then once, together. I bring the hydrophone."),
            Line("thabo", DAY - 40, "And I the figures."),
        ),
        title="Night flow",
        unread_by=("ada", "linus"),
    ),
    Letters(
        Kind.SPEAKERS,
        ("ada", "grace", "linus"),
        (
            Line("ada", 300, "Which microphones survive a wet season?"),
            Line("linus", 288, "Those without a cable. I will show one."),
        ),
        about=FLAGSHIP,
    ),
]


def write(people: list[Person], now: datetime) -> None:
    """Those of an earlier time are thrown away first, but for what a meeting hangs on."""
    cast = dict(zip(CAST, people, strict=False))
    forget(cast.values())
    for letters in LETTERS:
        if not stands(letters, cast):
            tell(letters, cast, now)


def forget(people: Iterable[Person]) -> None:
    theirs = Membership.objects.filter(person__in=list(people)).values("conversation")
    old = Conversation.objects.filter(pk__in=theirs, meetings=None, pairs=None).exclude(kind=Kind.SESSION)
    topics = [it.topic for it in old]
    old.delete()
    Entry.objects.filter(topic__in=topics).delete()
    Topic.objects.filter(name__in=topics).delete()


def stands(letters: Letters, cast: dict[str, Person]) -> bool:
    one, two = (cast[key].pk for key in letters.people[:2])
    return letters.kind == Kind.PAIR and Conversation.objects.of_pair(one, two).exists()


def tell(letters: Letters, cast: dict[str, Person], now: datetime) -> Conversation:
    who = [cast[key] for key in letters.people]
    times = [now - timedelta(minutes=line.ago) for line in letters.lines]
    made = Conversation.objects.create(
        kind=letters.kind,
        state=letters.state,
        title=letters.title,
        about=Session.objects.filter(code=letters.about).first() if letters.about else None,
        started_by=who[0],
        started_at=times[0],
        spoken_at=times[-1],
        said=len(letters.lines),
        **two(letters, who),
    )
    Message.objects.bulk_create(
        Message(conversation=made, number=number, author=cast[line.by], text=line.text, at=at)
        for number, (line, at) in enumerate(zip(letters.lines, times, strict=True), start=1)
    )
    unread = {cast[key].pk for key in letters.unread_by}
    asked = {who[1].pk} if letters.state == State.REQUESTED else set()
    Membership.objects.bulk_create(
        Membership(conversation=made, person=it, joined_at=times[0], read=made.said - (it.pk in unread | asked))
        for it in who
    )
    return made


def two(letters: Letters, who: list[Person]) -> dict[str, Person]:
    if letters.kind != Kind.PAIR:
        return {}
    one, other = sorted(who, key=lambda person: person.pk)
    return {"one": one, "two": other}
