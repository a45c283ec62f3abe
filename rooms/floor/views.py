"""Raising a hand without a script, and the record of the speakers' list."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from live.refusal import Refused

from ..models import Room
from ..views import Trouble, back_to_room, csv_export, done, found, given, json_export, posted, room_page
from . import commands, exports


@require_POST
@login_required
@never_cache
def hand(request: HttpRequest, code: str) -> HttpResponse:
    """Fields: `do` raise (with `text` for what is to be read out, or `order`) or lower (with `turn`)."""
    room = found(request, code)
    try:
        lower(request, room) if request.POST.get("do") == "lower" else raise_hand(request, room)
    except Refused as no:
        return room_page(request, room, Trouble(request, "hand", no))
    return back_to_room(request, room, "speakers")


def raise_hand(request: HttpRequest, room: Room) -> None:
    what = given(commands.Raise, {**in_writing(request), "point_of_order": "order" in request.POST})
    done(request, "hand", commands.raise_hand, room.topic, what)


def in_writing(request: HttpRequest) -> dict[str, Any]:
    """Only the form for it has the field: left empty, that is refused."""
    fields = posted(request, "text")
    return {"in_writing": fields["text"]} if fields else {}


def lower(request: HttpRequest, room: Room) -> None:
    what = given(commands.Lower, posted(request, "turn"))
    done(request, "default", commands.lower_own, room.topic, what)


export_csv = csv_export("speakers", exports.as_csv)
export_json = json_export("speakers", exports.as_json)
