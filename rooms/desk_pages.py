"""The moderators' desk as a page; every button of it works by form."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from live.refusal import Refused

from . import consumers, pictures, shown
from .models import Question, Room
from .views import doing, given, look, page, snapshot

TITLES = {"review": _("Review"), "open": _("Open"), "next": _("Next"), "now": _("Now"), "done": _("Done")}


def one(request: HttpRequest) -> dict[str, Any]:
    return {"question": request.POST.get("question"), "rev": request.POST.get("rev")}


def dismissal(request: HttpRequest) -> dict[str, Any]:
    return {**several(request), "reason": request.POST.get("reason", "other")}


def several(request: HttpRequest) -> dict[str, Any]:
    return {"questions": [[request.POST.get("question"), request.POST.get("rev")]]}


Fields = Callable[[HttpRequest], dict[str, Any]]
ACTS: dict[str, tuple[Callable[..., Any], type, Fields]] = {
    "approve": (consumers.approve, consumers.Several, several),
    "dismiss": (consumers.dismiss, consumers.Dismiss, dismissal),
    "next": (consumers.put_next, consumers.Several, several),
    "now": (consumers.now, consumers.Now, one),
    "answered": (consumers.answered, consumers.Done, one),
    "written": (consumers.written, consumers.One, one),
    "reopen": (consumers.reopen, consumers.One, one),
    "state": (consumers.change_state, consumers.State, lambda r: {"state": r.POST.get("state")}),
}


@require_GET
@page
def desk(request: HttpRequest, room: Room) -> HttpResponse:
    pictures.moderated(room.desk, request.user.pk)
    whole = snapshot(room.desk, pictures.desk_picture)
    columns = [(lane, TITLES[lane], them) for lane, them in shown.lanes(whole["data"]["questions"]).items()]
    seen = {**look(request, room), "desk": whole, "columns": columns, "reasons": Question.Reason.choices}
    return render(request, "rooms/desk.html", seen)


@require_POST
@page
def act(request: HttpRequest, room: Room) -> HttpResponse:
    pictures.moderated(room.desk, request.user.pk)
    if request.POST.get("do") not in ACTS:
        raise Refused("command.malformed")
    verb, shape, fields = ACTS[request.POST["do"]]
    insist_done(doing(request, "desk", verb, room.desk, given(shape, **fields(request))))
    return redirect("room-desk", room.code)


def insist_done(reply: dict[str, Any]) -> None:
    for refusal in reply.get("refused", ()):
        raise Refused(refusal["refused"])
