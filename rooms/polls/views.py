"""Voting without a script, and the record of polls."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from live import writer
from live.limits import spend
from live.refusal import Refused

from ..models import Room
from ..views import Trouble, back_to_room, csv_export, found, given, json_export, me, room_page
from . import commands, exports


@require_POST
@login_required
@never_cache
def vote(request: HttpRequest, code: str) -> HttpResponse:
    """Fields: `poll`, and as many `choices` or `words` as were given."""
    room = found(request, code)
    try:
        cast(request, room)
    except Refused as no:
        return room_page(request, room, Trouble(request, "poll", no))
    return back_to_room(request, room, "polls")


def cast(request: HttpRequest, room: Room) -> None:
    """Without the form's ref: the receipt kept by it would tell what somebody voted."""
    lists = {name: request.POST.getlist(name) for name in ("choices", "words")}
    what = given(commands.Vote, {"poll": request.POST.get("poll", ""), **lists})
    spend(me(request), "vote")
    writer.do(me(request), commands.vote_alone, me(request), room.topic, what)


export_csv = csv_export("polls", exports.as_csv)
export_json = json_export("polls", exports.as_json)
