"""One round after the other: verbs that the clock asks for. Each finds out for itself whether it is its time."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.utils import timezone

from chat import conversations
from live.access import recheck, recheck_all
from people.acquaintance import as_why

from ..models import Lounge, Match, Pair, Stool
from ..models.lounge import GOODBYE, Matches
from ..pair import pairs
from . import places
from .apart import forbidden
from .worker import Found

AT_LEAST = timedelta(seconds=60)  # of a round that is left for somebody who finds a partner late
COMING = timedelta(seconds=20)  # after which somebody who did not come is replaced
CHECKING = timedelta(seconds=60)  # and somebody who opened the page and did not come in
NOTICE = timedelta(seconds=5)  # to read whom one meets
GIVEN_UP = timedelta(seconds=45)  # without a sign of life: then another process finds the pairs
IDLE = timedelta(minutes=15)  # after which a lounge of so many rounds waits for nobody any more
State = Lounge.State


def locked(pk: int) -> Lounge:
    return Lounge.objects.get(pk=pk)


def open_doors(pk: int) -> None:
    lounge = locked(pk)
    if lounge.state == State.PLANNED and Lounge.objects.opening(timezone.now()).filter(pk=pk).exists():
        _change(lounge, state=State.OPEN)


def close(pk: int) -> None:
    lounge = locked(pk)
    if is_over(lounge, timezone.now()):
        _change(lounge, state=State.OVER)


def arrange(pk: int, fields: dict[str, Any]) -> None:
    """What the organisers say; everybody is told."""
    _change(locked(pk), **fields)


def restrict(pk: int) -> None:
    """Its groups are others now: whoever may not be here any more hears so at once."""
    lounge = locked(pk)
    recheck_all(lounge.topic)
    _change(lounge)


def is_over(lounge: Lounge, now: datetime) -> bool:
    if lounge.state != State.OPEN or now < lounge.next_at:
        return False
    return lounge.is_last(now) or (lounge.rounds is not None and now > lounge.next_at + IDLE)


def _change(lounge: Lounge, **fields) -> None:
    for name, value in {**fields, "revision": lounge.revision + 1}.items():
        setattr(lounge, name, value)
    lounge.save(update_fields=[*fields, "revision"])
    places.tell(lounge)


# finding pairs


def claim(pk: int, number: int) -> bool:
    """Whether this process may find the pairs now: several look at the same clock."""
    lounge, now = locked(pk), timezone.now()
    if lounge.state != State.OPEN or lounge.round != number or is_claimed(lounge, now):
        return False
    Lounge.objects.filter(pk=pk).update(matching_since=now)
    return True


def is_claimed(lounge: Lounge, now: datetime) -> bool:
    return lounge.matching_since is not None and now < lounge.matching_since + GIVEN_UP


def release(pk: int) -> None:
    Lounge.objects.filter(pk=pk).update(matching_since=None)


def begin(pk: int, number: int, waiting: Iterable[int]) -> bool:
    """The round `number`; those who have nobody wait in it. False if it has begun already, or will not."""
    lounge, now = locked(pk), timezone.now()
    if lounge.state != State.OPEN or lounge.round != number - 1 or lounge.is_last(now):
        return False
    sit_out(lounge, waiting, number)
    starts_at = max(lounge.next_at, now + NOTICE)
    _change(lounge, round=number, round_ends_at=starts_at + timedelta(seconds=lounge.seconds))
    return True


def sit_out(lounge: Lounge, people: Iterable[int], number: int) -> None:
    """They have nobody in this round, which counts once; whoever finds somebody after all has not waited."""
    waits = Stool.objects.filter(lounge=lounge, person__in=list(people), away=False).exclude(waited_in=number)
    waits.update(waited=F("waited") + 1, waited_in=number)


def seat(pk: int, number: int, found: Sequence[Found]) -> int:
    """Put these people together for what is left of the round; how many pairs. Who left meanwhile, met somebody else
    or blocked the other since the pairs were found is left out; whom they leave alone waits."""
    lounge, now = locked(pk), timezone.now()
    starts_at, ends_at = lounge.round_starts_at, lounge.round_ends_at
    if not is_on(lounge, number) or starts_at is None or ends_at is None or now >= ends_at:
        return 0
    Lounge.objects.filter(pk=pk).exclude(matching_since=None).update(matching_since=now)
    meet = may_meet(lounge, found, now)
    seated = _seat(lounge, meet, max(starts_at, now), ends_at + GOODBYE)
    sit_out(lounge, free_of(lounge, [it for it in found if it not in meet], now), number)
    return len(seated)


def is_on(lounge: Lounge, number: int) -> bool:
    return lounge.state == State.OPEN and lounge.round == number


def free_of(lounge: Lounge, found: Sequence[Found], now: datetime) -> set[int]:
    people = {person for it in found for person in (it.one, it.two)}
    return set(free_places(lounge, now).filter(person__in=people).values_list("person", flat=True))


def may_meet(lounge: Lounge, found: Sequence[Found], now: datetime) -> list[Found]:
    free = set(free_places(lounge, now).values_list("person", flat=True))
    apart = forbidden(lounge.event_id, {person for it in found for person in (it.one, it.two)})
    return [it for it in found if {it.one, it.two} <= free and (it.one, it.two) not in apart]


def _seat(lounge: Lounge, found: Sequence[Found], starts_at: datetime, ends_at: datetime) -> list[Pair]:
    talks = conversations.encounters([(it.one, it.two) for it in found])
    seated = pairs.open_pairs(
        pairs.planned(Pair.Kind.ROUND, it.one, it.two, starts_at, ends_at, talk, as_why(it.one, it.two, it.reasons))
        for it, talk in zip(found, talks, strict=True)
    )
    Match.objects.bulk_create(
        Match(event_id=lounge.event_id, one_id=it.one_id, two_id=it.two_id, lounge=lounge, round=lounge.round, pair=it)
        for it in seated
    )
    people = [person for it in seated for person in (it.one_id, it.two_id)]
    made_up = Stool.objects.filter(lounge=lounge, person__in=people, waited_in=lounge.round, waited__gt=0)
    made_up.update(waited=F("waited") - 1, waited_in=0)
    for person in people:
        recheck(person)
    return seated


def free_places(lounge: Lounge, now: datetime):
    """Of people who are there and have nobody at the moment."""
    going_on = lounge.matches.filter(round=lounge.round).going_on(now)
    here = places.present(lounge)
    return here.exclude(person__in=going_on.values("one")).exclude(person__in=going_on.values("two"))


# who does not come


class Late(NamedTuple):
    """A pair of which somebody has not come in by now. `seconds`: since it began."""

    match: int
    topic: str
    absent: set[int]
    seconds: float


def late(now: datetime) -> list[Late]:
    return late_of(Match.objects.filter(lounge__state=State.OPEN, round=F("lounge__round")), now)


def late_of(matches: Matches, now: datetime) -> list[Late]:
    rows = matches.going_on(now).filter(pair__starts_at__lte=now - COMING)
    missing = rows.filter(Q(pair__one_here_at=None) | Q(pair__two_here_at=None)).select_related("pair")
    return [_late(it.pk, it.pair, now) for it in missing]


def _late(match: int, pair: Pair, now: datetime) -> Late:
    came = {pair.one_id: pair.one_here_at, pair.two_id: pair.two_here_at}
    absent = {person for person, at in came.items() if at is None}
    return Late(match, pair.topic, absent, (now - pair.starts_at).total_seconds())


def missing(it: Late, there: Collection[int]) -> set[int]:
    """Whoever has the room's page open, and sees to a camera perhaps, has some time more."""
    return it.absent - set(there) if it.seconds < CHECKING.total_seconds() else it.absent


