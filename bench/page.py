"""A room's page as faults see it: the rules of frontend/live (commands kept, line mended, room redrawn) in Python."""

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from . import wire

FIRST, LONGEST = 0.5, 30.0  # seconds, as in frontend/live/backoff.ts
decode = msgspec.json.decode


class Reply(NamedTuple):
    ref: str
    refused: str | None


class Snapshot(NamedTuple):
    seq: int
    data: Any


class Entered(NamedTuple):
    seq: int


class Happening(NamedTuple):
    seq: int
    event: str
    data: Any


class Beat(NamedTuple):
    seq: int


Note = Reply | Snapshot | Entered | Happening | Beat


def note(payload: bytes) -> Note | None:
    told = wire.read(payload)
    if told.re is not None:
        return Reply(told.re, told.refused)
    if told.snapshot is not None:
        return Snapshot(told.snapshot, decode(told.data))
    if told.entered is not None:
        return Entered(told.entered)
    if told.beat is not None:
        return Beat(told.beat)
    if told.seq is not None and told.event is not None:
        return Happening(told.seq, told.event, decode(told.data))
    return None


def backoff(attempt: int) -> float:
    return random.random() * min(LONGEST, FIRST * 2**attempt)


class Page:
    """`send(payload)` puts a frame on the line, if there is one."""

    def __init__(self, room: str, send: Callable[[bytes], None]):
        self.room, self.send = room, send
        self.waiting: dict[str, bytes] = {}  # ref -> command that the server has not answered
        self.acknowledged: set[str] = set()
        self.refused: dict[str, str] = {}
        self.questions: dict[int, dict] = {}
        self.settings: dict = {}
        self.seq: int | None = None
        self.is_in = False
        self.attempt = self.resent = self.mended = 0

    def do(self, what: str, ref: str, **given: Any) -> None:
        self.waiting[ref] = wire.command(what, ref, self.room, **given)
        if self.is_in:
            self.send(self.waiting[ref])

    def lose_line(self) -> float:
        """Seconds after which to open a new one."""
        self.is_in = False
        self.attempt += 1
        return backoff(self.attempt)

    def opening(self) -> tuple[bytes, ...]:
        """What to say first on a new line."""
        return (wire.enter(self.room, self.seq),)

    def hear(self, it: Note) -> None:
        match it:
            case Reply():
                self.settle(it)
            case Snapshot():
                self.draw(it)
            case Entered(seq):
                self.enter(seq)
            case Beat(seq) if self.is_in and self.misses(seq):
                self.mend()
            case Happening():
                self.follow(it)

    def settle(self, reply: Reply) -> None:
        if reply.refused == "try.again":
            self.send(self.waiting[reply.ref])
        elif self.waiting.pop(reply.ref, None):
            self.refused |= {reply.ref: reply.refused} if reply.refused else {}
            self.acknowledged |= set() if reply.refused else {reply.ref}

    def draw(self, snapshot: Snapshot) -> None:
        self.seq = snapshot.seq
        self.settings = snapshot.data["room"]
        self.questions = {question["id"]: question for question in snapshot.data["questions"]}

    def enter(self, seq: int) -> None:
        if self.misses(seq):
            self.seq = None
            return self.mend()
        if not self.is_in:
            self.send_again()
        self.is_in, self.attempt = True, 0
        return None

    def send_again(self) -> None:
        self.resent += len(self.waiting)
        for command in self.waiting.values():
            self.send(command)

    def misses(self, seq: int) -> bool:
        return self.seq is None or self.seq < seq

    def mend(self) -> None:
        self.mended += 1
        self.send(wire.enter(self.room, self.seq))

    def follow(self, it: Happening) -> None:
        if self.seq is not None and it.seq <= self.seq:
            return None
        if self.misses(it.seq - 1):
            return self.mend() if self.is_in else None
        self.seq = it.seq
        return self.apply(it.event, it.data)

    def apply(self, event: str, data: Any) -> None:
        if event == "room":
            self.settings = data
        elif event == "votes":
            for pk, votes in data["counts"]:
                if pk in self.questions:
                    self.questions[pk] = self.questions[pk] | {"votes": votes}
        elif event == "question" and data["rev"] >= self.questions.get(data["id"], data)["rev"]:
            self.questions[data["id"]] = data

    def shows(self) -> tuple[dict, dict]:
        """What a person sees, to be compared with what another sees."""
        return self.settings, self.questions

    def sees(self) -> int:
        """Questions and votes."""
        return len(self.questions) + sum(question["votes"] for question in self.questions.values())
