"""Who meets whom: always a valid round, the best one where it can be looked up, fair over many."""

from functools import cache
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.affinity import Facts, Weights, rarity, score
from rooms.lounge import matching
from rooms.lounge.matching import SCALE, Task, match

LANGUAGES = ["en", "fr", "ar"]


def tasks(most: int = 9):
    """Drawn by one number: people of many facts are slow to draw one by one."""
    return st.builds(task_of, st.integers(0, most), st.integers(0, 10_000))


def task_of(count: int, seed: int) -> Task:
    chance, ids = Random(seed), range(1, count + 1)
    forbidden = [pair for pair in combinations(ids, 2) if chance.random() < 0.2]
    waited = {pk: chance.randint(1, 2) for pk in ids if chance.random() < 0.3}
    return Task(crowd(count, seed, themes=6), forbidden, waited, seed=seed % 10)


def crowd(count: int, seed: int = 1, themes: int = 40) -> list[Facts]:
    """People as at a forum: most speak English, each cares about a few of many things."""
    chance = Random(seed)

    def some(many: int, most: int) -> frozenset[int]:
        return frozenset(chance.sample(range(many), chance.randint(0, most)))

    return [
        Facts(
            id=pk,
            languages=frozenset(chance.sample(LANGUAGES, chance.choice([1, 2]))),
            offers=some(themes, 3),
            seeks=some(themes, 3),
            interests=some(themes, 4),
            region=chance.choice(["", "africa", "asia_pacific", "latin_america"]),
            stakeholder=chance.choice(["government", "academia", "media"]),
        )
        for pk in range(1, count + 1)
    ]


def worth(task: Task) -> dict[frozenset[int], int]:
    """Points of all pairs that may be."""
    weights = Weights(task.region, task.stakeholder, rarity(task.people))
    forbidden = {frozenset(pair) for pair in task.forbidden}
    found = {}
    for at, one in enumerate(task.people):
        for two in task.people[at + 1 :]:
            scored = score(one, two, weights)
            if scored and frozenset((one.id, two.id)) not in forbidden:
                found[frozenset((one.id, two.id))] = round(scored.points * SCALE)
    return found


def best(task: Task) -> tuple[int, int, int]:
    """How many meet, how many waits that makes up for, and points: by trying everything."""
    possible = worth(task)

    @cache
    def of(left: frozenset[int]) -> tuple[int, int, int]:
        if not left:
            return (0, 0, 0)
        one = min(left)
        options = [of(left - {one})]
        for two in left - {one}:
            if (points := possible.get(frozenset((one, two)))) is not None:
                rest = of(left - {one, two})
                waits = task.waited.get(one, 0) + task.waited.get(two, 0)
                options.append((rest[0] + 2, rest[1] + waits, rest[2] + points))
        return max(options)

    return of(frozenset(it.id for it in task.people))


def insist_valid(task: Task, found: matching.Round) -> None:
    everybody = [pk for one, two, _ in found.pairs for pk in (one, two)] + found.waiting
    assert sorted(everybody) == sorted(it.id for it in task.people), "everybody once"
    possible = worth(task)
    for one, two, points in found.pairs:
        assert one < two
        assert points * SCALE == pytest.approx(possible[frozenset((one, two))], abs=2), "may meet, for these points"


@given(task=tasks())
def test_a_round_is_the_best_there_is(task):
    found = match(task)
    insist_valid(task, found)
    meet, waits, points = best(task)
    paid = sum(task.waited.get(pk, 0) for one, two, _ in found.pairs for pk in (one, two))
    assert (2 * len(found.pairs), paid) == (meet, waits)
    assert sum(each[2] for each in found.pairs) * SCALE == pytest.approx(points, abs=2 + 2 * len(found.pairs))


@given(task=tasks(most=24), block=st.sampled_from([4, 6, 8]))
def test_blocks_leave_a_valid_round(task, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "BLOCK", block)
        patch.setattr(matching, "SMALL", 2)
        patch.setattr(matching, "PARTNERS", 2)
        found = match(task)
    insist_valid(task, found)


@given(task=tasks(), seed=st.integers())
def test_the_same_task_has_the_same_answer_whoever_is_named_first(task, seed):
    shuffled = Random(seed).sample(task.people, len(task.people))
    again = Task(shuffled, task.forbidden, task.waited, task.region, task.stakeholder, task.seed)
    assert match(again) == match(task)


@pytest.mark.parametrize("count", [7, 61, 150])
def test_ten_rounds_repeat_no_pair_and_nobody_waits_twice(count):
    met: list[tuple[int, int]] = []
    waited: dict[int, int] = {}
    people = [Facts(it.id, frozenset({"en"}), it.offers, it.seeks, it.interests) for it in crowd(count)]
    for number in range(min(10, count - 1)):
        found = match(Task(people, met, waited, seed=number))
        assert len(found.waiting) == count % 2 or count < 12
        met += [(one, two) for one, two, _ in found.pairs]
        waited |= {pk: waited.get(pk, 0) + 1 for pk in found.waiting}
        assert max(waited.values(), default=0) <= 1 or count < 12
    assert len(set(met)) == len(met)


def test_many_are_matched_no_worse_than_greedily():
    people = crowd(300)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "BLOCK", 100)
        found = match(Task(people, seed=4))
    insist_valid(Task(people), found)
    assert sum(points for *_, points in found.pairs) >= greedily(people)
    assert not found.waiting


def greedily(people: list[Facts]) -> float:
    total = 0.0
    busy: set[int] = set()
    for pair, points in sorted(worth(Task(people)).items(), key=lambda it: -it[1]):
        if busy.isdisjoint(pair):
            busy |= pair
            total += points
    return total / SCALE


def test_whoever_waited_meets_somebody_though_another_block_has_them():
    people = crowd(121)
    alone = next(it.id for it in people if "ar" in it.languages)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "BLOCK", 40)
        patch.setattr(matching, "SMALL", 4)
        found = match(Task(people, waited={alone: 1}))
    assert alone not in found.waiting
    assert len(found.waiting) == 1
