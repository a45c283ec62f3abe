"""The pages of meetings. They need no script."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chat.models import Conversation
from chat.words import number
from live import writer
from live.limits import spend
from live.refusal import Refused, sentence
from people.models import Person
from people.ways import ours
from programme.context import forum_of
from programme.models import Event
from programme.times import zone_of_person

from ..models import Delegation, Meeting
from ..views import me, posted, ref_of
from . import availability, delegates, meetings, pages, parties
from .commands import PLACE, words
from .parties import Party

page = require_http_methods(["GET", "HEAD", "POST"])


def mine(view: Callable) -> Callable:
    return never_cache(login_required(page(view)))


def forum_or_404(request: HttpRequest) -> Event:
    event = forum_of(request)
    if event is None:
        raise Http404
    return event


def reader_of(request: HttpRequest) -> pages.Reader:
    return pages.reader(cast(Person, request.user))


def done(request: HttpRequest, verb: Callable[..., Any], *args: Any) -> Any:
    spend(me(request), "default")
    return writer.do(me(request), verb, *args, ref=ref_of(request))


def times(request: HttpRequest) -> list:
    """Those whose boxes are ticked. One that is no time counts as none of the grid."""
    found = [pages.moment(text) for text in request.POST.getlist("starts")[:100]]
    if None in found:
        raise Refused("meeting.not_free")
    return found


def trouble(no: Refused) -> dict[str, Any]:
    return {"trouble": sentence(no.code, get_language()), "status": 429 if no.code == "slow.down" else 403}


def shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    context |= {"ref": uuid.uuid4(), "now": timezone.now()}
    return render(request, f"meetings/{template}.html", context, status=context.get("status", 200))


# proposing


@mine
def meet(request: HttpRequest, pk: int) -> HttpResponse:
    event = forum_or_404(request)
    party = parties.standing_for(me(request), number(request.POST.get("for") or request.GET.get("for", "")))
    try:
        invitee = parties.invited(party, pk)
    except Refused as no:
        if no.code == "person.unknown":
            raise
        return shown(request, "closed", {"here": "people", "person": Person.objects.get(pk=pk), **trouble(no)})
    if request.method == "POST":
        try:
            return _proposed(request, event, party, pk)
        except Refused as no:
            return meet_page(request, event, party, invitee, trouble(no))
    return meet_page(request, event, party, invitee, {})


def _proposed(request: HttpRequest, event: Event, party: Party, to: int) -> HttpResponse:
    verb = meetings.draft if request.POST.get("do") == "draft" else meetings.propose
    way = request.POST.get("way", "")
    if way not in Meeting.Way.values:
        raise Refused("command.malformed")
    note, place = words(request.POST.get("note", "")), words(request.POST.get("place", ""), PLACE)
    made = done(request, verb, event, me(request), to, times(request), way, note, place, party.side)
    return redirect("meeting", made.pk if isinstance(made, Meeting) else made)


def meet_page(request: HttpRequest, event: Event, party: Party, invitee: Person, more: dict) -> HttpResponse:
    proposer, rules = Person.objects.get(pk=party.side), availability.rules_of(event)
    try:
        parties.insist_may_propose(party.side, rules)
    except Refused as no:
        return shown(request, "closed", {"here": "people", "person": invitee, **trouble(no)})
    free = pages.free(event, proposer, invitee)
    reader = reader_of(request)
    seen = reader.sees(invitee)
    clocks = pages.clocks(event, proposer, invitee, free[0].starts if free else timezone.now(), seen)
    chosen = [it for it in map(pages.moment, request.POST.getlist("starts")) if it]
    context = {
        "here": "people",
        "person": invitee,
        "seen": seen,
        "principal": proposer if party.delegate else None,
        "others": Person.objects.filter(pk__in=reader.principals - {invitee.pk}),
        "minutes": rules.minutes,
        "days": pages.days(free, clocks.mine, chosen),
        "clocks": clocks,
        "ways": [way for way in Meeting.Way.choices if way[0] != Meeting.Way.VIDEO or invitee.takes_video],
        "typed": {"way": "", "note": "", "place": "", **posted(request, "way", "note", "place")},
    }
    return shown(request, "meet", context | _device(request, event) | more)


# one


@mine
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    found, _party = parties.found(me(request), pk)
    if request.method == "POST":
        try:
            return _did(request, found)
        except Refused as no:
            found, _party = parties.found(me(request), pk)
            return meeting_page(request, found, trouble(no))
    return meeting_page(request, found, {})


def _did(request: HttpRequest, found: Meeting) -> HttpResponse:
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise Refused("command.malformed")
    verb, fields = deed
    made = done(request, verb, me(request), found.pk, *fields(request))
    if verb is meetings.discard:
        return redirect("meetings")
    return redirect("meeting", made.pk if isinstance(made, Meeting) else made)


def nothing(_request: HttpRequest) -> tuple:
    return ()


def slot(request: HttpRequest) -> tuple:
    """None was chosen: no slot has this number."""
    return (number(request.POST.get("slot", "")) or 0,)


def other_times(request: HttpRequest) -> tuple:
    return times(request), words(request.POST.get("note", ""))


DEEDS: dict[str, tuple[Callable[..., Any], Callable[[HttpRequest], tuple]]] = {
    "accept": (meetings.accept, slot),
    "decline": (meetings.decline, nothing),
    "cancel": (meetings.cancel, nothing),
    "counter": (meetings.counter, other_times),
    "move": (meetings.move, other_times),
    "held": (meetings.held, nothing),
    "no_show": (meetings.no_show, nothing),
    "send": (meetings.send, nothing),
    "discard": (meetings.discard, nothing),
}


def meeting_page(request: HttpRequest, found: Meeting, more: dict) -> HttpResponse:
    it = pages.shown(found, reader_of(request))
    asks = (it.open and it.my_turn) or it.ahead
    free = pages.free(found.event, it.me, it.other, found) if asks else []
    chosen = [it for it in map(pages.moment, request.POST.getlist("starts")) if it]
    context = {
        "here": "schedule",
        "it": it,
        "asks": asks,
        "days": pages.days(free, it.clocks.mine, chosen),
        "clocks": it.clocks,
        "history": pages.history(found),
        "conversation": _conversation(found, me(request)),
        "typed": posted(request, "note"),
    }
    return shown(request, "meeting", context | _device(request, found.event) | more)


def _conversation(found: Meeting, me: int) -> Conversation | None:
    """For whoever is in it: delegates are not, nor those who left it."""
    it = found.conversation
    return it if it and it.admits([me]) else None


# all


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def all_of_mine(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    principals = Person.objects.filter(pk__in=reader.principals)
    context = {"here": "schedule", "lists": pages.lists(reader), "principals": principals}
    return shown(request, "meetings", context)


@mine
def hours(request: HttpRequest) -> HttpResponse:
    event = forum_or_404(request)
    rules = availability.rules_of(event)
    day = pages.chosen_day(rules, request.POST.get("day") or request.GET.get("day"), timezone.now())
    if request.method == "POST":
        return _kept(request, event, day)
    person = Person.objects.get(pk=me(request))
    of_day = pages.hours(person, event, day) if day else []
    context = {
        "here": "schedule",
        "day": day,
        "days": availability.days_of(rules),
        "humane": [it for it in of_day if it.humane],
        "others": [it for it in of_day if not it.humane],
        "zone": pages.zone(person, event),
        "rules": rules,
    }
    return shown(request, "availability", context | _device(request, event))


def _kept(request: HttpRequest, event: Event, day: date | None) -> HttpResponse:
    if day is None:
        raise Refused("meeting.not_free")
    done(request, availability.keep_day, me(request), event, day, set(times(request)))
    notes.success(request, _("Your times of this day are kept."))
    return redirect(f"{reverse('availability')}?day={day.isoformat()}")


def _device(request: HttpRequest, event: Event) -> dict[str, Any]:
    """For those who chose no zone: the one in which their hours count, and their device's, if it is another."""
    person = cast(Person, request.user)
    if person.zone:
        return {}
    found = zone_of_person(person, request.COOKIES)
    device = pages.zone_named(found) if found and found != event.zone else None
    return {"counted": pages.zone(person, event), "device": device}


