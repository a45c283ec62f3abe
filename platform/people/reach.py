"""How somebody is reached who is not looking: what they chose, when they sleep, and how they end it."""

from datetime import datetime, time, timedelta
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.urls import reverse

from live.refusal import Refused

from .models import Person, Reach

QUIET_FROM, QUIET_UNTIL = time(22), time(8)  # by the person's own clocks
_unsubscribing = signing.Signer(salt="people.unsubscribe")


def chosen(person: int) -> Reach:
    """What this person chose; the defaults if they never did."""
    return Reach.objects.filter(person=person).first() or Reach(person_id=person)


def zone_of(person: Person) -> ZoneInfo:
    return ZoneInfo(person.zone or "UTC")


def after_quiet_hours(person: Person, now: datetime) -> datetime:
    """`now`, or 08:00 by the person's own clocks if they may be asleep. Without a zone nobody knows: `now`."""
    if not person.zone or not is_night(person.zone, now):
        return now
    here = now.astimezone(zone_of(person))
    morning = here.date() + timedelta(days=here.time() >= QUIET_FROM)
    return datetime.combine(morning, QUIET_UNTIL, here.tzinfo)


def after_waking_hours(person: Person, since: datetime, span: timedelta) -> datetime:
    """`span`, shorter than a day's waking hours, after `since`, the night between not counted."""
    if not person.zone:
        return since + span
    begins = after_quiet_hours(person, since).astimezone(zone_of(person))
    evening = datetime.combine(begins.date(), QUIET_FROM, begins.tzinfo)
    left = begins + span - evening
    return after_quiet_hours(person, evening) + left if left > timedelta() else begins + span


def is_night(zone: str, now: datetime) -> bool:
    return not QUIET_UNTIL <= now.astimezone(ZoneInfo(zone)).time() < QUIET_FROM


def asleep(now: datetime) -> list[str]:
    """The zones of people who are not to be woken."""
    zones = Person.objects.exclude(zone="").order_by().values_list("zone", flat=True).distinct()
    return [zone for zone in zones if is_night(zone, now)]


def full(path: str) -> str:
    """A page's whole address, under the name that settings.SITE_URL gives the site."""
    return urljoin(settings.SITE_URL or "http://localhost:8000", path)


def unsubscribe_address(person: Person) -> str:
    """Whoever has it ends this person's mails without signing in (RFC 8058)."""
    return full(reverse("unsubscribe", args=[_unsubscribing.sign(str(person.pk))]))


def unsubscriber(token: str) -> Person:
    """Whose address this is. Raises Refused("person.unknown")."""
    try:
        return Person.objects.get(pk=_unsubscribing.unsign(token), is_active=True)
    except (signing.BadSignature, Person.DoesNotExist):
        raise Refused("person.unknown") from None


def end_mails(person: Person) -> None:
    """No digests, no reminders, no news by e-mail. Codes to sign in with are still sent when somebody asks."""
    Person.objects.filter(pk=person.pk).update(mails=False)
    Reach.objects.filter(person=person).update(reminders_mail=False)


def mail_headers(person: Person) -> dict[str, str]:
    """For every letter that nobody asked for at that moment (RFC 2369, 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_address(person)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
