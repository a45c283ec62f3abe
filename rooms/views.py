"""The pages of a room. They work without a script; the islands take their place where there is one."""

import uuid
from collections.abc import Callable
from typing import Any, cast

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chat import messages
from chat.words import number
from live import log, writer
from live.limits import spend
from live.refusal import Refused, sentence
from live.tickets import ticket
from people import qr
from programme import session_page, stars, times

from . import consumers, exports, page, pictures, states
from .devices import with_devices
from .floor import forms as floor_forms
from .floor import page as floor_page
from .models import Poll, Question, Room
from .polls import commands as poll_commands
from .polls import page as poll_page
from .polls import pictures as poll_pictures
from .show import commands as show_commands
from .show import notices, proposals
from .show import page as show_page
from .stage import backstage

LARGEST = 24  # letters; a shorter line would grow beyond the hall
SETTINGS = ("questions_open", "votes_open", "moderation", "anonymity", "chat_open", "reactions_open")


def me(request: HttpRequest) -> int:
    """Whoever is signed in: every page here sees to that first."""
    return cast(int, request.user.pk)


def found(request: HttpRequest, code: str) -> Room:
    """The room with this number, on time; Refused("room.unknown") if it is not open to whoever asks."""
    room = Room.objects.open_to(request.user).select_related("session__event", "conversation").filter(code=code).first()
    if room is None:
        raise Refused("room.unknown")
    if room.is_due() or room.is_over():
        writer.do(me(request), states.keep_time_of, room.topic)
        room.refresh_from_db()
    return room


def moderated(request: HttpRequest, code: str) -> Room:
    room = found(request, code)
    pictures.moderated(room.topic, me(request))
    return room


def snapshot(topic: str, draw: Callable[[str], Any]) -> dict[str, Any]:
    """Seq first: the state may be newer than its seq, never older."""
    seq = log.seqs([topic]).get(topic, 0)
    return {"snapshot": seq, "data": draw(topic)}


def seen(request: HttpRequest, room: Room, **more: dict[str, Any]) -> dict[str, Any]:
    """What every page of a room needs, for its template and for its island; `more` are further snapshots."""
    told = snapshot(room.topic, pictures.picture)
    picture, now = told["data"], timezone.now()
    segments = page.segments_at(picture, now)
    return {
        "room": room,
        "picture": picture,
        "mine": pictures.welcome(me(request), room.topic),
        "segments": segments,
        "segment": next((segment for segment in segments if segment["state"] == "now"), None),
        "drift": page.drift(picture["show"], room.state, now),
        "late_end": page.late_end(picture, now),
        "current": page.current(picture["questions"]),
        "next": page.coming(picture["questions"]),
        "clocks": clocks(request, room, now),
        "to_go": times.minutes_between(now, room.session.starts_at),
        "ref": uuid.uuid4(),
        "ticket": ticket(me(request), get_language()),
        "snapshots": {"room": told, **more},
    }


def clocks(request: HttpRequest, room: Room, now) -> times.Clocks:
    own = times.zone_of_person(request.user, request.COOKIES)
    return times.clocks(room.session.event, own, now, get_language())


class Trouble:
    """What was refused, beside the form it came from, with what was typed."""

    def __init__(self, request: HttpRequest, doing: str, no: Refused):
        self.status = 429 if no.code == "slow.down" else 403
        self.shown = {
            "doing": doing,
            "trouble": sentence(no.code, get_language()),
            "chosen": number(request.POST.get("question", "")),
            "typed": request.POST.get("text", ""),
            "anonymous": "anonymous" in request.POST,
            "aloud": "aloud" in request.POST,
        }


def order_of(request: HttpRequest) -> page.Order:
    asked = request.POST.get("o") or request.GET.get("o")
    return next((order for order in page.ORDERS if order == asked), "top")


def chosen(request: HttpRequest) -> dict[str, Any]:
    """The question whose asker pressed Edit or Withdraw without a script."""
    for doing in ("edit", "withdraw"):
        if pk := number(request.GET.get(doing, "")):
            return {"doing": doing, "chosen": pk}
    return {}


@require_GET
@login_required
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """The way into a session that nobody has entered yet: it gets its room."""
    session = session_page.find(code)
    if session is None or me(request) not in session.admits([me(request)]):
        raise Refused("room.unknown")
    return redirect("room", states.prepare(session).code)


@require_GET
@login_required
@never_cache
def room(request: HttpRequest, code: str) -> HttpResponse:
    return room_page(request, found(request, code))


