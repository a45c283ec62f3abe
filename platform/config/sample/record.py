"""What was asked, done and said in the sample's rooms, done again by the verbs that everybody uses.

So the record is a real one: numbered, chained, step by step; `verify_record` finds nothing wrong with it.
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from django.utils import timezone

from chat import messages
from live import batch, writer
from people.models import Person
from rooms import states
from rooms.models import Poll, Question, Room
from rooms.polls import polls
from rooms.questions import desk, questions
from rooms.show import show
from rooms.stage import seats

from .cast import CAST

RECORD = tomllib.loads(Path(__file__).with_name("record.toml").read_text())
KEPT = 0.6  # of the questions that could have been asked in a session that is over


class Deed(NamedTuple):
    """Something done `minute` minutes after the session began; `order` keeps the order of what is done at once."""

    minute: float
    order: int
    do: Callable[[], object]


JOINED = {place for place, line in enumerate(RECORD["asked"]) for step in line["steps"] if step.startswith("merge")}
JOINED |= {int(step.split()[2]) - 1 for line in RECORD["asked"] for step in line["steps"] if step.startswith("merge")}


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Verbs note the time of what they do, and this was done at another time."""
    clock, timezone.now = timezone.now, lambda: moment
    try:
        yield
    finally:
        timezone.now = clock


