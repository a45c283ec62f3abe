"""What is cached comes back under its own number only, and not for ever."""

from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets.cache import LONGEST, SIZE, Ring


@given(st.integers(0, 0xFFFF), st.integers(1, 3000))
def test_the_last_1024_packets_are_there_and_no_others(first, count):
    ring = Ring()
    for i in range(count):
        ring.put(first + i & 0xFFFF, i, 0.0)
    there = [ring.get(first + i & 0xFFFF, 0.0) for i in range(-10, count + 10)]
    kept = min(count, SIZE)
    assert there == [None] * (10 + count - kept) + list(range(count - kept, count)) + [None] * 10


def test_age_bounds_it_so_that_the_next_round_finds_no_stranger():
    ring = Ring()
    ring.put(7, b"old", 1.0)
    assert ring.get(7, 1.0 + LONGEST) == b"old"
    assert ring.get(7, 1.01 + LONGEST) is None


def test_cleared_is_empty():
    ring = Ring()
    ring.put(7, b"x", 1.0)
    ring.clear()
    assert ring.get(7, 1.0) is None
