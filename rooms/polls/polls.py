"""What moderators do with polls, and how people vote. The only place that writes them, whichever door asks.

How a tally grows is whispered, never on record: beside the times in a server's log it would tell who voted what.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils import timezone

from chat import messages
from live.log import publish, whisper
from live.refusal import Refused
from people.models import Person

from ..models import Poll, Room
from . import ballots, tally, wire

State = Poll.State


def add(room: Room, by: Person, kind: str, options: list[str], most: int, **fields: Any) -> Poll:
    """A draft, which only moderators see."""
    insist_complete(room, kind, options, most)
    now = timezone.now()
    last = room.polls.aggregate(Max("number"))["number__max"] or 0
    poll = Poll(room=room, number=last + 1, by=by, kind=kind, options=options, most=most, made_at=now, since=now)
    for name, value in fields.items():
        setattr(poll, name, value)
    poll.save(force_insert=True)
    return tell(room, poll)


def insist_complete(room: Room, kind: str, options: list[str], most: int) -> None:
    if room.state == Room.State.ENDED:
        raise Refused("room.ended")
    if not tally.is_complete(kind, options, most):
        raise Refused("poll.incomplete")


def edit(room: Room, pk: int, rev: int, kind: str, options: list[str], most: int, **fields: Any) -> Poll:
    """Only drafts: what people vote on, and whether with their names, stays as it was when they were asked."""
    insist_complete(room, kind, options, most)
    return change(room, standing(room, pk, rev, State.DRAFT), kind=kind, options=options, most=most, **fields)


def remove(room: Room, pk: int, rev: int) -> None:
    poll = standing(room, pk, rev, State.DRAFT)
    poll.revision += 1
    publish(room.desk, "poll", wire.gone(poll))
    poll.delete()


def start(room: Room, pk: int, rev: int) -> Poll:
    room.insist_running()
    return change(room, standing(room, pk, rev, State.DRAFT), state=State.OPEN, opened_at=timezone.now())


def close(room: Room, pk: int, rev: int) -> Poll:
    return _close(room, standing(room, pk, rev, State.OPEN))


def close_all(room: Room) -> None:
    """The session has ended."""
    for poll in room.polls.filter(state=State.OPEN):
        _close(room, poll)


def _close(room: Room, poll: Poll) -> Poll:
    """What everybody has seen already stays to be seen until somebody hides it."""
    state = State.SHOWN if poll.shows_everyone else State.CLOSED
    return change(room, poll, state=state, closed_at=timezone.now())


def show(room: Room, pk: int, rev: int) -> Poll:
    return change(room, standing(room, pk, rev, State.CLOSED), state=State.SHOWN)


def hide(room: Room, pk: int, rev: int) -> Poll:
    return change(room, standing(room, pk, rev, State.SHOWN), state=State.CLOSED)


def strike(room: Room, pk: int, word: str, struck: bool) -> Poll:
    """Take a word out of the cloud, or put it back."""
    poll = found(room, pk)
    if poll.kind != Poll.Kind.WORDS:
        raise Refused("poll.wrong_state")
    words = set(poll.struck) - {tally.folded(word)} | ({tally.folded(word)} if struck else set())
    change(room, poll, struck=sorted(words))
    if poll.state == State.OPEN:
        whisper_tally(room, poll)
    return poll


def standing(room: Room, pk: int, rev: int, state: str) -> Poll:
    """The poll as the moderator saw it, in this state."""
    poll = found(room, pk)
    if poll.revision != rev:
        raise Refused("poll.changed")
    if poll.state != state:
        raise Refused("poll.wrong_state")
    return poll


def found(room: Room, pk: int) -> Poll:
    poll = room.polls.filter(pk=pk).first()
    if poll is None:
        raise Refused("poll.unknown")
    return poll


def change(room: Room, poll: Poll, **fields: Any) -> Poll:
    state = poll.state
    for name, value in fields.items():
        setattr(poll, name, value)
    if poll.state != state:
        poll.since = timezone.now()
    poll.revision += 1
    poll.save()
    return tell(room, poll)


def tell(room: Room, poll: Poll) -> Poll:
    """The desk; everyone, once it is no draft; and those who voted, where they alone may see what came of it."""
    counted = ballots.counted(poll) if poll.is_over else None
    publish(room.desk, "poll", wire.desk(poll, counted))
    if poll.state != State.DRAFT:
        publish(room.topic, "poll", wire.poll(poll, counted))
    if counted and poll.shows_voters:
        publish(poll.topic, "tally", wire.tally(poll, counted))
    return poll


def whisper_tally(room: Room, poll: Poll) -> None:
    counted = ballots.counted(poll)
    whisper(room.desk, "tally", wire.tally(poll, counted))
    whisper(room.topic, "tally", wire.told(poll, counted))
    if poll.shows_voters:
        whisper(poll.topic, "tally", wire.tally(poll, counted))


class Cast(NamedTuple):
    """One person's answer: choices counted from 0, or words."""

    person: int
    poll: int
    choices: Sequence[int] = ()
    words: Sequence[str] = ()


def cast(room: Room, votes: Sequence[Cast]) -> list[dict[str, Any] | Refused]:
    """Many votes at once, one whisper for each poll. {"poll", "answer"} or why not, for each."""
    room.insist_running()
    polls = room.polls.exclude(state=State.DRAFT).in_bulk({vote.poll for vote in votes})
    replies = [reply(room, polls.get(vote.poll), vote) for vote in votes]
    kept: defaultdict[int, dict[int, ballots.Answer]] = defaultdict(dict)
    for vote, answer in zip(votes, replies, strict=True):
        if not isinstance(answer, Refused):
            kept[vote.poll][vote.person] = answer["answer"]
    for pk, answers in sorted(kept.items()):
        ballots.keep(polls[pk], answers)
        whisper_tally(room, polls[pk])
    return replies


def reply(room: Room, poll: Poll | None, vote: Cast) -> dict[str, Any] | Refused:
    if vote.person in messages.silenced(room.conversation):
        return Refused("person.silenced")
    if poll is None:
        return Refused("poll.unknown")
    if poll.state != State.OPEN:
        return Refused("poll.closed")
    answer = answer_of(poll, vote)
    return {"poll": poll.pk, "answer": answer} if answer else Refused("poll.unfit")


def answer_of(poll: Poll, vote: Cast) -> ballots.Answer:
    """As it is kept, the same for the same votes; empty if it does not fit."""
    most = tally.picks(poll.kind, poll.most)
    if poll.kind == Poll.Kind.WORDS:
        words = tally.different(vote.words)
        return words if not vote.choices and len(words) <= most else []
    size = tally.size(poll.kind, poll.options, poll.most)
    return sorted(vote.choices) if not vote.words and tally.fits(vote.choices, size, most) else []
