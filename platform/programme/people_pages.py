"""A person's page: who they are, what they look for, and where they take part."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people import acquaintance, audience, connections
from people.models import Person

from . import stars, times
from .context import forum_of
from .views import clocks_for

MANY = ("languages", "interests", "offers", "seeks")


@never_cache
@login_required
@require_safe
def person(request, pk: int):
    """Found only by those to whom the person shows it."""
    shown = get_object_or_404(Person.objects.visible_to(request.user).prefetch_related(*MANY), pk=pk)
    page = about(request, shown) | taking_part(request, shown)
    page |= of_oneself(shown) if shown == request.user else between(request.user, shown)
    return render(request, "programme/person.html", page)


def about(request, person: Person) -> dict:
    """The facts that this reader may see."""
    shown = audience.shown_fields(person, request.user)
    facts = {"job_title": person.job_title, "organisation": person.organisation, "country": person.country_name}
    own = times.zone_of_person(request.user, request.COOKIES)
    there = there_now(person.zone, own, timezone.now()) if person.zone and "zone" in shown else None
    work = [fact for field, fact in facts.items() if fact and field in shown]
    return {"person": person, "shown": shown, "work": work, "there": there}


def taking_part(request, person: Person) -> dict:
    event, now = forum_of(request), timezone.now()
    planned = person.appearances.filter(session__event=event, session__cancelled=False)
    parts = list(planned.order_by("session__starts_at").select_related("session__venue"))
    sessions = [part.session for part in parts]
    return {
        "parts": parts,
        "starred": stars.starred(request.user, sessions),
        "open": stars.open_to(request.user, sessions),
        "now": now,
        "clocks": clocks_for(request, event, now) if event else None,
    }


def of_oneself(person: Person) -> dict:
    """Who else sees the page, and what of it they do not see."""
    fields = (it for it in audience.FIELDS if audience.audience_of(person, it) != audience.EVERYBODY)
    kept = [audience.LABELS[field] for field in fields]
    return {"here": "me", "audience": seen_by(person), "kept": kept}


def seen_by(person: Person) -> str:
    return {
        Person.Audience.EVERYBODY: _("Everybody registered sees this page."),
        Person.Audience.CONNECTIONS: _("Only people you are in touch with see this page, and the organisers."),
        Person.Audience.NOBODY: _("Only you and the organisers see this page."),
    }[Person.Audience(person.shown_to)]


def between(reader: Person, person: Person) -> dict:
    """What the two have in common, and whether they are in touch."""
    return {
        "here": "people",
        "why": acquaintance.say(acquaintance.why(reader.pk, person.pk), reader.pk),
        "connected": connections.are_connected(reader.pk, person.pk),
        "wished": connections.wishes(reader.pk, person.pk),
    }


def there_now(zone: str, own: str | None, now: datetime) -> dict[str, str]:
    """The clock in somebody's zone, and in words how it differs from the reader's own."""
    there = times.Zone(zone, times.place_of(zone, get_language() or "en"))
    ahead = minutes_ahead(there.at(now), now.astimezone(ZoneInfo(own))) if own else None
    stamp = there.at(now).isoformat(timespec="minutes")
    return {"clock": f"{there.at(now):%H:%M}", "stamp": stamp, "said": beside(there.place, ahead)}


def minutes_ahead(there: datetime, here: datetime) -> int:
    offsets = [moment.utcoffset() or timedelta() for moment in (there, here)]
    return round((offsets[0] - offsets[1]).total_seconds() / 60)


def beside(place: str, ahead: int | None) -> str:
    """In Lisbon, 2 hours ahead of you; in Kathmandu, 4:45 hours ahead of you."""
    if ahead is None:
        return _("in %(place)s") % {"place": place}
    if ahead == 0:
        return _("in %(place)s, as on your clock") % {"place": place}
    hours, rest = divmod(abs(ahead), 60)
    length, count = f"{hours}:{rest:02}" if rest else f"{hours}", hours + bool(rest)
    later = ngettext("in %(place)s, %(length)s hour ahead of you", "in %(place)s, %(length)s hours ahead of you", count)
    earlier = ngettext("in %(place)s, %(length)s hour behind you", "in %(place)s, %(length)s hours behind you", count)
    return (later if ahead > 0 else earlier) % {"place": place, "length": length}


urlpatterns = [path("person/<int:pk>/", person, name="person")]
