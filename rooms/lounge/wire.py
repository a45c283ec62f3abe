"""A lounge as it travels. Pure: what is needed has been read before."""

from datetime import datetime

from people.models import Person

from ..models import Lounge, Pair, Stool
from ..wire import moment


def lounge(it: Lounge, people: int, now: datetime) -> dict:
    """As everyone may see it. `people`: how many have a place and are not away."""
    return {
        "id": it.pk,
        "rev": it.revision,
        "title": it.title,
        "state": it.state,
        "round": it.round,
        "rounds": it.rounds,
        "seconds": it.seconds,
        "starts": moment(it.round_starts_at) if it.round else None,
        "ends": moment(it.round_ends_at) if it.round else None,
        "next": None if it.state == Lounge.State.OVER or it.is_last(now) else moment(it.next_at),
        "people": people,
    }


def place(it: Stool) -> dict:
    return {"away": it.away, "waited": it.waited}


def pair(it: Pair, me: int, why: str) -> dict:
    """As one of the two sees it before they meet."""
    return {
        "code": it.code,
        "starts": moment(it.starts_at),
        "ends": moment(it.ends_at),
        "with": person(it.other(me)),
        "why": why,
    }


def person(it: Person) -> dict:
    return {"id": it.pk, "name": it.name}
