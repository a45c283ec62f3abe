"""What two people have to say to each other, as points and as reasons. Pure: no database, no clock.

`score` is about two; `Crowd` says the same of many at once, by the same sums over matrices.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Literal

import msgspec
import numpy as np

DAY = 24 * 60  # minutes
AWAKE = 15 * 60
CLOSE = 3 * 60  # minutes between two zones whose days are much the same
LEAST = 0.05  # what everybody has in common is still something
OFFER, INTEREST, LANGUAGE, HOURS, STAR = 4.0, 3.0, 1.0, 1.0, 0.5
MOST_OFFERS, MOST_INTERESTS, MOST_LANGUAGES, MOST_STARS = 3.0, 3.0, 1.0, 2.0  # of what is counted by rarity
NEVER = -1.0  # points of two who have no language in common

Kind = Literal["offers", "seeks", "interests", "languages", "regions", "stakeholders", "hours"]


class Facts(msgspec.Struct, frozen=True):
    """What counts about one person. Themes and sessions by id, languages by code; `offset`: minutes east of UTC."""

    id: int
    languages: frozenset[str] = frozenset()
    offers: frozenset[int] = frozenset()
    seeks: frozenset[int] = frozenset()
    interests: frozenset[int] = frozenset()
    region: str = ""
    stakeholder: str = ""
    offset: int | None = None  # None: they named no zone
    stars: frozenset[int] = frozenset()


class Weights(msgspec.Struct, frozen=True):
    """`rarity`: of themes, languages and sessions, as `rarity` finds it, up to 1; what is not in it counts 1."""

    region: float = 2.0
    stakeholder: float = 1.0
    rarity: Mapping[int | str, float] = {}

    def of(self, what: Iterable[int | str], most: float) -> float:
        return min(sum(self.rarity.get(each, 1.0) for each in what), most)


class Reason(msgspec.Struct, frozen=True):
    """`offers`: person `by` offers `what` the other seeks. What is common has `by` 0. Themes by id, rarest first."""

    kind: Kind
    what: tuple[int | str, ...] = ()
    by: int = 0


class Score(msgspec.Struct, frozen=True):
    points: float
    reasons: list[Reason]


def rarity(everybody: Iterable[Facts]) -> dict[int | str, float]:
    """From 1, of what one person alone has, down to almost nothing for what all of them have.

    Sessions have ids of their own, so they are counted as "star 7".
    """
    count: Counter[int | str] = Counter()
    people = 0
    for facts in everybody:
        people += 1
        count.update(facts.offers | facts.seeks | facts.interests)
        count.update(facts.languages)
        count.update(map(star, facts.stars))
    return rarity_of(count, people)


def rarity_of(count: Mapping[int | str, int], people: int) -> dict[int | str, float]:
    """`count`: how many of the people have it."""
    return {what: max(LEAST, 1 - log(max(many, 1)) / log(max(people, 2))) for what, many in count.items()}


def star(session: int) -> str:
    return f"star {session}"


def score(one: Facts, two: Facts, weights: Weights) -> Score | None:
    """None for two who have no language in common. Nothing depends on who comes first but the order of reasons."""
    if one.languages.isdisjoint(two.languages):
        return None
    return Score(points(one, two, weights), reasons(one, two, weights))


def points(one: Facts, two: Facts, weights: Weights) -> float:
    return (
        OFFER * weights.of(one.offers & two.seeks, MOST_OFFERS)
        + OFFER * weights.of(two.offers & one.seeks, MOST_OFFERS)
        + INTEREST * weights.of(one.interests & two.interests, MOST_INTERESTS)
        + LANGUAGE * weights.of(one.languages & two.languages, MOST_LANGUAGES)
        + STAR * weights.of(map(star, one.stars & two.stars), MOST_STARS)
        + weights.region * differ(one.region, two.region)
        + weights.stakeholder * differ(one.stakeholder, two.stakeholder)
        + HOURS * waking(one.offset, two.offset) / AWAKE
    )


def differ(one: str, two: str) -> bool:
    """Both are known, and not the same."""
    return bool(one and two and one != two)


def apart(one: int, two: int) -> int:
    """Minutes between two zones, at most half a day."""
    between = abs(one - two) % DAY
    return min(between, DAY - between)


def close(one: int | None, two: int | None) -> bool:
    """Both zones are known, and their days much the same."""
    return one is not None and two is not None and apart(one, two) <= CLOSE


def waking(one: int | None, two: int | None) -> int:
    """Minutes of a day in which both are awake; 0 if nobody knows."""
    if one is None or two is None:
        return 0
    between = apart(one, two)
    return max(0, AWAKE - between) + max(0, AWAKE - (DAY - between))


def reasons(one: Facts, two: Facts, weights: Weights) -> list[Reason]:
    """The strongest kind first. Stars are nobody else's business, so they count and are not told."""

    def rarest(what: Iterable[int | str]) -> tuple[int | str, ...]:
        return tuple(sorted(what, key=lambda it: (-weights.rarity.get(it, 1.0), it)))

    found = [
        Reason("offers", rarest(one.offers & two.seeks), one.id),
        Reason("offers", rarest(two.offers & one.seeks), two.id),
        Reason("interests", rarest(one.interests & two.interests)),
        Reason("languages", rarest(one.languages & two.languages)),
    ]
    return [reason for reason in found if reason.what] + _circumstances(one, two)


