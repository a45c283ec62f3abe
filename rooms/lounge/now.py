"""Meet now: somebody looks for anybody worth meeting, and has a room for two within seconds. People are ids."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.utils import timezone, translation

from chat import conversations
from live.access import recheck, told_to_oneself
from live.refusal import Refused
from people.acquaintance import as_why, facts
from people.models import Person

from ..models import Match, Pair, Seeker
from ..pair import pairs
from . import lookup
from .apart import forbidden
from .matching import Task, is_possible
from .rounds import Late, late_of, still_absent
from .worker import Found

LENGTH = timedelta(minutes=10)
GONE = timedelta(seconds=40)  # without a sign of life nobody seeks any more
MINUTE = timedelta(minutes=1)


def seek(event: int, person: int) -> None:
    """Raises Refused("now.busy") for somebody who has just been matched: they meet that one first."""
    if pair := current(person):
        if not somebody_left(pair):
            raise Refused("now.busy")
        pairs.end(pair)
    now = timezone.now()
    Seeker.objects.update_or_create(person_id=person, defaults={"event_id": event, "seen_at": now})
    recheck(person)


def somebody_left(pair: Pair) -> bool:
    """Who has yet to come has not."""
    return bool(pair.one_here_at and not pair.one_page) or bool(pair.two_here_at and not pair.two_page)


def still(person: int) -> None:
    """A sign of life; for who does not seek it means nothing."""
    Seeker.objects.filter(person=person).update(seen_at=timezone.now())


def stop(person: int) -> None:
    gone, _ = Seeker.objects.filter(person=person).delete()
    if gone:
        recheck(person)


def forget_those_gone() -> None:
    for person in list(gone(timezone.now()).values_list("person", flat=True)):
        stop(person)


def gone(now: datetime):
    return Seeker.objects.filter(seen_at__lte=now - GONE)


def seeking(now: datetime):
    return Seeker.objects.filter(seen_at__gt=now - GONE, person__is_active=True)


def task(event: int) -> Task | None:
    """Who has waited longest comes first: each minute counts like a round sat out."""
    now = timezone.now()
    since = dict(seeking(now).filter(event=event).values_list("person", "since"))
    task = Task(
        people=list(facts(since).values()),
        forbidden=sorted(forbidden(event, since)),
        waited={person: int((now - at) / MINUTE) for person, at in since.items()},
    )
    return task if is_possible(task) else None


def put_together(event: int, found: Found) -> None:
    """Unless one of them has stopped meanwhile, or they must not meet."""
    now, both = timezone.now(), (found.one, found.two)
    seekers = seeking(now).filter(event=event, person__in=both)
    if seekers.count() < len(both) or both in forbidden(event, both):
        return
    seekers.delete()
    conversation, why = conversations.encounter(*both), as_why(*both, found.reasons)
    pair = pairs.open_pair(pairs.planned(Pair.Kind.NOW, *both, now, now + LENGTH, conversation, why))
    Match.objects.create(event_id=event, one_id=found.one, two_id=found.two, pair=pair)
    for person in both:
        recheck(person)


def late() -> list[Late]:
    return late_of(Match.objects.filter(lounge=None), timezone.now())


def give_up(pk: int, absent: Collection[int]) -> None:
    """Somebody did not come to their room; who did goes on seeking, as long as they have waited."""
    match = Match.objects.going_on(timezone.now()).select_related("pair").filter(pk=pk).first()
    gone = still_absent(match, absent)
    if match is None or not gone:
        return
    pairs.end(match.pair)
    for person in {match.one_id, match.two_id} - gone:
        Seeker.objects.get_or_create(person_id=person, defaults={"event_id": match.event_id, "since": match.at})


def events() -> list[int]:
    """At which two or more people seek."""
    count = Counter(seeking(timezone.now()).values_list("event", flat=True))
    return [event for event, people in count.items() if people > 1]


def current(person: int) -> Pair | None:
    """The room of somebody who has been matched."""
    met = Match.objects.filter(lounge=None).going_on(timezone.now()).of(person)
    match = met.select_related("pair__one", "pair__two").order_by("-at").first()
    return cast(Pair, match.pair) if match else None


@told_to_oneself("now")
def told(person: int) -> dict:
    """{"seeking": since when or null, "pair": {"code", "starts", "ends", "with", "why"} or null}"""
    seeker = Seeker.objects.filter(person=person).first()
    pair = current(person)
    return {"seeking": seeker and seeker.since.isoformat(), "pair": pair and _told(pair, person)}


def _told(pair: Pair, person: int) -> dict | None:
    language = Person.objects.values_list("language", flat=True).get(pk=person)
    with translation.override(language or settings.LANGUAGE_CODE):
        return lookup.told(pair, person)
