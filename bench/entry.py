"""2,000 people enter a room with 200 questions, at most 200 of them at any moment on their way in.

Each opens a socket with a ticket, enters, and is in when the frame `entered` has come: first as newcomers, who are
given the whole room; then as people whose train left a tunnel, with `since` and 20 frames missed. For comparison also
what a room's page does: it enters the room, its conversation and the person's own topic. Latency is from opening the
socket until the last of these has been entered.
"""

import argparse
from collections.abc import Sequence

from . import forum, wire
from .crowd import Crowd, Lost, Visit, now
from .figures import Target, conclude, medians, ms, named, options, percentile
from .servers import Server, serving, settle_in

TARGETS = [Target("p99_ms", at_most=1000), Target("since_p99_ms", at_most=1000)]
QUESTIONS = 200
MISSED = 20
TEXT = "%d Will the slides be shared after the keynote, and where can we find the paper?"


def note(payload: bytes) -> str | None:
    """The topic that has been entered."""
    told = wire.read(payload)
    if told.refused:
        raise Lost(f"{told.re or told.on} refused: {told.refused}")
    return told.on if told.entered is not None else None


class Arrivals:
    def __init__(self, visits: Sequence[Visit]):
        self.visits = visits
        self.to_enter = [len(visit.words) for visit in visits]
        self.late: list[float] = []
        self.crowd = Crowd(note, self.hear)

    def hear(self, member: int, notes: Sequence[str], at: float) -> None:
        self.to_enter[member] -= len(notes)
        if self.to_enter[member] == 0:
            self.late.append(at - self.crowd.came[member])

    def all_enter(self, port: int, at_once: int, within: float = 60) -> None:
        deadline = now() + within
        while len(self.late) < len(self.visits):
            while len(self.crowd) < min(len(self.visits), len(self.late) + at_once):
                self.crowd.open(port, self.visits[len(self.crowd)])
            self.crowd.listen(0.1)
            if now() > deadline:
                raise Lost(f"only {len(self.late)} of {len(self.visits)} have entered")


def round_of(server: Server, visits: Sequence[Visit], at_once: int) -> dict[str, float]:
    arrivals = Arrivals(visits)
    with arrivals.crowd:
        begin, cpu = now(), server.cpu()
        arrivals.all_enter(server.port, at_once)
        took = now() - begin
        cpu = (server.cpu() - cpu) / took
    # The server is told of 2,000 people leaving before the next come.
    Crowd(note, arrivals.hear).listen_for(1)
    late = arrivals.late
    return {
        "per_s": len(late) / took,
        "p50_ms": ms(percentile(late, 0.5)),
        "p99_ms": ms(percentile(late, 0.99)),
        "server_cpu": cpu,
    }


def let_things_happen(server: Server, place: forum.Forum) -> int:
    """Asks some questions; returns the seq that the room had before."""
    before = place.inside("seq", topic=place.room)
    answers: list[str] = []
    crowd = Crowd(lambda payload: wire.read(payload).re, lambda _member, notes, _at: answers.extend(notes))
    with crowd:
        crowd.arrive(server.port, [Visit(place.path(0))])
        for n in range(MISSED):
            crowd.say(0, wire.command("question.ask", f"missed {n}", place.room, text=TEXT % n))
        crowd.listen_until(lambda: len(answers) == MISSED)
    return before


def measure(given: argparse.Namespace) -> dict[str, float]:
    with forum.opened(people=given.people, questions=QUESTIONS) as place, serving(place.web()) as server:
        everybody = range(given.people)

        def rounds(*topics: str, since: int | None = None) -> dict[str, float]:
            visits = [visit(place, person, topics, since) for person in everybody]
            each = [round_of(server, visits, given.at_once) for _ in range(given.rounds)]
            print(topics, "since" if since is not None else "", *each, sep="\n  ", flush=True)
            return medians(each)

        whole = rounds(place.room)
        page = rounds(place.room, place.conversation, "person")
        seq = let_things_happen(server, place)
        since = rounds(place.room, since=seq)
    figures = {"bench": "entry", "people": given.people, "questions": QUESTIONS, "at_once": given.at_once}
    return figures | whole | named("since", since) | named("page", page)


def visit(place: forum.Forum, person: int, topics: Sequence[str], since: int | None) -> Visit:
    own = f"person.{place.people[person]}"
    entering = (wire.enter(own if topic == "person" else topic, since) for topic in topics)
    return Visit(place.path(person), tuple(entering))


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    settle_in()
    conclude(measure(given), TARGETS, given.judge)


if __name__ == "__main__":
    main()
