"""Finding the pairs in a process of its own: it takes seconds of a whole core, and neither the loop nor the thread that
writes has them. A task goes in by the standard input, the answer comes out, and nothing is left behind.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

import msgspec

from people.affinity import Reason, Weights, rarity, score

from .matching import Task, match

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds
NICE = 5


class Found(msgspec.Struct, frozen=True):
    one: int
    two: int
    points: float
    reasons: list[Reason]


class Answer(msgspec.Struct, frozen=True):
    """`peak_mb`: memory that finding it took."""

    pairs: list[Found]
    waiting: list[int]
    peak_mb: int = 0


def compute(task: Task) -> Answer:
    """Blocks while a new process works; raises CalledProcessError or TimeoutExpired."""
    paths = [str(HOUSE / "platform"), str(HOUSE)]
    done = subprocess.run(
        [sys.executable, "-m", "rooms.lounge.worker"],
        input=msgspec.msgpack.encode(task),
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE,
        cwd=HOUSE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"},
    )
    return msgspec.msgpack.decode(done.stdout, type=Answer)


def answer(task: Task) -> Answer:
    found = match(task)
    people = {it.id: it for it in task.people}
    weights = Weights(task.region, task.stakeholder, rarity(task.people))
    pairs = []
    for one, two, points in found.pairs:
        scored = score(people[one], people[two], weights)
        pairs.append(Found(one, two, points, scored.reasons if scored else []))
    return Answer(pairs, found.waiting, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    os.nice(NICE)
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(task)))


if __name__ == "__main__":
    main()
