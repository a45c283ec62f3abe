"""Pages of a room, readable and usable without a script."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from msgspec import ValidationError, convert

from chat import messages
from live import log, writer
from live.limits import spend
from live.refusal import Refused, sentence
from live.tickets import ticket
from programme.models import Session

from . import consumers, pictures, shown, states
from .models import Room

T = TypeVar("T")


def placed(room: Room, person: int) -> Room:
    """The room with its time kept, for those who may enter it."""
    pictures.entered(room.topic, person)
    if room.is_due() or room.is_over():
        writer.do(person, keep_time, room.pk)
        room.refresh_from_db()
    return room


def keep_time(pk: int) -> None:
    states.keep_time(Room.objects.select_related("session__event", "conversation").get(pk=pk))


def found(code: str) -> Room:
    room = Room.objects.select_related("session__event", "conversation").filter(code=code).first()
    if room is None:
        raise Refused("room.unknown")
    return room


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a room: for those who are signed in and may enter, who get the room instead of its code."""

    @login_required
    @never_cache
    @wraps(view)
    def open_page(request: HttpRequest, code: str) -> HttpResponse:
        return view(request, placed(found(code), request.user.pk))

    return open_page


def snapshot(topic: str, picture: Callable[[str], dict]) -> dict:
    """Seq first: the state may be newer than its seq, never older."""
    return {"snapshot": log.seqs([topic]).get(topic, 0), "data": picture(topic)}


def look(request: HttpRequest, room: Room) -> dict[str, Any]:
    """What every page of a room is drawn from, and what its island starts with."""
    whole = snapshot(room.topic, pictures.picture)
    return {
        "room": room,
        "session": room.session,
        "zone": room.session.event.tz,
        "snapshot": whole,
        "picture": whole["data"],
        "mine": pictures.welcome(request.user.pk, room.topic),
        "ticket": ticket(request.user.pk, get_language()),
        "current": shown.current(whole["data"]["questions"]),
        "next": [it for it in shown.queue(whole["data"]["questions"]) if it["state"] == "next"],
        "running": shown.running(whole["data"]["segments"], room.state, timezone.now()),
        "ref": uuid.uuid4(),
    }


@require_GET
def short(_request: HttpRequest, code: str) -> HttpResponse:
    return redirect("room", code)


@require_GET
@login_required
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """A session's room, made when the first person comes to its door."""
    session = get_object_or_404(Session.objects.open_to(request.user), event__current=True, code=code)
    return redirect("room", states.prepare(session).code)


@require_GET
@page
def room(request: HttpRequest, room: Room) -> HttpResponse:
    return drawn(request, room)


def drawn(request: HttpRequest, room: Room, status: int = 200, **typed: Any) -> HttpResponse:
    seen = look(request, room)
    own = seen["mine"]["questions"]
    order = request.GET.get("o", "top")
    order = order if order in shown.ORDERS else "top"
    questions = shown.with_votes(seen["picture"]["questions"], set(seen["mine"]["votes"]))
    waiting = shown.queue(questions)
    context = {
        **seen,
        "order": order,
        "waiting": waiting,
        "current": shown.current(questions),
        "questions": [it for it in shown.arranged(questions, order, {it["id"] for it in own}) if it["state"] != "now"],
        "receipts": shown.receipts(own, waiting),
        "chat": snapshot(room.conversation.topic, messages.picture),
        **typed,
    }
    return render(request, "rooms/room.html", context, status=status)


def given(shape: type[T], **fields: Any) -> T:
    """The form as the declared command; Refused if it is not one that our pages send."""
    try:
        return convert(fields, shape, strict=False)
    except ValidationError:
        raise Refused("command.malformed") from None


def ref(request: HttpRequest) -> str:
    """The form's own, so that sending it twice does it once."""
    try:
        return str(uuid.UUID(request.POST.get("ref", "")))
    except ValueError:
        raise Refused("command.malformed") from None


def doing(request: HttpRequest, rate: str, verb: Callable[..., Any], topic: str, told: Any) -> Any:
    spend(request.user.pk, rate)
    return writer.do(request.user.pk, verb, request.user.pk, topic, told, ref=ref(request))


def form(view: Callable[[HttpRequest, Room], str]) -> Callable[..., HttpResponse]:
    """A form of the room's page: done, then back to the page; refused, the page again with why and what was typed."""

    @require_POST
    @page
    @wraps(view)
    def post(request: HttpRequest, room: Room) -> HttpResponse:
        try:
            anchor = view(request, room)
        except Refused as no:
            return refused(request, room, no)
        return HttpResponseRedirect(f"{reverse('room', args=[room.code])}{anchor}")

    return post


def refused(request: HttpRequest, room: Room, no: Refused) -> HttpResponse:
    typed = {"trouble": sentence(no.code, get_language()), "typed": request.POST.get("text", "")}
    return drawn(request, room, status=429 if no.code == "slow.down" else 403, **typed)


@form
def ask(request: HttpRequest, room: Room) -> str:
    told = given(consumers.Ask, text=request.POST.get("text", ""), anonymous="anonymous" in request.POST)
    doing(request, "ask", consumers.ask, room.topic, told)
    return "#questions"


@form
def vote(request: HttpRequest, room: Room) -> str:
    told = given(consumers.Vote, question=request.POST.get("question"), up=request.POST.get("up") == "1")
    doing(request, "vote", consumers.vote_alone, room.topic, told)
    return f"#q{request.POST.get('number', '')}"


@form
def edit(request: HttpRequest, room: Room) -> str:
    fields = {name: request.POST.get(name, "") for name in ("question", "rev", "text")}
    doing(request, "edit", consumers.edit, room.topic, given(consumers.Edit, **fields))
    return "#questions"


@form
def withdraw(request: HttpRequest, room: Room) -> str:
    told = given(consumers.Which, question=request.POST.get("question"))
    doing(request, "default", consumers.withdraw, room.topic, told)
    return "#questions"


def insist_speaks(room: Room, person: int) -> None:
    if not pictures.roles(room, person):
        raise Refused("room.unknown")


@require_GET
@page
def speaker(request: HttpRequest, room: Room) -> HttpResponse:
    insist_speaks(room, request.user.pk)
    seen = look(request, room)
    to_me = [it for it in seen["picture"]["questions"] if it["to"] and it["to"]["id"] == request.user.pk]
    return render(request, "rooms/speaker.html", {**seen, "to_me": [it for it in to_me if it["state"] != "now"]})


@require_POST
@page
def answer(request: HttpRequest, room: Room) -> HttpResponse:
    insist_speaks(room, request.user.pk)
    fields = {"question": request.POST.get("question"), "text": request.POST.get("text", "")}
    doing(request, "desk", consumers.answer, room.topic, given(consumers.Answered, **fields))
    return redirect("room-speaker", room.code)


@require_GET
@page
def projector(request: HttpRequest, room: Room) -> HttpResponse:
    address = request.build_absolute_uri(reverse("short", args=[room.code]))
    code = segno.make(address, error="m").svg_inline(omitsize=True, border=2, light="#fff", dark="#000")
    return render(
        request, "rooms/projector.html", {**look(request, room), "code": mark_safe(code), "host": request.get_host()}
    )