class Audience:
    """Who says what nobody of the cast says: people who speak the language, always the same ones."""

    def __init__(self, everybody: list[Person]):
        self.cast = dict(zip(CAST, everybody, strict=False))
        self.others = everybody[len(CAST) :]
        ids = {person.pk: person for person in self.others}
        self.by_language: dict[str, list[Person]] = {}
        for person, language in Person.languages.through.objects.order_by("pk").values_list("person_id", "language_id"):
            if person in ids:
                self.by_language.setdefault(language, []).append(ids[person])

    def who(self, line: dict, chance: Random) -> Person:
        if "by" in line:
            return self.cast[line["by"]]
        return chance.choice(self.by_language.get(line.get("speaks") or line.get("language", "en")) or self.others)

    def voters(self, line: dict, chance: Random, author: Person) -> list[Person]:
        some = chance.sample(self.others, min(line.get("votes", 0), len(self.others) // 2))
        return [person for person in [*some, *(self.cast[key] for key in line.get("voters", ()))] if person != author]


class Rehearsal:
    """One room's story. `lead` is who moderates."""

    def __init__(self, room: Room, lead: Person, audience: Audience, chance: Random):
        self.room, self.lead, self.audience, self.chance = room, lead, audience, chance
        self.questions: list[int] = []
        self.messages: list[int] = []
        self.polls: list[int] = []
        self.deeds: list[Deed] = []

    def at(self, minute: float, verb: Callable, *args) -> None:
        self.deeds.append(Deed(minute, len(self.deeds), partial(verb, *args)))

    def play(self) -> None:
        for deed in sorted(self.deeds):
            # Each looks for itself: what the batch remembers is older than what was just done.
            batch.forget()
            with clock_at(self.room.session.starts_at + timedelta(minutes=deed.minute)):
                deed.do()

    def runs(self, until: float) -> None:
        """Part after part, each when it was planned."""
        minute = 0
        for minutes in self.room.segments.values_list("minutes", flat=True):
            minute += minutes
            if minute < until:
                self.at(minute, self._move_on)

    def _move_on(self) -> None:
        on = self.room.segments.filter(started_at__isnull=False, ended_at=None).values_list("pk", flat=True).first()
        show.move_on(self.room, on)

    def seated(self, line: dict) -> None:
        """Behind the stage, some of them then on it; silent and unseen, for nobody is really there."""
        person = self.audience.cast[line["by"]]
        self.at(line["at"], seats.enter, self.room, person)
        self.at(line["at"], seats.switch, self.room, person, False, False)
        if "up" in line:
            self.at(line["up"], seats.up, self.room, self.lead, person.pk)

    def asked(self, line: dict) -> None:
        number, author = len(self.questions), self.audience.who(line, self.chance)
        self.questions.append(0)
        self.at(line["at"], self._ask, number, author, line)
        if voters := self.audience.voters(line, self.chance, author):
            self.at(self._when_open(line), self._vote, number, voters)
        for what, minute, argument in map(parsed, line["steps"]):
            self.at(minute, STEPS[what], self, number, argument)

    def left_out(self) -> None:
        """Steps name questions by their place in the story."""
        self.questions.append(0)

    @staticmethod
    def _when_open(line: dict) -> float:
        """Shortly before whatever happens to it after its approval."""
        minutes = [minute for what, minute, _ in map(parsed, line["steps"]) if what in OPENING_OR_ENDING]
        return (minutes[0] + min([*minutes[1:], minutes[0] + 1])) / 2

    def _ask(self, number: int, author: Person, line: dict) -> None:
        said = questions.ask(self.room, author, line["text"], line.get("language", "en"), line.get("anonymous", False))
        self.questions[number] = said.pk

    def _vote(self, number: int, voters: list[Person]) -> None:
        questions.cast(self.room, [questions.Cast(person.pk, self.questions[number], True) for person in voters])

    def said(self, line: dict) -> None:
        number, author = len(self.messages), self.audience.who(line, self.chance)
        self.messages.append(0)
        self.at(line["at"], self._say, number, author, line)
        for what, minute, text in map(parsed, line.get("steps", ())):
            self.at(minute, CHANGES[what], self, number, author, text)

    def _say(self, number: int, author: Person, line: dict) -> None:
        reply = self.messages[line["reply"] - 1] if "reply" in line else None
        self.messages[number] = messages.say(self.room.conversation, author, line["text"], reply).pk

    def polled(self, line: dict) -> None:
        number = len(self.polls)
        self.polls.append(0)
        self.at(line["at"], self._put, number, line)
        for step, verb in POLLED.items():
            if step in line:
                self.at(line[step], self._move_poll, number, verb)
        if "votes" in line:
            voters = self.chance.sample(self.audience.others, line["votes"])
            self.at(line["open"] + 1, self._ballots, number, line, voters)

    def _put(self, number: int, line: dict) -> None:
        about = {name: line[name] for name in ("kind", "question", "results")}
        named, options, most = line.get("named", False), line.get("options", []), line.get("most", 1)
        self.polls[number] = polls.add(self.room, self.lead, **about, named=named, options=options, most=most).pk

    def _move_poll(self, number: int, verb: Callable) -> None:
        pk = self.polls[number]
        verb(self.room, pk, Poll.objects.values_list("revision", flat=True).get(pk=pk))

    def _ballots(self, number: int, line: dict, voters: list[Person]) -> None:
        pk, kind = self.polls[number], "words" if line["kind"] == "words" else "choices"
        answers = [(voter.pk, {kind: [self.chance.choice(line["answers"])]}) for voter in voters]
        polls.cast(self.room, [polls.Cast(person, pk, **answer) for person, answer in answers])
        if "strike" in line:
            polls.strike(self.room, pk, line["strike"], True)

    def seen(self, number: int) -> tuple[int, int]:
        pk = self.questions[number]
        return pk, Question.objects.values_list("revision", flat=True).get(pk=pk)

    def write(self, number: int, _: str) -> None:
        desk.written(self.room, self.lead, *self.seen(number))

    def approve(self, number: int, _: str) -> None:
        desk.approve(self.room, self.lead, [self.seen(number)])

    def next(self, number: int, _: str) -> None:
        desk.put_next(self.room, self.lead, [self.seen(number)])

    def now(self, number: int, _: str) -> None:
        desk.now(self.room, self.lead, *self.seen(number))

    def answered(self, number: int, _: str) -> None:
        if Question.objects.filter(pk=self.questions[number], state=Question.State.NOW).exists():
            desk.answered(self.room, self.lead, *self.seen(number))

    def dismiss(self, number: int, why: str) -> None:
        reason, _, note = why.partition(" ")
        desk.dismiss(self.room, self.lead, [self.seen(number)], reason, note)

    def merge(self, number: int, into: str) -> None:
        desk.merge(self.room, self.lead, *self.seen(number), self.questions[int(into) - 1])

    def label(self, number: int, name: str) -> None:
        desk.label(self.room, self.lead, *self.seen(number), [name])

    def assign(self, number: int, to: str) -> None:
        desk.assign(self.room, self.lead, *self.seen(number), self.audience.cast[to].pk)

    def revise(self, number: int, text: str) -> None:
        desk.revise(self.room, self.lead, *self.seen(number), text)

    def answer(self, number: int, text: str) -> None:
        questions.answer(self.room, self.lead, self.questions[number], text)

    def withdraw(self, number: int, _: str) -> None:
        question = Question.objects.select_related("author").get(pk=self.questions[number])
        questions.withdraw(self.room, question.author, question.pk)

    def edit_message(self, number: int, author: Person, text: str) -> None:
        messages.edit(self.room.conversation, author.pk, self.messages[number], text)

    def delete_message(self, number: int, author: Person, _: str) -> None:
        messages.delete(self.room.conversation, author.pk, self.messages[number])

    def remove_message(self, number: int, _author: Person, _: str) -> None:
        messages.remove(self.room.conversation, self.messages[number])


STEPS = {
    "approve": Rehearsal.approve,
    "next": Rehearsal.next,
    "now": Rehearsal.now,
    "answered": Rehearsal.answered,
    "dismiss": Rehearsal.dismiss,
    "merge": Rehearsal.merge,
    "label": Rehearsal.label,
    "assign": Rehearsal.assign,
    "revise": Rehearsal.revise,
    "answer": Rehearsal.answer,
    "withdraw": Rehearsal.withdraw,
    "write": Rehearsal.write,
}
POLLED = {"open": polls.start, "close": polls.close, "show": polls.show, "hide": polls.hide}
OPENING_OR_ENDING = STEPS.keys() - {"label", "assign", "revise"}
CHANGES = {"edit": Rehearsal.edit_message, "delete": Rehearsal.delete_message, "remove": Rehearsal.remove_message}


def parsed(step: str) -> tuple[str, float, str]:
    what, minute, *rest = step.split(" ", 2)
    return what, float(minute), " ".join(rest)


def tell_live(room: Room, lead: Person, audience: Audience, story: dict) -> None:
    """A room that is live, with what was asked and said in it so far."""
    rehearsal = Rehearsal(room, lead, audience, Random(room.session.code))
    rehearsal.at(-15, states.change, room, Room.State.OPEN)
    rehearsal.at(0, states.change, room, Room.State.LIVE)
    rehearsal.runs(until=(timezone.now() - room.session.starts_at).total_seconds() / 60)
    for line in story.get("stage", ()):
        rehearsal.seated(line)
    for line in story["questions"]:
        rehearsal.asked(line)
    for line in story.get("polls", ()):
        rehearsal.polled(line)
    for line in story["chat"]:
        rehearsal.said(line)
    writer.do(lead.pk, rehearsal.play)


def tell_ended(room: Room, lead: Person, audience: Audience) -> None:
    """A room whose session is over: opened, live, asked in, ended."""
    chance = Random(room.session.code)
    rehearsal = Rehearsal(room, lead, audience, chance)
    minutes = room.session.duration.total_seconds() / 60
    rehearsal.at(-15, states.change, room, Room.State.OPEN)
    rehearsal.at(0, states.change, room, Room.State.LIVE)
    rehearsal.runs(until=minutes)
    for place, line in enumerate(RECORD["asked"]):
        if chance.random() < KEPT or place in JOINED:
            rehearsal.asked(stretched({**line, "at": 5 + 2.5 * place}, minutes / 60))
        else:
            rehearsal.left_out()
    for place, line in enumerate(RECORD["said"]):
        rehearsal.said({**line, "at": minutes * (place + 1) / (len(RECORD["said"]) + 2)})
    rehearsal.at(minutes, states.change, room, Room.State.ENDED)
    writer.do(lead.pk, rehearsal.play)


def stretched(line: dict, by: float) -> dict:
    """The same in a shorter or longer session."""
    steps = [" ".join([what, f"{minute * by:.2f}", rest]).strip() for what, minute, rest in map(parsed, line["steps"])]
    return {**line, "at": line["at"] * by, "steps": steps}
