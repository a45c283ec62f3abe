"""Packets go out in order, at the pace, and never late."""

from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets.pacing import BURST, LEAST, LONGEST, PACE, Pacer

traffic = st.lists(st.tuples(st.integers(1, 1400), st.floats(0, 0.05)), min_size=1, max_size=150)


def paced(bitrate, packets):
    """(size, came, goes out) of each."""
    pacer, now, out = Pacer(), 1.0, []
    pacer.follow(bitrate)
    for size, wait in packets:
        now += wait
        out.append((size, now, pacer.when(size, now)))
    return out


@given(st.floats(0, 2e7), traffic)
def test_in_order_never_before_they_came_and_never_late(bitrate, packets):
    out = paced(bitrate, packets)
    assert [goes for _, _, goes in out] == sorted(goes for _, _, goes in out)
    assert all(came <= goes <= came + LONGEST + 1e-9 for _, came, goes in out)


@given(st.floats(0, 2e7), traffic)
def test_the_pace_holds_over_any_stretch_of_time(bitrate, packets):
    out, rate = paced(bitrate, packets), max(LEAST, PACE * bitrate) / 8
    if any(goes >= came + LONGEST - 1e-6 for _, came, goes in out):
        return
    for first in range(len(out)):
        stretch, total = 0.0, 0
        for size, _, goes in out[first:]:
            stretch = goes - out[first][2]
            assert total <= rate * (stretch + BURST) + 1
            total += size


def test_a_key_frame_is_spread_and_a_lone_packet_is_not():
    out = paced(1_000_000, [(1200, 0.0)] * 25 + [(1200, 1.0)])
    waits = [goes - came for _, came, goes in out]
    assert waits[0] == waits[25] == 0
    assert 0.05 < waits[24] < 0.1


def test_without_an_estimate_the_least_pace_holds():
    pacer = Pacer()
    sent = [pacer.when(1250, 1.0) for _ in range(10)]
    assert sent[-1] - sent[0] > 0.07
