"""The page for asking before a session, reached from the session and from its speakers. It needs no script."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chat.words import number
from live.refusal import Refused, sentence
from people.models import Block, Person
from programme import session_page, times
from programme.models import Session

from .. import consumers, states, views
from ..models import Question, Room
from . import asking


class Ask(consumers.Declared):
    to: consumers.Id
    text: consumers.Text
    language: consumers.LanguageCode = ""
    anonymous: bool = False


def ask(person: int, on: str, given: Ask) -> dict[str, Any]:
    room, author = consumers.attending(person, on)
    text = consumers.words(given.text)
    return consumers.own(asking.ask(room, author, given.to, text, given.language, given.anonymous))


def withdraw(person: int, on: str, given: consumers.Which) -> dict[str, Any]:
    return consumers.own(asking.withdraw(*consumers.attending(person, on), given.question))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def before(request: HttpRequest, code: str) -> HttpResponse:
    """Fields of POST: `to` and `text`, or `withdraw`, the id of a question. `?to=` chooses a speaker."""
    session = session_page.find(code)
    if session is None or views.me(request) not in session.admits([views.me(request)]):
        raise Refused("session.unknown")
    room = states.prepare(session)
    if room.state != Room.State.SCHEDULED or room.is_due():
        return redirect("room", room.code)
    return posted(request, session, room) if request.method == "POST" else page(request, session, room)


def posted(request: HttpRequest, session: Session, room: Room) -> HttpResponse:
    try:
        if "withdraw" in request.POST:
            what = views.given(consumers.Which, {"question": request.POST["withdraw"]})
            views.done(request, "default", withdraw, room.topic, what)
        else:
            fields = views.posted(request, "to", "text", "language")
            given = views.given(Ask, {**fields, "anonymous": "anonymous" in request.POST})
            views.done(request, "ask", ask, room.topic, given)
    except Refused as no:
        return page(request, session, room, no)
    return redirect("ask-before", session.code)


def speakers(room: Room, me: int):
    """Those whom this person may ask, by name."""
    apart = Block.objects.apart_from(me)
    return Person.objects.filter(pk__in=room.speakers() - apart - {me}).order_by("name")


def page(request: HttpRequest, session: Session, room: Room, no: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    own = times.zone_of_person(request.user, request.COOKIES)
    author = Person.objects.get(pk=views.me(request))
    asked = room.questions.by(author).filter(early=True).exclude(state=Question.State.WITHDRAWN)
    shown = {
        "here": "agenda",
        "session": session,
        "event": session.event,
        "room": room,
        "now": now,
        "clocks": times.clocks(session.event, own, session.starts_at, get_language() or "en"),
        "speakers": speakers(room, author.pk),
        "to": number(request.POST.get("to", "") or request.GET.get("to", "")),
        "asked": asked.select_related("to"),
        "may_ask": asking.standing(room, author).count() < asking.MOST,
        "most": asking.MOST,
        "typed": request.POST.get("text", "") if no else "",
        "trouble": sentence(no.code, get_language()) if no else "",
        "ref": uuid.uuid4(),
    }
    status = 200 if no is None else 429 if no.code == "slow.down" else 403
    return render(request, "early/before.html", shown, status=status)
