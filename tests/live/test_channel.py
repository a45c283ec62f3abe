"""The order of one topic: frames in any order, repeated, with gaps."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from live.channel import Channel
from live.frames import RETRACTED, Frame, of_entry, of_gone


def frame(seq: int) -> Frame:
    return Frame("room.7", seq, "note", b"<%d>" % seq)


def frames(*seqs: int) -> list[Frame]:
    return [frame(seq) for seq in seqs]


def seqs(wires) -> list[int]:
    return [int(part) for part in b"".join(wires).decode().replace("<", "").split(">") if part]


def reached(channel: Channel) -> int:
    assert channel.seq is not None
    return channel.seq


def begun(at: int = 0, size: int = 1000) -> Channel:
    channel = Channel(size)
    channel.begin(at)
    return channel


def test_frames_in_order_are_given_out_once():
    channel = begun()
    channel.hear(frames(1, 2))
    channel.hear(frames(2, 3))
    assert seqs([channel.news()]) == [1, 2, 3]
    assert not channel.has_news()


def test_an_early_frame_waits_for_the_one_before_it():
    channel = begun()
    assert channel.hear(frames(2)) == []
    assert channel.has_gap()
    assert not channel.has_news()
    assert channel.hear(frames(1)) == frames(1, 2)
    assert not channel.has_gap()


def test_what_is_heard_before_the_beginning_follows_it():
    channel = Channel(10)
    channel.hear(frames(4, 5, 6))
    assert channel.begin(4) == frames(5, 6)
    assert seqs([channel.news()]) == [5, 6]


def test_whispers_go_out_once_and_are_not_kept():
    channel = begun()
    channel.hear([Frame("room.7", 0, "typing", b"<0>")])
    assert channel.news() == b"<0>"
    assert channel.news() == b""
    assert channel.after(0, 0) == []


def test_the_ring_says_when_it_does_not_reach_back():
    channel = begun(10)
    assert channel.after(9, 10) is None
    channel.hear(frames(11, 12))
    assert seqs(channel.after(10, 12)) == [11, 12]
    assert seqs(channel.after(11, 12)) == [12]
    assert channel.after(9, 12) is None


def test_what_the_log_remembers_is_put_in_front():
    channel = begun(10)
    channel.hear(frames(11))
    channel.remember(frames(8, 9, 10, 11))
    assert seqs(channel.after(7, 11)) == [8, 9, 10, 11]
    channel.remember(frames(3, 4))
    assert channel.after(3, 11) is None


def taking_back(seq: int, *gone: int) -> Frame:
    return of_entry("room.7", seq, RETRACTED, f'{{"seqs":{list(gone)}}}')


def test_what_was_taken_back_is_not_told_again():
    channel = begun()
    channel.hear(frames(1, 2, 3))
    channel.news()
    last = taking_back(4, 1, 3)
    channel.hear([last])
    gone = [of_gone(frame(seq)).wire for seq in (1, 3)]
    assert channel.after(0, 4) == [gone[0], frame(2).wire, gone[1], last.wire]


def test_what_was_taken_back_before_it_was_given_out_is_not_given_out():
    channel = begun()
    channel.hear([taking_back(2, 1), frame(1)])
    assert channel.news() == of_gone(frame(1)).wire + taking_back(2, 1).wire


def test_what_the_log_knew_before_it_was_taken_back_is_not_put_in_front():
    channel = begun(2)
    channel.hear([taking_back(3, 1)])
    channel.remember(frames(1, 2))
    assert channel.after(0, 2) == [of_gone(frame(1)).wire, frame(2).wire]


def test_nothing_is_dropped_from_the_ring_before_it_was_given_out():
    channel = begun(size=3)
    for seq in range(1, 11):
        channel.hear(frames(seq))
    assert seqs([channel.news()]) == list(range(1, 11))
    assert seqs(channel.after(7, 10)) == [8, 9, 10]
    assert channel.after(6, 10) is None


def test_frames_that_wait_for_a_gap_are_bounded():
    channel = begun(size=5)
    channel.hear(frames(*range(2, 100)))
    assert len(channel.early) == 5


orders = st.integers(1, 30).flatmap(
    lambda last: st.tuples(
        st.just(last),
        st.permutations([*range(1, last + 1), *range(1, last + 1)]),
        st.lists(st.integers(0, 5), min_size=1),
        st.integers(0, last),
    )
)


@given(orders)
def test_any_order_with_repeats_comes_out_in_order_once(given_order):
    last, order, pauses, start = given_order
    channel, told = Channel(1000), []
    for turn, seq in enumerate(order):
        channel.hear([frame(seq)])
        if turn == start:
            channel.begin(0)
        if not pauses[turn % len(pauses)]:
            told += seqs([channel.news()])
    if channel.seq is None:
        channel.begin(0)
    told += seqs([channel.news()])
    assert told == list(range(1, last + 1))


@given(st.lists(st.integers(1, 40)), st.integers(1, 12), st.data())
def test_lost_frames_are_mended_from_the_log(heard, size, data):
    channel, told = begun(size=size), []
    for seq in heard:
        channel.hear([frame(seq)])
        told += seqs([channel.news()])
        if channel.has_gap() and data.draw(st.booleans()):
            channel.hear(frames(*range(reached(channel) + 1, max(channel.early) + 1)))
            told += seqs([channel.news()])
    assert told == list(range(1, reached(channel) + 1))
    assert max(Counter(told).values(), default=1) == 1


@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 60), st.integers(0, 60))
def test_a_newcomer_is_told_exactly_what_was_missed_or_nothing(last, size, since, older):
    channel = begun(min(older, last), size=size)
    channel.hear(frames(*range(1, last + 1)))
    channel.news()
    tail = channel.after(since, channel.sent)
    assert tail is None or seqs(tail) == list(range(since + 1, last + 1))
    assert tail is not None or since < last