@with_devices
def room_page(request: HttpRequest, room: Room, trouble: Trouble | None = None) -> HttpResponse:
    chat = snapshot(room.conversation.topic, messages.picture)
    context = seen(request, room, chat=chat)
    order = order_of(request)
    questions = context["picture"]["questions"]
    polls = poll_page.shown(context["picture"], context["mine"])
    context |= {
        "shown": page.questions_shown(context["picture"], context["mine"], order),
        "answered": len(page.in_state(questions, "answered")),
        "written": len(page.in_state(questions, "written")),
        "polls": polls,
        "speakers": floor_page.shown(context["picture"], context["mine"], timezone.now()),
        "waiting": poll_page.waiting(polls),
        "chat": chat["data"],
        "starred": bool(stars.starred(request.user, [room.session])),
        "opens_at": room.opens_at,
        "order": order,
        "orders": [("top", _("Top")), ("new", _("Newest")), ("mine", _("Mine")), ("done", _("Answered"))],
        "here": f"{reverse('room', args=[room.code])}?o={order}",
    }
    context |= trouble.shown if trouble else chosen(request)
    return render(request, "rooms/room.html", context, status=trouble.status if trouble else 200)


def given(shape: type, fields: dict[str, Any]) -> Any:
    """A form's fields as the command declares them."""
    try:
        return msgspec.convert(fields, shape, strict=False)
    except msgspec.ValidationError:
        raise Refused("command.malformed") from None


def ref_of(request: HttpRequest) -> str:
    """The form's own, so that sending it twice does it once; a new one if it is none of ours."""
    ref = request.POST.get("ref", "")
    return ref if 0 < len(ref) <= 64 and ref.isprintable() else str(uuid.uuid4())


def done(request: HttpRequest, rate: str, verb: Callable[..., Any], on: str, what: Any) -> Any:
    spend(me(request), rate)
    return writer.do(me(request), verb, me(request), on, what, ref=ref_of(request))


def posted(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST[name].replace("\r\n", "\n") for name in names if name in request.POST}


def back_to_room(request: HttpRequest, room: Room, at: str = "questions") -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('room', args=[room.code])}?o={order_of(request)}#{at}")


@require_POST
@login_required
@never_cache
def ask(request: HttpRequest, code: str) -> HttpResponse:
    room = found(request, code)
    fields = {**posted(request, "text", "language"), **{name: name in request.POST for name in ("anonymous", "aloud")}}
    try:
        done(request, "ask", consumers.ask, room.topic, given(consumers.Ask, fields))
    except Refused as no:
        return room_page(request, room, Trouble(request, "ask", no))
    return back_to_room(request, room)


@require_POST
@login_required
@never_cache
def vote(request: HttpRequest, code: str) -> HttpResponse:
    """Fields: `up` or `down`, the id of the question."""
    room = found(request, code)
    up = "up" in request.POST
    try:
        what = given(consumers.Vote, {"question": request.POST.get("up" if up else "down", ""), "up": up})
        done(request, "vote", consumers.vote_alone, room.topic, what)
    except Refused as no:
        return room_page(request, room, Trouble(request, "vote", no))
    return back_to_room(request, room, f"q{room.questions.get(pk=what.question).number}")


@require_POST
@login_required
@never_cache
def edit(request: HttpRequest, code: str) -> HttpResponse:
    room = found(request, code)
    try:
        what = given(consumers.Edit, posted(request, "question", "text", "rev"))
        done(request, "edit", consumers.edit, room.topic, what)
    except Refused as no:
        return room_page(request, room, Trouble(request, "edit", no))
    return back_to_room(request, room)


@require_POST
@login_required
@never_cache
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    room = found(request, code)
    try:
        what = given(consumers.Which, posted(request, "question"))
        done(request, "default", consumers.withdraw, room.topic, what)
    except Refused as no:
        return room_page(request, room, Trouble(request, "withdraw", no))
    return back_to_room(request, room)


@require_GET
@login_required
@never_cache
def desk(request: HttpRequest, code: str) -> HttpResponse:
    return desk_page(request, moderated(request, code))


@with_devices
def desk_page(request: HttpRequest, room: Room, trouble: Trouble | None = None) -> HttpResponse:
    told = snapshot(room.desk, pictures.desk_picture)
    context = seen(request, room, desk=told)
    context |= {
        "lanes": page.lanes(told["data"]["questions"]),
        "reasons": Question.Reason.choices,
        "settings": settings_of(context["picture"]["room"]),
        "speakers": floor_page.at_desk(told["data"]),
        "polls": poll_page.desk(told["data"], poll_pictures.desk_welcome(room)),
        "poll_kinds": Poll.Kind.choices,
        "poll_results": Poll.Results.choices,
        "open": room.state in (Room.State.OPEN, Room.State.LIVE),
        "show": show_page.steps(context["segments"]),
        "proposal": show_page.proposed(proposals.picture(room), context["segments"]),
        "audience": notices.people(room),
        "sent": told["data"]["notices"][:-6:-1],
    }
    context |= trouble.shown if trouble else {}
    return render(request, "rooms/desk.html", context, status=trouble.status if trouble else 200)


