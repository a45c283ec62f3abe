from hypothesis import given
from hypothesis import strategies as st

from rooms.media.assignment import Candidate, Favour, ranked, seated

slots = st.lists(st.none() | st.integers(1, 9), max_size=6).map(
    lambda some: [source if source not in some[:n] else None for n, source in enumerate(some)]
)
wanted = st.lists(st.integers(1, 9), max_size=9, unique=True)


@given(slots, wanted)
def test_whoever_has_a_slot_keeps_it_and_nobody_has_two(before, wanted):
    after = seated(before, wanted)
    chosen = wanted[: len(before)]
    assert sorted(filter(None, after)) == sorted(chosen)
    for had, has in zip(before, after, strict=True):
        assert had == has or had not in chosen


@given(slots, wanted)
def test_nothing_changes_where_nothing_has_to(before, wanted):
    once = seated(before, wanted)
    assert seated(once, wanted) == once


STAGE = [Candidate(84), Candidate(86), Candidate(88), Candidate(91, is_screen=True), Candidate(92)]


def test_screens_first_then_the_pinned_the_chosen_and_the_speaking():
    assert ranked([], STAGE, Favour(pinned=92, large=88, speaking=86)) == [91, 92, 88, 86, 84]


def test_who_is_shown_comes_before_who_is_not():
    assert ranked([88, None], STAGE, Favour(speaking=92)) == [91, 92, 88, 84, 86]


def test_favour_for_somebody_absent_means_nothing():
    assert ranked([], STAGE[:2], Favour(pinned=7, large=8, speaking=9)) == [84, 86]
