"""Whatever descriptor a source writes, ours has the picture id and the TL0 index at the same places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets import vp8
from rooms.media.packets.header import Malformed
from rooms.media.packets.vp8 import Pictures, canonical
from tests.media.packets.test_header import tries

KEY, DELTA = b"\x10\x02\x00\x9d\x01\x2a", b"\x11\x02\x00"


def described(first=0x10, picture=None, wide=True, tl0=None, temporal=None, frame=KEY):
    """A payload with a descriptor as RFC 7741 draws it."""
    flags = (picture is not None) << 7 | (tl0 is not None) << 6 | (temporal is not None) << 5
    body = b""
    if picture is not None:
        body += (0x8000 | picture).to_bytes(2, "big") if wide else bytes((picture,))
    body += b"" if tl0 is None else bytes((tl0,))
    body += b"" if temporal is None else bytes((temporal,))
    return (bytes((first | 0x80, flags)) if flags else bytes((first,))) + body + frame


pictures = st.none() | st.integers(0, 0x7FFF)
bytewise = st.none() | st.integers(0, 255)


@given(pictures, bytewise, bytewise, st.binary(min_size=1, max_size=9))
def test_canonical_keeps_what_the_source_says(picture, tl0, temporal, frame):
    read = canonical(described(0x10, picture, True, tl0, temporal, frame), Pictures(41), 1000)
    assert read.picture == (42 if picture is None else picture)
    assert (read.tl0, read.layer) == (tl0, (temporal or 0) >> 6)
    assert read.sync == bool((temporal or 0) & 0x20)
    assert int.from_bytes(read.payload[2:4], "big") == 0x8000 | read.picture
    assert tl0 is None or read.payload[vp8.TL0_INDEX] == tl0
    assert read.payload.endswith(frame)


@given(pictures, bytewise, bytewise, st.integers(0, 0x7FFF), st.integers(0, 255))
def test_canonical_is_a_descriptor_again_and_patches_in_place(picture, tl0, temporal, other, index):
    once = canonical(described(0x10, picture, True, tl0, temporal), Pictures(), 1000)
    assert canonical(once.payload, Pictures(9), 5) == once
    patched = vp8.patch(once.payload, other, None if tl0 is None else index)
    read = canonical(bytes(patched), Pictures(), 1000)
    assert (read.picture, read.tl0) == (other, None if tl0 is None else index)
    assert read.payload == patched


@pytest.mark.parametrize(
    ("first", "frame", "start", "key"),
    [
        pytest.param(0x10, KEY, True, True, id="first packet of a key frame"),
        pytest.param(0x10, DELTA, True, False, id="first packet of another frame"),
        pytest.param(0x00, KEY, False, False, id="a later packet"),
        pytest.param(0x11, KEY, False, False, id="first packet of a later partition"),
    ],
)
def test_a_key_frame_is_told_by_its_first_packet(first, frame, start, key):
    read = canonical(described(first, 7, frame=frame), Pictures(), 0)
    assert (read.start, read.key) == (start, key)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x10", id="no frame data"),
        pytest.param(b"\x90", id="no extension byte"),
        pytest.param(b"\x90\x80", id="no picture id"),
        pytest.param(b"\x90\x80\x80", id="half of a picture id"),
        pytest.param(b"\x90\xf0\x01\x02", id="no temporal byte"),
        pytest.param(b"\x90\xf0\x01\x02\x03", id="descriptor and nothing else"),
        pytest.param(b"\x80\xf0\x01\x02\x03", id="descriptor and nothing else, later packet"),
    ],
)
def test_a_descriptor_cut_off_is_malformed(payload):
    with pytest.raises(Malformed):
        canonical(payload, Pictures(), 0)


@given(st.binary(max_size=12))
def test_arbitrary_bytes_raise_nothing_but_malformed(payload):
    read = tries(lambda data: canonical(data, Pictures(), 0), payload)
    assert read is None or len(read.payload) >= 5


@given(st.integers(0, 0x7F), st.integers(1, 400))
def test_a_picture_id_of_7_bits_grows_to_15(first, count):
    ids = Pictures()
    seen = [canonical(described(0x10, first + i & 0x7F, wide=False), ids, 3000 * i).picture for i in range(count)]
    assert seen == [first + i & 0x7FFF for i in range(count)]


@given(st.integers(0, 0xFFFFFFFF), st.lists(st.integers(1, 9000), min_size=1, max_size=60))
def test_without_picture_ids_frames_are_counted_by_timestamp(first, steps):
    ids = Pictures(0x7FF0)
    assert ids.counted(first) == 0x7FF1
    for number, step in enumerate(steps):
        first = first + step & 0xFFFFFFFF
        assert [ids.counted(first) for _ in range(3)] == [0x7FF2 + number & 0x7FFF] * 3


def test_a_late_packet_of_a_known_frame_gets_its_frames_id():
    ids = Pictures()
    assert [ids.counted(stamp) for stamp in (1000, 4000, 7000, 4000, 1000, 10000)] == [1, 2, 3, 2, 1, 4]


def test_a_whole_frame_that_comes_too_late_shares_its_predecessors_id():
    ids = Pictures()
    assert [ids.counted(stamp) for stamp in (1000, 7000, 4000, 7000, 500)] == [1, 2, 1, 2, 1]
