"""Seats and the stage as they travel. Pure: what is needed has been read before."""

from collections.abc import Iterable, Mapping

from ..models import Room, Seat
from ..wire import moment, person

PRIVATE = ("place", "rev", "since")


def seat(it: Seat, part: str) -> dict:
    """`part` is what they are on the programme, or ""."""
    return {
        "person": it.person_id,
        "name": it.person.name,
        "as": part,
        "organisation": it.person.organisation,
        "country": it.person.country,
        "place": it.place,
        "position": it.position,
        "microphone": it.microphone,
        "camera": it.camera,
        "screen": it.screen,
        "source": it.source,
        "screen_source": it.screen_source,
        "rev": it.revision,
        "since": moment(it.since),
    }


def on_stage(it: Seat, part: str) -> dict:
    """The same as the audience is told it."""
    return {name: value for name, value in seat(it, part).items() if name not in PRIVATE}


def gone(it: Seat) -> dict:
    return {"person": it.person_id, "gone": True, "rev": it.revision}


def stage(room: Room, chair) -> dict:
    """What is said of the stage itself, with no people."""
    return {
        "rev": room.stage_revision,
        "hidden": room.stage_hidden,
        "locked": room.stage_locked,
        "pinned": room.pinned,
        "chair": person(chair),
    }


def public(room: Room, chair, live: Iterable[Seat], parts: Mapping[int, str]) -> dict:
    """The stage as the audience sees it: nobody, while it is not shown."""
    people = [on_stage(it, parts.get(it.person_id, "")) for it in live] if room.shows_stage else []
    return {**stage(room, chair), "people": people}
