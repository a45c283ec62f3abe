"""How the programme's templates write times and numbers."""

from datetime import date, datetime

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import ngettext

from people.audience import shown_to_everybody
from programme import times
from programme.search import by_part

register = template.Library()
HOUR, DAY = 60, 24 * 60


@register.filter
def clock(moment: datetime, zone: times.Zone) -> str:
    """15:00, by that zone's clocks."""
    return f"{zone.at(moment):%H:%M}"


@register.filter
def stamp(moment: datetime, zone: times.Zone) -> str:
    """For `datetime` attributes: ISO 8601 with the zone's offset."""
    return zone.at(moment).isoformat(timespec="minutes")


@register.filter
def day_in(moment: datetime, zone: times.Zone) -> str:
    """Tuesday 25 May, in the reader's language."""
    return date_format(zone.at(moment).date(), "l j F", use_l10n=False)


@register.filter
def date_in(moment: datetime, zone: times.Zone) -> date:
    return zone.at(moment).date()


@register.filter
def letters(moment: datetime, zone: times.Zone) -> str:
    """The zone's letters at that moment: CEST in summer, CET in winter."""
    return zone.short(moment)


@register.filter
def other_day(moment: datetime, clocks: times.Clocks) -> str:
    """The day by the second clock where it is another one than by the first; else nothing."""
    first, second = clocks.first.at(moment).date(), (clocks.second or clocks.first).at(moment).date()
    return date_format(second, "l", use_l10n=False) if first != second else ""


@register.filter
def grouped(number: int) -> str:
    return f"{number:,}"


@register.filter
def lasting(minutes: int) -> str:
    """34 min, 2 hours, 3 days: enough to plan by."""
    if minutes < 2 * HOUR:
        return ngettext("%(count)s min", "%(count)s min", minutes) % {"count": minutes}
    if minutes < 2 * DAY:
        hours = minutes // HOUR
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = minutes // DAY
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


@register.filter
def passed(session, now: datetime) -> int:
    """How much of a session is over, 0 to 100."""
    return max(0, min(100, round(100 * (now - session.starts_at) / session.duration)))


@register.filter
def running_for(session, now: datetime) -> int:
    """Whole minutes since the planned start."""
    return int((now - session.starts_at).total_seconds() // 60)


@register.filter
def share(part: int, whole: int) -> float:
    """0 to 1; whoever is there at all is seen."""
    return min(1, max(part / whole, 0.01)) if part else 0


@register.filter
def left(session, now: datetime) -> int:
    """Whole minutes until the planned end; 0 afterwards."""
    return times.minutes_between(now, session.ends_at)


@register.filter
def speakers(session) -> list:
    return by_part(session)


@register.filter
def told(speaker) -> set[str]:
    return shown_to_everybody(speaker)


@register.filter
def size(file) -> str:
    """1.2 MB; nothing when the file has gone."""
    return filesizeformat(file.size) if file.storage.exists(file.name) else ""
