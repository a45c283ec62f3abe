"""What can be asked of a room over the line: declared, limited, and looked up before it is done."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat import messages
from chat.consumers import Which as Message
from chat.words import tidy
from live.commands import command
from live.refusal import Refused
from live.topics import topic_kind
from people.models import Person

from . import pictures, states, wire
from .models import Question, Room
from .questions import desk, questions
from .questions.steps import owns

Id = Annotated[int, Meta(ge=1, le=2**53)]
Rev = Annotated[int, Meta(ge=1, le=2**31)]
Seen = tuple[Id, Rev]
Text = Annotated[str, Meta(max_length=Question.TEXT)]
Answer = Annotated[str, Meta(max_length=Question.ANSWER)]
Note = Annotated[str, Meta(max_length=Question.NOTE)]
Label = Annotated[str, Meta(min_length=1, max_length=40)]
LanguageCode = Annotated[str, Meta(max_length=12, pattern=r"^[a-zA-Z-]*$")]
Reason = Literal["answered_before", "other_session", "no_time", "not_a_question", "unsuitable", "other"]


class Declared(Struct, forbid_unknown_fields=True):
    """Base of what a client may send."""


class Ask(Declared):
    text: Text
    language: LanguageCode = ""
    anonymous: bool = False
    aloud: bool = False


class Edit(Declared):
    question: Id
    text: Text
    rev: Rev


class Which(Declared):
    question: Id


class Answered(Declared):
    question: Id
    text: Answer
    rev: Rev | None = None


class Vote(Declared):
    question: Id
    up: bool


class Several(Declared):
    questions: Annotated[list[Seen], Meta(min_length=1, max_length=200)]


class Dismiss(Several):
    reason: Reason
    note: Note = ""


class One(Declared):
    question: Id
    rev: Rev


class Revise(One):
    text: Text


class Merge(One):
    into: Id


class Labels(One):
    labels: Annotated[list[Label], Meta(max_length=8)]


class Assign(One):
    to: Id | None


class Move(One):
    before: Id | None


class Now(One):
    then: Literal["answered", "next"] = "answered"


class Done(One):
    take: bool = False


class Undo(Declared):
    question: Id | None = None
    rev: Rev | None = None


class Silence(Declared):
    question: Id | None = None
    message: Id | None = None


class Unsilence(Declared):
    question: Id | None = None
    person: Id | None = None


class Hold(Declared):
    question: Id | None = None


class Flags(Declared):
    moderation: bool | None = None
    anonymity: bool | None = None
    questions_open: bool | None = None
    votes_open: bool | None = None
    chat_open: bool | None = None
    reactions_open: bool | None = None


class State(Declared):
    state: Literal["open", "live", "ended"]


def attending(person: int, on: str) -> tuple[Room, Person]:
    room = pictures.entered(on, person)
    states.keep_time(room)
    return room, Person.objects.of_batch(person)


def moderating(person: int, on: str) -> tuple[Room, Person]:
    room = pictures.moderated(on, person)
    states.keep_time(room)
    return room, Person.objects.of_batch(person)


def words(text: str, limit: int = Question.TEXT) -> str:
    return tidy(text, limit, "questions.empty")


def own(question: Question) -> dict:
    [(_, told)] = owns(question.room, question.room.questions.filter(pk=question.pk))
    return told


@command("question.ask", Ask, rate="ask")
def ask(person: int, on: str, given: Ask) -> dict:
    room, author = attending(person, on)
    return wire.own(questions.ask(room, author, words(given.text), given.language, given.anonymous, given.aloud))


@command("question.edit", Edit, rate="edit")
def edit(person: int, on: str, given: Edit) -> dict:
    return own(questions.edit(*attending(person, on), given.question, words(given.text), given.rev))


@command("question.withdraw", Which)
def withdraw(person: int, on: str, given: Which) -> dict:
    return own(questions.withdraw(*attending(person, on), given.question))


@command("question.answer", Answered)
def answer(person: int, on: str, given: Answered) -> dict:
    question = questions.answer(*attending(person, on), given.question, words(given.text, Question.ANSWER), given.rev)
    return {"done": [question.pk]}


@command("question.vote", Vote, rate="vote", gathered=True, once=False)
def vote(on: str, votes: list[tuple[int, Vote]]) -> list[dict | Refused]:
    room = pictures.found(on)
    here = pictures.admitted(room, [person for person, _ in votes])
    states.keep_time(room)
    counted = iter(questions.cast(room, [cast_of(person, given) for person, given in votes if person in here]))
    return [next(counted) if person in here else Refused("room.unknown") for person, _ in votes]


def cast_of(person: int, given: Vote) -> questions.Cast:
    return questions.Cast(person, given.question, given.up)


def vote_alone(person: int, on: str, given: Vote) -> dict:
    """One person's vote, from a page."""
    [reply] = vote(on, [(person, given)])
    if isinstance(reply, Refused):
        raise reply
    return reply


