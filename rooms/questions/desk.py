"""What moderators do with questions. Whatever they do carries the revision they saw: nothing is overwritten unseen."""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import Max, Min, QuerySet

from chat import messages
from live.log import publish, whisper
from live.refusal import Refused
from people.models import Person

from .. import places, wire
from ..models import Question, Room, Step
from .questions import insist, standing, state_before
from .steps import Act, act, change

State = Question.State
STANDING = (State.REVIEW, State.OPEN, State.NEXT, State.NOW)
INTO = (State.REVIEW, *Question.PUBLIC)
UNDOABLE = {
    "approved", "revised", "dismissed", "merged", "labelled", "assigned", "next", "back", "moved", "now", "answered",
    "written", "replied", "reopened",
}  # fmt: skip

Seen = tuple[int, int]  # a question's id, and the revision that the moderator saw
Refusals = dict[int, Refused]


def each(done: Act, seen: Sequence[Seen], verb: Callable[[Act, Question], Question], *states: str) -> Refusals:
    """Do it to every one that can still be done; says which could not. Refused if that is all of them."""
    refusals: Refusals = {}
    for pk, rev in dict(seen).items():
        try:
            verb(done, seen_as(done.room, pk, rev, *states))
        except Refused as no:
            refusals[pk] = no
    if len(refusals) == len(dict(seen)):
        raise next(iter(refusals.values()))
    return refusals


def seen_as(room: Room, pk: int, rev: int | None, *states: str) -> Question:
    """The question, as the moderator saw it and in one of these states."""
    room.insist_running()
    question = standing(room, pk)
    insist(question, rev, *states or State.values)
    return question


def approve(room: Room, by: Person, seen: Sequence[Seen]) -> Refusals:
    return each(act(room, by), seen, _approve, State.REVIEW)


def _approve(done: Act, question: Question) -> Question:
    return change(done, question, "approved", state=State.OPEN, edited=False)


def dismiss(room: Room, by: Person, seen: Sequence[Seen], reason: str, note: str = "") -> Refusals:
    def verb(done: Act, question: Question) -> Question:
        return change(done, question, "dismissed", note, state=State.DISMISSED, position=None, reason=reason, note=note)

    return each(act(room, by), seen, verb, *STANDING)


def put_next(room: Room, by: Person, seen: Sequence[Seen]) -> Refusals:
    """To the end of the queue; the one being answered goes back to the front of it."""
    return each(act(room, by), seen, _put_next, State.REVIEW, State.OPEN, State.NOW)


def _put_next(done: Act, question: Question) -> Question:
    place = front(done.room) if question.state == State.NOW else end(done.room)
    return change(done, question, "next", state=State.NEXT, position=place, edited=False)


def end(room: Room) -> int:
    return places.after(room.questions.queued().aggregate(last=Max("position"))["last"])


def front(room: Room) -> int:
    return places.ahead(room.questions.queued().aggregate(first=Min("position"))["first"])


def revise(room: Room, by: Person, pk: int, rev: int, text: str) -> Question:
    """Other words for what was asked; the asker's own are kept beside them."""
    question = seen_as(room, pk, rev, *STANDING)
    original = question.original or question.text
    if text == question.text:
        return question
    return change(act(room, by), question, "revised", text=text, original="" if text == original else original)


def merge(room: Room, by: Person, pk: int, rev: int, into: int) -> Question:
    """The same as another one: their voters are united there."""
    if pk == into:
        raise Refused("question.into_itself")
    question = seen_as(room, pk, rev, State.REVIEW, State.OPEN, State.NEXT)
    target = seen_as(room, into, None, *INTO)
    note = str(target.number)
    return change(act(room, by), question, "merged", note, state=State.MERGED, into_id=target.pk, position=None)


def label(room: Room, by: Person, pk: int, rev: int, labels: Iterable[str]) -> Question:
    question = seen_as(room, pk, rev)
    labels = list(dict.fromkeys(labels))
    return change(act(room, by), question, "labelled", ", ".join(labels), labels=labels)


