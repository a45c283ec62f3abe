"""A lounge in a test: its clock goes as fast as one likes."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from live import writer
from people.models import Language, Person, Theme
from programme.models import Event
from rooms.lounge import clock, lookup, places, rounds, tasks
from rooms.lounge.worker import answer
from rooms.models import Lounge, Match, Pair, Stool

NOBODY = 0


def guests(count: int, language: str = "en") -> list[Person]:
    """People who speak it and like one of three things each."""
    spoken, _ = Language.objects.get_or_create(code=language, defaults={"name": language})
    likes = [Theme.objects.tag(name) for name in ("pumps", "meters", "tariffs")]
    people = []
    for at in range(count):
        person = Person.objects.create_user(f"{language}{at}@lounge.example", name=f"Guest {language} {at}")
        person.languages.add(spoken)
        person.interests.add(likes[at % 3])
        people.append(person)
    return people


def lounge_of(event: Event, starts_at: datetime | None = None, **fields) -> Lounge:
    fields = {"title": "Coffee with strangers", "rounds": 3, **fields}
    return Lounge.objects.create(event=event, starts_at=starts_at or timezone.now(), **fields)


def enter(lounge: Lounge, *people: Person) -> None:
    lounge.refresh_from_db()
    for person in people:
        writer.do(person.pk, places.enter, lounge, person.pk)


def later(lounge: Lounge, seconds: float) -> None:
    """All that has a time in the lounge is so much longer ago."""
    by = timedelta(seconds=seconds)
    for field in ("starts_at", "ends_at", "round_ends_at", "matching_since"):
        Lounge.objects.filter(pk=lounge.pk).exclude(**{field: None}).update(**{field: F(field) - by})
    Pair.objects.filter(match__lounge=lounge).update(starts_at=F("starts_at") - by, ends_at=F("ends_at") - by)
    Pair.objects.filter(match__lounge=lounge).exclude(one_here_at=None).update(one_here_at=F("one_here_at") - by)


def tick(lounge: Lounge, there: Collection[int] = ()) -> None:
    """What the chore does in one turn, without its worker. `there`: who has the page of their room open."""
    for verb, pk in clock.due():
        writer.do(NOBODY, verb, pk)
    for it in rounds.late(timezone.now()):
        writer.do(NOBODY, rounds.replace, it.match, rounds.missing(it, there))
    begin, fill = clock.wanted()
    for pk, number in begin:
        _next_round(pk, number)
    for pk, number in fill:
        _fill(pk, number)
    lounge.refresh_from_db()


def _next_round(pk: int, number: int) -> None:
    task = tasks.for_next_round(pk)
    if task and writer.do(NOBODY, rounds.claim, pk, number - 1):
        found = answer(task)
        writer.do(NOBODY, rounds.begin, pk, number, found.waiting)
        writer.do(NOBODY, rounds.seat, pk, number, found.pairs)
        writer.do(NOBODY, rounds.release, pk)


def _fill(pk: int, number: int) -> None:
    task = tasks.for_those_waiting(pk)
    if task and writer.do(NOBODY, rounds.claim, pk, number):
        writer.do(NOBODY, rounds.seat, pk, number, answer(task).pairs)
        writer.do(NOBODY, rounds.release, pk)


def all_come(lounge: Lounge) -> None:
    """Everybody is in their room for two."""
    now = timezone.now()
    Pair.objects.filter(match__lounge=lounge, ended_at=None).update(one_here_at=now, two_here_at=now)


def over(lounge: Lounge) -> None:
    """The round ends."""
    assert lounge.round_ends_at
    later(lounge, (lounge.round_ends_at - timezone.now()).total_seconds() + 0.01)
    lounge.refresh_from_db()


def met(lounge: Lounge) -> list[tuple[int, int]]:
    return list(Match.objects.filter(event=lounge.event_id).order_by("round", "pk").values_list("one", "two"))


def partners(lounge: Lounge) -> dict[int, int]:
    """Whom everybody has at the moment."""
    now = timezone.now()
    pairs = lounge.matches.filter(round=lounge.round).going_on(now).values_list("one", "two")
    return {one: two for pair in pairs for one, two in (pair, pair[::-1])}


def waits(lounge: Lounge) -> Counter:
    return Counter(dict(Stool.objects.filter(lounge=lounge).values_list("person", "waited")))


def mine(lounge: Lounge, person: Person) -> dict:
    return lookup.welcome(person.pk, lounge.topic)
