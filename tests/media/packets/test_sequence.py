"""Numbers that wrap, and the way back from an outgoing number to the packet it was given to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets.sequence import Numbering, Unwrapper, ahead


@given(st.sampled_from((7, 8, 15, 16, 32)), st.data())
def test_ahead_undoes_adding(bits, data):
    number = data.draw(st.integers(0, (1 << bits) - 1))
    step = data.draw(st.integers(-(1 << bits - 1), (1 << bits - 1) - 1))
    assert ahead(number + step & (1 << bits) - 1, number, bits) == step


@given(st.integers(0, 0xFFFF), st.lists(st.integers(-20, 3000), max_size=200))
def test_unwrapping_follows_every_step(first, steps):
    unwrapper, at = Unwrapper(), first
    highest = unwrapper.extend(first)
    for step in steps:
        at = highest + step
        assert unwrapper.extend(at & 0xFFFF) == at
        highest = max(highest, at)


stays = st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(1, 300)), min_size=1, max_size=12)


@given(st.integers(0, 0xFFFF), stays)
def test_numbers_go_out_without_a_gap_and_lead_back(start, stays):
    numbering, sent = Numbering(start), []
    for track, (first, count) in enumerate(stays):
        numbering.switch(track, first, 0)
        for i in range(count):
            outgoing = numbering.outgoing(first + i & 0xFFFF)
            numbering.sent(outgoing)
            sent.append((outgoing, track, first + i & 0xFFFF))
    assert [outgoing for outgoing, _, _ in sent] == [start + 1 + i & 0xFFFF for i in range(len(sent))]
    for outgoing, track, sequence in sent:
        if track < len(stays) - 8:
            continue
        mapping, found = numbering.source(outgoing)
        assert (mapping.track, found) == (track, sequence)


@given(st.integers(0, 0x7FFF), st.integers(0, 255), st.integers(0, 0x7FFF), st.integers(0, 255))
def test_pictures_go_on_by_one_at_a_switch(picture, tl0, new_picture, new_tl0):
    numbering = Numbering(0, picture, tl0)
    mapping = numbering.switch("a", 5, 0, new_picture, new_tl0)
    assert new_picture + mapping.picture & 0x7FFF == picture + 1 & 0x7FFF
    assert new_tl0 + mapping.tl0 & 0xFF == tl0 + 1 & 0xFF


@given(st.integers(0, 0xFFFF), st.integers(1, 30000))
def test_what_is_older_than_the_switch_is_dropped(base, older):
    numbering = Numbering(7)
    numbering.switch("a", base, 0)
    assert numbering.outgoing(base - older & 0xFFFF) is None
    assert numbering.outgoing(base) == 8


def test_after_4000_packets_the_base_is_forgotten_so_that_nothing_is_dropped_at_the_wrap():
    numbering = Numbering()
    numbering.switch("a", 100, 0)
    sent = [numbering.outgoing(100 + i & 0xFFFF) for i in range(70000)]
    assert sent == [1 + i & 0xFFFF for i in range(70000)]


def test_a_nack_leads_back_however_long_ago_the_switch_was():
    numbering = Numbering()
    numbering.switch("a", 100, 0)
    for i in range(70000):
        numbering.sent(numbering.outgoing(100 + i & 0xFFFF))
    for i in (69990, 69000, 60000):
        mapping, sequence = numbering.source(1 + i & 0xFFFF)
        assert (mapping.track, sequence) == ("a", 100 + i & 0xFFFF)


@pytest.mark.parametrize(
    "outgoing", [pytest.param(10, id="before the first switch"), pytest.param(13, id="never sent")]
)
def test_numbers_that_were_not_sent_lead_nowhere(outgoing):
    numbering = Numbering(10)
    numbering.switch("a", 500, 0)
    numbering.sent(numbering.outgoing(500))
    numbering.sent(numbering.outgoing(501))
    assert numbering.source(12)[1] == 501
    assert numbering.source(outgoing) is None


def test_late_packets_don_t_set_the_numbers_back():
    numbering = Numbering()
    numbering.switch("a", 0, 0)
    numbering.sent(50, 20, 9)
    numbering.sent(40, 10, 5)
    assert (numbering.last, numbering.picture, numbering.tl0) == (50, 20, 9)


@given(st.integers(0, 0x3FFFF), st.integers(0, 500), st.integers(0, 0x7FFF), st.integers(0, 100))
def test_catching_up_equals_sending_one_by_one(first, count, picture, frames):
    one, other = Numbering(3, 4, 5), Numbering(3, 4, 5)
    for numbering in (one, other):
        numbering.switch("a", first, 0, picture, 0)
    for i in range(count + 1):
        one.sent(one.outgoing(first + i & 0xFFFF))
    for i in range(frames + 1):
        one.sent(one.last & 0xFFFF, picture + i + one.mapping.picture & 0x7FFF, i + one.mapping.tl0 & 0xFF)
    other.caught_up(first + count, picture + frames & 0x7FFF, frames)
    assert (one.last, one.picture, one.tl0) == (other.last, other.picture, other.tl0)


@given(st.integers(0, 0x3FFFF), st.integers(0, 200000), st.integers(0, 0x7FFF))
def test_catching_up_takes_any_number_of_packets_at_once(first, count, picture):
    numbering = Numbering(9)
    numbering.switch("before", 0, 0)
    numbering.sent(10)
    mapping = numbering.switch("a", first, 0, 0)
    numbering.caught_up(first + count, picture)
    assert numbering.picture == picture + mapping.picture & 0x7FFF
    assert numbering.source(11 + count & 0xFFFF) == (mapping, first + count & 0xFFFF)
    assert numbering.source(10 + count & 0xFFFF)[0].track == ("a" if count else "before")
