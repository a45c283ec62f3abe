"""With DEMO=1 a visitor may continue as any of the sample's people. Without it, nothing of this exists."""

from functools import wraps

from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from people.models import Person
from people.ways import ours
from rooms.models import Room

from .sample.cast import DOMAIN, TRY, address
from .sample.programme import FLAGSHIP, MAYORS, SLUG

BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGE = 24
HINTED = {"agenda", "sign-in"}


def only_in_a_demo(view):
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def playable() -> QuerySet[Person]:
    """The sample's people only: whoever has a real address is not to be impersonated."""
    return Person.objects.filter(is_active=True, email__endswith=f"@{DOMAIN}")


def hint(request: HttpRequest) -> dict:
    """Tells templates whether to mention the way in."""
    match = request.resolver_match
    wanted = settings.DEMO and match is not None and match.url_name in HINTED
    return {"demo_hint": wanted and not request.user.is_authenticated}


@only_in_a_demo
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    page = Paginator(others(query), PAGE).get_page(request.GET.get("page"))
    return render(
        request, "demo.html", {"cast": cast(), "query": query, "page": page, "next": request.GET.get("next", "")}
    )


def cast() -> list[dict]:
    """Who is offered first: {"person", "doing", "advice", "at": the page to try it on}"""
    known = playable().in_bulk([address(key) for key, *_ in TRY], field_name="email")
    places = whereabouts()
    return [
        {"person": known[address(key)], "doing": doing, "advice": advice, "at": places[where]}
        for key, doing, advice, where in TRY
        if address(key) in known
    ]


def whereabouts() -> dict[str, str]:
    """Addresses of the pages that cast.TRY names; the agenda for a room that is not there."""
    rooms = Room.objects.filter(session__event__slug=SLUG, session__code__in=[FLAGSHIP, MAYORS])
    code = dict(rooms.values_list("session__code", "code"))
    at = {session: reverse("room", args=[code[session]]) if session in code else "/" for session in (FLAGSHIP, MAYORS)}
    pages = {page: f"{at[FLAGSHIP]}{page}" if FLAGSHIP in code else "/" for page in ("desk", "speaker")}
    return {"room": at[FLAGSHIP], "mayors": at[MAYORS], "admin": reverse("admin:index"), **pages}


def others(query: str) -> QuerySet[Person]:
    people = playable().exclude(email__in=[address(key) for key, *_ in TRY]).order_by("name", "pk")
    for word in query.split():
        people = people.filter(Q(name__icontains=word) | Q(organisation__icontains=word) | Q(job_title__icontains=word))
    return people


@only_in_a_demo
@require_POST
def continue_as(request: HttpRequest) -> HttpResponse:
    person = get_object_or_404(playable(), pk=number(request.POST.get("person", "")))
    login(request, person, backend=BACKEND)
    return HttpResponseRedirect(ours(request, request.POST.get("next", "")))


def number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


urlpatterns = [path("", choose, name="demo"), path("continue/", continue_as, name="demo-continue")]
