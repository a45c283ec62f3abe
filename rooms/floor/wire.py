"""The speakers' list as it travels. Pure: what is needed has been read before."""

from collections.abc import Iterable

from people import regions

from ..models import Room, Turn
from ..wire import moment, person
from .fairness import Balance, Suggestion

State = Turn.State
READ_OUT = (State.SPEAKING, State.PAUSED, State.FINISHED)  # from when on everyone may read what is read to them


def floor(room: Room) -> dict:
    return {"open": room.list_open, "turn_seconds": room.turn_seconds}


def turn(it: Turn) -> dict:
    """As everyone may see it."""
    told = {
        "id": it.pk,
        "number": it.number,
        "rev": it.revision,
        "state": it.state,
        "kind": it.kind,
        "by": speaker(it),
        "question": it.question and it.question.number,
        "in_writing": it.in_writing,
        "point_of_order": it.point_of_order,
        "position": it.position,
        "seconds": it.seconds,
        "spoken": it.spoken,
        "running_since": moment(it.running_since),
        "at": moment(it.raised_at),
    }
    return {**told, "text": it.text} if is_read_out(it) else told


def is_read_out(it: Turn) -> bool:
    return it.in_writing and it.state in READ_OUT


def speaker(it: Turn) -> dict:
    return {"id": it.person_id, "name": it.name, "organisation": it.organisation, "country": it.country}


def own(it: Turn) -> dict:
    """As the person sees it whose turn it is."""
    return {**turn(it), "room": it.room_id, "text": it.text}


def backstage(it: Turn, balance: Balance) -> dict:
    return {
        **turn(it),
        "hints": balance.hints.get(it.pk, []),
        "spoken_before": balance.before.get(it.pk),
        "region": regions.of(it.country),
        "stakeholder": it.stakeholder,
        "overridden": it.overridden,
        "invited_at": moment(it.invited_at),
        "started_at": moment(it.started_at),
        "ended_at": moment(it.ended_at),
    }


def desk(it: Turn, balance: Balance) -> dict:
    """As moderators see it: with what is to be read out."""
    return {**backstage(it, balance), "text": it.text}


def hints(balance: Balance, turns: Iterable[int]) -> dict:
    """{"hints": [[id of a turn, its hints, seconds that the same person spoke before], …]}"""
    return {"hints": [[pk, balance.hints[pk], balance.before[pk]] for pk in turns]}


def suggestion(it: Suggestion | None) -> dict | None:
    return it and {"turn": it.turn, "why": it.why}


def act(what: str, by, it: Turn | None, suggested: Turn | None = None) -> dict:
    """What a moderator did, for the record: `suggested` is the number of the turn that was passed over, if one was."""
    return {"what": what, "by": person(by), "turn": it and it.number, "suggested": suggested and suggested.number}
