"""What the audience and the speakers do with questions. The only place that writes it, whichever door asks."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from chat import messages
from live.batch import people, recall
from live.log import publish
from live.refusal import Refused
from people.models import Person

from .. import wire
from ..floor import turns
from ..models import Family, Question, Room, Vote
from .similarity import nearest
from .steps import act, change, united_votes

State = Question.State
BUSY = 20  # people asking at the same moment; then nobody looks for similar questions
COMPARED = 300  # questions a new one is compared with


def ask(
    room: Room, author: Person, text: str, language: str = "", anonymous: bool = False, aloud: bool = False
) -> Question:
    """A new question: in review, or open at once where new ones are not reviewed.

    `aloud`: its asker would like to say it, and stands in the speakers' list once it is public.
    """
    room.insist_running()
    insist_may_ask(room, author, anonymous)
    insist_may_say(room, anonymous, aloud)
    question = put(room, author, text, language=language, anonymous=anonymous, aloud=aloud)
    if aloud:
        turns.follow(question)
    return question


def put(room: Room, author: Person, text: str, **about: Any) -> Question:
    """Into the queue, told to whoever may see it; `about` are further fields of Question."""
    now = timezone.now()
    question = room.questions.create(
        number=room.next_number(),
        author=author,
        text=text,
        state=State.REVIEW if room.moderation else State.OPEN,
        similar=similar_to(room, text),
        asked_at=now,
        since=now,
        **about,
    )
    publish(room.desk, "question", wire.desk(question))
    if question.is_public:
        publish(room.topic, "question", wire.question(question))
    return question


def insist_may_say(room: Room, anonymous: bool, aloud: bool) -> None:
    if aloud and anonymous:
        raise Refused("questions.aloud_named")
    if aloud and not room.list_open:
        raise Refused("floor.closed")


def insist_may_ask(room: Room, author: Person, anonymous: bool) -> None:
    if not room.questions_open:
        raise Refused("questions.closed")
    if anonymous and not room.anonymity:
        raise Refused("questions.no_anonymity")
    insist_heard(room, author.pk)


def insist_heard(room: Room, person: int) -> None:
    if person in messages.silenced(room.conversation):
        raise Refused("person.silenced")


def similar_to(room: Room, text: str) -> int | None:
    """The number of a question that seems to ask the same; unknown while very many ask."""
    if len(people()) > BUSY:
        return None
    return nearest(text, recall(("texts", room.pk), lambda: texts(room)))


def texts(room: Room) -> list[tuple[int, str]]:
    standing = room.questions.filter(state__in=[State.REVIEW, *Question.PUBLIC])
    return list(standing.order_by("-number").values_list("number", "text")[:COMPARED])


def edit(room: Room, author: Person, pk: int, text: str, rev: int) -> Question:
    """The asker's own words again. If new ones are reviewed here, a moderator sees first what was approved before."""
    room.insist_running()
    insist_heard(room, author.pk)
    question = own(room, author, pk)
    insist(question, rev, State.REVIEW, State.OPEN, State.NEXT)
    if question.text == text:
        return question
    again = {"state": State.REVIEW, "position": None, "edited": True} if room.moderation and question.is_public else {}
    return change(act(room, author), question, "edited", text=text, original="", **again)


def withdraw(room: Room, author: Person, pk: int) -> Question:
    """What was joined with it stands for itself again."""
    room.insist_running()
    insist(own(room, author, pk), None, State.REVIEW, State.OPEN, State.NEXT)
    for other in room.questions.filter(into=pk).with_people().select_related("room"):
        separate(room, other)
    # Read again: parting from others has counted its votes anew.
    return change(act(room, author), own(room, author, pk), "withdrawn", state=State.WITHDRAWN, position=None)


def separate(room: Room, question: Question) -> None:
    state = State.OPEN if state_before(question, "merged") in Question.PUBLIC else State.REVIEW
    change(act(room, None), question, "separated", state=state, into_id=None, position=None)


def state_before(question: Question, what: str) -> str:
    """Where it stood before this was last done to it."""
    return question.steps.filter(what=what).latest("pk").before["state"]


