from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets import extended, rtcp
from rooms.media.packets.timeline import ntp

NOON = 1_800_000_000.0


@given(st.floats(0.001, 3), st.floats(0, 2))
def test_the_round_trip_is_what_passed_without_what_they_waited(trip, waited):
    [asked] = rtcp.split(extended.reference(1, ntp(NOON)))
    last = int.from_bytes(asked.body[-8:], "big") >> 16 & 0xFFFFFFFF
    [answer] = rtcp.split(extended.delays(7, 1, last, int(waited * 65536)))
    found = extended.round_trip(answer, 1, ntp(NOON + trip + waited))
    assert abs(found - trip) < 0.001


def test_answers_to_others_are_not_ours():
    [answer] = rtcp.split(extended.delays(7, 2, 5, 0))
    assert extended.round_trip(answer, 1, ntp(NOON)) is None


@given(st.binary(max_size=60))
def test_scraps_say_nothing_wrong(scraps):
    found = extended.round_trip(rtcp.Block(extended.EXTENDED, 0, scraps), 1, ntp(NOON))
    assert found is None or found >= 0


def test_other_packets_are_left_alone():
    [report] = rtcp.split(rtcp.ReceiverReport(1, ()).pack())
    assert extended.round_trip(report, 1, ntp(NOON)) is None
