"""Places in a queue: whatever is moved where, the order is the one that was meant."""

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from live.refusal import Refused
from rooms import places

queues = st.lists(st.integers(-(2**40), 2**40), unique=True, max_size=8).map(sorted)


@given(queues, st.integers(0, 8))
def test_a_place_between_two_is_between_them(queue, at):
    assume(at <= len(queue))
    assume(not places.is_tight(queue, at))
    place = places.between(queue, at)
    assert sorted([*queue, place]) == [*queue[:at], place, *queue[at:]]
    assert len({*queue, place}) == len(queue) + 1


@given(queues, st.integers(0, 8))
def test_where_it_is_tight_spreading_helps(queue, at):
    at = min(at, len(queue))
    if places.is_tight(queue, at):
        assert 0 < at < len(queue)
        assert queue[at] - queue[at - 1] == 1
    assert not places.is_tight(places.spread(len(queue)), at)


def test_an_empty_queue():
    assert places.between([], 0) == places.after(None) == places.ahead(None) == places.GAP


def test_the_ends():
    assert places.between([3, 5], 2) == places.after(5) == 5 + places.GAP
    assert places.between([3, 5], 0) == places.ahead(3) == 3 - places.GAP


def test_in_front_of_whom():
    assert [places.index([7, 9], before, otherwise="no") for before in (7, 9, None)] == [0, 1, 2]
    with pytest.raises(Refused, match=r"^there$"):
        places.index([7, 9], 8, otherwise="there")