def done(question: Question) -> dict:
    return {"done": [question.pk]}


def done_each(given: Several, refusals: desk.Refusals) -> dict:
    """{"done": ids, "refused": [{"question": id, "refused": code}]}"""
    return {
        "done": [pk for pk in dict(given.questions) if pk not in refusals],
        "refused": [{"question": pk, "refused": no.code} for pk, no in refusals.items()],
    }


@command("desk.approve", Several, rate="desk")
def approve(person: int, on: str, given: Several) -> dict:
    return done_each(given, desk.approve(*moderating(person, on), given.questions))


@command("desk.dismiss", Dismiss, rate="desk")
def dismiss(person: int, on: str, given: Dismiss) -> dict:
    note = words(given.note, Question.NOTE) if given.note.strip() else ""
    return done_each(given, desk.dismiss(*moderating(person, on), given.questions, given.reason, note))


@command("desk.next", Several, rate="desk")
def put_next(person: int, on: str, given: Several) -> dict:
    return done_each(given, desk.put_next(*moderating(person, on), given.questions))


@command("desk.edit", Revise, rate="desk")
def revise(person: int, on: str, given: Revise) -> dict:
    return done(desk.revise(*moderating(person, on), given.question, given.rev, words(given.text)))


@command("desk.merge", Merge, rate="desk")
def merge(person: int, on: str, given: Merge) -> dict:
    return done(desk.merge(*moderating(person, on), given.question, given.rev, given.into))


@command("desk.label", Labels, rate="desk")
def label(person: int, on: str, given: Labels) -> dict:
    labels = [words(text, 40) for text in given.labels]
    return done(desk.label(*moderating(person, on), given.question, given.rev, labels))


@command("desk.assign", Assign, rate="desk")
def assign(person: int, on: str, given: Assign) -> dict:
    return done(desk.assign(*moderating(person, on), given.question, given.rev, given.to))


@command("desk.move", Move, rate="desk")
def move(person: int, on: str, given: Move) -> dict:
    return done(desk.move(*moderating(person, on), given.question, given.rev, given.before))


@command("desk.now", Now, rate="desk")
def now(person: int, on: str, given: Now) -> dict:
    return done(desk.now(*moderating(person, on), given.question, given.rev, given.then))


@command("desk.answered", Done, rate="desk")
def answered(person: int, on: str, given: Done) -> dict:
    return done(desk.answered(*moderating(person, on), given.question, given.rev, given.take))


@command("desk.written", One, rate="desk")
def written(person: int, on: str, given: One) -> dict:
    return done(desk.written(*moderating(person, on), given.question, given.rev))


@command("desk.reopen", One, rate="desk")
def reopen(person: int, on: str, given: One) -> dict:
    return done(desk.reopen(*moderating(person, on), given.question, given.rev))


@command("desk.undo", Undo, rate="desk")
def undo(person: int, on: str, given: Undo) -> dict:
    taken_back = desk.undo(*moderating(person, on), given.question, given.rev)
    return {"done": [question.pk for question in taken_back]}


@command("desk.silence", Silence, rate="desk")
def silence(person: int, on: str, given: Silence) -> None:
    room, by = moderating(person, on)
    if given.question:
        desk.silence(room, by, given.question)
    elif given.message:
        desk.silence_writer(room, by, given.message)
    else:
        raise Refused("person.unknown")


@command("chat.silence", Message, rate="desk", kind="conversation")
def silence_writer(person: int, on: str, given: Message) -> None:
    """Asked in the chat, done at the desk: one silence for both, which all moderators hear of."""
    room = messages.moderated(on, person).room
    desk.silence_writer(room, Person.objects.of_batch(person), given.message)


@command("desk.unsilence", Unsilence, rate="desk")
def unsilence(person: int, on: str, given: Unsilence) -> None:
    room, by = moderating(person, on)
    if given.question:
        desk.unsilence(room, by, given.question)
    elif given.person:
        desk.unsilence_person(room, by, given.person)
    else:
        raise Refused("person.unknown")


@command("desk.hold", Hold, rate="desk", once=False)
def hold(person: int, on: str, given: Hold) -> None:
    desk.hold(*moderating(person, on), given.question)


@command("room.set", Flags, rate="desk")
def adjust(person: int, on: str, given: Flags) -> dict:
    room, _ = moderating(person, on)
    return wire.room(states.adjust(room, **{name: getattr(given, name) for name in given.__struct_fields__}))


@command("room.state", State, rate="desk")
def change_state(person: int, on: str, given: State) -> dict:
    room, _ = moderating(person, on)
    return wire.room(states.change(room, given.state))


topic_kind("room", welcome=pictures.welcome, picture=pictures.picture, presence="count")
topic_kind("room.desk", welcome=pictures.desk_welcome, picture=pictures.desk_picture, presence="people")
