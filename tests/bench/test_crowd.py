from hypothesis import given
from hypothesis import strategies as st

from bench.crowd import PING, TEXT, Crowd, frame, frames
from live.frames import text

payloads = st.lists(st.text(max_size=300).map(str.encode) | st.just(b"x" * 70_000), max_size=5)


def ignore(member, notes, at):
    """Nobody listens."""


@given(payloads, st.data())
def test_frames_are_found_wherever_the_stream_is_cut(sent, data):
    stream = b"".join(text(payload) for payload in sent)
    at = data.draw(st.integers(0, len(stream)))
    before, rest = frames(stream[:at])
    after, nothing = frames(rest + stream[at:])
    assert [payload for _, payload in before + after] == sent
    assert nothing == b""


def test_a_frame_is_masked_with_zeros():
    assert frame(b"{}") == b"\x81\x82\0\0\0\0{}"
    assert frame(b"x" * 200) == b"\x81\xfe\x00\xc8\0\0\0\0" + b"x" * 200


def test_what_all_hear_is_noted_once():
    asked = []
    crowd = Crowd(lambda payload: asked.append(payload) or payload.decode(), ignore)
    both = text(b"one") + text(b"two")
    assert crowd._learn(both).notes == ("one", "two")
    assert crowd._learn(text(b"two")).notes == ("two",)
    assert crowd.known[both].notes == ("one", "two")
    assert asked == [b"one", b"two"]


def test_pings_and_beginnings_of_frames_are_kept_apart_from_notes():
    heard = Crowd(bytes.decode, ignore)._learn(bytes([0x80 | PING, 2]) + b"hi" + bytes([0x80 | TEXT]))
    assert heard == ((), (b"hi",), None, b"\x81")
