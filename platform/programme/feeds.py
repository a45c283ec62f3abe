"""The programme for other programs, at addresses that stay."""

from collections.abc import Callable
from datetime import UTC
from email.utils import format_datetime

from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from . import calendars, exports, session_page
from .context import forum_of
from .models import Event, Track
from .schedule import frab_json, frab_xml

CALENDAR = "text/calendar; charset=utf-8"


def answer(event: Event, body: bytes, kind: str, name: str, changed=None) -> HttpResponse:
    """The same for every reader, so that anybody may keep it for a minute and ask whether it changed."""
    response = HttpResponse(body, content_type=kind)
    response.headers["Last-Modified"] = format_datetime((changed or last_change(event)).astimezone(UTC), usegmt=True)
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def last_change(event: Event):
    latest = event.sessions.aggregate(latest=Max("changed_at"))["latest"]
    return max(filter(None, [event.changed_at, latest]))


def forum_or_404(request) -> Event:
    event = forum_of(request)
    if event is None:
        raise Http404
    return event


def feed(view: Callable) -> Callable:
    return require_safe(gzip_page(conditional_page(view)))


@feed
def schedule_json(request):
    event = forum_or_404(request)
    body = frab_json.write(exports.schedule_of(event, request.build_absolute_uri))
    return answer(event, body, "application/json", f"{event.slug}.json")


@feed
def schedule_xml(request):
    event = forum_or_404(request)
    body = frab_xml.write(exports.schedule_of(event, request.build_absolute_uri))
    return answer(event, body, "application/xml; charset=utf-8", f"{event.slug}.xml")


@feed
def calendar(request):
    event = forum_or_404(request)
    body = calendars.calendar(event, event.name, event.sessions.for_listing(), request.build_absolute_uri)
    return answer(event, body, CALENDAR, f"{event.slug}.ics")


@feed
def track_calendar(request, slug: str):
    event = forum_or_404(request)
    track = get_object_or_404(Track, event=event, slug=slug)
    name = f"{event.name}: {track.name}"
    body = calendars.calendar(event, name, track.sessions.for_listing(), request.build_absolute_uri)
    return answer(event, body, CALENDAR, f"{event.slug}-{track.pk}.ics")


@feed
def session_calendar(request, code: str):
    session = session_page.find(code)
    if session is None:
        raise Http404
    body = calendars.calendar(session.event, session.title, [session], request.build_absolute_uri)
    return answer(session.event, body, CALENDAR, f"{session.code}.ics", session.changed_at)
