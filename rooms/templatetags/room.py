"""How the room's templates say what wire.py tells in codes and ISO times. The islands say the same."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programme.times import Zone
from rooms.models import Question

register = template.Library()
STAGES = {"review": 1, "open": 2, "next": 2, "now": 3, "answered": 4}


@register.filter
def hour(moment: str, zone: Zone) -> str:
    """15:00, by that zone's clocks."""
    return f"{zone.at(datetime.fromisoformat(moment)):%H:%M}"


@register.filter
def reason(code: str) -> str:
    return str(Question.Reason(code).label) if code else ""


@register.filter
def headline(question: dict) -> str:
    """What the asker is told about a question."""
    if question["state"] == "merged":
        return _("Joined with question %(number)s") % {"number": question["into"]}
    if question["state"] == "written" and question["answer"]:
        return _("Your question has been answered in writing")
    said = {
        "review": _("Your question is waiting for a moderator"),
        "now": _("Your question is being answered"),
        "answered": _("Your question has been answered"),
        "written": _("Your question will be answered in writing"),
        "dismissed": _("Your question was not taken up"),
        "withdrawn": _("You have withdrawn this question"),
    }
    return said.get(question["state"]) or in_queue(question["place"])


def in_queue(place: int) -> str:
    sentences = [
        _("Your question is in the queue"),
        _("Your question is first in the queue"),
        _("Your question is second in the queue"),
        _("Your question is third in the queue"),
        _("Your question is fourth in the queue"),
        _("Your question is fifth in the queue"),
    ]
    if place < len(sentences):
        return sentences[place]
    return _("Your question is number %(place)s in the queue") % {"place": place}


@register.filter
def ordinal(place: int) -> str:
    words = [_("In the queue"), _("First"), _("Second"), _("Third"), _("Fourth"), _("Fifth")]
    return words[place] if place < len(words) else _("Number %(place)s") % {"place": place}


@register.filter
def stages(question: dict) -> list[tuple[str, str]]:
    """The way of a question as (label, "done" | "current" | ""); nothing once it has left the way."""
    at = STAGES.get(question["state"])
    if at is None:
        return []
    approved = _("Approved") if at > 1 else _("In review")
    labels = [_("Asked"), approved, ordinal(question["place"]) if at == 2 else _("Queue"), _("Now"), _("Answered")]
    return [(label, "done" if n < at else "current" if n == at else "") for n, label in enumerate(labels)]


@register.filter
def detail(question: dict) -> str:
    """The line under the asker's question."""
    if question["state"] == "merged":
        return fate(question["root"] or {"state": ""})
    if question["state"] == "dismissed":
        return dismissed(question["reason"])
    return in_review(question) if question["state"] == "review" else votes(question["votes"])


def fate(root: dict) -> str:
    """What became of the question that one's own was joined with."""
    if root["state"] == "dismissed":
        return dismissed(root["reason"])
    if root["state"] == "written" and root["answer"]:
        return _("It asks the same, and has been answered in writing.")
    said = {
        "now": _("It asks the same, and is being answered."),
        "answered": _("It asks the same, and has been answered."),
        "written": _("It asks the same, and will be answered in writing."),
    }
    return said.get(root["state"]) or _("It asks the same. Everybody who voted for yours counts there, once each.")


def dismissed(code: str) -> str:
    return _("The moderator’s reason: %(reason)s") % {"reason": reason(code)} if code else ""


def in_review(question: dict) -> str:
    if any(step["what"] == "approved" for step in question["steps"]):
        return _("You changed it, so a moderator looks at it again.")
    return _("It opens for votes as soon as a moderator has approved it.")


@register.filter
def votes(count: int) -> str:
    return ngettext("%(count)s vote", "%(count)s votes", count) % {"count": count}


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a face: Ada Ndiaye is AN, 林美玲 is 林. Titles such as “Dr.” are not names."""
    words = [word for word in name.split() if word[0].isalpha() and not word.endswith(".")]
    return "".join(word[0] for word in words[:: max(1, len(words) - 1)][:2]).upper() or "·"


@register.filter
def drifted(minutes: int) -> str:
    """How a session keeps to its plan, in whole minutes; negative is early."""
    if minutes == 0:
        return _("On time")
    if minutes > 0:
        return ngettext("%(count)s minute late", "%(count)s minutes late", minutes) % {"count": minutes}
    return ngettext("%(count)s minute early", "%(count)s minutes early", -minutes) % {"count": -minutes}


@register.filter
def lasts(seconds: int) -> str:
    """4 min, 4:30 min: lengths are told to the half minute."""
    minutes, rest = divmod(seconds, 60)
    clock = f"{minutes}:{rest:02}" if rest else str(minutes)
    return _("%(minutes)s min") % {"minutes": clock}
