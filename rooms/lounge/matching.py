"""Who meets whom in a round: maximum-weight matching (Edmonds' blossoms, by rustworkx). Pure: no database, no clock.

As many as possible meet; then those who waited before meet first; then the points of all pairs together are greatest.
Of all possible partners each person brings only the best, and thousands come in blocks: exact within what is left, and
close to the whole in a hundredth of the time. Blocks have a language and, if possible, an interest in common; whoever a
greedy choice over everybody would put together is in the same one, so that the outcome is never worse than that choice.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from random import Random

import msgspec
import numpy as np
import rustworkx

from people.affinity import Crowd, Facts, Weights, rarity

BLOCK = 2000  # people matched exactly against each other
ROWS = 1000  # of so many people at once all possible partners are looked at
PARTNERS = 10  # the best that each brings
SMALL = 60  # so few bring everybody
EAGER = 60_000  # partners that all who were left alone bring together
AT_ONCE = 64  # pairs whose points are told
SCALE = 100  # points are whole numbers to the solver
TRIES = 3  # of finding partners for those whom their best left alone


class Round(msgspec.Struct, frozen=True):
    """`pairs`: ids and points, the smaller id first; `waiting`: everybody else."""

    pairs: list[tuple[int, int, float]]
    waiting: list[int]


class Task(msgspec.Struct, frozen=True):
    """`forbidden`: pairs of ids, either first; `waited`: how many rounds somebody sat out."""

    people: list[Facts]
    forbidden: list[tuple[int, int]] = []
    waited: dict[int, int] = {}
    region: float = 2.0
    stakeholder: float = 1.0
    seed: int = 0


def match(task: Task) -> Round:
    """The same task always has the same answer."""
    if not task.people:
        return Round([], [])
    people = sorted(task.people, key=lambda it: it.id)
    weights = Weights(task.region, task.stakeholder, rarity(people))
    return _Hall(people, weights, task).round()


def is_possible(task: Task) -> bool:
    """At least two may meet; of many it is simply assumed."""
    if len(task.people) > SMALL:
        return True
    apart = {frozenset(pair) for pair in task.forbidden}
    return any(
        not one.languages.isdisjoint(two.languages) and frozenset((one.id, two.id)) not in apart
        for one, two in combinations(task.people, 2)
    )


class _Hall:
    """Everybody by place: 0 for the smallest id."""

    def __init__(self, people: Sequence[Facts], weights: Weights, task: Task):
        self.people = people
        self.crowd = Crowd(people, weights)
        self.chance = Random(task.seed)
        place = {it.id: at for at, it in enumerate(people)}
        self.apart = _both_ways(place, task.forbidden)
        self.waited = np.array([task.waited.get(it.id, 0) for it in people], dtype=np.int64)

    def round(self) -> Round:
        greedy = self._greedy() if len(self.people) > BLOCK else {}
        partner: dict[int, int] = {}
        for block in blocks(self.people, greedy, self.chance):
            partner |= self._matched(block, PARTNERS, greedy)
        for attempt in range(1, TRIES + 1):
            if not self._helped(partner, PARTNERS * 2**attempt):
                break
        return self._told(partner)

    def _greedy(self) -> dict[int, int]:
        """The best pair of all, then the best of those that are left, and so on."""
        everybody = np.arange(len(self.people))
        found = [self._best_of(everybody[at : at + ROWS], everybody) for at in range(0, len(everybody), ROWS)]
        one, two, worth = (np.concatenate(column) for column in zip(*found, strict=True))
        partner: dict[int, int] = {}
        for at in np.argsort(-worth, kind="stable"):
            left, right = int(one[at]), int(two[at])
            if left not in partner and right not in partner:
                partner |= {left: right, right: left}
        return partner

    def _best_of(self, some: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        weights = self._weights(some, others, roughly=True)
        best = np.argpartition(-weights, PARTNERS, axis=1)[:, :PARTNERS]
        worth = np.take_along_axis(weights, best, axis=1).ravel()
        may = worth >= 0
        return np.repeat(some, PARTNERS)[may], best.ravel()[may], worth[may]

    def _told(self, partner: Mapping[int, int]) -> Round:
        pairs = sorted((one, two) for one, two in partner.items() if one < two)
        waiting = [it.id for at, it in enumerate(self.people) if at not in partner]
        told = zip(pairs, self._points(pairs), strict=True)
        return Round([(self.people[one].id, self.people[two].id, points) for (one, two), points in told], waiting)

    def _points(self, pairs: Sequence[tuple[int, int]]) -> Iterator[float]:
        """Of each pair; some at a time, for of these all with all are counted."""
        places = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        for at in range(0, len(places), AT_ONCE):
            one, two = places[at : at + AT_ONCE].T
            yield from np.diagonal(self.crowd.points(one, two)).round(3).tolist()

    def _helped(self, partner: dict[int, int], best: int) -> bool:
        """Find partners for those left alone, by parting some pairs and putting them together anew. True if that
        was of use, so that it may be again."""
        alone = self._alone(partner)
        if len(alone) < 2 and not self.waited[alone].any():
            return False
        some = self._around(alone, partner)
        before = {at: partner.pop(at) for at in some if at in partner}
        partner |= self._matched(some, best, before, alone)
        left = self._alone(partner)
        return len(left) < len(alone) or self.waited[left].sum() < self.waited[alone].sum()

    def _alone(self, partner: Mapping[int, int]) -> list[int]:
        """Those without a partner for whom there is one at all."""
        left = [at for at in range(len(self.people)) if at not in partner]
        if not left:
            return []
        possible = self._weights(np.array(left), np.arange(len(self.people))) >= 0
        return [at for at, may in zip(left, possible, strict=True) if may.any()]

    def _around(self, alone: Sequence[int], partner: Mapping[int, int]) -> list[int]:
        """Those left alone, and as many pairs as make a block, in which there are most of the possible partners."""
        others = np.array(sorted(partner), dtype=np.int64)
        if len(others) + len(alone) <= BLOCK or not len(others):
            return sorted([*alone, *others.tolist()])
        possible = (self._weights(np.array(alone), others) >= 0).sum(axis=0) + self.chance.random() / 2
        chosen: set[int] = set(alone)
        for at in np.argsort(-possible, kind="stable"):
            if len(chosen) >= BLOCK:
                break
            chosen |= {int(others[at]), partner[int(others[at])]}
        return sorted(chosen)

    def _matched(
        self, places: Sequence[int], best: int, before: Mapping[int, int], eager: Collection[int] = ()
    ) -> dict[int, int]:
        """`best`: how many partners each brings, besides the one from `before`. Those in `eager` bring everybody, or if
        they are many as many as the solver bears; in a small round all bring everybody."""
        some = np.array(places, dtype=np.int64)
        weights = self._weights(some, some)
        chosen = _best(weights, best, np.isin(some, list(eager))) if len(some) > SMALL else weights >= 0
        place = {at: row for row, at in enumerate(places)}
        for one, two in before.items():
            if one in place and two in place:
                chosen[place[one], place[two]] = True
        edges = np.argwhere(np.triu(chosen | chosen.T, 1)).tolist()
        reward = self._reward(some)
        graph = rustworkx.PyGraph(multigraph=False)
        graph.add_nodes_from(range(len(some)))
        graph.add_edges_from([(one, two, int(weights[one, two] + reward[one] + reward[two])) for one, two in edges])
        found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
        pairs = [(places[one], places[two]) for one, two in found]
        return {one: two for pair in pairs for one, two in (pair, pair[::-1])}

    def _reward(self, some: np.ndarray) -> np.ndarray:
        """For meeting somebody who waited: more than all the points of a block together."""
        most = SCALE * len(some) * (40 + 2 * self.crowd.weights.region + 2 * self.crowd.weights.stakeholder)
        return self.waited[some] * int(most)

    def _weights(self, some: np.ndarray, others: np.ndarray, roughly: bool = False) -> np.ndarray:
        """Whole points; below 0 for pairs that must not be."""
        weights = np.rint(self.crowd.points(some, others, roughly) * SCALE).astype(np.int64)
        column = {int(at): to for to, at in enumerate(others)}
        for row, at in enumerate(some):
            for other in self.apart.get(int(at), ()):
                if other in column:
                    weights[row, column[other]] = -1
            if int(at) in column:
                weights[row, column[int(at)]] = -1
        return weights


def _both_ways(place: Mapping[int, int], forbidden: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    apart: dict[int, set[int]] = {}
    for one, two in forbidden:
        if one in place and two in place:
            apart.setdefault(place[one], set()).add(place[two])
            apart.setdefault(place[two], set()).add(place[one])
    return apart


def _best(weights: np.ndarray, count: int, eager: np.ndarray) -> np.ndarray:
    """Which columns each row brings: its `count` best, or more if it is `eager`; none that must not be."""
    people = len(weights)
    # What ties is broken by place, differently in each row, so that not everybody brings the same few.
    ties = (np.arange(people)[None, :] - np.arange(people)[:, None]) % people / (2 * people)
    chosen = np.zeros(weights.shape, dtype=bool)
    more = max(count, EAGER // max(1, int(eager.sum())))
    for rows, brings in ((~eager, count), (eager, more)):
        chosen[rows] = _first(ties[rows] - weights[rows], brings)
    return chosen & (weights >= 0)


def _first(order: np.ndarray, count: int) -> np.ndarray:
    """Where the `count` smallest of each row are."""
    first = np.zeros(order.shape, dtype=bool)
    if count >= order.shape[1]:
        return ~first
    np.put_along_axis(first, np.argpartition(order, count, axis=1)[:, :count], values=True, axis=1)
    return first


def blocks(people: Sequence[Facts], together: Mapping[int, int], chance: Random) -> Iterator[list[int]]:
    """Places of people, in blocks of at most BLOCK: by the language that most of them share, then by one of their
    themes, another one in each round. Who is `together` with somebody is where that other is."""
    if len(people) <= BLOCK:
        yield list(range(len(people)))
        return
    frequent = _frequent(people)
    trait = [(*_trait(facts, frequent, chance), chance.random(), at) for at, facts in enumerate(people)]
    # Pairs before those alone, so that a cut after an even number parts none.
    order = sorted(range(len(people)), key=lambda at: (at not in together, *trait[min(at, together.get(at, at))], at))
    size = -(-len(people) // -(-len(people) // (BLOCK - 1)))
    size += size % 2
    for at in range(0, len(order), size):
        yield sorted(order[at : at + size])


def _frequent(people: Iterable[Facts]) -> dict[str, int]:
    count: dict[str, int] = {}
    for facts in people:
        for language in facts.languages:
            count[language] = count.get(language, 0) + 1
    return count


def _trait(facts: Facts, frequent: Mapping[str, int], chance: Random) -> tuple[int, str, int]:
    language = max(sorted(facts.languages), key=frequent.__getitem__, default="")
    themes = sorted(facts.offers | facts.seeks | facts.interests)
    return -frequent.get(language, 0), language, chance.choice(themes) if themes else 0
