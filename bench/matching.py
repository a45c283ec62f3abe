"""A round of the lounge for 500, 2,000 and 15,000 of the sample's people.

`seconds`: from the task to the pairs, in the process of their own that finds them, its start included; `read_seconds`,
what reading the facts of all 15,000 from the database takes. `score`: points a person, who has nobody counts as none.
The same people are paired by chance and greedily (the best pair of all, then the best of those left, and so on until
nobody is left who could meet), by the same rules: `ratio_to_random`, `ratio_to_greedy`. Then ten rounds with one person
fewer, so that somebody waits in each: `repeats` counts pairs that had met, `waited_twice` people who sat out a second
time while somebody had not yet sat out once. `recommend` is how long proposing people to one of the 15,000 takes.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
import numpy as np

from people.affinity import Crowd, Facts, Weights, rarity
from rooms.lounge.matching import Task
from rooms.lounge.worker import compute

from .figures import Target, conclude, ms, named, options, percentile
from .forum import Forum, opened
from .servers import settle_in

SIZES = [500, 2000, 15_000]
ROUNDS = 10
BEST = 100  # partners of each that a greedy choice looks at, until all of them are taken
ROWS = 1000
TARGETS = [
    Target("2000_seconds", at_most=2),
    Target("ratio_to_random", at_least=1),
    Target("ratio_to_greedy", at_least=1),
    Target("repeats", at_most=0),
    Target("waited_twice", at_most=0),
    Target("recommend_p99_ms", at_most=200),
]
Pairs = list[tuple[int, int]]


class Baseline:
    """Other ways to pair the same people; `pairs` by place."""

    def __init__(self, people: Sequence[Facts]):
        self.count = len(people)
        self.crowd = Crowd(people, Weights(rarity=rarity(people)))

    def score(self, pairs: Pairs) -> float:
        """Points a person."""
        total = sum(float(self.crowd.points(np.array([one]), np.array([two]))[0, 0]) for one, two in pairs)
        return 2 * total / self.count

    def by_chance(self, chance: Random) -> Pairs:
        """Neighbours in a shuffled queue; who cannot talk goes to the end of it and tries again."""
        queue, pairs = chance.sample(range(self.count), self.count), []
        for _ in range(10):
            left: list[int] = []
            for one, two in zip(queue[::2], queue[1::2], strict=False):
                (pairs.append((one, two)) if self._can(one, two) else left.extend((one, two)))
            queue = chance.sample(left, len(left))
        return pairs

    def _can(self, one: int, two: int) -> bool:
        return bool((self.crowd.languages[one] * self.crowd.languages[two]).any())

    def greedily(self) -> Pairs:
        left, pairs = np.arange(self.count), []
        while len(found := self._greedy_turn(left)):
            pairs += found
            left = np.setdiff1d(left, np.array(found).ravel())
        return pairs

    def _greedy_turn(self, left: np.ndarray) -> Pairs:
        """As far as the BEST of everybody who is left go."""
        one, two, worth = self._best(left)
        busy: set[int] = set()
        pairs: Pairs = []
        for at in np.argsort(-worth, kind="stable"):
            pair = int(one[at]), int(two[at])
            if busy.isdisjoint(pair):
                busy.update(pair)
                pairs.append(pair)
        return pairs

    def _best(self, left: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = [self._best_of(left[at : at + ROWS], left) for at in range(0, len(left), ROWS)]
        one, two, worth = zip(*found, strict=True) if found else ((), (), ())
        return tuple(np.concatenate([np.empty(0), *each]) for each in (one, two, worth))  # type: ignore[return-value]

    def _best_of(self, some: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        worth = self.crowd.points(some, left)
        worth[some[:, None] == left[None, :]] = -1
        count = min(BEST, len(left))
        best = np.argpartition(-worth, count - 1, axis=1)[:, :count]
        taken = np.take_along_axis(worth, best, axis=1).ravel()
        may = taken >= 0
        return np.repeat(some, count)[may], left[best.ravel()][may], taken[may]


def some_of(people: Sequence[Facts], count: int) -> list[Facts]:
    return Random(count).sample(list(people), count)


def one_round(people: Sequence[Facts]) -> dict[str, float]:
    begun = time.perf_counter()
    found = compute(Task(list(people), seed=1))
    seconds = time.perf_counter() - begun
    other, score = Baseline(people), 2 * sum(it.points for it in found.pairs) / len(people)
    by_chance, greedy = other.score(other.by_chance(Random(1))), other.score(other.greedily())
    return {
        "seconds": round(seconds, 2),
        "pairs": len(found.pairs),
        "score": round(score, 3),
        "random_score": round(by_chance, 3),
        "greedy_score": round(greedy, 3),
        "ratio_to_random": round(score / by_chance, 3),
        "ratio_to_greedy": round(score / greedy, 4),
        "peak_mb": found.peak_mb,
    }


def many_rounds(people: Sequence[Facts], rounds: int) -> dict[str, float]:
    met: Counter[tuple[int, int]] = Counter()
    waited: Counter[int] = Counter()
    twice, scores = 0, []
    for number in range(1, rounds + 1):
        found = compute(Task(list(people), list(met), dict(waited), seed=number))
        met.update((it.one, it.two) for it in found.pairs)
        twice += sum(waited[pk] > 0 for pk in found.waiting)
        waited.update(found.waiting)
        scores.append(2 * sum(it.points for it in found.pairs) / len(people))
    return {
        "repeats": sum(met.values()) - len(met),
        "waited": sum(waited.values()),
        "waited_twice": twice,
        "last_score": round(scores[-1], 3),
    }


def measure(place: Forum, sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    place.manage("sample_forum", "--full")
    told = place.inside("known_facts")
    people = msgspec.convert(told["facts"], list[Facts])
    points = {}
    for size in sizes:
        some = some_of(people, min(size, len(people)))
        points[size] = one_round(some) | many_rounds(some[:-1], rounds)
        print(size, points[size], flush=True)
    taken = place.inside("recommending", times=100)
    figures = {name: value for size, each in points.items() for name, value in named(str(size), each).items()}
    return figures | {
        "ratio_to_random": min(each["ratio_to_random"] for each in points.values()),
        "ratio_to_greedy": min(each["ratio_to_greedy"] for each in points.values()),
        "repeats": sum(each["repeats"] for each in points.values()),
        "waited_twice": sum(each["waited_twice"] for each in points.values()),
        "read_seconds": round(told["seconds"], 2),
        "recommend_p50_ms": ms(percentile(taken, 0.5)),
        "recommend_p99_ms": ms(percentile(taken, 0.99)),
    }


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--people", type=int, nargs="*", default=SIZES)
    given: argparse.Namespace = parser.parse_args()
    settle_in()
    with opened() as place:
        figures = {"bench": "matching", **measure(place, given.people, given.rounds)}
    conclude(figures, [target for target in TARGETS if target.figure in figures], given.judge)


if __name__ == "__main__":
    main()
