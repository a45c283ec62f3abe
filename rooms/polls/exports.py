"""The record of a room's polls for its moderators: every count; names only where people voted with them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.cells import table

from .. import wire
from ..models import Ballot, Poll, Room
from . import ballots
from .page import labels
from .tally import folded

COLUMNS = [
    _("Poll"), _("Question"), _("Kind"), _("State"), _("With names"), _("People who voted"), _("Answer"), _("Votes"),
    _("Struck out"), _("Who"),
]  # fmt: skip


def polls(room: Room):
    return room.polls.exclude(state=Poll.State.DRAFT)


def row(poll: Poll) -> dict[str, Any]:
    """All there is to tell of a poll; of an anonymous one no ballots."""
    counted = ballots.counted_in_full(poll)
    return {
        "number": poll.number,
        "question": poll.question,
        "kind": poll.kind,
        "state": poll.state,
        "named": poll.named,
        "results": poll.results,
        "options": poll.options,
        "most": poll.most,
        "opened_at": wire.moment(poll.opened_at),
        "closed_at": wire.moment(poll.closed_at),
        "voted": counted.voted,
        "answers": [answer(poll, *each) for each in counted.words or zip(said(poll), counted.counts, strict=True)],
        "ballots": [ballot(poll, it) for it in named(poll)] if poll.named else None,
    }


def named(poll: Poll):
    return poll.ballots.select_related("person").order_by("at", "voter")


def answer(poll: Poll, text: str, people: int) -> dict[str, Any]:
    return {"answer": text, "votes": people, "struck": folded(text) in poll.struck}


def said(poll: Poll) -> list[str]:
    return labels({"kind": poll.kind, "options": poll.options, "most": poll.most})


def ballot(poll: Poll, it: Ballot) -> dict[str, Any]:
    person = it.person
    return {
        "by": person.name if person else "",
        "organisation": person.organisation if person else "",
        "country": person.country if person else "",
        "answer": it.answer if poll.kind == Poll.Kind.WORDS else [said(poll)[choice] for choice in it.answer],
        "at": wire.moment(it.at),
    }


def as_json(room: Room) -> dict[str, Any]:
    """{"session", "room": its number, "polls"}"""
    return {
        "session": {"title": room.session.title, "code": room.session.code, "guid": str(room.session.guid)},
        "room": room.code,
        "polls": [row(it) for it in polls(room)],
    }


def as_csv(room: Room) -> str:
    """A line for each answer of each poll."""
    return table(COLUMNS, (line for poll in polls(room) for line in answers(row(poll))))


def answers(poll: dict[str, Any]) -> Iterator[list[Any]]:
    about = [poll[name] for name in ("number", "question", "kind", "state", "named", "voted")]
    for each in poll["answers"]:
        yield [*about, each["answer"], each["votes"], each["struck"], who(poll, each["answer"])]


def who(poll: dict[str, Any], text: str) -> list[str]:
    given = folded(text)
    return [it["by"] for it in poll["ballots"] or () if given in map(folded, it["answer"])]
