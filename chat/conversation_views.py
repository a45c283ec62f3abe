"""The pages of conversations. They work without a script; the island takes their place where there is one."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from live import log, writer
from live.limits import spend
from live.refusal import Refused, sentence
from people import connections
from people.audience import shown_fields
from people.models import Person
from programme import session_page, times
from programme.context import forum_of

from . import conversations, evidence, finding, inbox, messages, wire
from .file_views import entered, me
from .models import Conversation, Message
from .views import ref_of
from .words import number, one_line, tidy

page = require_http_methods(["GET", "HEAD", "POST"])


def seen(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """What every page here needs: the inbox at its side, and the reader's clock."""
    return {
        "here": "messages",
        "rows": inbox.rows(me(request)),
        "zone": zone_of(request),
        "now": timezone.now(),
        **more,
    }


def zone_of(request: HttpRequest) -> times.Zone:
    """The reader's own; that of the venue where nobody knows it."""
    event = forum_of(request)
    key = times.zone_of_person(request.user, request.COOKIES) or (event.zone if event else "UTC")
    return times.Zone(key, times.place_of(key, get_language()))


@require_GET
@login_required
@never_cache
def inbox_page(request: HttpRequest) -> HttpResponse:
    """?q= looks for words and names; ?before= is the time of the last line shown; ?hidden=1 what was put away. JSON
    if asked, where `rows` are those that were looked for.
    """
    query, hidden = one_line(request.GET.get("q", ""))[:100], "hidden" in request.GET
    told = told_of(request, inbox.rows(me(request), _before(request), hidden))
    rows = inbox.drawn(finding.named(me(request), query)) if query else told["rows"]
    found = finding.found(me(request), query) if query else []
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse({**told, "rows": rows, "found": [wire.found(it) for it in found]})
    context = seen(request, rows=rows, told=told, query=query, found=found, hidden=hidden)
    return render(request, "chat/messages.html", context)


