"""Points and reasons, of two people and of many at once."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.affinity import AWAKE, HOURS, NEVER, Crowd, Facts, Reason, Weights, apart, rarity, score, waking

THEMES = st.frozensets(st.integers(1, 8), max_size=4)
WEIGHTS = st.builds(
    Weights,
    region=st.integers(0, 10),
    stakeholder=st.integers(0, 10),
    rarity=st.dictionaries(st.integers(1, 8), st.floats(0.05, 1), max_size=8),
)


def facts_of(pk: int):
    return st.builds(
        Facts,
        id=st.just(pk),
        languages=st.frozensets(st.sampled_from(["ar", "en", "fr", "wo"]), max_size=3),
        offers=THEMES,
        seeks=THEMES,
        interests=THEMES,
        region=st.sampled_from(["", "africa", "asia_pacific", "western_europe"]),
        stakeholder=st.sampled_from(["", "government", "academia"]),
        offset=st.sampled_from([None, -720, -210, 0, 60, 345, 840]),
        stars=st.frozensets(st.integers(1, 5), max_size=3),
    )


PEOPLE = st.integers(1, 12).flatmap(lambda count: st.tuples(*(facts_of(pk) for pk in range(1, count + 1))))


@dataclass
class Two:
    ada = Facts(1, frozenset({"fr", "en"}), seeks=frozenset({3}), interests=frozenset({5, 6}), region="africa")
    ines = Facts(2, frozenset({"fr", "pt"}), offers=frozenset({3}), interests=frozenset({5}), region="western_europe")


@given(one=facts_of(1), two=facts_of(2), weights=WEIGHTS)
def test_it_does_not_matter_who_comes_first(one, two, weights):
    there, back = score(one, two, weights), score(two, one, weights)
    assert (there and there.points) == (back and back.points)
    by_kind = [set(it.reasons) if it else None for it in (there, back)]
    assert by_kind[0] == by_kind[1]


@given(one=facts_of(1), two=facts_of(2), weights=WEIGHTS)
def test_a_language_in_common_is_required(one, two, weights):
    assert (score(one, two, weights) is None) == one.languages.isdisjoint(two.languages)


@given(people=PEOPLE, weights=WEIGHTS)
def test_a_crowd_says_what_two_would(people, weights):
    everybody = np.arange(len(people))
    points = Crowd(people, weights).points(everybody, everybody)
    for row, one in enumerate(people):
        for column, two in enumerate(people):
            scored = score(one, two, weights)
            assert points[row, column] == pytest.approx(scored.points if scored else NEVER, abs=1e-3)


@given(people=PEOPLE)
def test_what_is_rare_counts_more(people):
    weight = rarity(people)
    assert all(0 < each <= 1 for each in weight.values())
    count = {theme: sum(theme in it.interests | it.offers | it.seeks for it in people) for theme in range(1, 9)}
    for one in weight.keys() & count.keys():
        for two in weight.keys() & count.keys():
            assert count[one] < count[two] or weight[one] <= weight[two]


@given(one=st.integers(-720, 840), two=st.integers(-720, 840))
def test_waking_hours(one, two):
    assert waking(one, two) == waking(two, one)
    assert 0 <= apart(one, two) <= 720
    assert waking(one, one) == AWAKE
    assert waking(one, two) <= AWAKE


@pytest.mark.parametrize(("one", "two"), [(None, None), (None, 0), (0, None)])
def test_hours_nobody_knows_are_neither_a_reason_nor_points(one, two):
    ada, ines = Facts(1, frozenset({"en"}), offset=one), Facts(2, frozenset({"en"}), offset=two)
    awake = [Facts(pk, frozenset({"en"}), offset=0) for pk in (1, 2)]
    assert score(ada, ines, Weights()).points == score(*awake, Weights()).points - HOURS
    assert [reason.kind for reason in score(ada, ines, Weights()).reasons] == ["languages"]
    assert [reason.kind for reason in score(*awake, Weights()).reasons] == ["languages", "hours"]


def test_reasons_name_who_offers_and_the_rarest_first():
    weights = Weights(rarity={5: 0.2, 6: 0.9})
    both = Facts(2, Two.ines.languages, Two.ines.offers, interests=frozenset({5, 6}), region="western_europe")
    scored = score(Two.ada, both, weights)
    assert scored.reasons == [
        Reason("offers", (3,), by=2),
        Reason("interests", (6, 5)),
        Reason("languages", ("fr",)),
        Reason("regions"),
    ]


@pytest.mark.parametrize(("weight", "more"), [(0, 0), (2, 2), (10, 10)])
def test_the_organisers_weight_of_regions_counts_as_it_stands(weight, more):
    near = Facts(2, Two.ines.languages, Two.ines.offers, interests=Two.ines.interests, region="africa")
    far = score(Two.ada, Two.ines, Weights(region=weight)).points
    assert far - score(Two.ada, near, Weights(region=weight)).points == pytest.approx(more)


def test_a_region_nobody_knows_is_not_another_one():
    nowhere = Facts(2, Two.ines.languages)
    assert "regions" not in {reason.kind for reason in score(Two.ada, nowhere, Weights()).reasons}


def test_shared_stars_count_and_are_told_to_nobody():
    one, two = (Facts(pk, frozenset({"en"}), stars=frozenset({7})) for pk in (1, 2))
    alone = Facts(2, frozenset({"en"}))
    assert score(one, two, Weights()).points > score(one, alone, Weights()).points
    assert score(one, two, Weights()).reasons == score(one, alone, Weights()).reasons
