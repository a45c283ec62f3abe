"""Every change of a question goes through here: kept as a step that can be undone, told to those it concerns."""

from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.utils import timezone

from live.access import topic_of
from live.log import publish, retract
from people.models import Person

from .. import wire
from ..floor import turns
from ..models import Family, Question, Room, Step, Vote

# What undoing gives back. Votes are counted anew, and whether somebody is silenced is no matter of one question.
KEPT = (
    "state", "text", "original", "language", "position", "edited", "labels", "to_id", "into_id", "reason", "note",
    "answer",
)  # fmt: skip
ASKERS = {"edited", "withdrawn"}


class Act(NamedTuple):
    """Something one person does in a room, however many questions it changes. By nobody: by the room itself."""

    room: Room
    by: Person | None
    key: UUID


def act(room: Room, by: Person | None) -> Act:
    return Act(room, by, uuid4())


def change(done: Act, question: Question, what: str, note: str = "", /, **fields: Any) -> Question:
    """Set the fields, keep the step, tell everybody who may see it."""
    before = {name: getattr(question, name) for name in KEPT}
    _set(question, fields)
    last = _keep(done, question, what, note, before)
    if question.into_id != before["into_id"]:
        recount(done.room, {before["into_id"], question.into_id} - {None})
    tell(done.room, question, last, was=before["state"])
    turns.follow(question)
    return question


def say_aloud(question: Question, aloud: bool) -> None:
    """Its asker would like to say it, or would rather not any more. No step: it is not about the question."""
    question.aloud = aloud
    question.revision += 1
    question.save(update_fields=["aloud", "revision"])
    tell(question.room, question, question.steps.select_related("by").last(), was=question.state)


def _set(question: Question, fields: dict[str, Any]) -> None:
    state, into = question.state, question.into_id
    for name, value in fields.items():
        setattr(question, name, value)
    if question.state != state:
        question.since = timezone.now()
    if into and not question.into_id:
        question.votes = united_votes(question.pk, question.room.questions.family())
    question.revision += 1
    question.save()


def _keep(done: Act, question: Question, what: str, note: str, before: dict[str, Any]) -> Step:
    by = None if question.anonymous and what in ASKERS else done.by
    return question.steps.create(what=what, by=by, at=timezone.now(), note=note, before=before, act=done.key)


def tell(room: Room, question: Question, last: Step | None, was: str) -> None:
    """The desk; everyone, if it is or was public; the askers of this one and of all that was joined with it."""
    joined = room.questions.family().joined(question.pk)
    publish(room.desk, "question", wire.desk(question, joined, last))
    if was in Question.PUBLIC and not question.is_public:
        retract(room.topic, "question", "id", question.pk)
    if question.is_public or was in Question.PUBLIC:
        publish(room.topic, "question", wire.public(question, joined))
    for asker, own in owns(room, room.questions.filter(pk__in=[question.pk, *joined])):
        publish(topic_of(asker), "question", own)


def owns(room: Room, questions) -> list[tuple[int, dict]]:
    """For each of these questions: its author's id, and how its author sees it."""
    found = list(questions.with_people().prefetch_related("steps"))
    family = room.questions.family() if found else Family({})
    roots = room.questions.in_bulk({family.root(it.pk) for it in found if it.pk in family.into})
    return [(it.author_id, _own(it, family, roots)) for it in found]


def _own(it: Question, family: Family, roots: dict[int, Question]) -> dict:
    root = roots[family.root(it.pk)] if it.pk in family.into else None
    return wire.own(it, family.joined(it.pk), it.steps.all(), root)


def recount(room: Room, pks: set[int]) -> None:
    """Something was joined with these or parted from them: tell it all the way up, and unite the votes there."""
    family = room.questions.family()
    for pk in sorted({upper for lower in pks for upper in family.way(lower)}):
        question = room.questions.with_people().get(pk=pk)
        if pk not in family.into:
            question.votes = united_votes(pk, family)
        question.revision += 1
        question.save(update_fields=["votes", "revision"])
        tell(room, question, question.steps.select_related("by").last(), was=question.state)


def united_votes(pk: int, family: Family) -> int:
    """How many people voted for this question or for one that was joined with it."""
    cast = Vote.objects.filter(question__in=[pk, *family.joined(pk)])
    return cast.values("person").distinct().count()
