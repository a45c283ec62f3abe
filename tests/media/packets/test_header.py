"""RTP headers come back as they were written, and bytes from outside raise nothing but Malformed."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets import header
from rooms.media.packets.header import Ids, Malformed, lay_out, parse, write

u16, u32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
mids = st.text(st.characters(min_codepoint=48, max_codepoint=122), min_size=1, max_size=20)


@st.composite
def some_ids(draw, highest=255):
    a, b, c = draw(st.lists(st.integers(1, highest), min_size=3, max_size=3, unique=True))
    return Ids(*(ident if draw(st.booleans()) else None for ident in (a, b, c)))


@given(st.booleans(), st.integers(0, 127), u16, u32, u32, u32, mids, some_ids(), st.integers(0, 127))
def test_a_written_header_reads_back(marker, payload_type, sequence, timestamp, ssrc, source, mid, ids, level):
    layout = lay_out(payload_type, ssrc, mid, ids)
    data = bytes(write(layout, marker, sequence, timestamp, source, 3.5, level)) + b"payload"
    read = parse(data)
    assert read[:6] == (marker, payload_type, sequence, timestamp, ssrc, (source,))
    assert data[read.start : read.end] == b"payload"
    expected = {
        ids.mid: mid.encode(),
        ids.abs_send_time: int(3.5 * (1 << 18)).to_bytes(3, "big"),
        ids.audio_level: bytes((level,)),
    }
    expected.pop(None, None)
    assert read.extensions == expected


@given(u16, u32, u32, mids, some_ids(), st.floats(0, 1e9), st.integers(0, 127))
def test_patching_a_prefix_at_the_offsets_is_writing(sequence, timestamp, source, mid, ids, now, level):
    layout = lay_out(96, 7, mid, ids)
    patched = bytearray(layout.prefix)
    patched[header.SEQUENCE : header.SEQUENCE + 2] = sequence.to_bytes(2, "big")
    patched[header.TIMESTAMP : header.TIMESTAMP + 4] = timestamp.to_bytes(4, "big")
    patched[header.CSRC : header.CSRC + 4] = source.to_bytes(4, "big")
    if layout.abs_send_time is not None:
        patched[layout.abs_send_time : layout.abs_send_time + 3] = header.abs_send_time(now).to_bytes(3, "big")
    if layout.audio_level is not None:
        patched[layout.audio_level] = level
    assert patched == write(layout, False, sequence, timestamp, source, now, level)
    assert len(layout.prefix) % 4 == 0


@pytest.mark.parametrize(
    ("ids", "mid", "profile"),
    [
        pytest.param(Ids(14), "a", b"\xbe\xde", id="14 fits into one byte"),
        pytest.param(Ids(15), "a", b"\x10\x00", id="15 is reserved there"),
        pytest.param(Ids(1), "a" * 16, b"\xbe\xde", id="16 bytes fit"),
        pytest.param(Ids(1), "a" * 17, b"\x10\x00", id="17 bytes don't"),
    ],
)
def test_the_two_byte_form_is_for_what_needs_it(ids, mid, profile):
    assert lay_out(96, 7, mid, ids).prefix[16:18] == profile


def test_without_extensions_there_is_no_extension_block():
    assert lay_out(96, 7, "a").prefix == bytes((0x81, 96)) + bytes(6) + bytes((0, 0, 0, 7)) + bytes(4)


def packet(first, rest=b"", payload=b"abc"):
    return bytes((first, 96)) + struct.pack("!HII", 1, 2, 3) + rest + payload


def extension(profile, body):
    return struct.pack("!HH", profile, len(body) // 4) + body


def test_padding_is_no_payload():
    read = parse(packet(0xA0, payload=b"abc\x00\x00\x03"))
    assert (read.start, read.end) == (12, 15)


def test_padding_between_elements_and_the_end_mark_are_honoured():
    assert parse(packet(0x90, extension(0xBEDE, b"\x00\x10\x05\x00\xf0\x10\x06\x00"))).extensions == {1: b"\x05"}
    assert parse(packet(0x90, extension(0x1000, b"\x00\x01\x00\x02\x01\x09\x00\x00"))).extensions == {
        1: b"",
        2: b"\x09",
    }
    assert parse(packet(0x90, extension(0x1000, b"\x00\x00\x01\x00"))).extensions == {1: b""}


def test_an_unknown_extension_profile_is_stepped_over():
    read = parse(packet(0x90, extension(0x1234, b"\xff" * 4)))
    assert (read.extensions, read.start) == ({}, 20)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(packet(0x80)[:11], id="eleven bytes"),
        pytest.param(packet(0x40), id="version 1"),
        pytest.param(packet(0x80, payload=bytes(1489)), id="oversized"),
        pytest.param(packet(0x8F), id="contributing sources cut off"),
        pytest.param(packet(0x90), id="extension cut off"),
        pytest.param(packet(0x90, b"\xbe\xde\x00\x09"), id="extension beyond the end"),
        pytest.param(packet(0x90, extension(0xBEDE, b"\x1f\x00\x00\x00")), id="one-byte element beyond the end"),
        pytest.param(packet(0x90, extension(0x1000, b"\x01\x09\x00\x00")), id="two-byte element beyond the end"),
        pytest.param(packet(0x90, extension(0x1000, b"\x00\x00\x00\x01")), id="two-byte element without a length"),
        pytest.param(packet(0xA0, payload=b"abc\x00"), id="padding of none"),
        pytest.param(packet(0xA0, payload=b"abc\x05"), id="padding longer than the payload"),
    ],
)
def test_what_is_no_packet_is_malformed(data):
    with pytest.raises(Malformed):
        parse(data)


def tries(read, data):
    try:
        return read(data)
    except Malformed:
        return None


@given(st.binary(max_size=80), st.sampled_from((0x80, 0x90, 0xA0, 0xB0, 0x9F)), st.sampled_from((0xBEDE, 0x1000, 0)))
def test_arbitrary_bytes_raise_nothing_but_malformed(data, first, profile):
    shaped = packet(first, struct.pack("!HH", profile, len(data) // 5), data)
    for candidate in (data, bytes((first,)) + data, shaped):
        read = tries(parse, candidate)
        assert read is None or 12 <= read.start <= read.end <= len(candidate)


@given(st.integers(0, 255))
def test_rtcp_is_told_by_its_second_byte(second):
    assert header.is_rtcp(bytes((0x80, second))) == (192 <= second <= 223)
    assert not header.is_rtcp(b"\x80")
