"""What can be asked of a room's polls, and how people react: declared, limited, looked up before it is done."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from chat.words import tidy
from live.commands import command
from live.refusal import Refused
from live.topics import topic_kind

from .. import pictures, reactions, states
from ..consumers import Declared, Id, Rev, moderating
from ..models import Poll, Room
from . import pictures as poll_pictures
from . import polls

TELL_EVERY = 0.5  # seconds; so long somebody waits for an answer, and so seldom everybody hears of new numbers

Question = Annotated[str, Meta(max_length=Poll.QUESTION)]
Option = Annotated[str, Meta(max_length=Poll.OPTION)]
Most = Annotated[int, Meta(ge=1, le=Poll.OPTIONS)]
Choice = Annotated[int, Meta(ge=0, lt=Poll.OPTIONS)]
Word = Annotated[str, Meta(max_length=Poll.WORD)]


class Draft(Declared, kw_only=True):
    kind: Literal["single", "multiple", "rating", "words"]
    question: Question
    options: Annotated[list[Option], Meta(max_length=Poll.OPTIONS)] = []
    most: Most = 1
    named: bool = False
    results: Literal["live", "after_vote", "after_close"] = "after_vote"


class Edit(Draft, kw_only=True):
    poll: Id
    rev: Rev


class One(Declared):
    poll: Id
    rev: Rev


class Strike(Declared):
    poll: Id
    word: Word
    struck: bool = True


class Vote(Declared):
    poll: Id
    choices: Annotated[list[Choice], Meta(max_length=Poll.OPTIONS)] = []
    words: Annotated[list[Word], Meta(max_length=Poll.WORDS)] = []


class React(Declared):
    what: reactions.Reaction


def asked(given: Draft) -> dict[str, Any]:
    """What is to be voted on, tidied."""
    return {
        "kind": given.kind,
        "question": tidy(given.question, Poll.QUESTION, "poll.incomplete"),
        "options": [tidy(option, Poll.OPTION, "poll.incomplete") for option in given.options],
        "most": given.most,
        "named": given.named,
        "results": given.results,
    }


def done(poll: Poll) -> dict[str, list[int]]:
    return {"done": [poll.pk]}


@command("poll.add", Draft, rate="desk")
def add(person: int, on: str, given: Draft) -> dict:
    return done(polls.add(*moderating(person, on), **asked(given)))


@command("poll.edit", Edit, rate="desk")
def edit(person: int, on: str, given: Edit) -> dict:
    return done(polls.edit(moderated(person, on), given.poll, given.rev, **asked(given)))


@command("poll.remove", One, rate="desk")
def remove(person: int, on: str, given: One) -> None:
    polls.remove(moderated(person, on), given.poll, given.rev)


@command("poll.open", One, rate="desk")
def start(person: int, on: str, given: One) -> dict:
    return done(polls.start(moderated(person, on), given.poll, given.rev))


@command("poll.close", One, rate="desk")
def close(person: int, on: str, given: One) -> dict:
    return done(polls.close(moderated(person, on), given.poll, given.rev))


@command("poll.show", One, rate="desk")
def show(person: int, on: str, given: One) -> dict:
    return done(polls.show(moderated(person, on), given.poll, given.rev))


@command("poll.hide", One, rate="desk")
def hide(person: int, on: str, given: One) -> dict:
    return done(polls.hide(moderated(person, on), given.poll, given.rev))


@command("poll.strike", Strike, rate="desk")
def strike(person: int, on: str, given: Strike) -> dict:
    word = tidy(given.word, Poll.WORD, "poll.unfit")
    return done(polls.strike(moderated(person, on), given.poll, word, given.struck))


def moderated(person: int, on: str) -> Room:
    room, _ = moderating(person, on)
    return room


@command("poll.vote", Vote, rate="vote", gathered=True, once=False, every=TELL_EVERY, kind="room")
def vote(on: str, votes: list[tuple[int, Vote]]) -> list[dict | Refused]:
    """No receipt is kept, which would tell what somebody voted."""
    room = pictures.found(on)
    here = pictures.admitted(room, [person for person, _ in votes])
    states.keep_time(room)
    read = [cast_of(person, given) if person in here else Refused("room.unknown") for person, given in votes]
    counted = iter(polls.cast(room, [cast for cast in read if isinstance(cast, polls.Cast)]))
    return [each if isinstance(each, Refused) else next(counted) for each in read]


def cast_of(person: int, given: Vote) -> polls.Cast | Refused:
    """Or why it cannot be read: one's own words must not fail everybody's votes."""
    try:
        words = [tidy(word, Poll.WORD, "poll.unfit") for word in given.words if word.strip()]
    except Refused as no:
        return no
    return polls.Cast(person, given.poll, given.choices, words)


def vote_alone(person: int, on: str, given: Vote) -> dict:
    """One person's vote, from a page."""
    [reply] = vote(on, [(person, given)])
    if isinstance(reply, Refused):
        raise reply
    return reply


@command("react", React, rate="react", gathered=True, once=False, every=TELL_EVERY, kind="room")
def react(on: str, given: list[tuple[int, React]]) -> list[Refused | None]:
    room = pictures.found(on)
    here = pictures.admitted(room, [person for person, _ in given])
    replies = iter(reactions.react(room, [(person, it.what) for person, it in given if person in here]))
    return [next(replies) if person in here else Refused("room.unknown") for person, _ in given]


topic_kind("poll", welcome=poll_pictures.results_welcome)
