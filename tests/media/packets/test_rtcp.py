"""RTCP comes back as it was said, and bytes from outside raise nothing but Malformed."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets import rtcp
from rooms.media.packets.header import Malformed, is_rtcp
from rooms.media.packets.rtcp import (
    Description,
    FullIntra,
    Goodbye,
    KeyRequests,
    Nack,
    PictureLoss,
    ReceiverReport,
    Reception,
    Remb,
    Report,
    SenderReport,
)
from rooms.media.packets.timeline import ntp
from tests.media.packets.test_header import tries

u8, u16, u32 = st.integers(0, 255), st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)


def several(one, most=31):
    return st.lists(one, max_size=most).map(tuple)


reports = several(st.builds(Report, u32, u8, st.integers(-0x800000, 0x7FFFFF), u32, u32, u32, u32))
names = st.tuples(u32, st.text(max_size=60))
rates = st.integers(0, 0x3FFFF).flatmap(lambda mantissa: st.integers(0, 45).map(lambda shift: mantissa << shift))
messages = st.one_of(
    st.builds(SenderReport, u32, st.integers(0, (1 << 64) - 1), u32, u32, u32, reports),
    st.builds(ReceiverReport, u32, reports),
    st.builds(Description, several(names)),
    st.builds(Goodbye, several(u32)),
    st.builds(Nack, u32, u32, st.lists(u16, min_size=1, max_size=40, unique=True).map(sorted).map(tuple)),
    st.builds(PictureLoss, u32, u32),
    st.builds(FullIntra, u32, several(st.tuples(u32, u8))),
    st.builds(Remb, u32, rates, several(u32, 255)),
)


@given(st.lists(messages, min_size=1, max_size=5))
def test_a_compound_reads_back(said):
    data = b"".join(message.pack() for message in said)
    assert is_rtcp(data)
    assert rtcp.read(data) == said


@given(st.integers(0, 1 << 40), u32)
def test_a_bitrate_loses_no_more_than_its_last_bits(bitrate, ssrc):
    (read,) = rtcp.read(Remb(ssrc, bitrate, (ssrc,)).pack())
    assert 0 <= bitrate - read.bitrate <= bitrate >> 17


@given(u16, st.lists(st.integers(1, 30), max_size=50))
def test_a_nack_takes_two_words_less_than_one_a_number_and_wraps(first, steps):
    lost = [first]
    for step in steps:
        lost.append(lost[-1] + step & 0xFFFF)
    data = Nack(1, 2, tuple(lost)).pack()
    assert rtcp.read(data) == [Nack(1, 2, tuple(lost))]
    assert len(data) <= 12 + 4 * len(lost)


def test_seventeen_in_a_row_take_one_word():
    assert len(Nack(1, 2, tuple(range(17))).pack()) == 16
    assert len(Nack(1, 2, tuple(range(18))).pack()) == 20


@given(messages, st.integers(1, 400))
def test_what_is_cut_off_is_malformed(message, cut):
    data = message.pack()
    with pytest.raises(Malformed):
        rtcp.read(data[: max(0, len(data) - cut)])


@given(st.binary(max_size=64), st.sampled_from((200, 201, 202, 203, 204, 205, 206)), st.integers(0, 31))
def test_arbitrary_bytes_raise_nothing_but_malformed(body, kind, count):
    body = body[: len(body) // 4 * 4]
    shaped = struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body
    for data in (body, shaped, shaped + body, b"\xa0" + shaped[1:]):
        tries(rtcp.read, data)


def test_what_we_have_no_use_for_is_stepped_over():
    other = struct.pack("!BBHI", 0x80, 204, 1, 5)
    assert rtcp.read(other + PictureLoss(1, 2).pack() + other) == [PictureLoss(1, 2)]


def test_padding_is_no_content():
    padded = b"\xa1\xc8" + struct.pack("!H", 2) + bytes((0, 0, 0, 9, 0, 0, 0, 4))
    assert rtcp.split(padded) == [rtcp.Block(200, 1, b"\x00\x00\x00\x09")]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x80\xc8\x00", id="three bytes"),
        pytest.param(b"\x40\xc8\x00\x00", id="version 1"),
        pytest.param(b"\x80\xc8\x00\x01", id="longer than the packet"),
        pytest.param(b"\x80\xcc\x00\x00\x80", id="a byte left over"),
        pytest.param(b"\xa0\xc8\x00\x01\x00\x00\x00\x09", id="padding beyond the beginning"),
    ],
)
def test_lengths_that_don_t_add_up_are_malformed(data):
    with pytest.raises(Malformed):
        rtcp.split(data)


@given(st.floats(0, 3e9), st.floats(0, 20), st.floats(0, 20))
def test_the_round_trip_is_what_is_left_without_their_delay(sent, held, travelled):
    report = Report(1, 0, 0, 0, 0, ntp(sent) >> 16 & 0xFFFFFFFF, int(held * 65536))
    found = report.round_trip(ntp(sent + held + travelled))
    assert found is None if not report.last else abs(found - travelled) < 1e-3


def test_without_our_report_there_is_no_round_trip():
    assert Report(1, 0, 0, 0, 0, 0, 0).round_trip(ntp(1e9)) is None


@given(u16, st.lists(st.lists(st.booleans(), min_size=1, max_size=100), min_size=1, max_size=6))
def test_reports_say_how_much_was_lost_in_all_and_lately(first, rounds):
    reception, sequence, lost = Reception(90000), first, 0
    reception.arrived(first & 0xFFFF, 0, 100, 0.0)
    reception.report(1, 0.0)
    for comes in rounds:
        comes = [*comes, True]
        for here in comes:
            sequence += 1
            if here:
                reception.arrived(sequence & 0xFFFF, 0, 100, 0.0)
        lost += comes.count(False)
        report = reception.report(1, 0.0)
        assert (report.lost, report.highest) == (lost, sequence)
        assert report.fraction == comes.count(False) * 256 // len(comes)


def test_duplicates_count_as_less_than_nothing_lost_but_never_as_a_fraction():
    reception = Reception(90000)
    for sequence in (1, 2, 2, 2):
        reception.arrived(sequence, 0, 100, 0.0)
    report = reception.report(1, 0.0)
    assert (report.lost, report.fraction) == (-2, 0)
    assert rtcp.read(ReceiverReport(1, (report,)).pack()) == [ReceiverReport(1, (report,))]


def test_nothing_came_nothing_is_reported():
    assert Reception(90000).report(1, 0.0) is None


def test_jitter_is_none_for_a_steady_source_across_the_wrap_and_grows_with_unsteadiness():
    steady, shaky = Reception(90000), Reception(90000)
    for i in range(200):
        stamp = 0xFFFFFFFF - 90000 + 3000 * i & 0xFFFFFFFF
        steady.arrived(i, stamp, 100, 5 + i / 30)
        shaky.arrived(i, stamp, 100, 5 + i / 30 + (0.01 if i % 2 else 0))
    assert steady.jitter < 1e-4
    assert shaky.jitter == pytest.approx(0.01, rel=0.01)


def test_their_report_comes_back_with_the_time_since():
    reception = Reception(90000)
    reception.arrived(1, 0, 100, 0.0)
    reception.reported(0x1122334455667788, 10.0)
    report = reception.report(1, 10.5)
    assert (report.last, report.delay) == (0x33445566, 32768)


def test_a_key_frame_is_asked_for_at_once_and_then_no_more_than_four_times_a_second():
    requests = KeyRequests()
    sent = [tick for tick in range(100) if requests.ask(tick / 100 + 0.005)]
    assert sent[:2] == [0, 25]
    assert all(later - earlier >= 25 for earlier, later in pairwise(sent))


def test_a_request_too_soon_is_sent_later_though_nobody_asks_again():
    requests = KeyRequests()
    assert requests.ask(1.0)
    requests.arrived()
    assert not requests.ask(1.1)
    assert not requests.due(1.2)
    assert requests.due(1.25)


def test_it_goes_on_asking_until_one_comes_and_not_beyond():
    requests = KeyRequests()
    requests.ask(0.0)
    assert sum(requests.due(tick / 100) for tick in range(1, 1000)) >= 8
    requests.arrived()
    assert not any(requests.due(10 + tick / 100) for tick in range(1000))