def replace(pk: int, absent: Collection[int]) -> None:
    """They are away until they come back; who did come waits, and may meet somebody else."""
    match = Match.objects.going_on(timezone.now()).select_related("pair", "lounge").filter(pk=pk).first()
    gone = still_absent(match, absent)
    if not gone:
        return
    Stool.objects.filter(lounge=match.lounge, person__in=gone).update(away=True)
    sit_out(match.lounge, {match.one_id, match.two_id} - gone, match.round)
    pairs.end(match.pair)


def still_absent(match: Match | None, absent: Collection[int]) -> set[int]:
    """Who has not come until now: somebody may have, since it was looked who is there."""
    return _late(match.pk, match.pair, timezone.now()).absent & set(absent) if match else set()


# who is gone


def came(pk: int) -> dict[str, set[int]]:
    """Who came into which room in the round that is on, or was, by its topic; with nobody, the lounge's own topic:
    where a page of theirs would be. Empty if nobody came into any."""
    lounge = locked(pk)
    here = set(places.present(lounge).values_list("person", flat=True))
    rooms = lounge.matches.filter(round=lounge.round).select_related("pair")
    found = {it.pair.topic: _came(it.pair) & here for it in rooms}
    return {lounge.topic: set(), **found} if found else {}


def _came(pair: Pair) -> set[int]:
    return {person for person, at in ((pair.one_id, pair.one_here_at), (pair.two_id, pair.two_here_at)) if at}


def send_away(pk: int, people: Collection[int]) -> None:
    """Until they come back."""
    lounge = locked(pk)
    for person in people:
        places.leave(lounge, person)


@pairs.when_over
def tell_two(pair: Pair) -> None:
    """Before its time: the page of whoever waits in the lounge, or seeks somebody, says so at once."""
    if pair.kind != Pair.Kind.MEETING and timezone.now() < pair.ends_at:
        for person in (pair.one_id, pair.two_id):
            recheck(person)
