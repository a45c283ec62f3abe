"""How the pages of conversations speak of them. The islands say the same."""

from datetime import datetime
from itertools import groupby

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat import wire
from chat.models import Conversation
from chat.naming import called
from people.models import Person
from programme.times import Zone

register = template.Library()
SIGNS = {
    "👍": gettext_lazy("I agree"),
    "🙏": gettext_lazy("Thank you"),
    "💡": gettext_lazy("New to me"),
    "👏": gettext_lazy("Applause"),
    "❤️": gettext_lazy("Love it"),
    "🎉": gettext_lazy("Congratulations"),
}


register.filter("called", called)


@register.filter
def initials(name: str) -> str:
    return Person(name=name).initials


@register.filter
def clock(moment: str, zone: Zone) -> str:
    """15:00, by that zone's clocks."""
    return f"{zone.at(datetime.fromisoformat(moment)):%H:%M}"


@register.simple_tag
def lately(moment: str, zone: Zone, now: datetime) -> str:
    """15:00 of today, else the day."""
    at, today = zone.at(datetime.fromisoformat(moment)), zone.at(now).date()
    return f"{at:%H:%M}" if at.date() == today else date_format(at, _("j M"))


@register.filter
def by_day(messages: list[dict], zone: Zone) -> list[tuple[str, list[dict]]]:
    """(day, its messages), in order."""
    days = groupby(messages, key=lambda message: zone.at(datetime.fromisoformat(message["at"])).date())
    return [(date_format(day, _("l j F")), list(them)) for day, them in days]


@register.filter
def megabytes(size: int) -> str:
    """240 KB, 3.1 MB"""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} KB"


@register.filter
def standing(row: dict, me: int) -> str:
    """What its reader can do: "write", "answer" a request, "wait" for an answer, "declined", "closed"."""
    asked = row["started_by"] == me
    if not row["open"]:
        return "closed"
    if row["state"] == Conversation.State.REQUESTED:
        return "wait" if asked else "answer"
    if row["state"] == Conversation.State.DECLINED:
        return "declined" if asked else "answer"
    return "write"


@register.filter
def signs(message: dict, me: int) -> list[dict]:
    """{"sign", "name", "given": whether this person put it there} of each that may stand under a message."""
    given = message.get("reactions", {})
    return [{"sign": sign, "name": SIGNS[sign], "given": me in given.get(sign, [])} for sign in wire.SIGNS]
