"""The record of the speakers' list for a room's moderators: who, for how long, and what the chair did."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from live.models import Entry
from people import regions
from people.cells import table

from .. import wire
from ..models import Room, Turn
from .turns import balance

COLUMNS = {
    "number": _("Number"),
    "state": _("State"),
    "kind": _("Kind"),
    "by": _("Who"),
    "organisation": _("Organisation"),
    "country": _("Country"),
    "region": _("Region"),
    "stakeholder": _("Stakeholder type"),
    "question": _("Question"),
    "in_writing": _("In writing"),
    "text": _("Text"),
    "point_of_order": _("Point of order"),
    "seconds": _("Seconds allowed"),
    "spoken": _("Seconds spoken"),
    "overridden": _("Another one was suggested"),
    "raised_at": _("Raised at"),
    "invited_at": _("Invited at"),
    "started_at": _("Started at"),
    "ended_at": _("Ended at"),
    "revision": _("Revision"),
}


def turns(room: Room):
    return room.turns.with_people()


def row(it: Turn) -> dict[str, Any]:
    """All there is to tell of a turn."""
    return {
        "number": it.number,
        "state": it.state,
        "kind": it.kind,
        "by": it.name,
        "organisation": it.organisation,
        "country": it.country,
        "region": regions.of(it.country),
        "stakeholder": it.stakeholder,
        "question": it.question and it.question.number,
        "in_writing": it.in_writing,
        "text": it.text,
        "point_of_order": it.point_of_order,
        "seconds": it.seconds,
        "spoken": round(it.spoken),
        "overridden": it.overridden,
        "raised_at": wire.moment(it.raised_at),
        "invited_at": wire.moment(it.invited_at),
        "started_at": wire.moment(it.started_at),
        "ended_at": wire.moment(it.ended_at),
        "revision": it.revision,
    }


def acts(room: Room) -> Iterator[dict[str, Any]]:
    """What the chair did, from the record itself: {"at", "what", "by": name, "turn", "suggested": numbers}"""
    entries = Entry.objects.filter(topic=room.desk, event="floor.act").order_by("seq")
    for at, data in entries.values_list("at", "data"):
        act = json.loads(data)
        yield {"at": wire.moment(at), **act, "by": act["by"] and act["by"]["name"]}


def as_json(room: Room) -> dict[str, Any]:
    """{"session", "room": its number, "speakers", "speaking_time": as fairness.totals, "acts"}"""
    return {
        "session": {"title": room.session.title, "code": room.session.code, "guid": str(room.session.guid)},
        "room": room.code,
        "speakers": [row(it) for it in turns(room)],
        "speaking_time": balance(room).totals,
        "acts": list(acts(room)),
    }


def as_csv(room: Room) -> str:
    return table(COLUMNS.values(), (row(it).values() for it in turns(room)))
