"""Every change of a turn goes through here: kept, and told to those it concerns."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone

from live.access import topic_of
from live.log import publish
from people import regions
from people.models import Person

from .. import places
from ..models import Question, Room, Turn
from . import fairness, wire
from .fairness import Balance, Entry, Who

State = Turn.State
WEIGHED = (
    "pk", "person", "name", "organisation", "country", "stakeholder", "raised_at", "point_of_order", "state",
    "started_at", "spoken",
)  # fmt: skip
TO_BE_SAID = (Question.State.OPEN, Question.State.NEXT, Question.State.NOW)


def add(room: Room, kind: str, **fields: Any) -> Turn:
    """A new turn, behind all others."""
    turn = Turn(
        room=room,
        kind=kind,
        number=(room.turns.aggregate(last=Max("number"))["last"] or 0) + 1,
        position=end(room),
        raised_at=timezone.now(),
        revision=0,
        **{"seconds": room.turn_seconds, **fields},
    )
    return change(turn)


def of_person(person: Person) -> dict[str, Any]:
    """Who they are, as the record keeps it whatever becomes of their profile."""
    return {
        "person": person,
        "name": person.name,
        "organisation": person.organisation,
        "country": person.country,
        "stakeholder": person.stakeholder,
    }


def end(room: Room) -> int:
    return places.after(room.turns.waiting().aggregate(last=Max("position"))["last"])


def change(turn: Turn, **fields: Any) -> Turn:
    """Set the fields and tell everybody who may see it, and what it changes for those who wait."""
    change_all(turn.room, [turn], **fields)
    return turn


def change_all(room: Room, turns: Sequence[Turn], **fields: Any) -> None:
    """The same of many at once, which is weighed once: hundreds may have raised their hands."""
    before = balance(room)
    for turn in turns:
        _set(turn, fields)
    after = balance(room)
    for turn in turns:
        _tell(room, turn, after)
    _tell_balance(room, before, after, beside={turn.pk for turn in turns})


def _set(turn: Turn, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(turn, name, value)
    turn.revision += 1
    turn.save()


def _tell(room: Room, turn: Turn, after: Balance) -> None:
    publish(room.topic, "turn", wire.turn(turn))
    publish(room.backstage, "turn", wire.backstage(turn, after))
    publish(room.desk, "turn", wire.desk(turn, after))
    if turn.person_id:
        publish(topic_of(turn.person_id), "turn", wire.own(turn))


def _tell_balance(room: Room, before: Balance, after: Balance, beside: Container[int]) -> None:
    if others := [pk for pk in after.hints if pk not in beside and _of(before, pk) != _of(after, pk)]:
        told = wire.hints(after, others)
        publish(room.backstage, "floor.hints", told)
        publish(room.desk, "floor.hints", told)
    if after.suggestion != before.suggestion:
        publish(room.desk, "floor.suggestion", wire.suggestion(after.suggestion))
    if after.totals != before.totals:
        publish(room.desk, "floor.totals", after.totals)


def _of(balance: Balance, pk: int) -> tuple:
    return balance.hints.get(pk), balance.before.get(pk)


def balance(room: Room) -> Balance:
    """Read anew before and after each change, so column by column: rows as objects would take ten times as long."""
    rows = room.turns.weighed().order_by(*Turn.ORDER).values_list(*WEIGHED)
    return fairness.weigh([entry(*row) for row in rows])


def entry(pk, person, name, organisation, country, stakeholder, raised_at, order, state, started_at, spoken) -> Entry:
    return Entry(
        pk,
        whose(person, name, organisation),
        name,
        regions.of(country),
        stakeholder,
        raised_at,
        is_point_of_order=order,
        is_waiting=state == State.WAITING,
        is_heard=started_at is not None,
        spoken=spoken,
    )


def whose(person: int | None, name: str, organisation: str) -> Who:
    """Whose speaking time it is: a person's, or that of a name without an account."""
    return (person, "") if person else (None, f"{name} {organisation}".casefold())


def follow(question: Question) -> None:
    """A question that its asker would like to say has a turn, from when it is public until it is dealt with."""
    turn = question.turns.with_people().select_related("room").first()
    wanted = question.aloud and question.state in TO_BE_SAID
    if wanted and turn is None:
        add(question.room, Turn.Kind.QUESTION, question=question, **of_person(question.author))
    elif wanted and turn and turn.state == State.LOWERED:
        change(turn, state=State.WAITING, ended_at=None)
    elif not wanted and turn and turn.state == State.WAITING:
        change(turn, state=State.LOWERED, ended_at=timezone.now())


# What newcomers are shown


def picture(room: Room) -> dict:
    """{"open", "turn_seconds", "turns": those everyone sees, by number}"""
    return {**wire.floor(room), "turns": [wire.turn(it) for it in room.turns.public().with_people()]}


def desk_picture(room: Room) -> dict:
    """{"turns": all, by number, "totals", "suggestion"}"""
    now = balance(room)
    return {
        "turns": [wire.desk(it, now) for it in room.turns.with_people()],
        "totals": now.totals,
        "suggestion": wire.suggestion(now.suggestion),
    }


def backstage_picture(room: Room) -> list[dict]:
    now = balance(room)
    return [wire.backstage(it, now) for it in room.turns.public().with_people()]


def own(room: Room, whom: Iterable[int]) -> dict[int, dict]:
    """Of each of these people the one of their turns that comes first, as they see it."""
    turns = room.turns.standing().filter(person__in=whom).with_people().order_by(*Turn.ORDER)
    ranked = sorted(turns, key=lambda turn: -Turn.STANDING.index(State(turn.state)))
    return {turn.person_id: wire.own(turn) for turn in reversed(ranked)}
