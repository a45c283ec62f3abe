"""What a newcomer is shown of polls. Reads only.

Pictures hold what is on record; how many have voted in a poll that is open is in the welcome, which is never old.
"""

from collections.abc import Iterable
from typing import Any

from live.batch import people, recall
from live.refusal import Refused

from .. import pictures
from ..models import Poll, Room
from . import ballots, wire
from .tally import Tally

Told = dict[str, Any]


def picture(room: Room) -> list[Told]:
    return [wire.poll(it, final(it)) for it in begun(room)]


def desk_picture(room: Room) -> list[Told]:
    return [wire.desk(it, final(it)) for it in room.polls.all()]


def begun(room: Room) -> list[Poll]:
    return list(room.polls.exclude(state=Poll.State.DRAFT))


def final(poll: Poll) -> Tally | None:
    return ballots.counted(poll) if poll.is_over else None


def welcome(room: Room, person: int) -> Told:
    """{"ballots": {poll id: own answer}, "tallies": what this person may see of polls beyond the picture}"""
    polls = recall(("polls", room.pk), lambda: begun(room))
    mine = {it.pk: given for it in polls if (given := answers(it, person).get(person))}
    return {"ballots": mine, "tallies": [seen(it, it.pk in mine) for it in polls if is_more(it, it.pk in mine)]}


def is_more(poll: Poll, voted: bool) -> bool:
    """There is something to be told of it that is not in the picture."""
    return is_open(poll) or (voted and poll.shows_voters and not poll.shows_everyone)


def is_open(poll: Poll) -> bool:
    return poll.state == Poll.State.OPEN


def answers(poll: Poll, person: int) -> dict[int, ballots.Answer]:
    """Of everyone in the batch, this person among them."""
    return recall(("ballots", poll.pk), lambda: ballots.given(poll, {person, *people()}))


def seen(poll: Poll, voted: bool) -> Told:
    counted = counts(poll)
    return wire.tally(poll, counted) if voted and poll.shows_voters else wire.told(poll, counted)


def counts(poll: Poll) -> Tally:
    return recall(("tally", poll.pk), lambda: ballots.counted(poll))


def desk_welcome(room: Room) -> Told:
    """{"tallies": of the polls that are open}"""
    polls: Iterable[Poll] = room.polls.filter(state=Poll.State.OPEN)
    return {"tallies": [wire.tally(it, counts(it)) for it in polls]}


def results_welcome(person: int, topic: str) -> Told:
    """On `poll.7`, for those who may see its results by having voted: {"tally"}"""
    poll = Poll.objects.select_related("room").filter(pk=topic.partition(".")[2]).first()
    if poll is None:
        raise Refused("poll.unknown")
    pictures.entered(poll.room.topic, person)
    if not poll.shows_voters or person not in answers(poll, person):
        raise Refused("poll.vote_first")
    return {"tally": wire.tally(poll, counts(poll))}
