"""The page of a room for two: when it opens, the room itself, and what is left of it."""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chat import messages
from chat.models import Conversation
from live import writer
from live.limits import spend
from people import audience
from people.models import Person
from programme import times

from .. import views
from ..devices import with_devices
from ..models import Pair
from ..stage import whip
from . import commands, lookup, notes, wire


@require_GET
@login_required
@never_cache
@with_devices
def pair(request: HttpRequest, code: str) -> HttpResponse:
    it = lookup.found(code, views.me(request))
    return render(request, "pair/pair.html", seen(request, it))


def seen(request: HttpRequest, it: Pair) -> dict[str, Any]:
    me = views.me(request)
    told = views.snapshot(it.topic, lookup.picture)
    return {
        "pair": it,
        "picture": told["data"],
        "state": told["data"]["pair"]["state"],
        "mine": lookup.welcome(me, it.topic),
        "other": it.other(me),
        "snapshots": {"pair": told, **chat_of(it.conversation, me)},
        "zone": zone_of(request),
        "there": other_zone(it.other(me), request),
        "to_go": times.minutes_between(timezone.now(), it.opens_at),
        "now": timezone.now(),
    }


def chat_of(conversation: Conversation, me: int) -> dict[str, Any]:
    """Nothing if somebody has left the conversation."""
    admitted = me in conversation.admits([me])
    return {"chat": views.snapshot(conversation.topic, messages.picture)} if admitted else {}


def zone_of(request: HttpRequest) -> times.Zone:
    key = times.zone_of_person(request.user, request.COOKIES) or timezone.get_default_timezone_name()
    return times.Zone(key, times.place_of(key, get_language()))


def other_zone(other: Person, request: HttpRequest) -> times.Zone | None:
    """The other's clock, if theirs shows another time and they let this reader know."""
    now, mine = timezone.now(), zone_of(request)
    key = other.zone if "zone" in audience.shown_fields(other, request.user) else ""
    theirs = times.Zone(key, times.place_of(key, get_language())) if key else None
    return theirs if theirs and theirs.at(now).utcoffset() != mine.at(now).utcoffset() else None


@require_POST
@login_required
@never_cache
def stay(request: HttpRequest, code: str) -> HttpResponse:
    """The button of the page without a script: `on` is 1 or 0."""
    me = views.me(request)
    it = lookup.found(code, me)
    spend(me, "default")
    writer.do(me, commands.stay, me, it.topic, commands.On(request.POST.get("on") == "1"))
    return redirect("pair", it.code)


# notes


def read_notes(request: HttpRequest, code: str) -> HttpResponse:
    """{"rev", "text", "by"}; also when it is over."""
    return JsonResponse(wire.notes(lookup.found(code, who(request, "default"))))


def write_notes(request: HttpRequest, code: str) -> HttpResponse:
    """{"rev", "base", "text"} → {"rev", "text"}"""
    me = who(request, "notes")
    it = lookup.found(code, me)
    kept = notes.write(me, it, notes.read(whip.offered(request, "application/json", notes.LONGEST)))
    return JsonResponse({"rev": kept.notes_revision, "text": kept.notes})


def who(request: HttpRequest, rate: str) -> int:
    me = whip.signed_in(request).pk
    spend(me, rate)
    return me


notes_door = whip.door(get=sync_to_async(read_notes), put=sync_to_async(write_notes))
