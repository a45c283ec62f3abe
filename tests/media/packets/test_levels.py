"""The picture follows whoever speaks, and not whoever coughs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets.levels import STAY, Speakers

ADA, BEN, CEM = 2, 4, 6
STAGE = (ADA, BEN, CEM)
PACKET = 0.02


class Room:
    """Everybody sends a packet every 20 ms, at the level said or in silence."""

    def __init__(self):
        self.speakers, self.now, self.seen = Speakers(), 10.0, []

    def goes_on(self, seconds, **levels):
        for _ in range(round(seconds / PACKET)):
            self.now += PACKET
            for name, source in (("ada", ADA), ("ben", BEN), ("cem", CEM)):
                self.speakers.heard(source, levels.get(name, 80), self.now)
            self.seen.append((self.now, self.speakers.decide(STAGE, self.now)))
        return self.seen[-1][1]

    def since(self, source):
        """When this source became dominant last."""
        return max(now for (_, before), (now, after) in pairwise(self.seen) if before != after == source)


def test_without_any_level_the_first_on_stage_is_shown():
    speakers = Speakers()
    assert speakers.decide(STAGE, 1.0) == ADA
    assert speakers.decide((), 1.0) is None
    assert speakers.speaking(1.0) is None


def test_whoever_speaks_takes_over_within_600_ms():
    room = Room()
    room.goes_on(2, ada=30)
    begun = room.now
    assert room.goes_on(1, ben=30) == BEN
    assert 0.3 <= room.since(BEN) - begun <= 0.6


@pytest.mark.parametrize("pause", [pytest.param(0.0, id="into speech"), pytest.param(2.0, id="into silence")])
def test_a_cough_changes_nothing(pause):
    room = Room()
    room.goes_on(2, ada=30)
    room.goes_on(pause)
    assert room.goes_on(0.25, ada=30 if not pause else 80, ben=10) == ADA
    assert room.goes_on(2) == ADA


def test_a_pause_for_breath_loses_nothing():
    room = Room()
    room.goes_on(2, ada=30)
    for _ in range(5):
        assert room.goes_on(0.3) == ADA
        assert room.goes_on(1, ada=30) == ADA


def test_two_at_a_time_leave_it_with_who_was_first():
    room = Room()
    room.goes_on(1, ada=30)
    room.goes_on(5, ada=32, ben=30)
    assert {source for _, source in room.seen} == {ADA}


def test_one_who_drowns_the_other_out_takes_over():
    room = Room()
    room.goes_on(1, ada=45)
    assert room.goes_on(1.5, ada=45, ben=15) == BEN


def test_an_echo_of_the_speaker_is_nobody():
    room = Room()
    room.goes_on(3, ada=25, ben=42)
    assert room.goes_on(0.5) == ADA
    assert room.speakers.loudest([ADA], [ADA, BEN], 1, room.now) == [ADA]


def test_silence_keeps_the_last_speaker_in_the_picture_though_nobody_speaks():
    room = Room()
    room.goes_on(1, ben=30)
    assert room.speakers.speaking(room.now) == BEN
    assert room.goes_on(30) == BEN
    assert room.speakers.speaking(room.now) is None


def test_a_source_that_sends_no_more_falls_silent():
    room = Room()
    room.goes_on(1, ada=30)
    later = room.now + 1
    assert room.speakers.speaking(later) is None
    assert room.speakers.level(ADA, later) == -127


def test_whoever_leaves_the_stage_is_dominant_no_longer():
    room = Room()
    room.goes_on(1, ada=30)
    assert room.speakers.decide((BEN, CEM), room.now) == BEN
    room.speakers.gone(ADA)
    assert room.speakers.level(ADA, room.now) == -127


def test_the_level_follows_the_voice():
    room = Room()
    room.goes_on(1, ada=30)
    assert room.speakers.level(ADA, room.now) == -30
    assert room.speakers.level(BEN, room.now) == -80


def test_whoever_speaks_outside_displaces_whoever_is_silent_inside():
    room = Room()
    room.goes_on(1, ada=30)
    assert room.speakers.loudest([ADA, BEN], STAGE, 2, room.now) == [ADA, BEN]
    room.goes_on(0.5, ada=30, cem=30)
    assert set(room.speakers.loudest([ADA, BEN], STAGE, 2, room.now)) == {ADA, CEM}


sources = st.lists(st.integers(1, 9), unique=True)


@given(sources, sources, st.integers(0, 5), st.lists(st.tuples(st.integers(1, 9), st.integers(0, 127)), max_size=80))
def test_as_many_are_heard_as_fit_and_nobody_twice(current, candidates, size, heard):
    speakers, now = Speakers(), 0.0
    for source, level in heard:
        now += PACKET
        speakers.heard(source, level, now)
    chosen = speakers.loudest(current, candidates, size, now)
    assert len(chosen) == len(set(chosen)) == min(size, len(candidates))
    assert set(chosen) <= set(candidates)


@given(st.lists(st.tuples(st.sampled_from(STAGE), st.integers(0, 127), st.integers(1, 20)), max_size=100))
def test_the_picture_never_flaps(heard):
    speakers, now, changes, before = Speakers(), 0.0, [], None
    for source, level, packets in heard:
        for _ in range(packets):
            now += PACKET
            speakers.heard(source, level, now)
            speakers.decide(STAGE, now)
            if speakers.dominant != before:
                changes.append(now)
            before = speakers.dominant
    assert all(later - earlier >= STAY for earlier, later in pairwise(changes))