def assign(room: Room, by: Person, pk: int, rev: int, to: int | None) -> Question:
    """To one of those who speak here, or to all of them (None)."""
    question = seen_as(room, pk, rev, *STANDING, State.WRITTEN, State.ANSWERED)
    if to and to not in room.speakers():
        raise Refused("person.unknown")
    name = Person.objects.get(pk=to).name if to else ""
    return change(act(room, by), question, "assigned", name, to_id=to)


def move(room: Room, by: Person, pk: int, rev: int, before: int | None) -> Question:
    """Within the queue: to just before another one, or to the end (None)."""
    question = seen_as(room, pk, rev, State.NEXT)
    queue = [other for other in room.questions.queued() if other.pk != pk]
    at = places.index([other.pk for other in queue], before, otherwise="question.wrong_state")
    if places.is_tight(positions(queue), at):
        spread(room, queue)
    return change(act(room, by), question, "moved", position=places.between(positions(queue), at))


def positions(queue: Sequence[Question]) -> list[int]:
    return [question.position or 0 for question in queue]


def spread(room: Room, queue: Sequence[Question]) -> None:
    """Give the queue room again, when there is no place left between two of it."""
    done = act(room, None)
    for place, question in zip(places.spread(len(queue)), queue, strict=True):
        change(done, question, "moved", position=place)


def now(room: Room, by: Person, pk: int, rev: int, then: str = State.ANSWERED) -> Question:
    """Being answered. What was before is answered by that, or goes back to the front of the queue (`then` "next")."""
    question = seen_as(room, pk, rev, *STANDING[:-1])
    done = act(room, by)
    present = room.questions.being_answered().with_people().select_related("room").first()
    if present:
        _put_next(done, present) if then == State.NEXT else _answered(done, present)
    return _now(done, question)


def _now(done: Act, question: Question) -> Question:
    return change(done, question, "now", state=State.NOW, position=None, edited=False)


def answered(room: Room, by: Person, pk: int, rev: int, take: bool = False) -> Question:
    """Answered; with `take` the first of the queue is being answered from now on."""
    question = seen_as(room, pk, rev, State.OPEN, State.NEXT, State.NOW)
    done = act(room, by)
    was_now = question.state == State.NOW
    _answered(done, question)
    following = room.questions.queued().with_people().select_related("room").first()
    if take and was_now and following:
        _now(done, following)
    return question


def _answered(done: Act, question: Question) -> Question:
    return change(done, question, "answered", state=State.ANSWERED, position=None)


def written(room: Room, by: Person, pk: int, rev: int) -> Question:
    """There is no time for it now: somebody will answer in writing."""
    question = seen_as(room, pk, rev, *STANDING)
    return change(act(room, by), question, "written", state=State.WRITTEN, position=None, edited=False)


def reopen(room: Room, by: Person, pk: int, rev: int) -> Question:
    """Back among the open ones; what never was open is reviewed again."""
    done_with = (State.ANSWERED, State.WRITTEN, State.DISMISSED, State.MERGED)
    question = seen_as(room, pk, rev, State.NEXT, *done_with)
    what = "back" if question.state == State.NEXT else "reopened"
    return change(
        act(room, by), question, what, state=state_again(question), position=None, into_id=None, reason="", note=""
    )


def state_again(question: Question) -> str:
    ended = {State.DISMISSED: "dismissed", State.MERGED: "merged"}.get(State(question.state))
    return State.REVIEW if ended and state_before(question, ended) == State.REVIEW else State.OPEN


def undo(room: Room, by: Person, pk: int | None = None, rev: int | None = None) -> list[Question]:
    """My last step here, with all that went with it; or the last step of one question, whoever did it."""
    room.insist_running()
    steps = last_of_question(room, pk, rev) if pk else last_of_person(room, by)
    done = act(room, by)
    return [take_back(done, step) for step in steps]


