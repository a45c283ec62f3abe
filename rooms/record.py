"""Is the record of a room what was said in it? Reads only."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from chat import wire as chat_wire
from live import log
from live.models import Entry

from . import pictures, wire
from .floor import turns
from .models import Room, Step
from .polls import pictures as poll_pictures
from .questions.steps import united_votes
from .stage import stage

Told = dict[str, Any]
HAPPENED = {
    "changed": "was changed after it was said",
    "missing": "is missing",
    "moved": "was said at another place",
    "cut": "and what followed was cut off",
    "head": "is not the last that the topic remembers",
}
COUNTED = {"votes"}  # told on the room's own topic, compared by itself
BESIDE_A_SEAT = {"last", "as", "organisation", "country"}  # who did it, and what people are elsewhere
WEIGHED = {"hints", "spoken_before", "region"}  # worked out from the others


class Finding(NamedTuple):
    """Where the record and what is there part: "room.7.desk 12", and what is wrong with it."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Last(NamedTuple):
    """The newest that was said of something, and at which place of the record."""

    seq: int
    data: Told


def findings(room: Room) -> list[Finding]:
    """Everything that was tampered with, as far as can be told; an empty list means that nothing was."""
    return [
        *(found for topic in topics(room) for found in chain(topic)),
        *questions(room),
        *votes(room),
        *steps(room),
        *polls(room),
        *seats(room),
        *speakers(room),
        *chat(room),
    ]


def topics(room: Room) -> list[str]:
    """Where something is said of a room that is kept."""
    of_polls = (poll.topic for poll in room.polls.all())
    return [room.topic, room.desk, room.backstage, room.conversation.topic, *of_polls]


def chain(topic: str) -> Iterator[Finding]:
    for fault in log.verify(topic):
        yield Finding(f"{topic} {fault.seq}", f"this entry {HAPPENED[fault.what]}.")


def entries(topic: str, *events: str) -> Iterator[Last]:
    rows = Entry.objects.filter(topic=topic, event__in=events).order_by("seq")
    for seq, data in rows.values_list("seq", "data").iterator():
        yield Last(seq, json.loads(data))


def newest(topic: str, event: str) -> dict[int, Last]:
    return {entry.data["id"]: entry for entry in entries(topic, event)}


def questions(room: Room) -> Iterator[Finding]:
    """What the desk was told last of each question, beside what its table says."""
    told, there = newest(room.desk, "question"), {it["id"]: it for it in pictures.desk_questions(room)}
    yield from gone_or_new(room.desk, "question", told, there)
    for pk in sorted(told.keys() & there.keys()):
        yield from differences(f"question {there[pk]['number']}", room.desk, told[pk], there[pk], COUNTED)


def gone_or_new(topic: str, what: str, told: dict[int, Last], there: dict[int, Told]) -> Iterator[Finding]:
    for pk in sorted(told.keys() - there.keys()):
        last = told[pk]
        yield Finding(f"{what} {last.data['number']}", f"it is on record ({topic} {last.seq}) but gone.")
    for pk in sorted(there.keys() - told.keys()):
        yield Finding(f"{what} {there[pk]['number']}", f"it is there but was never said on {topic}.")


def differences(where: str, topic: str, told: Last, there: Told, beside: Iterable[str] = ()) -> Iterator[Finding]:
    for name in told.data:
        said, is_now = nameless(told.data[name]), nameless(as_told(there.get(name)))
        if name not in beside and said != is_now:
            yield Finding(where, f"{name} is {shown(is_now)}, but {shown(said)} was said ({topic} {told.seq}).")


def as_told(value: Any) -> Any:
    return json.loads(json.dumps(value))


def nameless(value: Any) -> Any:
    """People may write their names anew; who it was stays."""
    if isinstance(value, dict):
        return {name: nameless(each) for name, each in value.items() if name != "name"}
    return value


def shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def votes(room: Room) -> Iterator[Finding]:
    """Votes in their table, the count kept with the question, and the count that everyone was told."""
    family, told = room.questions.family(), counts_told(room)
    for question in room.questions.exclude(pk__in=family.into).order_by("number"):
        cast, where = united_votes(question.pk, family), f"question {question.number}"
        if question.votes != cast:
            yield Finding(where, f"votes is {question.votes}, but {cast} voted.")
        last = told.get(question.pk)
        if question.is_public and last and last.data["votes"] != cast:
            yield Finding(where, f"{cast} voted, but {last.data['votes']} were told ({room.topic} {last.seq}).")


def counts_told(room: Room) -> dict[int, Last]:
    told: dict[int, Last] = {}
    for seq, data in entries(room.topic, "question", "votes"):
        counts = data.get("counts") or ([[data["id"], data["votes"]]] if "votes" in data else [])
        told |= {pk: Last(seq, {"votes": count}) for pk, count in counts}
    return told


def steps(room: Room) -> Iterator[Finding]:
    """Every step that the desk was told of is still in its table."""
    kept = {step_of(it) for it in Step.objects.filter(question__room=room).select_related("by")}
    for seq, data in entries(room.desk, "question"):
        if data["last"] and key(data["id"], data["last"]) not in kept:
            yield Finding(f"question {data['number']}", f"the step {shown(data['last'])} ({room.desk} {seq}) is gone.")


def step_of(it: Step) -> tuple:
    return key(it.question_id, wire.step(it, "by"))


def key(question: int, step: Told) -> tuple:
    return question, step["what"], step["at"], step["by"] and step["by"]["id"]


def polls(room: Room) -> Iterator[Finding]:
    """What the desk was told last of each poll, beside its table and, once it is closed, its ballots."""
    told, there = newest(room.desk, "poll"), {it["id"]: it for it in poll_pictures.desk_picture(room)}
    told = {pk: last for pk, last in told.items() if "gone" not in last.data}
    yield from gone_or_new(room.desk, "poll", told, there)
    for pk in sorted(told.keys() & there.keys()):
        yield from differences(f"poll {there[pk]['number']}", room.desk, told[pk], there[pk])


def speakers(room: Room) -> Iterator[Finding]:
    """Who was on the speakers' list, for how long they spoke, and whether somebody else was suggested."""
    told, there = newest(room.desk, "turn"), {it["id"]: it for it in turns.desk_picture(room)["turns"]}
    yield from gone_or_new(room.desk, "turn", told, there)
    for pk in sorted(told.keys() & there.keys()):
        yield from differences(f"turn {there[pk]['number']}", room.desk, told[pk], there[pk], WEIGHED)


def seats(room: Room) -> Iterator[Finding]:
    """Who is on stage or behind it, as those there were told last."""
    told = {entry.data["person"]: entry for entry in entries(room.backstage, "seat")}
    there = {it["person"]: it for it in stage.behind(room)["seats"]}
    for pk in sorted(told.keys() | there.keys()):
        yield from seat(room, pk, told.get(pk), there.get(pk))


def seat(room: Room, pk: int, told: Last | None, there: Told | None) -> Iterator[Finding]:
    where, is_taken = f"seat of person {pk}", told is not None and "gone" not in told.data
    if there and told and is_taken:
        yield from differences(where, room.backstage, told, there, BESIDE_A_SEAT)
    elif there:
        yield Finding(where, f"it is taken but that was never said on {room.backstage}.")
    elif told and is_taken:
        yield Finding(where, f"it is on record ({room.backstage} {told.seq}) but nobody has it.")


def chat(room: Room) -> Iterator[Finding]:
    topic = room.conversation.topic
    messages = room.conversation.messages.with_people()
    told, there = newest(topic, "message"), {it.pk: chat_wire.message(it) for it in messages}
    yield from gone_or_new(topic, "message", told, there)
    for pk in sorted(told.keys() & there.keys()):
        yield from differences(f"message {there[pk]['number']}", topic, told[pk], there[pk])