@never_cache
@login_required
@require_POST
def zone(request: HttpRequest) -> HttpResponse:
    """Fields: `zone`, as the button has it, and `next`."""
    done(request, availability.keep_zone, me(request), request.POST.get("zone", ""))
    return redirect(ours(request, request.POST.get("next", ""), reverse("availability")))


@mine
def assistants(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            return _changed(request)
        except Refused as no:
            return assistants_page(request, trouble(no))
    return assistants_page(request, {})


def _changed(request: HttpRequest) -> HttpResponse:
    who, owner = number(request.POST.get("person", "")) or 0, me(request)
    match request.POST.get("do"):
        case "appoint":
            done(request, delegates.appoint, owner, who)
        case "dismiss":
            done(request, delegates.dismiss, owner, owner, who)
        case "release":
            done(request, delegates.dismiss, owner, who, owner)
        case _:
            raise Refused("command.malformed")
    return redirect("delegates")


def assistants_page(request: HttpRequest, more: dict) -> HttpResponse:
    reader = reader_of(request)
    of_mine = Delegation.objects.filter(principal=me(request)).select_related("delegate")
    for_others = Delegation.objects.filter(delegate=me(request)).select_related("principal")
    context = {
        "here": "schedule",
        "delegates": [(it.delegate, reader.sees(it.delegate)) for it in of_mine],
        "principals": [(it.principal, reader.sees(it.principal)) for it in for_others],
        "candidates": delegates.candidates(me(request))[:200],
        "most": delegates.MOST,
    }
    return shown(request, "delegates", context | more)