def settings_of(told: dict[str, Any]) -> list[tuple[str, str, bool]]:
    labels = {
        "questions_open": _("Questions are open"),
        "votes_open": _("Votes are open"),
        "moderation": _("Review new questions"),
        "anonymity": _("Questions without a name"),
        "chat_open": _("The chat is open"),
        "reactions_open": _("Reactions are on"),
    }
    return [(name, labels[name], told[name]) for name in SETTINGS]


def several(request: HttpRequest) -> dict[str, Any]:
    return {"questions": [[request.POST.get("question"), request.POST.get("rev")]]}


def dismissal(request: HttpRequest) -> dict[str, Any]:
    return {**several(request), **posted(request, "reason")}


def one(request: HttpRequest) -> dict[str, Any]:
    return {**posted(request, "question", "rev")}


def state(request: HttpRequest) -> dict[str, Any]:
    return {**posted(request, "state")}


def poll(request: HttpRequest) -> dict[str, Any]:
    return {**posted(request, "poll", "rev")}


def new_poll(request: HttpRequest) -> dict[str, Any]:
    """Its answers come one on a line."""
    options = [line for line in request.POST.get("options", "").splitlines() if line.strip()]
    about = posted(request, "kind", "question", "most", "results")
    return {**about, "options": options, "named": "named" in request.POST}


def move(request: HttpRequest) -> dict[str, Any]:
    """`from` is empty while nothing is on."""
    return {name: value for name, value in posted(request, "from").items() if value}


def notice(request: HttpRequest) -> dict[str, Any]:
    """`to` is empty for all."""
    return {name: value for name, value in posted(request, "to", "text").items() if value or name == "text"}


def proposed(request: HttpRequest) -> dict[str, Any]:
    return {**posted(request, "proposal")}


def nothing(_: HttpRequest) -> dict[str, Any]:
    return {}


def flags(request: HttpRequest) -> dict[str, bool]:
    return {name: name in request.POST for name in SETTINGS}


DEEDS: dict[str, tuple[Callable[..., Any], type, Callable[[HttpRequest], dict[str, Any]]]] = {
    "approve": (consumers.approve, consumers.Several, several),
    "dismiss": (consumers.dismiss, consumers.Dismiss, dismissal),
    "next": (consumers.put_next, consumers.Several, several),
    "now": (consumers.now, consumers.Now, one),
    "answered": (consumers.answered, consumers.Done, one),
    "written": (consumers.written, consumers.One, one),
    "reopen": (consumers.reopen, consumers.One, one),
    "undo": (consumers.undo, consumers.Undo, nothing),
    "set": (consumers.adjust, consumers.Flags, flags),
    "state": (consumers.change_state, consumers.State, state),
    "show-next": (show_commands.move_on, show_commands.Next, move),
    "show-back": (show_commands.back, show_commands.Next, move),
    "show-propose": (show_commands.propose, show_commands.Nothing, nothing),
    "show-accept": (show_commands.accept, show_commands.Proposed, proposed),
    "show-decline": (show_commands.decline, show_commands.Proposed, proposed),
    "notice": (show_commands.send, show_commands.Send, notice),
    **floor_forms.DEEDS,
    "poll-add": (poll_commands.add, poll_commands.Draft, new_poll),
    "poll-open": (poll_commands.start, poll_commands.One, poll),
    "poll-close": (poll_commands.close, poll_commands.One, poll),
    "poll-show": (poll_commands.show, poll_commands.One, poll),
    "poll-hide": (poll_commands.hide, poll_commands.One, poll),
    "poll-remove": (poll_commands.remove, poll_commands.One, poll),
}


@require_POST
@login_required
@never_cache
def desk_do(request: HttpRequest, code: str) -> HttpResponse:
    """One form for every deed: `do`, and what it is done to."""
    room = moderated(request, code)
    try:
        _desk_do(request, room)
    except Refused as no:
        return desk_page(request, Room.objects.named(room.topic), Trouble(request, "desk", no))
    return redirect("desk", room.code)


def _desk_do(request: HttpRequest, room: Room) -> None:
    if request.POST.get("do") not in DEEDS:
        raise Refused("command.malformed")
    verb, shape, fields = DEEDS[request.POST["do"]]
    done(request, "desk", verb, room.desk, given(shape, fields(request)))


