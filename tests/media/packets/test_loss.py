"""Repair asks for what is missing and not for ever, and sends no more than its share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets.loss import BURST, MOST_TRIES, MOST_WANTED, SHARE, WIDEST_GAP, Budget, Missing, Resends


@given(st.integers(0, 0xFFFF), st.lists(st.booleans(), min_size=1, max_size=150))
def test_exactly_what_did_not_come_is_asked_for_at_once(first, comes):
    missing, numbers = Missing(), [first] + [first + 1 + i for i, here in enumerate(comes) if here]
    found = [missing.arrived(number & 0xFFFF, 1.0) for number in numbers]
    assert found == numbers
    gone = set(range(first, numbers[-1] + 1)) - set(numbers)
    assert set(missing.due(1.0)) == {number & 0xFFFF for number in gone}
    assert len(missing) == len(gone)


@given(st.integers(0, 0xFFFF), st.permutations(range(30)))
def test_every_packet_counts_once_in_whatever_order(first, order):
    missing = Missing()
    missing.arrived(first, 0.0)
    once = [missing.arrived(first + 1 + i & 0xFFFF, 0.0) for i in order]
    again = [missing.arrived(first + 1 + i & 0xFFFF, 0.0) for i in order]
    assert once == [first + 1 + i for i in order]
    assert again == [None] * 30
    assert not len(missing)


def test_it_asks_four_times_within_a_second_and_then_gives_up():
    missing = Missing()
    missing.arrived(0xFFFF, 0.0)
    missing.arrived(1, 0.0)
    asked = [tick for tick in range(200) if missing.due(tick / 100 + 0.005) == [0]]
    assert asked == [0, 10, 30, 60]
    assert len(asked) == MOST_TRIES
    assert (missing.lost, len(missing)) == (1, 0)
    assert missing.arrived(0, 2.0) is None


def test_a_repair_is_taken_for_what_is_missing_and_only_once():
    missing = Missing()
    assert missing.filled(3) is None
    missing.arrived(1, 0.0)
    missing.arrived(3, 0.0)
    assert [missing.filled(number) for number in (1, 2, 2, 3, 4)] == [None, 2, None, None, None]
    assert missing.repaired == 1


@pytest.mark.parametrize(
    ("width", "wanted", "lost"),
    [
        pytest.param(WIDEST_GAP, WIDEST_GAP, 0, id="wide"),
        pytest.param(WIDEST_GAP + 1, 0, WIDEST_GAP + 1, id="too wide"),
    ],
)
def test_behind_too_wide_a_gap_only_a_key_frame_helps(width, wanted, lost):
    missing = Missing()
    missing.arrived(0, 0.0)
    missing.arrived(width + 1, 0.0)
    assert (len(missing.due(0.0)), missing.lost) == (wanted, lost)


def test_a_source_full_of_holes_fills_no_memory():
    missing = Missing()
    for number in range(0, 50000, 100):
        missing.arrived(number, 0.0)
        assert len(missing) <= MOST_WANTED
    assert missing.lost + len(missing) == 499 * 99


@given(
    st.floats(0, 5e6),
    st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(1, 1400), st.floats(0, 0.2)), max_size=200),
)
def test_repair_stays_within_its_share(bitrate, asked):
    budget, now, sent = Budget(0.0), 0.0, 0
    budget.follow(bitrate)
    resends = Resends(budget)
    for outgoing, size, wait in asked:
        now += wait
        sent += size * resends.allow(outgoing, size, now, 0.05)
    assert sent <= BURST + now * max(100_000, bitrate * SHARE) / 8 + 1


def test_a_packet_goes_out_again_once_per_round_trip_and_four_times_at_most():
    resends = Resends(Budget(0.0))
    allowed = [tick for tick in range(60) if resends.allow(9, 100, tick / 100, 0.095)]
    assert allowed == [0, 10, 20, 30]
    assert resends.refused == 56
    assert resends.allow(9, 100, 9.0, 0.1)


def test_what_it_remembers_is_bounded():
    resends = Resends(Budget(0.0))
    for number in range(5000):
        assert resends.allow(number, 1, 0.0, 0.1)
    assert len(resends._sent) == 1024
