"""What waits for the writer, and what comes of it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
from django.db.models import Model

from .commands import Command
from .refusal import Refused


class Done(NamedTuple):
    """What a verb returned, and the same as JSON if somebody asked for it (else empty)."""

    value: Any
    wire: bytes = b""


Outcome = Done | Refused
Result = Outcome | list[Outcome]  # of a job; a list for what was gathered
Answer = Callable[[Any], None]


class Cast(NamedTuple):
    """One person's share in a gathered command."""

    person: int
    given: Any
    answer: Answer  # is given an Outcome


class Job(NamedTuple):
    """One call of a verb, in a transaction with others.

    `work` returns a Done, or a list of Outcomes for a gathered command, and raises Refused.
    `receipt`, if any, is the (person, ref) under which it is done once.
    `answer` is told the result of `work`, or the Refused, after the commit.
    `on` is the topic that it is about, as far as is known.
    """

    name: str
    people: Sequence[int]
    receipt: tuple[int, str] | None
    work: Callable[[], Any]
    answer: Answer
    on: str | None = None


def of_command(command: Command, person: int, ref: str, on: str | None, given: Any, answer: Answer) -> Job:
    """What came over a socket."""
    receipt = (person, ref) if command.once else None
    return Job(command.name, (person,), receipt, lambda: done(command.verb(person, on, given)), answer, on)


def of_call(person: int, verb: Callable[..., Any], args: tuple, ref: str | None, answer: Answer) -> Job:
    """What a page or a management command asks; its value is JSON only if a receipt has to be kept."""
    kept = done if ref else Done
    receipt = (person, ref) if ref else None
    return Job(verb.__qualname__, (person,), receipt, lambda: kept(verb(*args)), answer)


def of_casts(command: Command, on: str | None, casts: Sequence[Cast]) -> Job:
    """What was gathered during a tick."""

    def work() -> list[Outcome]:
        return [each(reply) for reply in _one_each(command.verb(on, [cast[:2] for cast in casts]), casts)]

    def answer(outcome: list[Outcome] | Refused) -> None:
        outcomes = [outcome] * len(casts) if isinstance(outcome, Refused) else outcome
        for cast, its_own in zip(casts, outcomes, strict=True):
            cast.answer(its_own)

    return Job(command.name, [cast.person for cast in casts], None, work, answer, on)


def _one_each(replies: Sequence[Any], casts: Sequence[Cast]) -> Sequence[Any]:
    if len(replies) != len(casts):
        raise ValueError(f"{len(casts)} casts were given {len(replies)} replies")
    return replies


def each(reply: Any) -> Outcome:
    return reply if isinstance(reply, Refused) else done(reply)


def done(value: Any) -> Done:
    return Done(value, msgspec.json.encode(value, enc_hook=_by_key))


def _by_key(value: Any) -> Any:
    """A receipt remembers a model by its primary key."""
    if isinstance(value, Model):
        return value.pk
    raise TypeError(f"A reply cannot hold a {type(value).__name__}")


def again(reply: str) -> Done:
    """What a receipt says was done before."""
    return Done(msgspec.json.decode(reply), reply.encode())
