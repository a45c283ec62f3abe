"""The pages of somebody's own schedule, and its calendar for other programs."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_GET, require_POST, require_safe

from live.limits import spend
from live.refusal import Refused
from people.models import Person
from programme import session_page, stars, times
from programme.context import forum_of
from programme.feeds import CALENDAR
from programme.models import Event

from ..views import me
from . import entries, feed, recommended


def clocks(request: HttpRequest, event: Event, now) -> times.Clocks:
    """One's own before the venue's."""
    own = times.zone_of_person(request.user, request.COOKIES)
    return times.clocks(event, own, now, get_language() or "en", own_first=True)


@require_GET
@login_required
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    event, now = forum_of(request), timezone.now()
    page = {"here": "schedule", "now": now, "address": address(request)}
    if event:
        page |= planned(request, event, now)
    return render(request, "schedule/mine.html", page)


def planned(request: HttpRequest, event: Event, now) -> dict:
    person = Person.objects.get(pk=me(request))
    found = entries.entries(person, event, now)
    clashing = entries.mark_clashes(found, person, now)
    shown = clocks(request, event, found[0].starts_at if found else now)
    return {
        "event": event,
        "clocks": shown,
        "days": entries.by_day(found, shown.first, now),
        "clashing": clashing,
        "recommended": recommended.recommended(person, event, found, now),
    }


def address(request: HttpRequest) -> str:
    """The whole address of the calendar: whoever has it reads the schedule."""
    person = Person.objects.get(pk=me(request))
    return request.build_absolute_uri(reverse("my-feed", args=[feed.token(person)]))


@require_POST
@login_required
@never_cache
def renew(request: HttpRequest) -> HttpResponse:
    feed.renew(Person.objects.get(pk=me(request)))
    messages.success(request, _("Your calendar has a new address. The one before leads nowhere any more."))
    return redirect(f"{reverse('my-schedule')}#calendar")


@require_POST
@login_required
@never_cache
def swap(request: HttpRequest) -> HttpResponse:
    """Keep the repeat instead. Fields: `from` and `to`, codes of sessions."""
    spend(me(request), "default")
    before, after = (session_page.find(request.POST.get(name, "")) for name in ("from", "to"))
    if before is None or after is None:
        raise Refused("session.unknown")
    stars.star(request.user, after)
    stars.unstar(request.user, before)
    return redirect("my-schedule")


@gzip_page
@require_safe
@conditional_page
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Without signing in: the address itself is the secret. Calendars ask with the ETag they have."""
    person = feed.owner(token)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        body = feed.book(person, forum_of(request), request.build_absolute_uri)
    response = HttpResponse(body, content_type=CALENDAR)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="my-schedule.ics"'
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
