"""What is read before pairs can be found: who is there, what they are like, and whom they must not meet."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from people.acquaintance import facts

from ..models import Lounge, Stool
from . import places
from .apart import forbidden
from .matching import Task, is_possible
from .rounds import AT_LEAST, free_places, is_claimed

LONG = 600  # seconds: until then nobody counts the people
BIG = 500  # people whose pairs take a second to find


def for_next_round(pk: int) -> Task | None:
    """None if nobody could meet anybody new."""
    lounge = Lounge.objects.get(pk=pk)
    return of(lounge, places.present(lounge), seed=lounge.round + 1)


def for_those_waiting(pk: int) -> Task | None:
    lounge = Lounge.objects.get(pk=pk)
    return of(lounge, free_places(lounge, timezone.now()), seed=lounge.round)


def of(lounge: Lounge, stools: Iterable[Stool], seed: int) -> Task | None:
    waited = {stool.person_id: stool.waited for stool in stools}
    task = Task(
        people=list(facts(waited).values()),
        forbidden=sorted(forbidden(lounge.event_id, waited)),
        waited={person: rounds for person, rounds in waited.items() if rounds},
        region=lounge.region_weight,
        stakeholder=lounge.stakeholder_weight,
        seed=seed,
    )
    return task if is_possible(task) else None


# what the clock has to do


def to_begin(now: datetime) -> list[tuple[int, int]]:
    """Lounges, and the number of the round whose pairs are to be found now."""
    running = [it for it in Lounge.objects.running() if not is_claimed(it, now) and not it.is_last(now)]
    return [(it.pk, it.round + 1) for it in running if is_time(it, now)]


def is_time(lounge: Lounge, now: datetime) -> bool:
    """A round's pairs are found once it has ended; those of very many people some seconds before."""
    from_when = lounge.round_ends_at or lounge.next_at - places.LEAD
    if (from_when - now).total_seconds() > LONG:
        return False
    there = places.present(lounge).count()
    return there >= 2 and (from_when - now).total_seconds() <= there // BIG


def to_fill(now: datetime) -> list[tuple[int, int]]:
    """Lounges in whose round two or more people wait for somebody while there is time left."""
    running = Lounge.objects.running().filter(round__gt=0, round_ends_at__gt=now + AT_LEAST)
    waiting = [it for it in running if not is_claimed(it, now) and free_places(it, now).count() >= 2]
    return [(it.pk, it.round) for it in waiting]
