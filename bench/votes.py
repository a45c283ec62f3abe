"""2,000 people in a room cast 2,000 votes a second for ten seconds.

The load is open: votes are due at even distances, and late ones count from when they were due. Acknowledged means
committed. A vote is visible for all when the last of the 2,000 sockets has been given a count that includes it; which
count does is known because the n-th vote for a question is included once its count is n.
"""

import argparse
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from . import forum, wire
from .crowd import Crowd, Lost, Visit, now
from .figures import Target, conclude, ms, options, percentile
from .servers import Server, serving, settle_in
from .wire import Entered

TARGETS = [
    Target("lost", at_most=0),
    Target("frames_per_s", at_most=10.5),  # a tick is 100 ms; the first and the last lie at the ends
    Target("p99_ms", at_most=1000),
]
QUESTIONS = 200


class Acked(NamedTuple):
    ref: str


class Counted(NamedTuple):
    """A frame with votes: its seq, and question -> count."""

    seq: int
    counts: dict[int, int]


class Counts(msgspec.Struct):
    counts: list[tuple[int, int]]


read_counts = msgspec.json.Decoder(Counts).decode


def note(payload: bytes) -> Acked | Counted | Entered | None:
    told = wire.read(payload)
    if told.refused:
        raise Lost(f"{told.re} refused: {told.refused}")
    if told.entered is not None:
        return Entered(told.on or "")
    if told.event == "votes" and told.seq is not None:
        return Counted(told.seq, dict(read_counts(told.data).counts))
    return Acked(told.re) if told.re and not told.re.startswith("enter") else None


class Voters:
    def __init__(self, server: Server, place: forum.Forum):
        self.server, self.place = server, place
        self.crowd = Crowd(note, self.hear)
        self.due: list[float] = []  # when each vote was to be cast
        self.ack_late: list[float] = []
        self.visible_late: list[float] = []
        self.unseen: dict[int, deque[float]] = defaultdict(deque)  # question -> votes that no frame has counted yet
        self.counted: dict[int, int] = defaultdict(int)
        self.shown: dict[int, list[float]] = {}  # seq -> the votes that this frame shows first
        self.reached: dict[int, int] = defaultdict(int)  # seq -> sockets that have it
        self.last_frame = 0.0
        self.entered = 0

    def come(self, size: int) -> None:
        entering = (wire.enter(self.place.room),)
        self.crowd.arrive(self.server.port, [Visit(self.place.path(n), entering) for n in range(size)])
        self.crowd.listen_until(lambda: self.entered == size)

    def cast(self, due: float) -> None:
        """The n-th vote is the next person's, for a question that this person has not voted for yet."""
        number, size = len(self.due), len(self.crowd)
        member, turn = number % size, number // size
        question = self.place.furniture["questions"][(member * 7 + turn) % QUESTIONS]
        self.due.append(due)
        self.unseen[question].append(due)
        words = wire.command("question.vote", f"{number}", self.place.room, question=question, up=True)
        self.crowd.say(member, words)

    def hear(self, _member: int, notes: Sequence[Acked | Counted | Entered], at: float) -> None:
        for each in notes:
            if isinstance(each, Acked):
                self.ack_late.append(at - self.due[int(each.ref)])
            elif isinstance(each, Counted):
                self.reach(each, at)
            else:
                self.entered += 1

    def reach(self, frame: Counted, at: float) -> None:
        if frame.seq not in self.shown:
            self.shown[frame.seq] = [due for question in frame.counts for due in self.first_seen(question, frame)]
        self.reached[frame.seq] += 1
        if self.reached[frame.seq] == len(self.crowd):
            self.last_frame = at
            self.visible_late += [at - due for due in self.shown[frame.seq]]

    def first_seen(self, question: int, frame: Counted) -> list[float]:
        new = frame.counts[question] - self.counted[question]
        self.counted[question] += new
        return [self.unseen[question].popleft() for _ in range(new)]

    def vote(self, per_second: float, seconds: float) -> None:
        begin, total = now(), round(per_second * seconds)
        while len(self.due) < total:
            while len(self.due) < total and (due := begin + len(self.due) / per_second) <= now():
                self.cast(due)
            self.crowd.listen(0.001)
        self.crowd.listen_until(lambda: min(len(self.ack_late), len(self.visible_late)) >= total)


def measure(given: argparse.Namespace) -> dict[str, float]:
    with forum.opened(people=given.people, questions=QUESTIONS) as place:
        with serving(place.web()) as server, (voters := Voters(server, place)).crowd:
            voters.come(given.people)
            begin, cpu, own = now(), server.cpu(), time.process_time()
            voters.vote(given.rate, given.seconds)
            took = now() - begin
            cpus = (server.cpu() - cpu) / took, (time.process_time() - own) / took
        return summary(voters, place.inside("votes"), voters.last_frame - begin, *cpus)


def summary(voters: Voters, stored: dict, took: float, server_cpu: float, client_cpu: float) -> dict[str, float]:
    return {
        "bench": "votes",
        "people": len(voters.crowd),
        "votes": len(voters.due),
        "votes_per_s": round(len(voters.due) / took),
        "acknowledged": len(voters.ack_late),
        "stored": len(stored["cast"]),
        "lost": len(voters.due) - len(stored["cast"]) + stored["miscounted"],
        "frames_per_s": round(len(voters.shown) / took, 1),
        "ack_p50_ms": ms(percentile(voters.ack_late, 0.5)),
        "ack_p99_ms": ms(percentile(voters.ack_late, 0.99)),
        "p50_ms": ms(percentile(voters.visible_late, 0.5)),
        "p99_ms": ms(percentile(voters.visible_late, 0.99)),
        "server_cpu": round(server_cpu, 2),
        "client_cpu": round(client_cpu, 2),
    }


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=2000, help="votes a second")
    parser.add_argument("--seconds", type=int, default=10)
    given = parser.parse_args()
    settle_in()
    conclude(measure(given), TARGETS, given.judge)


if __name__ == "__main__":
    main()
