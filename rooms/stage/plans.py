"""The plan of a stage: who may publish what in a room, as media workers are told. Reads only."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import transaction

from ..media.plans import MOST_BACKSTAGE, MOST_PEOPLE
from ..models import Room, Seat
from ..models.pair import MEDIA

Plan = dict


class Kind(NamedTuple):
    """Something that has plans: the rooms of sessions, rooms for two. Workers know all of them by one number."""

    numbers: range
    revisions: Callable[[Iterable[int]], dict[int, int]]  # by number; of those that are there
    plans: Callable[[Iterable[int]], dict[int, Plan]]
    topics: Callable[[int], list[str]]  # on which they are found who go through its worker
    admitted: Callable[[int, Iterable[int]], set[int]] | None  # those who may watch; None: their plan says it


_kinds: list[Kind] = []
_heeders: set[Callable[[int], None]] = set()


def plan(room: Room) -> Plan:
    """{"room", "revision", "hidden", "pinned": a source's number or None, "people": in order, "backstage": ids}

    `people` may publish, `backstage` may watch what happens behind the stage. An ended room has neither.
    """
    ended = room.state == Room.State.ENDED
    here = [] if ended else fitting(admitted(room, room.seats.publishing()))
    return {
        "room": room.media_id,
        "revision": room.stage_revision,
        "hidden": not room.shows_stage,
        "pinned": room.pinned,
        "people": [place(seat) for seat in here],
        "backstage": [] if ended else sorted(behind(room, here))[:MOST_BACKSTAGE],
    }


def admitted(room: Room, seats: Iterable[Seat]) -> list[Seat]:
    """Without those who may not even enter any more, whoever forgot to take their seat away."""
    seats = list(seats)
    may = room.session.admits([seat.person_id for seat in seats])
    return [seat for seat in seats if seat.person_id in may]


def fitting(seats: list[Seat]) -> list[Seat]:
    """As many as a worker takes, first of all those on stage: a plan that is too long would be no plan at all."""
    if len(seats) <= MOST_PEOPLE:
        return seats
    return sorted(seats, key=lambda seat: seat.place != Seat.Place.LIVE)[:MOST_PEOPLE]


def behind(room: Room, here: Iterable[Seat]) -> set[int]:
    return room.session.admits(room.moderators() | room.speakers()) | {seat.person_id for seat in here}


def place(seat: Seat) -> dict:
    return {
        "id": seat.person_id,
        "place": seat.place,
        "microphone": seat.microphone,
        "camera": seat.camera,
        "screen": seat.screen,
    }


# every kind of room


def register(kind: Kind) -> None:
    _kinds.append(kind)


def kind_of(number: int) -> Kind:
    return next(kind for kind in _kinds if number in kind.numbers)


def revisions(numbers: Iterable[int]) -> dict[int, int]:
    """What each room's worker should know at least."""
    return _of_each(numbers, lambda kind, own: kind.revisions(own))


def plans_of(numbers: Iterable[int]) -> dict[int, Plan]:
    return _of_each(numbers, lambda kind, own: kind.plans(own))


def _of_each(numbers: Iterable[int], look: Callable[[Kind, list[int]], dict]) -> dict:
    them, found = list(numbers), dict[int, Any]()
    for kind in _kinds:
        own = [number for number in them if number in kind.numbers]
        found |= look(kind, own) if own else {}
    return found


def shut_out(number: int, people: Iterable[int]) -> set[int]:
    """Those of these people who may not watch any more what everybody may who is let in."""
    admitted = kind_of(number).admitted
    return set(people) - admitted(number, people) if admitted else set()


# sessions' rooms


def _revisions(rooms: Iterable[int]) -> dict[int, int]:
    return dict(Room.objects.filter(pk__in=rooms).values_list("pk", "stage_revision"))


def _plans(rooms: Iterable[int]) -> dict[int, Plan]:
    found = Room.objects.filter(pk__in=rooms).select_related("session__event")
    return {room.media_id: plan(room) for room in found}


def _admitted(room: int, people: Iterable[int]) -> set[int]:
    found = Room.objects.select_related("session__event").filter(pk=room).first()
    return found.session.admits(people) if found else set()


def _topics(room: int) -> list[str]:
    return [f"room.{room}", f"room.{room}.backstage"]


register(Kind(range(MEDIA), _revisions, _plans, _topics, _admitted))


# changes


def changed(number: int) -> None:
    """In a verb: once it is committed, whoever keeps the workers' plans hears of it."""
    transaction.on_commit(lambda: _alert(number))


def _alert(room: int) -> None:
    for heed in tuple(_heeders):
        heed(room)


def heed(listener: Callable[[int], None]) -> None:
    """From now on `listener(number)` is called in the thread that committed a change of a stage."""
    _heeders.add(listener)


def heed_no_more(listener: Callable[[int], None]) -> None:
    _heeders.discard(listener)
