"""The pages of the lounges and of meeting somebody now. They work without a script, loaded again every few seconds."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from live import writer
from live.access import topic_of
from live.refusal import Refused, sentence
from people.models import Person
from programme import times
from programme.context import forum_of

from ..models import Lounge
from ..views import done, me, snapshot
from . import commands, lookup, now, page


@require_GET
@login_required
@never_cache
def lounges(request: HttpRequest) -> HttpResponse:
    found = Lounge.objects.open_to(request.user).filter(event=forum_of(request))
    zone = zone_of(request)
    ahead = [line(it, zone) for it in found if it.state != Lounge.State.OVER]
    return render(request, "lounge/lounges.html", {"here": "people", "lounges": ahead, "place": zone.place or "UTC"})


def line(it: Lounge, zone: times.Zone) -> dict[str, Any]:
    at = zone.at(it.starts_at)
    day = date_format(at, _("l j F"))
    told = {"pk": it.pk, "title": it.title, "state": it.state, "minutes": minutes(it)}
    return {**told, "day": day, "time": f"{at:%H:%M}"}


def minutes(it: Lounge) -> int:
    return round(it.seconds / 60)


def zone_of(request: HttpRequest) -> times.Zone:
    key = times.zone_of_person(request.user, request.COOKIES) or timezone.get_default_timezone_name()
    return times.Zone(key, times.place_of(key, get_language()))


@require_GET
@login_required
@never_cache
def lounge(request: HttpRequest, pk: int) -> HttpResponse:
    return lounge_page(request, lookup.entered(f"lounge.{pk}", me(request)))


def lounge_page(request: HttpRequest, it: Lounge, no: Refused | None = None) -> HttpResponse:
    told, mine, at = (
        snapshot(it.topic, lookup.picture),
        lookup.mine(it, Person.objects.of_batch(me(request))),
        timezone.now(),
    )
    picture = told["data"]["lounge"]
    shown = {
        "it": it,
        "minutes": minutes(it),
        "picture": picture,
        "mine": mine,
        "phase": page.phase(picture, mine, at),
        "until": page.until(picture, mine, at),
        "snapshots": {"lounge": told},
        "back": reverse("lounge", args=[it.pk]),
    }
    return render(request, "lounge/lounge.html", {**shown, **always(request, no)}, status=status_of(no))


def always(request: HttpRequest, no: Refused | None) -> dict[str, Any]:
    zone = zone_of(request)
    return {
        "here": "people",
        "zone": zone,
        "place": zone.place or "UTC",
        "ref": uuid.uuid4(),
        "trouble": no and sentence(no.code, get_language()),
    }


def status_of(no: Refused | None) -> int:
    if no is None:
        return 200
    return 429 if no.code == "slow.down" else 403


@require_POST
@login_required
@never_cache
def lounge_do(request: HttpRequest, pk: int) -> HttpResponse:
    """Field `do`: enter, leave or back."""
    topic, language = f"lounge.{pk}", get_language() or ""
    deeds = {
        "enter": (commands.enter, commands.Enter(language)),
        "leave": (commands.leave, commands.Nothing()),
        "back": (commands.back, commands.Nothing()),
    }
    it, deed = lookup.entered(topic, me(request)), deeds.get(request.POST.get("do", ""))
    if deed is None:
        return HttpResponseBadRequest()
    try:
        done(request, "default", deed[0], topic, deed[1])
    except Refused as no:
        return lounge_page(request, it, no)
    return redirect("lounge", pk)


@require_GET
@login_required
@never_cache
def meet_now(request: HttpRequest) -> HttpResponse:
    """Looking at it is a sign of life of whoever seeks."""
    writer.do(me(request), now.still, me(request))
    return now_page(request)


def now_page(request: HttpRequest, no: Refused | None = None) -> HttpResponse:
    person = me(request)
    told = {"told": now.told(person), "person": person, "back": reverse("meet-now")}
    return render(request, "lounge/now.html", {**told, **always(request, no)}, status=status_of(no))


@require_POST
@login_required
@never_cache
def meet_now_do(request: HttpRequest) -> HttpResponse:
    """Field `do`: seek or stop."""
    verb = {"seek": commands.seek, "stop": commands.stop}.get(request.POST.get("do", ""))
    if verb is None:
        return HttpResponseBadRequest()
    try:
        done(request, "default", verb, topic_of(me(request)), commands.Nothing())
    except Refused as no:
        return now_page(request, no)
    return redirect("meet-now")