def answer(room: Room, person: Person, pk: int, text: str, rev: int | None = None) -> Question:
    """In writing, by whoever it was given to, or a moderator; also after the session, when most writing is done."""
    if room.state == Room.State.SCHEDULED:
        raise Refused("room.not_open")
    question = standing(room, pk)
    if question.to_id != person.pk and not moderates(room, person):
        raise Refused("question.not_yours")
    insist_heard(room, person.pk)
    insist(question, rev, State.OPEN, State.NEXT, State.NOW, State.WRITTEN, State.ANSWERED)
    return change(act(room, person), question, "replied", answer=text, state=State.ANSWERED, position=None)


def moderates(room: Room, person: Person) -> bool:
    return Room.objects.moderated_by(person).filter(pk=room.pk).exists()


def standing(room: Room, pk: int) -> Question:
    """A question of this room; else Refused("question.unknown")."""
    question = room.questions.with_people().select_related("room").filter(pk=pk).first()
    if question is None:
        raise Refused("question.unknown")
    return question


def own(room: Room, author: Person, pk: int) -> Question:
    question = standing(room, pk)
    if question.author_id != author.pk:
        raise Refused("question.not_yours" if question.is_public else "question.unknown")
    return question


def insist(question: Question, rev: int | None, *states: str) -> None:
    """It is as the person saw it, and in one of these states."""
    if rev not in (None, question.revision):
        raise Refused("question.changed")
    if question.state not in states:
        raise Refused("question.wrong_state")


class Cast(NamedTuple):
    """One person's vote, given or taken back."""

    person: int
    question: int
    up: bool


def cast(room: Room, votes: Sequence[Cast]) -> list[dict | Refused]:
    """Many votes at once, one frame with the new counts. {"votes": n} or why not, for each."""
    insist_may_vote(room)
    family = room.questions.family()
    votes = [vote._replace(question=family.root(vote.question)) for vote in votes]
    asked = room.questions.only("room", "state", "votes").in_bulk({vote.question for vote in votes})
    refusals = [why_not(room, asked, vote) for vote in votes]
    counted = [vote for vote, no in zip(votes, refusals, strict=True) if no is None]
    counts = count(room, keep(counted, family), family)
    return [
        no or {"votes": counts.get(vote.question, asked[vote.question].votes)}
        for vote, no in zip(votes, refusals, strict=True)
    ]


def insist_may_vote(room: Room) -> None:
    room.insist_running()
    if not room.votes_open:
        raise Refused("votes.closed")


def why_not(room: Room, asked: dict[int, Question], vote: Cast) -> Refused | None:
    question = asked.get(vote.question)
    if vote.person in messages.silenced(room.conversation):
        return Refused("person.silenced")
    if question is None or not question.is_public:
        return Refused("question.unknown")
    return None if question.state in Question.VOTABLE else Refused("question.wrong_state")


def keep(votes: Iterable[Cast], family: Family) -> set[int]:
    """The last of each person for each question holds. Returns the questions concerned."""
    last = {(vote.person, vote.question): vote.up for vote in votes}
    Vote.objects.give((question, person) for (person, question), up in sorted(last.items()) if up)
    for question in sorted({question for (_, question), up in last.items() if not up}):
        whose = [person for (person, other), up in last.items() if other == question and not up]
        Vote.objects.filter(question__in=[question, *family.joined(question)], person__in=whose).delete()
    return {question for _, question in last}


def count(room: Room, pks: set[int], family: Family) -> dict[int, int]:
    """Count anew and say what is different; returns all."""
    questions = room.questions.filter(pk__in=pks)
    before = dict(questions.values_list("pk", "votes"))
    plain = {pk for pk in before if not family.joined(pk)}
    room.questions.filter(pk__in=plain).count_votes()
    for pk in sorted(before.keys() - plain):
        room.questions.filter(pk=pk).update(votes=united_votes(pk, family))
    after = dict(questions.order_by("pk").values_list("pk", "votes"))
    if changed := [[pk, votes] for pk, votes in after.items() if votes != before[pk]]:
        publish(room.topic, "votes", {"counts": changed})
    return after
