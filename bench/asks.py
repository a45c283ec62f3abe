"""400 people ask at once, and each asks again as soon as the last question is acknowledged, that is, committed.

In one run: Plenary (single verbs, committed together) and a transaction per question through `sync_to_async`
(bench/plain.py), which stores, records and answers the same. On SQLite and on PostgreSQL. The room is moderated;
five moderators hear every question at their desk. Latency is from before a question is sent until its answer is read.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from . import forum, wire
from .crowd import Crowd, Lost, Visit, now
from .figures import Target, conclude, medians, ms, named, options, percentile
from .servers import Server, serving, settle_in

TARGETS = [Target("ratio", at_least=6), Target("postgresql_ratio", at_least=6)]
MODERATORS = 5
TEXT = "%s Will the slides be shared after the keynote, and where can we find the paper?"


class Answer(NamedTuple):
    ref: str


class AtTheDesk(NamedTuple):
    """A question that a moderator hears of."""


def note(payload: bytes) -> Answer | AtTheDesk | None:
    told = wire.read(payload)
    if told.refused:
        raise Lost(f"{told.re} refused: {told.refused}")
    if told.event == "question" and told.on is not None and told.on.endswith(".desk"):
        return AtTheDesk()
    return Answer(told.re) if told.re and not told.re.startswith("enter") else None


class Askers:
    def __init__(self, server: Server, room: str, prefix: str):
        self.server, self.room, self.prefix = server, room, prefix
        self.crowd = Crowd(note, self.hear)
        self.sent: dict[str, float] = {}
        self.late: list[float] = []
        self.asked = self.at_the_desk = 0
        self.ends = 0.0

    def come(self, askers: Sequence[Visit], moderators: Sequence[Visit] = ()) -> None:
        self.askers = self.crowd.arrive(self.server.port, askers)
        self.crowd.arrive(self.server.port, moderators)
        self.crowd.listen_for(1)

    def ask(self, member: int) -> None:
        ref = f"{self.prefix} {self.asked}"
        self.asked += 1
        self.sent[ref] = now()
        self.crowd.say(member, wire.command("question.ask", ref, self.room, text=TEXT % ref))

    def hear(self, member: int, notes: Sequence[Answer | AtTheDesk], at: float) -> None:
        for each in notes:
            if isinstance(each, AtTheDesk):
                self.at_the_desk += 1
                continue
            self.late.append(at - self.sent.pop(each.ref))
            if at < self.ends:
                self.ask(member)

    def round(self, seconds: float) -> dict[str, float]:
        self.late.clear()
        begin, cpu, own = now(), self.server.cpu(), time.process_time()
        self.ends = begin + seconds
        for member in self.askers:
            self.ask(member)
        self.crowd.listen_until(lambda: now() > self.ends and not self.sent, within=seconds + 60)
        took = now() - begin
        return {
            "per_s": len(self.late) / took,
            "p50_ms": ms(percentile(self.late, 0.5)),
            "p99_ms": ms(percentile(self.late, 0.99)),
            "server_cpu": (self.server.cpu() - cpu) / took,
            "client_cpu": (time.process_time() - own) / took,
        }


@contextmanager
def plenary(place: forum.Forum, size: int) -> Iterator[Askers]:
    with serving(place.web()) as server, (askers := Askers(server, place.room, "together")).crowd:
        moderators = [Visit(place.path(n), (wire.enter(f"{place.room}.desk"),)) for n in range(MODERATORS)]
        askers.come([asker(place, MODERATORS + n) for n in range(size)], moderators)
        yield askers


def asker(place: forum.Forum, person: int) -> Visit:
    topics = (place.room, f"person.{place.people[person]}")
    return Visit(place.path(person), tuple(wire.enter(topic) for topic in topics))


@contextmanager
def one_by_one(place: forum.Forum, size: int) -> Iterator[Askers]:
    with serving(place.plain()) as server, (askers := Askers(server, place.other_room, "alone")).crowd:
        askers.come([Visit(place.path(MODERATORS + n, "/plain/ask")) for n in range(size)])
        yield askers


def measure(database: str, given: argparse.Namespace) -> dict[str, float]:
    people = MODERATORS + given.people
    with forum.opened(database, people=people, moderators=MODERATORS, moderation=True) as place:
        with plenary(place, given.people) as ours, one_by_one(place, given.people) as theirs:
            ours.round(1)
            pairs = [(ours.round(4), theirs.round(1)) for _ in range(given.rounds)]
            ours.crowd.listen_until(lambda: ours.at_the_desk >= MODERATORS * ours.asked)
        check(place, ours, theirs)
    for number, (our, their) in enumerate(pairs):
        print(f"{database} round {number + 1}: together {shown(our)}, one by one {shown(their)}", flush=True)
    return summary(*(medians(of_one) for of_one in zip(*pairs, strict=True)))


def shown(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in figures.items()}


def check(place: forum.Forum, *askers: Askers) -> None:
    """Everything acknowledged is stored, once."""
    stored, asked = len(set(place.inside("questions")["texts"])), sum(each.asked for each in askers)
    if stored != asked:
        raise Lost(f"{asked} questions were acknowledged, {stored} are stored")
    if faults := place.inside("faults_in_record"):
        raise Lost(f"the record does not verify: {faults[:3]}")


def summary(ours: dict[str, float], theirs: dict[str, float]) -> dict[str, float]:
    return {
        "durable_per_s": round(ours["per_s"]),
        "p99_ms": ours["p99_ms"],
        "one_by_one_per_s": round(theirs["per_s"]),
        "one_by_one_p99_ms": theirs["p99_ms"],
        "ratio": round(ours["per_s"] / theirs["per_s"], 1),
        "server_cpu": ours["server_cpu"],
        "client_cpu": ours["client_cpu"],
    }


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    settle_in()
    figures = {"bench": "asks", "people": given.people, **measure("sqlite", given)}
    conclude(figures | named("postgresql", measure("postgresql", given)), TARGETS, given.judge)


if __name__ == "__main__":
    main()
