"""Asking before the room opens. Moderated as everything asked later; then it is a question like any other."""

from live.refusal import Refused
from people import blocks
from people.models import Person

from ..models import Question, Room
from ..questions import questions
from ..questions.steps import act, change

MOST = 3  # standing ones of one person for one session
State = Question.State


def ask(room: Room, author: Person, to: int, text: str, language: str = "", anonymous: bool = False) -> Question:
    """`to` is the speaker it is for, by id."""
    insist_early(room)
    questions.insist_may_ask(room, author, anonymous)
    insist_speaks(room, author, to)
    if standing(room, author).count() >= MOST:
        raise Refused("early.too_many")
    about = {"to": Person.objects.get(pk=to), "language": language, "anonymous": anonymous}
    return questions.put(room, author, text, early=True, **about)


def insist_early(room: Room) -> None:
    if room.state != Room.State.SCHEDULED:
        raise Refused("early.over")


def insist_speaks(room: Room, author: Person, to: int) -> None:
    if to not in room.speakers():
        raise Refused("early.not_speaking")
    blocks.insist_not_apart(author.pk, to)


def standing(room: Room, author: Person):
    """Their own from before this session that somebody may still answer."""
    return room.questions.by(author).filter(early=True, state__in=[State.REVIEW, State.OPEN, State.NEXT])


def withdraw(room: Room, author: Person, pk: int) -> Question:
    insist_early(room)
    question = questions.own(room, author, pk)
    questions.insist(question, None, State.REVIEW, State.OPEN)
    return change(act(room, author), question, "withdrawn", state=State.WITHDRAWN, position=None)
