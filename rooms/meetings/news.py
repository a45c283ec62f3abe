"""What the two are told of their meetings wherever they are, and those who act for them."""

from datetime import datetime

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from people.models import Block, Nudge, Person
from people.nudges import kind, nudge, read

from ..models import Meeting
from . import availability
from .delegates import delegates_of
from .parties import Party

Act = Meeting.Act
SILENT = {Act.DRAFTED, Act.HELD, Act.NO_SHOW}


def tell(meeting: Meeting, party: Party | None, quietly: bool = False) -> None:
    """Whoever did not take the step hears of it; what they heard of earlier steps is not news any more."""
    acting = {side: delegates_of(side) for side in meeting.two}
    put_aside(meeting, {*meeting.two, *(it for delegates in acting.values() for it in delegates)})
    if quietly or meeting.act in SILENT:
        return
    for side in meeting.two:
        what = "handled" if party and side == party.side else meeting.act
        for person in sorted(audience(meeting, side, acting[side], party)):
            _nudge(meeting, person, side, what)


def put_aside(meeting: Meeting, people: set[int]) -> None:
    old = Nudge.objects.filter(person__in=people, key__startswith=f"meeting.{meeting.pk}.", read_at=None)
    for person, pk in old.values_list("person", "pk"):
        read(person, pk)


def audience(meeting: Meeting, side: int, delegates: set[int], party: Party | None) -> set[int]:
    """One of the two and those who act for them. Of a step of their own only what was done in their name is news."""
    everybody = {side, *(it for it in delegates if not Block.objects.apart_from(it) & set(meeting.two))}
    if party is None:
        return everybody
    return ({side} if side == party.side else everybody) - {party.delegate or party.side}


def _nudge(meeting: Meeting, person: int, side: int, what: str) -> None:
    key = f"meeting.{meeting.pk}.{meeting.act}.{meeting.revision}"
    until = meeting.expires_at or (meeting.ends_at if meeting.act != Act.CANCELLED else None)
    nudge(person, key, f"meeting.{what}", given(meeting, person, side), page(meeting), until)


def page(meeting: Meeting) -> str:
    return reverse("meeting", args=[meeting.pk])


def given(meeting: Meeting, person: int, side: int) -> dict:
    """What the sentences need: the other's name, whom it is about if not the reader, and when by the reader's clock."""
    principal = next(it.name for it in (meeting.proposer, meeting.invitee) if it.pk == side)
    return {
        "name": meeting.other(side).name,
        "for": principal if person != side else "",
        "delegate": meeting.handled_by.name if meeting.handled_by else "",
        "minutes": meeting.minutes,
        "at": _by_their_clock(meeting, person),
    }


def _by_their_clock(meeting: Meeting, person: int) -> str | None:
    if meeting.starts_at is None:
        return None
    reader = Person.objects.get(pk=person)
    return meeting.starts_at.astimezone(availability.zone_of(reader, meeting.event)).isoformat()


def when(given: dict) -> str:
    at = parse_datetime(given["at"] or "")
    return _("%(day)s at %(clock)s") % {"day": day(at), "clock": f"{at:%H:%M}"} if at else ""


def day(at: datetime) -> str:
    return date_format(at.date(), "l j F", use_l10n=False)


def told(given: dict, sentence: str) -> str:
    """The sentence, and for whom it is if the reader acts for somebody."""
    filled = sentence % {**given, "when": when(given)}
    if not given["for"]:
        return filled
    return _("For %(principal)s: %(sentence)s") % {"principal": given["for"], "sentence": filled}


@kind("meeting.handled")
def handled(given: dict) -> str:
    return told(given, _("%(delegate)s acted for you in the meeting with %(name)s."))


@kind("meeting.proposed")
def proposed(given: dict) -> str:
    return told(given, _("%(name)s proposes a meeting of %(minutes)s minutes."))


@kind("meeting.countered")
def countered(given: dict) -> str:
    return told(given, _("%(name)s proposes other times for the meeting."))


@kind("meeting.accepted")
def accepted(given: dict) -> str:
    return told(given, _("Agreed: the meeting with %(name)s is on %(when)s."))


@kind("meeting.declined")
def declined(given: dict) -> str:
    return told(given, _("The meeting with %(name)s: not now."))


@kind("meeting.expired")
def expired(given: dict) -> str:
    return told(given, _("The proposal of a meeting with %(name)s ran out without an answer."))


@kind("meeting.cancelled")
def cancelled(given: dict) -> str:
    return told(given, _("The meeting with %(name)s is cancelled."))


@kind("meeting.asked")
def asked(given: dict) -> str:
    return told(given, _("%(name)s asks to move the meeting of %(when)s."))


@kind("meeting.moved")
def moved(given: dict) -> str:
    return told(given, _("The meeting with %(name)s is moved to %(when)s."))


@kind("meeting.kept")
def kept(given: dict) -> str:
    return told(given, _("The meeting with %(name)s stays on %(when)s."))


@kind("meeting.soon", urgent=True, reminder=True)
def soon(given: dict) -> str:
    return told(given, _("The meeting with %(name)s is in five minutes."))


@kind("meeting.now", urgent=True)
def now(given: dict) -> str:
    return told(given, _("The meeting with %(name)s starts now."))
