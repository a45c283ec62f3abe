"""The plan of a stage: who may publish what in a room, as media workers are told. Reads only."""

from collections.abc import Callable, Iterable

from django.db import transaction

from .media.plans import MOST_BACKSTAGE, MOST_PEOPLE
from .models import Room, Seat

Plan = dict

_heeders: set[Callable[[int], None]] = set()


def plan(room: Room) -> Plan:
    """{"room", "revision", "hidden", "pinned": a source's number or None, "people": in order, "backstage": ids}

    `people` may publish, `backstage` may watch what happens behind the stage. An ended room has neither.
    """
    ended = room.state == Room.State.ENDED
    here = [] if ended else fitting(admitted(room, room.seats.publishing()))
    return {
        "room": room.pk,
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


def changed(room: Room) -> None:
    """In a verb: once it is committed, whoever keeps the workers' plans hears of it."""
    transaction.on_commit(lambda: _alert(room.pk))


def _alert(room: int) -> None:
    for heed in tuple(_heeders):
        heed(room)


def heed(listener: Callable[[int], None]) -> None:
    """From now on `listener(room id)` is called in the thread that committed a change of a stage."""
    _heeders.add(listener)


def heed_no_more(listener: Callable[[int], None]) -> None:
    _heeders.discard(listener)
