import json

from hypothesis import given
from hypothesis import strategies as st

from live import frames

# Lengths are told in one byte, in two or in eight.
sizes = st.integers(0, 300) | st.integers(65_500, 65_600)


@given(st.lists(sizes, max_size=5))
def test_payloads_come_out_as_they_went_in(lengths):
    payloads = [bytes([number]) * length for number, length in enumerate(lengths)]
    assert list(frames.payloads(b"".join(frames.text(payload) for payload in payloads))) == payloads


def read(wire: bytes):
    [payload] = frames.payloads(wire)
    return json.loads(payload)


def test_entries_and_whispers_on_the_line():
    entry = frames.of_entry("room.7", 813, "question", '{"id":1}')
    assert read(entry.wire) == {"on": "room.7", "seq": 813, "event": "question", "data": {"id": 1}}
    whisper = frames.of_whisper("room.7", "hold", "null")
    assert (whisper.seq, read(whisper.wire)) == (0, {"on": "room.7", "event": "hold", "data": None})


def test_what_the_kernel_itself_says():
    assert read(frames.of_snapshot("room.7", 3, b"[]")) == {"on": "room.7", "snapshot": 3, "data": []}
    assert read(frames.of_mine("room.7", b"{}")) == {"on": "room.7", "mine": {}}
    assert read(frames.of_entered("room.7", 3, 1811)) == {"on": "room.7", "entered": 3, "now": 1811}
    assert read(frames.of_beat("room.7", 3, 1811)) == {"on": "room.7", "beat": 3, "now": 1811}
    assert read(frames.of_here("room.7", 2, None)) == {"on": "room.7", "here": 2}
    assert read(frames.of_here("room.7.desk", 2, [4, 9])) == {"on": "room.7.desk", "here": 2, "people": [4, 9]}
    assert read(frames.of_bye(8)) == {"bye": "restart", "within": 8}


@given(st.text(max_size=70))
def test_whatever_a_client_sent_is_escaped(ref):
    assert read(frames.of_ok(ref, b"null")) == {"re": ref, "ok": None}
    assert read(frames.of_refused(ref, "slow.down", "…")) == {"re": ref, "refused": "slow.down", "say": "…"}


@given(st.lists(st.tuples(st.sampled_from(["room.1", "room.2", "room.3"]), st.integers(1, 9))))
def test_by_topic_keeps_the_order_within_each(said):
    heard = [frames.Frame(topic, seq, "note", b"") for topic, seq in said]
    for topic, some in frames.by_topic(heard).items():
        assert some == [frame for frame in heard if frame.topic == topic]
