"""Meetings as they travel. Pure: what is needed has been read before."""

from collections.abc import Collection

from django.urls import reverse

from ..models import Meeting, Slot
from ..wire import moment, person


def slot(it: Slot, gone: Collection[int]) -> dict:
    return {"id": it.pk, "starts": moment(it.starts_at), "gone": it.pk in gone}


def standing(it: Meeting) -> list[Slot]:
    return [each for each in it.slots.all() if each.standing]


def meeting(it: Meeting, gone: Collection[int] = (), room: str = "") -> dict:
    """What the two are told. `gone` are ids of slots that one of them has given away since, `room` is an address."""
    return {
        "id": it.pk,
        "rev": it.revision,
        "state": it.state,
        "proposer": person(it.proposer),
        "invitee": person(it.invitee),
        "turn": it.turn_id,
        "way": it.way,
        "place": it.place,
        "note": it.note,
        "minutes": it.minutes,
        "slots": [slot(each, gone) for each in standing(it)],
        "starts": moment(it.starts_at),
        "ends": moment(it.ends_at),
        "expires": moment(it.expires_at),
        "sequence": it.sequence,
        "last": {
            "act": it.act,
            "by": it.acted_by and person(it.acted_by),
            "handled_by": it.handled_by and person(it.handled_by),
            "at": moment(it.changed_at),
        },
        "path": reverse("meeting", args=[it.pk]),
        "room": room,
    }
