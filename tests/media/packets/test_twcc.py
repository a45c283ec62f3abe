"""The sender reads back when its packets came, to a quarter of a millisecond."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets import rtcp, twcc
from rooms.media.packets.header import Malformed
from rooms.media.packets.twcc import TICK, WIDEST, Arrivals
from tests.media.packets.test_header import tries


def told(arrivals):
    data = arrivals.feedback(7, 9)
    if data is None:
        return None
    assert len(data) % 4 == 0
    (block,) = rtcp.split(data)
    assert (block.kind, block.subtype) == (205, 15)
    return twcc.read(block.body)


gaps = st.lists(st.none() | st.floats(-0.05, 1.0), min_size=1, max_size=120)


@given(st.integers(0, 0xFFFF), st.floats(10, 1e6), gaps)
def test_every_arrival_reads_back(base, now, gaps):
    arrivals, expected = Arrivals(), [now]
    arrivals.arrived(base, now)
    for i, gap in enumerate(gaps):
        now += gap or 0
        expected.append(None if gap is None else now)
        if gap is not None:
            arrivals.arrived(base + 1 + i & 0xFFFF, now)
    while expected[-1] is None:
        expected.pop()
    read = told(arrivals)
    assert (read.ssrc, read.media, read.base) == (7, 9, base)
    assert [at is None for at in read.arrivals] == [at is None for at in expected]
    apart = [at - other for at, other in zip(read.arrivals, expected, strict=True) if at is not None]
    assert max(apart) - min(apart) <= 2 * TICK


def test_what_is_lost_between_two_feedbacks_is_told_in_the_second():
    arrivals = Arrivals()
    for number in (0xFFFE, 0xFFFF):
        arrivals.arrived(number, 1.0)
    assert told(arrivals).base == 0xFFFE
    arrivals.arrived(2, 1.1)
    second = told(arrivals)
    assert (second.base, second.number) == (0, 1)
    assert [at is None for at in second.arrivals] == [True, True, False]


def test_a_late_packet_is_told_though_its_turn_was_before():
    arrivals = Arrivals()
    arrivals.arrived(5, 1.0)
    told(arrivals)
    arrivals.arrived(4, 1.1)
    assert told(arrivals).base == 4


def test_nothing_came_nothing_is_told_and_a_duplicate_counts_once():
    arrivals = Arrivals()
    assert told(arrivals) is None
    arrivals.arrived(5, 1.0)
    arrivals.arrived(5, 2.0)
    (at,) = told(arrivals).arrivals
    assert at == pytest.approx(1.0, abs=TICK)
    assert told(arrivals) is None


def test_a_leap_starts_anew_so_that_no_feedback_outgrows_its_packet():
    arrivals = Arrivals()
    arrivals.arrived(0, 1.0)
    arrivals.arrived(WIDEST, 1.1)
    assert len(told(arrivals).arrivals) == 1
    arrivals.arrived(3 * WIDEST, 1.2)
    assert len(told(arrivals).arrivals) == 1


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.floats(0, 20)), max_size=60))
def test_whatever_comes_feedback_fits_into_a_packet(packets):
    arrivals, now = Arrivals(), 1.0
    for number, wait in packets:
        now += wait
        arrivals.arrived(number, now)
    data = arrivals.feedback(7, 9)
    assert data is None or len(data) < 1200


@given(st.binary(max_size=60))
def test_arbitrary_bytes_raise_nothing_but_malformed(body):
    tries(twcc.read, body)
    tries(twcc.read, struct.pack("!IIHHI", 1, 2, 3, len(body), 0) + body)


@pytest.mark.parametrize(
    "size", [pytest.param(8, id="no head"), pytest.param(16, id="no chunks"), pytest.param(18, id="no deltas")]
)
def test_what_is_cut_off_is_malformed(size):
    arrivals = Arrivals()
    arrivals.arrived(5, 1.0)
    (block,) = rtcp.split(arrivals.feedback(7, 9))
    with pytest.raises(Malformed):
        twcc.read(block.body[:size])
