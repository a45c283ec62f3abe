"""Telling somebody something once, wherever they are: in the page at once, then by push and e-mail as they chose."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from msgspec import Meta, Struct

from live.access import told_to_oneself, topic_of
from live.commands import command
from live.log import publish
from live.refusal import Refused

from .models import Nudge, Person, Reach
from .reach import after_quiet_hours

GRACE = timedelta(seconds=30)  # whoever reads it in the page meanwhile is spared the rest
SHOWN = 20  # unread ones, to a page that opens

Sayer = Callable[[dict[str, Any]], str]


class Kind(NamedTuple):
    """How a kind is said, whether it can wait for the morning, and whether it is chosen with the reminders."""

    say: Sayer
    urgent: bool
    reminder: bool


_kinds: dict[str, Kind] = {}


def kind(name: str, *, urgent: bool = False, reminder: bool = False) -> Callable[[Sayer], Sayer]:
    """Register `f(given) -> str`, which is run in the language of whoever is told.

    urgent: goes out in quiet hours too, because it would be of no use afterwards.
    reminder: goes where the person wants reminders, not where they want news.
    """

    def register(say: Sayer) -> Sayer:
        if name in _kinds:
            raise ValueError(f"There is a kind of nudges called {name} already.")
        _kinds[name] = Kind(say, urgent, reminder)
        return say

    return register


def kind_of(name: str) -> Kind:
    return _kinds[name]


def known() -> list[str]:
    """A newer release may have left others behind."""
    return list(_kinds)


def sentence(kind: str, given: dict[str, Any], language: str) -> str:
    with translation.override(language or settings.LANGUAGE_CODE):
        return str(_kinds[kind].say(given))


def nudge(
    person: int, key: str, kind: str, given: dict[str, Any], path: str, until: datetime | None = None
) -> Nudge | None:
    """Tell one person once per key. None if they were told already, or take no part any more.

    `given` is what the kind's sentence needs, JSON-able; `path` the page to act on; after `until` it is not told.
    """
    told = nudge_all([person], key, kind, given, path, until)
    return told[0] if told else None


def nudge_all(
    people: Collection[int], key: str, kind: str, given: dict[str, Any], path: str, until: datetime | None = None
) -> list[Nudge]:
    """The same for several, at most a few hundred at once. Returns those that are new."""
    already = Nudge.objects.filter(person__in=people, key=key).values_list("person", flat=True)
    new = Person.objects.filter(pk__in=set(people) - set(already), is_active=True)
    choices, now = Reach.objects.in_bulk([person.pk for person in new]), timezone.now()
    told = [Nudge(person=it, key=key, kind=kind, given=given, path=path, until=until) for it in new]
    for each in told:
        times = _times(kind_of(kind), each.person, choices.get(each.person_id, Reach()), now)
        each.at, each.due_at, each.read_at = times
    Nudge.objects.bulk_create(told)
    for each in told:
        if each.read_at is None:
            publish(topic_of(each.person_id), "nudge", shown(each))
    return told


def _times(kind: Kind, person: Person, chosen: Reach, now: datetime) -> tuple[datetime, datetime, datetime | None]:
    """`at`, `due_at`, `read_at`: what the person does not want in the page counts as read."""
    hidden = kind.reminder and not chosen.reminders_page
    due = now if kind.urgent else after_quiet_hours(person, now + GRACE)
    return now, due, now if hidden else None


def shown(it: Nudge) -> dict[str, Any]:
    """As it travels to its person's pages."""
    return {
        "id": it.pk,
        "kind": it.kind,
        "text": sentence(it.kind, it.given, it.person.language),
        "path": it.path,
        "at": it.at.isoformat(),
        "until": it.until and it.until.isoformat(),
        "read": it.read_at is not None,
    }


def unread(person: int) -> list[Nudge]:
    """The latest that still matter, oldest first."""
    waiting = Nudge.objects.filter(person=person, read_at=None, kind__in=known())
    still = waiting.filter(Q(until=None) | Q(until__gt=timezone.now())).select_related("person")
    return list(reversed(still.order_by("-at", "-pk")[:SHOWN]))


@told_to_oneself("nudges")
def unread_as_shown(person: int) -> list[dict[str, Any]]:
    return [shown(it) for it in unread(person)]


def read(person: int, pk: int) -> None:
    """Seen, or put aside: gone from all of their pages, and not sent any more."""
    found = Nudge.objects.filter(person=person, pk=pk).select_related("person").first()
    if found is None:
        raise Refused("nudge.unknown")
    if found.read_at is None:
        found.read_at, found.due_at = timezone.now(), None
        found.save(update_fields=["read_at", "due_at"])
        publish(topic_of(person), "nudge", shown(found))


class Read(Struct, forbid_unknown_fields=True):
    nudge: Annotated[int, Meta(ge=1, le=2**53)]


@command("nudge.read", Read, kind="person", once=False)
def read_here(person: int, on: str, given: Read) -> None:
    if on != topic_of(person):
        raise Refused("topic.unknown")
    read(person, given.nudge)