def told_of(request: HttpRequest, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """{"unread", "requests", "rows", "more", "before": the time to ask earlier ones with}"""
    before = rows[-1]["at"] if rows else ""
    return {**inbox.counted(me(request)), "rows": rows, "more": len(rows) == inbox.PAGE, "before": before}


def _before(request: HttpRequest) -> datetime | None:
    try:
        return parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None


@require_GET
@login_required
@never_cache
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    return conversation_page(request, entered(request, pk))


def conversation_page(request: HttpRequest, it: Conversation, trouble: str = "", status: int = 200) -> HttpResponse:
    """?before= is the number of the first message shown: what was said earlier; ?around= one to be among them."""
    seq, picture = log.seqs([it.topic]).get(it.topic, 0), messages.picture(it.topic)
    mine = messages.welcome(me(request), it.topic)
    if it.said > mine["read"]:
        writer.do(me(request), messages.read, it, {me(request): it.said})
    shown = _shown(request, it, picture["messages"])
    context = seen(request, it=it, mine=mine, shown=shown, trouble=trouble, ref=uuid.uuid4())
    context["snapshot"] = {"snapshot": seq, "data": picture}
    context |= {"row": _row(it, me(request)), "told": told_of(request, context["rows"]), "first": _first(shown)}
    context |= {"quoted": _asked_for(request, it, "reply"), "edited": _edited(request, it)}
    context |= {"known": _addable(it, me(request)), **_other(it, request.user)}
    return render(request, "chat/conversation.html", context, status=status)


def _shown(request: HttpRequest, it: Conversation, latest: list[dict]) -> list[dict]:
    before, around = (number(request.GET.get(name, "")) for name in ("before", "around"))
    if around and around <= it.said - messages.SHOWN:
        before = around + messages.SHOWN // 2
    return wire.messages(it.messages.before(before, messages.SHOWN)) if before else latest


def _asked_for(request: HttpRequest, it: Conversation, name: str) -> Message | None:
    """The message that is being replied to or edited, without a script."""
    pk = number(request.GET.get(name, ""))
    return it.messages.standing().select_related("author").filter(pk=pk).first() if pk else None


def _edited(request: HttpRequest, it: Conversation) -> Message | None:
    """One of one's own, with its words as they were typed if they were refused."""
    if request.POST.get("do") == "edit":
        pk, text = number(request.POST.get("message", "")) or 0, request.POST.get("text", "")
        found = it.messages.standing().filter(pk=pk, author=me(request)).first()
        return found and Message(pk=found.pk, text=text)
    found = _asked_for(request, it, "edit")
    return found if found and found.author_id == me(request) else None


def _first(shown: list[dict]) -> int:
    """Number of the first message shown, if there are earlier ones."""
    return shown[0]["number"] if shown and shown[0]["number"] > 1 else 0


def _row(it: Conversation, person: int) -> dict[str, Any]:
    return inbox.drawn([it.memberships.select_related("conversation__about").get(person=person)])[0]


def _other(it: Conversation, viewer: Any) -> dict[str, Any]:
    """Of two: the other one, and the time where they are, if they show it."""
    pks = {it.one_id, it.two_id} - {viewer.pk, None}
    other = Person.objects.filter(pk__in=pks).first() if pks else None
    if other is None or not other.zone or "zone" not in shown_fields(other, viewer):
        return {"other": other}
    place = times.place_of(other.zone, get_language())
    return {"other": other, "place": place, "time": f"{times.Zone(other.zone, place).at(timezone.now()):%H:%M}"}


def _addable(it: Conversation, person: int) -> list[Person]:
    if it.kind != Conversation.Kind.GROUP:
        return []
    here = {member.pk for member in inbox.members(it)}
    return [each for each in acquaintances(person) if each.pk not in here]


@require_GET
@login_required
@never_cache
def addable(request: HttpRequest, pk: int) -> JsonResponse:
    """{"known": whom this person may ask into the group}"""
    return JsonResponse({"known": [wire.person(each) for each in _addable(entered(request, pk), me(request))]})


def acquaintances(person: int) -> list[Person]:
    """Whom this person may ask into a group."""
    known = Person.objects.filter(pk__in=connections.connected_to(person)) | inbox.talks_with(person)
    return list(known.distinct().order_by("name"))


def _switched(verb: Callable[..., None], on: bool) -> Callable[[Conversation, int], None]:
    return lambda it, person: verb(it, person, on)


DEEDS: dict[str, Callable[[Conversation, int], None]] = {
    "accept": conversations.accept,
    "decline": conversations.decline,
    "ignore": conversations.ignore,
    "leave": conversations.leave,
    "mute": _switched(conversations.mute, True),
    "unmute": _switched(conversations.mute, False),
    "hide": _switched(conversations.hide, True),
    "unhide": _switched(conversations.hide, False),
}
AWAY = {"decline", "ignore", "leave", "hide"}  # afterwards there is nothing more to look at


@require_POST
@login_required
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """One of DEEDS; or `title`; or `add` with `person`, as often as needed; or what is done to a `message`: `delete`,
    `edit` with `text`, `react` with a sign as `on` or `off`.
    """
    it, what = entered(request, pk), request.POST.get("do", "")
    spend(me(request), "default")
    try:
        _done(request, it, what)
    except Refused as no:
        return conversation_page(request, it, sentence(no.code, get_language()), 403)
    return redirect("messages") if what in AWAY else redirect("conversation", pk)


def _done(request: HttpRequest, it: Conversation, what: str) -> None:
    if what == "title":
        _do(request, conversations.retitle, it, one_line(request.POST.get("title", ""))[: conversations.TITLE])
    elif what == "add":
        _do(request, conversations.add, it, me(request), _people(request))
    elif what in DEEDS:
        _do(request, DEEDS[what], it, me(request))
    elif what in ("delete", "edit", "react"):
        _do(request, *_to_message(request, it, what))
    else:
        raise Refused("command.unknown")


def _do(request: HttpRequest, verb: Callable[..., Any], *args: Any) -> Any:
    return writer.do(me(request), verb, *args)


def _to_message(request: HttpRequest, it: Conversation, what: str) -> tuple[Any, ...]:
    pk, sign = number(request.POST.get("message", "")) or 0, request.POST.get("on") or request.POST.get("off", "")
    if what == "delete":
        return messages.delete, it, me(request), pk
    if what == "edit":
        return messages.edit, it, me(request), pk, tidy(request.POST.get("text", ""), messages.LIMIT, "chat.empty")
    if sign not in wire.SIGNS:
        raise Refused("command.malformed")
    return messages.react, it, me(request), pk, sign, "on" in request.POST


def _people(request: HttpRequest) -> list[int]:
    return [pk for pk in map(number, request.POST.getlist("person")[: conversations.MOST]) if pk]


@page
@login_required
@never_cache
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """With ?message= about that message; the organisers get what was said around it."""
    it = entered(request, pk)
    message = number(request.POST.get("message") or request.GET.get("message", ""))
    context: dict[str, Any] = {"it": it, "message": it.messages.filter(pk=message or 0).first(), "typed": ""}
    if request.method == "POST":
        try:
            _report(request, it, message)
        except Refused as no:
            context |= {"trouble": sentence(no.code, get_language()), "typed": request.POST.get("text", "")}
        else:
            return render(request, "chat/reported.html", seen(request, **context))
    return render(request, "chat/report.html", seen(request, **context), status=403 if "trouble" in context else 200)


def _report(request: HttpRequest, it: Conversation, message: int | None) -> None:
    spend(me(request), "report")
    text = tidy(request.POST.get("text", ""), evidence.LIMIT, "chat.empty")
    _do(request, evidence.report, it, me(request), text, message)


# beginning


@page
@login_required
@never_cache
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """To somebody this person talks with already: their conversation. Else two lines."""
    found = conversations.between(me(request), pk)
    if found and found.is_open and me(request) in found.admits([me(request)]) and request.method != "POST":
        return redirect("conversation", found.pk)
    other = _reachable(request, pk)
    context = {"other": other, "limit": conversations.REQUEST, "ref": uuid.uuid4()}
    return _begin(request, context, lambda text: conversations.write(me(request), pk, text))


def _reachable(request: HttpRequest, pk: int) -> Person:
    other = Person.objects.visible_to(request.user).filter(pk=pk, is_active=True).exclude(pk=me(request)).first()
    if other is None:
        raise Refused("person.unknown")
    conversations.blocks.insist_not_apart(me(request), pk)
    return other


@page
@login_required
@never_cache
def write_speakers(request: HttpRequest, code: str) -> HttpResponse:
    session = session_page.find(code)
    if session is None or me(request) not in session.admits([me(request)]):
        raise Refused("room.unknown")
    found = conversations.with_speakers(me(request), session)
    if found and request.method != "POST":
        return redirect("conversation", found.pk)
    speakers = conversations.speakers_for(Person.objects.get(pk=me(request)), session)
    context = {"session": session, "speakers": speakers, "limit": messages.LIMIT, "ref": uuid.uuid4()}
    return _begin(request, context, lambda text: conversations.write_to_speakers(me(request), session, text))


def _begin(request: HttpRequest, context: dict, verb: Callable[[str], Conversation]) -> HttpResponse:
    """The form, or what came of it."""
    typed = request.POST.get("text", "")
    if request.method == "POST":
        try:
            spend(me(request), "chat")
            begun = writer.do(me(request), verb, tidy(typed, messages.LIMIT, "chat.empty"), ref=ref_of(request))
            return redirect("conversation", getattr(begun, "pk", begun))
        except Refused as no:
            context |= {"trouble": sentence(no.code, get_language()), "typed": typed, "ref": request.POST.get("ref")}
    status = 403 if "trouble" in context else 200
    return render(request, "chat/write.html", seen(request, **context), status=status)


@page
@login_required
@never_cache
def new_group(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {"known": acquaintances(me(request)), "chosen": _people(request), "ref": uuid.uuid4()}
    context["title"] = one_line(request.POST.get("title", ""))[: conversations.TITLE]
    if request.method == "POST":
        try:
            verb, given = conversations.start_group, (me(request), context["chosen"], context["title"])
            begun = writer.do(me(request), verb, *given, ref=ref_of(request))
            return redirect("conversation", getattr(begun, "pk", begun))
        except Refused as no:
            context["trouble"] = sentence(no.code, get_language())
    return render(request, "chat/group.html", seen(request, **context), status=403 if "trouble" in context else 200)
