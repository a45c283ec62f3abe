"""The pages of the programme: one day, one session, its papers."""

from datetime import date, datetime

from django.core.cache import cache
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from people.models import Person

from . import agenda, search, session_page, times, viewings
from .checks import SHOWN, ending
from .context import forum_of
from .models import Document, Event

PLACEHOLDERS = ".invalid"


def clocks_for(request, event: Event, moment: datetime) -> times.Clocks:
    own = times.zone_of_person(request.user, request.COOKIES)
    return times.clocks(event, own, moment, get_language() or "en", own_first=request.GET.get("zone") == "mine")


def counts(event: Event) -> dict[str, int]:
    """Figures for the cover, at most a minute old."""
    return cache.get_or_set(f"programme.counts.{event.pk}", lambda: count(event), 60) or {}


def count(event: Event) -> dict[str, int]:
    planned = event.sessions.standing().aggregate(
        sessions=Count("pk", distinct=True), speakers=Count("appearances__person", distinct=True)
    )
    participants = Person.objects.filter(is_active=True).exclude(email__endswith=PLACEHOLDERS)
    return planned | participants.aggregate(participants=Count("pk"), countries=Count("country", distinct=True))


@gzip_page
@require_safe
def front(request):
    event = forum_of(request)
    return programme(request, event, None) if event else render(request, "programme/nothing.html")


@gzip_page
@require_safe
def day(request, day: date):
    event = forum_of(request)
    if event is None:
        raise Http404
    return programme(request, event, day)


def programme(request, event: Event, asked: date | None) -> HttpResponse:
    now, wish = timezone.now(), search.wish_of(request.GET)
    dates = agenda.days_of(event)
    if asked and asked not in dates:
        raise Http404
    chosen = asked or agenda.chosen_day(dates, now, event)
    found = agenda.entries(agenda.read(event, chosen, wish, now), request.user, now)
    page = {"here": "agenda", "event": event, "now": now, "front": asked is None, "wish": wish, "day": chosen}
    page |= arranged(request, event, chosen, found, wish, now)
    page["days"] = agenda.days(event, dates, found, wish, now)
    page |= cover(request, event, found, now) if asked is None else {}
    response = render(request, "programme/agenda.html", page)
    patch_vary_headers(response, ["Cookie"])
    return response


def arranged(request, event, chosen, found, wish, now) -> dict:
    """The chosen day's entries by time or by track, and what to narrow them with."""
    of_day = [entry for entry in found if agenda.date_of(entry.session, event) == chosen]
    shown = [entry for entry in of_day if search.answers(entry, wish)]
    clocks = clocks_for(request, event, of_day[0].session.starts_at if of_day else now)
    return {
        "clocks": clocks,
        "shown": len(shown),
        "planned": len(of_day),
        "strands": agenda.by_track(shown) if request.GET.get("by") == "track" else None,
        "slots": agenda.by_time(shown, clocks),
        "facets": search.facets(of_day, wish),
        "kept": sum(entry.starred for entry in of_day if search.answers(entry, wish, besides="starred")),
        "open_to_me": sum(entry.admits for entry in of_day if search.answers(entry, wish, besides="open")),
    }


def cover(request, event, found, now) -> dict:
    """What stands above the programme on the first page."""
    live = agenda.live(found)
    return {
        "counts": counts(event),
        "in_sessions": sum(entry.here for entry in found),
        "live": live if request.GET.get("live") == "all" else live[: agenda.IN_THE_BAND],
        "live_count": len(live),
        "main": agenda.main_action(event, found, request.user, now),
    }


@gzip_page
@require_safe
def session(request, code: str):
    found = session_page.find(code)
    if found is None:
        raise Http404
    request.forum = found.event
    fresh = viewings.count(request, found)
    now = timezone.now()
    page = session_page.details(found, request.user, now) | {"here": "agenda", "now": now, "event": found.event}
    page |= {"clocks": clocks_for(request, found.event, found.starts_at), "seen": found.viewings.count()}
    response = render(request, "programme/session.html", page)
    patch_vary_headers(response, ["Cookie"])
    viewings.remember(response, fresh)
    return response


@require_safe
def document(request, pk: int, _name: str):
    """A paper's file, for whoever may read it; what a browser cannot safely show is downloaded."""
    paper = get_object_or_404(Document.objects.readable_by(request.user), pk=pk)
    if not paper.file:
        return redirect(paper.url)
    kind = SHOWN.get(ending(paper.file.name))
    try:
        response = FileResponse(paper.file.open(), as_attachment=kind is None, filename=paper.file_name)
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Content-Type"] = kind or "application/octet-stream"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=300"
    return response
