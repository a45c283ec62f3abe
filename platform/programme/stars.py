"""Sessions that somebody keeps in their own schedule."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from live.limits import spend
from live.refusal import Refused
from people.ways import ours

from . import session_page
from .models import Session, Star, signed_in


def star(person, session: Session) -> None:
    """Raises Refused("session.unknown") where they could not go anyway."""
    if not Session.objects.open_to(person).filter(pk=session.pk).exists():
        raise Refused("session.unknown")
    Star.objects.get_or_create(person=person, session=session)


def unstar(person, session: Session) -> None:
    """Also what was cancelled, or closed to them, meanwhile."""
    Star.objects.filter(person=person, session=session).delete()


def starred(person, among: Iterable[Session]) -> set[int]:
    """Ids of those of these sessions that this person keeps."""
    if not signed_in(person):
        return set()
    pks = [session.pk for session in among]
    return set(Star.objects.filter(person=person, session__in=pks).values_list("session", flat=True))


def open_to(person, among: Iterable[Session]) -> set[int]:
    """Ids of those of these sessions that this person may star."""
    pks = [session.pk for session in among]
    return set(Session.objects.open_to(person).filter(pk__in=pks).values_list("pk", flat=True))


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def door(request, code: str) -> HttpResponse:
    """Fields: `on`, 1 or 0, and `back`, the page to return to. JSON for those who ask for it.

    GET is what remains of a press when somebody had to sign in again.
    """
    session = session_page.find(code)
    if session is None:
        raise Refused("session.unknown")
    return pressed(request, session) if request.method == "POST" else redirect(session)


def pressed(request, session: Session) -> HttpResponse:
    spend(request.user.pk, "default")
    on = request.POST.get("on") == "1"
    (star if on else unstar)(request.user, session)
    if request.accepts("text/html"):
        return HttpResponseRedirect(ours(request, request.POST.get("back", ""), session.get_absolute_url()))
    said = _("It stands in your schedule.") if on else _("It is no longer in your schedule.")
    return JsonResponse({"on": on, "say": said})


urlpatterns = [path("session/<slug:code>/star", door, name="star")]