def _circumstances(one: Facts, two: Facts) -> list[Reason]:
    found = {
        "regions": differ(one.region, two.region),
        "stakeholders": differ(one.stakeholder, two.stakeholder),
        "hours": close(one.offset, two.offset),
    }
    return [Reason(kind) for kind, holds in found.items() if holds]  # type: ignore[arg-type]


class Crowd:
    """Many people's facts as matrices: `points` of all of some with all of others in a few products."""

    def __init__(self, everybody: Sequence[Facts], weights: Weights):
        self.weights = weights
        self.offers, self.seeks = self._both([it.offers for it in everybody], [it.seeks for it in everybody])
        self.interests = self._one([it.interests for it in everybody])
        self.languages = self._one([it.languages for it in everybody])
        self.stars = self._one([frozenset(map(star, it.stars)) for it in everybody])
        self.left, self.right = self._circumstances(everybody)

    def _one(self, sets: Sequence[frozenset]) -> np.ndarray:
        """One row a person, one column for each thing; the product of two rows adds up rarities."""
        return self._table(sets, _columns(sets))

    def _both(self, left: Sequence[frozenset], right: Sequence[frozenset]) -> tuple[np.ndarray, np.ndarray]:
        columns = _columns([*left, *right])
        return self._table(left, columns), self._table(right, columns)

    def _table(self, sets: Sequence[frozenset], columns: dict) -> np.ndarray:
        table = np.zeros((len(sets), len(columns)), dtype=np.float32)
        for row, things in enumerate(sets):
            for thing in things:
                table[row, columns[thing]] = self.weights.rarity.get(thing, 1.0) ** 0.5
        return table

    def _circumstances(self, everybody: Sequence[Facts]) -> tuple[np.ndarray, np.ndarray]:
        """Two tables whose product is what regions, stakeholder types and hours are worth."""
        sides = [
            _differing([it.region for it in everybody], self.weights.region),
            _differing([it.stakeholder for it in everybody], self.weights.stakeholder),
            _overlapping([it.offset for it in everybody]),
        ]
        return np.hstack([left for left, _ in sides]), np.hstack([right for _, right in sides])

    def points(self, some: np.ndarray, others: np.ndarray, roughly: bool = False) -> np.ndarray:
        """A row for each of `some`, a column for each of `others`, both by place in the crowd; NEVER without a
        language in common. `roughly`: without stars, which are many and count little."""
        languages = self.languages[some] @ self.languages[others].T
        total = self.left[some] @ self.right[others].T
        _add(total, OFFER, self.offers[some] @ self.seeks[others].T, MOST_OFFERS)
        _add(total, OFFER, self.seeks[some] @ self.offers[others].T, MOST_OFFERS)
        _add(total, INTEREST, self.interests[some] @ self.interests[others].T, MOST_INTERESTS)
        if not roughly:
            _add(total, STAR, self.stars[some] @ self.stars[others].T, MOST_STARS)
        strangers = languages < LEAST / 2
        _add(total, LANGUAGE, languages, MOST_LANGUAGES)
        total[strangers] = NEVER
        return total


def _add(total: np.ndarray, weight: float, common: np.ndarray, most: float) -> None:
    """In place: these tables are large."""
    np.minimum(common, most, out=common)
    common *= weight
    total += common


def _columns(sets: Iterable[frozenset]) -> dict:
    return {thing: at for at, thing in enumerate(sorted(frozenset().union(*sets)))}


def _of_each(values: Sequence) -> tuple[list, np.ndarray]:
    """What is known, and a table with one 1 in the row of each of whom it is."""
    known = sorted({value for value in values if value not in ("", None)})
    place = {value: at for at, value in enumerate(known)}
    ones_and_none = np.eye(len(known) + 1, len(known), dtype=np.float32)
    return known, ones_and_none[[place.get(value, -1) for value in values]]


def _differing(values: Sequence[str], weight: float) -> tuple[np.ndarray, np.ndarray]:
    """Their product is `weight` where both are known and differ: one where both are, less one where they agree."""
    _known, ones = _of_each(values)
    is_known = ones.sum(axis=1, keepdims=True)
    return np.hstack([weight * is_known, -weight * ones]).astype(np.float32), np.hstack([is_known, ones])


def _overlapping(offsets: Sequence[int | None]) -> tuple[np.ndarray, np.ndarray]:
    """Their product is the share of a waking day, 0 to 1, by HOURS."""
    known, ones = _of_each(offsets)
    table = np.array([[HOURS * waking(one, two) / AWAKE for two in known] for one in known], dtype=np.float32)
    return ones @ table.reshape(len(known), len(known)), ones