def undoable(room: Room):
    steps = Step.objects.filter(question__room=room, undone=False, what__in=UNDOABLE)
    return steps.exclude(by=None).order_by("-pk")


def last_of_person(room: Room, by: Person) -> list[Step]:
    last = found(undoable(room).filter(by=by).first())
    return list(undoable(room).filter(act=last.act))


def last_of_question(room: Room, pk: int, rev: int | None) -> list[Step]:
    insist(standing(room, pk), rev, *State.values)
    return [found(undoable(room).filter(question=pk).first())]


def found(step: Step | None) -> Step:
    if step is None:
        raise Refused("question.nothing_to_undo")
    return step


def take_back(done: Act, step: Step) -> Question:
    question = standing(done.room, step.question_id)
    insist_untouched(done.room, question, step)
    Step.objects.filter(pk=step.pk).update(undone=True)
    return change(done, question, "undone", step.what, **step.before)


def insist_untouched(room: Room, question: Question, step: Step) -> None:
    """Nobody did anything to it since, and what it goes back to is still to be had."""
    later = question.steps.filter(pk__gt=step.pk, undone=False)
    if later.exclude(what__in=["undone", "silenced", "unsilenced"]).exclude(what="moved", by=None).exists():
        raise Refused("question.changed")
    if step.before["state"] == State.NOW and room.questions.being_answered().exclude(pk=question.pk).exists():
        raise Refused("question.another_now")
    into = step.before["into_id"]
    if into and (room.questions.family().root(into) == question.pk or standing(room, into).state not in INTO):
        raise Refused("question.changed")


def hold(room: Room, by: Person, pk: int | None) -> None:
    """Tell the other moderators which question this one has in hand."""
    whisper(room.desk, "hold", {"question": pk, "by": wire.person(by)})


def silence_writer(room: Room, by: Person, message: int) -> None:
    """Whoever wrote this in the chat."""
    messages.silence(room.conversation, messages.author_of(room.conversation, message), by=by.pk)
    tell_silenced(room)


def silence(room: Room, by: Person, pk: int) -> Question:
    """Whoever asked this one may not ask, vote or write here for now; without being named."""
    question = standing(room, pk)
    messages.silence(room.conversation, question.author_id, by=by.pk, by_name=not question.anonymous)
    change(act(room, by), question, "silenced", silenced=True)
    tell_silenced(room)
    return question


def unsilence(room: Room, by: Person, pk: int) -> Question:
    """Lifted, unless something else of the same person is why: two without a name are not seen to be one's."""
    question = standing(room, pk)
    change(act(room, by), question, "unsilenced", silenced=False)
    lift(room, question.author_id, by_name=not question.anonymous)
    tell_silenced(room)
    return question


def lift(room: Room, person: int, by_name: bool) -> None:
    """What somebody did under their name and what without one are lifted apart, lest one tells of the other."""
    why = room.questions.filter(author=person, silenced=True)
    if by_name and not why.filter(anonymous=False).exists():
        messages.forget_name(room.conversation, person)
    if not (why.exists() or silenced_by_name(room).filter(pk=person).exists()):
        messages.unsilence(room.conversation, person)


def unsilence_person(room: Room, by: Person, person: int) -> None:
    """Somebody on the list of those who were silenced by name."""
    if not silenced_by_name(room).filter(pk=person).exists():
        raise Refused("person.unknown")
    named = room.questions.filter(author=person, silenced=True, anonymous=False)
    for question in named.with_people().select_related("room"):
        change(act(room, by), question, "unsilenced", silenced=False)
    lift(room, person, by_name=True)
    tell_silenced(room)


def silenced_by_name(room: Room) -> QuerySet[Person]:
    """The same people whatever happens to what they asked without a name."""
    quiet = room.conversation.memberships.silenced_by_name().values("person")
    return Person.objects.filter(pk__in=quiet).order_by("name", "pk")


def tell_silenced(room: Room) -> None:
    publish(room.desk, "silenced", wire.silenced(silenced_by_name(room)))
