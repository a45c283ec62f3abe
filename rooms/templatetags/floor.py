"""How the room's templates speak of the speakers' list. The islands say the same."""

from collections.abc import Callable

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import regions
from people.models import Person

register = template.Library()


@register.filter
def called(own: dict) -> str:
    """Where one's own turn stands."""
    if own["state"] in ("speaking", "paused"):
        return _("You have the floor")
    if own["state"] == "invited":
        return _("The chair calls you")
    return _("The chair will read yours") if own["in_writing"] else next_to_speak(own["place"])


def next_to_speak(place: int) -> str:
    first = [_("You are next to speak"), _("You are second to speak"), _("You are third to speak")]
    return first[place - 1] if place <= len(first) else _("You are number %(place)s to speak") % {"place": place}


@register.filter
def waits(own: dict) -> str:
    """How long it will probably take; nothing while it is no time at all."""
    minutes = own["minutes"]
    said = ngettext("in about %(count)s minute", "in about %(count)s minutes", minutes) % {"count": minutes}
    return said if minutes else ""


@register.filter
def turn_state(turn: dict) -> str:
    said = {
        "waiting": _("Waiting"),
        "invited": _("Called"),
        "speaking": _("Speaking"),
        "paused": _("Paused"),
        "finished": _("Has spoken"),
        "lowered": _("Hand lowered"),
        "no_answer": _("No answer"),
        "skipped": _("Skipped"),
    }
    return said[turn["state"]]


@register.filter
def entry(turn: dict) -> str:
    """What somebody is on the list for."""
    if turn["point_of_order"]:
        return _("Point of order")
    if turn["kind"] == "question":
        return _("Question %(number)s") % {"number": turn["question"]}
    if turn["in_writing"]:
        return _("In writing")
    return _("Announced") if turn["kind"] == "announced" else _("Raised hand")


@register.filter
def why(hint: dict) -> str:
    """What speaks for a turn, or about it."""
    return SAID[hint["what"]](**hint["say"])


def region(region: str) -> str:
    return _("Nobody from %(region)s has been heard") % {"region": regions.name(region)}


def stakeholder(stakeholder: str) -> str:
    return _("%(type)s least heard") % {"type": Person.Stakeholder(stakeholder).label}


def spoken(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return _("Has spoken for %(time)s") % {"time": f"{minutes}:{rest:02}"}


SAID: dict[str, Callable[..., str]] = {
    "point_of_order": lambda: _("Points of order come first"),
    "first_time": lambda: _("Has not spoken yet"),
    "region": region,
    "stakeholder": stakeholder,
    "waiting": lambda since: _("Has waited longest"),  # noqa: ARG005
    "spoken": spoken,
    "order": lambda: _("Is first in the list"),
}


@register.filter
def clock(seconds: float) -> str:
    """2:05"""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
