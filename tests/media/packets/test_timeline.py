"""A slot's timestamps only go forward, at the pace of the clock, whoever is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets.sequence import ahead
from rooms.media.packets.timeline import LEAST_STEP, NTP_EPOCH, SenderClock, SourceClock, Timeline, ntp, sender_report

WORD = 0xFFFFFFFF
u32 = st.integers(0, WORD)


@st.composite
def stays(draw):
    """Who is shown, one after the other: first timestamp, frames of 33 ms, wait before, error of the capture time."""
    one = st.tuples(u32, st.integers(1, 30), st.floats(0, 3), st.floats(-3, 3))
    return draw(st.lists(one, min_size=2, max_size=10))


@given(u32, stays())
def test_a_video_slot_goes_forward_and_stays_near_the_arrival(first, stays):
    timeline, now, previous = Timeline(90000, first), 100.0, None
    for timestamp, frames, wait, error in stays:
        now += wait
        offset = timeline.switch(timestamp, now + error, now)
        out = timestamp + offset & WORD
        if previous is None:
            assert out == first
        else:
            step, elapsed = ahead(out, previous[0], 32), (now - previous[1]) * 90000
            assert step >= LEAST_STEP
            assert step == LEAST_STEP or abs(step - elapsed) <= 0.15 * 90000 + 1
        for frame in range(frames):
            previous = timestamp + 3000 * frame + offset & WORD, now
            timeline.sent(*previous)
            now += 1 / 30


@given(u32, u32, st.floats(0, 0.1), st.floats(0, 0.1), st.floats(0.034, 20))
def test_capture_times_decide_where_they_can_be_believed(first, timestamp, one, other, elapsed):
    timeline = Timeline(90000, first)
    timeline.switch(0, 10 - one, 10.0)
    timeline.sent(first, 10.0)
    out = timestamp + timeline.switch(timestamp, 10 + elapsed - other, 10 + elapsed) & WORD
    assert ahead(out, first, 32) == max(LEAST_STEP, round((elapsed - other + one) * 90000))


@given(u32, st.lists(st.tuples(u32, st.floats(0, 2), st.integers(1, 50)), min_size=1, max_size=10))
def test_an_audio_slot_goes_forward_by_whole_packets_of_elapsed_time(first, stays):
    timeline, now = Timeline(48000, first, packet=960), 5.0
    timeline.switch(0, now, now)
    timeline.sent(first, now)
    for timestamp, wait, packets in stays:
        now += wait
        step = ahead(timestamp + timeline.switch(timestamp, now, now) & WORD, timeline.last, 32)
        assert step % 960 == 0
        assert step >= 960
        assert abs(step - (now - timeline.arrival) * 48000) <= 480 + 1 or step == 960
        timeline.sent(timeline.last + step + 960 * packets & WORD, now + 0.02 * packets)
        now += 0.02 * packets


@pytest.mark.parametrize(
    ("elapsed", "soon"), [pytest.param(0.009, True, id="under half"), pytest.param(0.011, False, id="over half")]
)
def test_a_new_speaker_waits_until_half_a_packet_has_passed(elapsed, soon):
    timeline = Timeline(48000, 0, packet=960)
    assert not timeline.too_soon(0.0)
    timeline.sent(0, 10.0)
    assert timeline.too_soon(10 + elapsed) == soon


def test_late_packets_don_t_set_the_clock_back():
    timeline = Timeline(90000, WORD - 10)
    timeline.sent(5, 1.0)
    timeline.sent(WORD - 5, 2.0)
    assert (timeline.last, timeline.arrival) == (5, 1.0)


@given(u32, st.floats(0, 4e9), st.floats(0, 0.2), st.floats(-1, 1))
def test_a_sender_report_tells_the_capture_time(timestamp, theirs, delay, later):
    clock = SourceClock(90000, SenderClock())
    clock.report(int(theirs * (1 << 32)), timestamp, 50.0)
    packet = timestamp + round(later * 90000) & WORD
    assert clock.capture(packet, 50 + later + delay) == pytest.approx(50 + later, abs=1e-3)


def test_without_a_report_the_arrival_counts_and_an_unbelievable_one_is_as_good_as_none():
    clock = SourceClock(90000, SenderClock())
    assert clock.capture(123, 7.0) == 7.0
    clock.report(1 << 32, 0, 50.0)
    assert clock.capture(90000 * 60, 52.0) == 52.0


def test_the_quickest_report_counts_until_the_clock_was_set():
    sender = SenderClock()
    for seconds, now in ((10.0, 10.5), (11.0, 11.1), (12.0, 12.4)):
        sender.report(seconds, now)
    assert sender.offset == pytest.approx(0.1, abs=1e-3)
    sender.report(99.0, 13.0)
    assert sender.offset == pytest.approx(-86.0)


@given(u32, st.floats(0, 5), st.floats(0, 0.2), st.booleans())
def test_our_reports_name_the_moment_that_the_source_s_name(timestamp, later, delay, reported):
    clock = SourceClock(48000, SenderClock())
    assert clock.at(1.0) is None
    if reported:
        clock.report(0, timestamp, 20.0)
    clock.seen(timestamp + 48000 & WORD, 21.0 + delay)
    expected = 48000 + (later - (0 if reported else delay)) * 48000
    assert ahead(clock.at(21.0 + later), timestamp, 32) == pytest.approx(expected, abs=20)


def test_ntp_counts_from_1900_in_fixed_point():
    assert ntp(0.5) == NTP_EPOCH << 32 | 1 << 31


def test_sound_and_picture_of_one_source_are_reported_in_step():
    sender = SenderClock()
    sound, picture = SourceClock(48000, sender), SourceClock(90000, sender)
    assert sender_report(1, sound, 0, 20.0, 1e9, 0, 0) is None
    for clock, delay in ((sound, 0.02), (picture, 0.07)):
        clock.report(5 << 32, 1000, 10.0 + delay)
        clock.seen(1000 + clock.rate, 11.0 + delay)
    heard, seen = (sender_report(1, clock, 500, 15.0, 1e9, 7, 9) for clock in (sound, picture))
    assert (heard.ntp, heard.packets, heard.octets) == (ntp(1e9), 7, 9)
    assert (heard.timestamp - 1500) / 48000 == pytest.approx((seen.timestamp - 1500) / 90000, abs=1e-3)
