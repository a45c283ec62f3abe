"""A stream is joined where its parameters or a whole picture begin, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets.h264 import is_key

SPS, PPS, IDR, SLICE = b"\x67\x42\xe0\x1f", b"\x68\xce", b"\x65\x88\x80", b"\x41\x9a"


def together(*units):
    return b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        pytest.param(SPS, True, id="parameters"),
        pytest.param(PPS, False, id="picture parameters alone"),
        pytest.param(IDR, True, id="first slice"),
        pytest.param(b"\x65\x48", False, id="a later slice"),
        pytest.param(SLICE, False, id="another picture"),
        pytest.param(together(SPS, PPS), True, id="parameters together"),
        pytest.param(together(b"\x09\xf0", SPS, PPS, IDR), True, id="behind a delimiter"),
        pytest.param(together(PPS, SLICE), False, id="nothing of the kind together"),
        pytest.param(b"\x7c\x85\x88", True, id="first fragment"),
        pytest.param(b"\x7c\x05\x88", False, id="a later fragment"),
        pytest.param(b"\x7c\x45\x88", False, id="the last fragment"),
        pytest.param(b"\x7c\x81\x88", False, id="first fragment of another picture"),
        pytest.param(b"", False, id="nothing"),
        pytest.param(b"\x65", False, id="a header alone"),
        pytest.param(b"\x7c\x85", False, id="a fragment's header alone"),
        pytest.param(b"\x78\x00", False, id="half a length"),
        pytest.param(b"\x78\x00\x00\x67", False, id="a unit of nothing"),
    ],
)
def test_where_a_picture_begins_that_needs_no_other(payload, key):
    assert is_key(payload) == key


@given(st.binary(max_size=40), st.sampled_from(b"\x78\x7c\x65\x67\x00"))
def test_arbitrary_bytes_raise_nothing(body, first):
    assert is_key(bytes((first,)) + body) in (True, False)
