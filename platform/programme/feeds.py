"""The programme for other programs, at addresses that stay."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from . import calendars, exports, session_page
from .context import forum_of
from .models import Event, Sessions, Track
from .schedule import frab_json, frab_xml
from .schedule.shape import Schedule

CALENDAR, XML, JSON = "text/calendar; charset=utf-8", "application/xml; charset=utf-8", "application/json"
KEPT = 60  # seconds


def answer(body: bytes, kind: str, name: str, changed: datetime) -> HttpResponse:
    """The same for every reader, so that anybody may keep it for a minute and ask whether it changed."""
    response = HttpResponse(body, content_type=kind)
    response.headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def last_change(event: Event) -> datetime:
    latest = event.sessions.aggregate(latest=Max("changed_at"))["latest"]
    return max(filter(None, [event.changed_at, latest]))


def of_event(request, event: Event, kind: str, name: str, build: Callable[[], bytes]) -> HttpResponse:
    """What `build` makes of an event, made once for all the calendars that ask until something changes."""
    changed = last_change(event)
    asked = f"{changed.isoformat()} {get_language()} {request.get_host()} {request.path}"
    key = f"programme.feed.{sha256(asked.encode()).hexdigest()}"
    body = cache.get(key)
    if body is None:
        cache.set(key, body := build(), KEPT)
    return answer(body, kind, name, changed)


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
    return of_event(request, event, JSON, f"{event.slug}.json", partial(schedule, frab_json.write, request, event))


@feed
def schedule_xml(request):
    event = forum_or_404(request)
    return of_event(request, event, XML, f"{event.slug}.xml", partial(schedule, frab_xml.write, request, event))


def schedule(write: Callable[[Schedule], bytes], request, event: Event) -> bytes:
    return write(exports.schedule_of(event, request.build_absolute_uri))


@feed
def calendar(request):
    event = forum_or_404(request)
    build = partial(book, request, event, event.name, event.sessions.all())
    return of_event(request, event, CALENDAR, f"{event.slug}.ics", build)


@feed
def track_calendar(request, slug: str):
    event = forum_or_404(request)
    track = get_object_or_404(Track, event=event, slug=slug)
    build = partial(book, request, event, f"{event.name}: {track.name}", track.sessions.all())
    return of_event(request, event, CALENDAR, f"{event.slug}-{track.pk}.ics", build)


def book(request, event: Event, name: str, sessions: Sessions) -> bytes:
    return calendars.calendar(event, name, sessions.for_listing(), request.build_absolute_uri)


@feed
def session_calendar(request, code: str):
    session = session_page.find(code)
    if session is None:
        raise Http404
    body = calendars.calendar(session.event, session.title, [session], request.build_absolute_uri)
    return answer(body, CALENDAR, f"{session.code}.ics", session.changed_at)
