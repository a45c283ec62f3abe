"""Counting everybody by every filter: the same as by looking at each of them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import census
from people.census import COLUMNS, TERMS, Census
from people.listing import relist
from people.models import Person

SAID = st.sampled_from(["", "a", "b", "c"])
SOME = st.frozensets(st.sampled_from(["x", "y", "z"]))
PEOPLE = st.dictionaries(
    st.integers(1, 2**40), st.fixed_dictionaries(dict.fromkeys(COLUMNS, SAID) | dict.fromkeys(TERMS, SOME)), max_size=8
)
WANTED = st.frozensets(st.sampled_from(["", "a", "b", "x", "y", "unheard of"]))


def taken(people: dict[int, dict]) -> Census:
    listings = [(pk, *(people[pk][name] for name in COLUMNS)) for pk in people]
    terms = [(kind, value, pk) for pk, facts in people.items() for kind in TERMS for value in facts[kind]]
    return Census(listings, terms)


def has(facts: dict, name: str, wanted: frozenset) -> bool:
    return not wanted.isdisjoint(facts[name] if name in TERMS else {facts[name]})


@given(PEOPLE, st.sampled_from([*COLUMNS, *TERMS]), WANTED, st.sampled_from([*COLUMNS, *TERMS]))
def test_counted_as_one_by_one(people, chosen, wanted, counted):
    it = taken(people)
    admitted = [facts for facts in people.values() if has(facts, chosen, wanted)]
    expected: Counter = Counter()
    for facts in admitted:
        expected.update(facts[counted] if counted in TERMS else [facts[counted]])
    assert it.by[counted].counts(it.by[chosen].having(wanted)) == expected


@given(PEOPLE, st.frozensets(st.integers(1, 2**40)))
def test_some_of_everybody(people, others):
    it = taken(people)
    some = {*list(people)[::2], *others}
    assert set(it.people[it.among(some)].tolist()) == some & people.keys()
    assert it.everybody().sum() == len(people)


@pytest.mark.django_db
def test_it_is_taken_again_when_somebody_comes_changes_or_goes(ada, ines):
    Person.objects.filter(pk__in=[ada.pk, ines.pk]).update(listed=True, country="SN")

    def countries() -> Counter:
        now = census.current()
        return now.by["country"].counts(now.everybody())

    relist([ada.pk, ines.pk])
    assert countries() == {"SN": 2}
    assert census.current() is census.current()
    Person.objects.filter(pk=ines.pk).update(country="PT")
    relist([ines.pk])
    assert countries() == {"SN": 1, "PT": 1}
    Person.objects.filter(pk=ada.pk).update(listed=False)
    relist([ada.pk])
    assert countries() == {"PT": 1}