@require_GET
@login_required
@never_cache
def speaker(request: HttpRequest, code: str) -> HttpResponse:
    return speaker_page(request, spoken_in(request, code))


def spoken_in(request: HttpRequest, code: str) -> Room:
    room = found(request, code)
    if not pictures.roles(room, me(request)):
        raise Refused("room.not_yours")
    return room


@with_devices
def speaker_page(request: HttpRequest, room: Room, trouble: Trouble | None = None) -> HttpResponse:
    behind = snapshot(room.backstage, backstage.picture)
    context = seen(request, room, backstage=behind)
    to_me = notices.own(room, me(request))
    context |= {
        "parts": show_page.own(context["segments"], behind["data"]["segments"], me(request)),
        "following": show_page.steps(context["segments"])["following"],
        "turn_until": show_page.turn_until(context["mine"]["turn"]),
        "unread": show_page.unread([*behind["data"]["notices"], *to_me], context["segments"], me(request)),
    }
    theirs = [it for it in context["picture"]["questions"] if it["to"] and it["to"]["id"] == me(request)]
    context["assigned"] = [it for it in theirs if it["state"] != "now"]
    context["waiting"] = [it for it in context["assigned"] if it["state"] != "answered"]
    context |= trouble.shown if trouble else {}
    return render(request, "rooms/speaker.html", context, status=trouble.status if trouble else 200)


@require_GET
@login_required
@never_cache
@with_devices
def green_room(request: HttpRequest, code: str) -> HttpResponse:
    room = found(request, code)
    backstage.entered(room.backstage, me(request))
    return render(request, "rooms/backstage.html", seen(request, room))


@require_POST
@login_required
@never_cache
def answer(request: HttpRequest, code: str) -> HttpResponse:
    room = spoken_in(request, code)
    try:
        what = given(consumers.Answered, posted(request, "question", "text"))
        done(request, "default", consumers.answer, room.topic, what)
    except Refused as no:
        return speaker_page(request, room, Trouble(request, "answer", no))
    return redirect("speaker", room.code)


@require_GET
@login_required
@never_cache
def projector(request: HttpRequest, code: str) -> HttpResponse:
    room = found(request, code)
    context = seen(request, room)
    address = (settings.SITE_URL or f"{request.scheme}://{request.get_host()}") + reverse(
        "room-short", args=[room.code]
    )
    large = context["current"]["text"] if context["current"] else idle(context)
    voting = poll_page.on_screen(context["picture"], context["mine"], context["current"])
    until = ends_at(context)
    context |= {
        "large": large,
        "poll": voting,
        "chars": max(LARGEST, len(large)),
        "until": until,
        "minutes": times.minutes_between(timezone.now(), until),
        "qr": qr.drawing(address),
        "host": address.partition("//")[2].partition("/")[0],
    }
    return render(request, "rooms/projector.html", context)


def idle(context: dict[str, Any]) -> str:
    """What is large while no question is being answered."""
    state = context["room"].state
    if state == Room.State.ENDED:
        return _("This session has ended")
    if state != Room.State.LIVE:
        return context["picture"]["session"]["title"]
    return context["segment"]["title"] if context["segment"] else _("Ask the panel")


def ends_at(context: dict[str, Any]):
    """When what is on now is over: the segment, the session, or the waiting."""
    session = context["room"].session
    if context["segment"]:
        return page.end_of(context["segment"])
    return session.ends_at if context["room"].state == Room.State.LIVE else session.starts_at


def csv_export(name: str, write: Callable[[Room], str]) -> Callable[..., HttpResponse]:
    """A view that gives whoever runs the session a table of it, as a file called by `name` and the room's number."""

    def answer(room: Room) -> HttpResponse:
        return HttpResponse(write(room), content_type="text/csv; charset=utf-8")

    return _export(f"{name}-%s.csv", answer)


def json_export(name: str, write: Callable[[Room], Any]) -> Callable[..., HttpResponse]:
    """The same with all that is known of it."""

    def answer(room: Room) -> HttpResponse:
        return JsonResponse(write(room), json_dumps_params={"ensure_ascii": False, "indent": 1})

    return _export(f"{name}-%s.json", answer)


def _export(name: str, answer: Callable[[Room], HttpResponse]) -> Callable[..., HttpResponse]:
    @require_GET
    @login_required
    @never_cache
    def view(request: HttpRequest, code: str) -> HttpResponse:
        room = moderated(request, code)
        response = answer(room)
        response["Content-Disposition"] = f'attachment; filename="{name % room.code}"'
        return response

    return view


export_csv = csv_export("questions", exports.as_csv)
export_json = json_export("questions", exports.as_json)
