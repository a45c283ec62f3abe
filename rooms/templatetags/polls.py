"""How the room's templates speak of polls. The islands say the same."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rooms.models import Poll

register = template.Library()


@register.filter
def standing(poll: dict) -> str:
    said = {
        "draft": _("Draft"),
        "open": _("Open for votes"),
        "closed": _("Closed"),
        "shown": _("Results"),
    }
    return said[poll["state"]]


@register.filter
def kind(poll: dict) -> str:
    return str(Poll.Kind(poll["kind"]).label)


@register.filter
def instruction(poll: dict) -> str:
    """How to answer."""
    most = poll["most"]
    if poll["kind"] == "multiple":
        return ngettext("Choose up to %(count)s.", "Choose up to %(count)s.", most) % {"count": most}
    if poll["kind"] == "words":
        return ngettext("Write %(count)s word.", "Write up to %(count)s words.", most) % {"count": most}
    return _("Choose from 1 to %(most)s.") % {"most": most} if poll["kind"] == "rating" else _("Choose one.")


@register.filter
def promise(poll: dict) -> str:
    """Who learns what."""
    if poll["named"]:
        return _("Moderators see your name with your vote.")
    return _("Nobody sees who voted what, moderators neither.")


@register.filter
def turnout(poll: dict) -> str:
    """How many voted, and what that comes to."""
    said = ngettext("%(count)s person voted.", "%(count)s people voted.", poll["voted"]) % {"count": poll["voted"]}
    return f"{said} {comes_to(poll)}"


def comes_to(poll: dict) -> str:
    if poll["mean"]:
        return _("On average %(mean)s of %(most)s.") % {"mean": f"{poll['mean']:.1f}", "most": poll["most"]}
    more = poll["more"]
    return ngettext("And %(count)s rarer word.", "And %(count)s rarer words.", more) % {"count": more} if more else ""


@register.filter
def later(poll: dict) -> str:
    """When there will be more to see."""
    if poll["rows"] or poll["state"] == "shown" or poll["results"] == "live":
        return ""
    if poll["results"] == "after_vote" and poll["state"] == "open":
        return "" if poll["answer"] else _("You see the results once you have voted.")
    return _("The moderators have not shown the results yet.")


@register.filter
def people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
