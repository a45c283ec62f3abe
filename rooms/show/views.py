"""The run of show as a file, and what is acknowledged without a script."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from live import writer
from live.refusal import Refused

from ..models import Room
from ..views import (
    Trouble,
    csv_export,
    desk_page,
    done,
    given,
    json_export,
    me,
    moderated,
    posted,
    ref_of,
    speaker_page,
    spoken_in,
)
from . import commands, files, show

export_json = json_export("run-of-show", files.as_json)
export_csv = csv_export("run-of-show", files.as_csv)


@require_POST
@login_required
@never_cache
def take(request: HttpRequest, code: str) -> HttpResponse:
    """A file in the place of the whole run of show; a bad one changes nothing, and the desk says where it is bad."""
    room = moderated(request, code)
    try:
        _take(request, room)
    except Refused as no:
        return desk_page(request, room, Trouble(request, "show", no))
    except files.BadFile as problem:
        return desk_page(request, room, BadFile(problem))
    return redirect("desk", room.code)


def _take(request: HttpRequest, room: Room) -> None:
    plan = files.read(uploaded(request), files.end_of(room))
    parts = files.fit(room, plan)
    writer.do(me(request), show.replace_all, room.topic, me(request), parts, plan.announced, ref=ref_of(request))


def uploaded(request: HttpRequest) -> bytes:
    """One byte more than may be: `read` says that it is too large."""
    file = request.FILES.get("file")
    return file.read(files.LARGEST + 1) if file else b""


class BadFile(Trouble):
    def __init__(self, problem: files.BadFile):
        self.status = 400
        self.shown = {"doing": "show", "trouble": str(problem)}


@require_POST
@login_required
@never_cache
def acknowledge(request: HttpRequest, code: str) -> HttpResponse:
    """By a speaker: fields `notice`."""
    room = spoken_in(request, code)
    try:
        what = given(commands.Read, posted(request, "notice"))
        done(request, "default", commands.acknowledge, room.topic, what)
    except Refused as no:
        return speaker_page(request, room, Trouble(request, "notice", no))
    return redirect("speaker", room.code)
