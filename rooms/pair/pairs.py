"""Everything that happens to a room for two. The only place that writes it, whichever door asks. People are ids."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from chat import conversations, evidence
from chat.models import Conversation
from chat.words import tidy
from live.access import recheck
from live.log import publish
from live.refusal import Refused
from people import blocks, connections

from ..models import Booking, Meeting, Pair
from ..stage import plans
from . import wire
from .spare import MORE, spare

Listener = Callable[[Pair], None]
LETTERS = 15  # bytes of chance in a code
_listeners: list[Listener] = []


def when_over(listener: Listener) -> Listener:
    """Register `f(pair)`, run in the same verb once a room has ended, by the clock or before."""
    _listeners.append(listener)
    return listener


# making


def open_pair(pair: Pair) -> Pair:
    """As `planned` has it. Raises Refused("person.unknown") for people who must not meet."""
    blocks.insist_not_apart(pair.one_id, pair.two_id)
    [made] = open_pairs([pair])
    return made


def open_pairs(some: Iterable[Pair]) -> list[Pair]:
    """Many at once: of people of whom it is known that they are not apart."""
    return Pair.objects.bulk_create(some)


def planned(
    kind: str,
    one: int,
    two: int,
    starts_at: datetime,
    ends_at: datetime,
    conversation: Conversation,
    why: Any = None,
    meeting: Meeting | None = None,
) -> Pair:
    """`why`: people.acquaintance's, if there is one."""
    return Pair(
        kind=kind,
        code=secrets.token_urlsafe(LETTERS),
        one_id=one,
        two_id=two,
        starts_at=starts_at,
        ends_at=ends_at,
        conversation=conversation,
        why=why or {},
        meeting=meeting,
    )


def move(pair: Pair, starts_at: datetime, ends_at: datetime) -> Pair:
    """To another time, with the same address; one that has ended stays ended. Who was there at the old time has yet to
    come at the new one."""
    if pair.ended_at:
        return pair
    anew = {} if starts_at == pair.starts_at else {"one_here_at": None, "two_here_at": None}
    return _change(pair, starts_at=starts_at, ends_at=ends_at, extended=0, one_stays=False, two_stays=False, **anew)


# being there


def here(pair: Pair, person: int, session: str) -> Pair:
    """This page is the one that the person uses from now on."""
    pair.insist_open()
    side = pair.side(person)
    came = getattr(pair, f"{side}_here_at") or timezone.now()
    return _change(pair, **{f"{side}_page": session, f"{side}_here_at": came})


def leave(pair: Pair, person: int, session: str) -> Pair:
    """Until they come back. What a page says that was succeeded by another means nothing."""
    if pair.page(person) != session:
        return pair
    side = pair.side(person)
    return _change(pair, **{f"{side}_page": "", f"{side}_stays": False})


def insist_in_use(pair: Pair, person: int, session: str) -> None:
    pair.insist_open()
    if pair.page(person) != session:
        raise Refused("pair.elsewhere")


# staying longer


def extend(pair: Pair, person: int, on: bool = True) -> Pair:
    """A few minutes more, once both wish it and both are free."""
    pair.insist_open()
    if not on:
        return _change(pair, one_stays=False, two_stays=False)
    insist_spare(pair)
    pair = _change(pair, **{f"{pair.side(person)}_stays": True})
    return prolonged(pair) if pair.one_stays and pair.two_stays else pair


def insist_spare(pair: Pair) -> None:
    if no := spare(pair).no:
        raise Refused(no)


def prolonged(pair: Pair) -> Pair:
    ends_at = pair.ends_at + timedelta(minutes=MORE)
    _book(pair)
    return _change(pair, ends_at=ends_at, extended=pair.extended + MORE, one_stays=False, two_stays=False)


def _book(pair: Pair) -> None:
    """A meeting's time is both people's own: nobody can book the minutes that are added."""
    if pair.meeting:
        Booking.objects.bulk_create(
            Booking(person=person, at=pair.ends_at, meeting=pair.meeting) for person in pair.people
        )


# parting


def stay(pair: Pair, person: int, on: bool) -> bool:
    """Whether both would like to stay in touch now; only then does the other hear of it, and their talk goes on."""
    insist_begun(pair)
    other = pair.other(person).pk
    mutual = (connections.stay_in_touch if on else _let_go)(person, other)
    if mutual:
        conversations.open_pair(person, other)
    recheck(person)
    return mutual


def insist_begun(pair: Pair) -> None:
    if not pair.is_over() and timezone.now() < pair.opens_at:
        raise Refused("pair.not_open")


def _let_go(person: int, other: int) -> bool:
    """Only while it is nobody else's business."""
    if connections.are_connected(person, other):
        raise Refused("pair.met")
    connections.let_go(person, other)
    return False


def block(pair: Pair, person: int, report: str = "") -> None:
    """The other is gone from this person's forum; with `report`, the organisers are told of it first."""
    if report.strip():
        evidence.report(pair.conversation, person, tidy(report, evidence.LIMIT, "chat.empty"))
    blocks.block(person, pair.other(person).pk)


def end(pair: Pair, by: int | None = None) -> None:
    """For both, at once. `by` nobody: by the clock."""
    if pair.ended_at:
        return
    pages = {"one_page": "", "two_page": "", "one_stays": False, "two_stays": False}
    _change(pair, ended_at=timezone.now(), ended_by_id=by, **pages)
    for listener in _listeners:
        listener(pair)


@blocks.when_blocked
def part(by: int, of: int) -> None:
    for pair in Pair.objects.between(by, of).running():
        end(pair, by)


def end_those_over() -> None:
    """By the clock."""
    for pair in Pair.objects.over(timezone.now()):
        end(pair)


# changing, and telling


def _change(pair: Pair, **fields: Any) -> Pair:
    """Says nothing if it is so already."""
    if all(getattr(pair, name) == value for name, value in fields.items()):
        return pair
    for name, value in {**fields, "revision": pair.revision + 1}.items():
        setattr(pair, name, value)
    pair.save(update_fields=[*fields, "revision"])
    plans.changed(pair.media_id)
    publish(pair.topic, "pair", told(pair))
    return pair


def told(pair: Pair) -> dict:
    return wire.pair(pair, spare(pair), timezone.now())
