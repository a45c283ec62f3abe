"""What a viewer gets never exceeds its line, but for the sound, and comes back when the line does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.packets.bandwidth import (
    CONGESTED,
    ENOUGH,
    LONGEST_HOLD_OFF,
    NOTHING,
    START,
    TRUST,
    Allocator,
    Estimate,
    Losses,
    Want,
    allocate,
    spent,
)
from rooms.media.packets.rtcp import Report

LAYERS = (150_000, 500_000, 1_500_000)
FACE, SCREEN = Want(LAYERS), Want((200_000, 800_000), screen=True)
AUDIO = 40_000

bitrates = st.integers(1_000, 3_000_000)
wanted = st.builds(Want, st.lists(bitrates, max_size=3).map(sorted).map(tuple), st.booleans(), st.integers(0, 3))
wants_ = st.lists(wanted, max_size=6)


@given(st.floats(0, 5e6), st.integers(0, 500_000), wants_)
def test_pictures_never_exceed_what_sound_leaves(bitrate, audio, wants):
    chosen = allocate(bitrate, audio, wants)
    assert spent(chosen, wants) <= max(0, bitrate - audio)
    assert all(NOTHING <= layer < len(want.layers) for layer, want in zip(chosen, wants, strict=True))


@given(st.floats(0, 5e6), wants_)
def test_nothing_affordable_is_left_out(bitrate, wants):
    chosen = allocate(bitrate, 0, wants)
    left = bitrate - spent(chosen, wants)
    for layer, want in zip(chosen, wants, strict=True):
        now = want.layers[layer] if layer != NOTHING else 0
        assert layer + 1 == len(want.layers) or want.layers[layer + 1] - now > left


@pytest.mark.parametrize(
    ("bitrate", "chosen"),
    [
        pytest.param(0, [NOTHING, NOTHING, NOTHING], id="nothing"),
        pytest.param(200_000, [NOTHING, NOTHING, 0], id="the screen first"),
        pytest.param(360_000, [0, NOTHING, 0], id="then people in order"),
        pytest.param(540_000, [0, 0, 0], id="everybody before anybody better"),
        pytest.param(1_400_000, [0, 0, 1], id="the screen better"),
        pytest.param(1_450_000, [1, 0, 1], id="then people better"),
        pytest.param(9_000_000, [2, 2, 1], id="all"),
    ],
)
def test_the_screen_comes_first_and_everybody_before_anybody_better(bitrate, chosen):
    assert allocate(bitrate, 0, [FACE, FACE, SCREEN]) == chosen


def report(ssrc, highest, lost):
    return Report(ssrc, 0, lost, highest & 0xFFFFFFFF, 0, 0, 0)


def test_loss_is_that_of_all_slots_since_the_last_take():
    losses = Losses()
    losses.heard(report(1, 0xFFFFFFF0, 5))
    losses.heard(report(2, 100, 0))
    assert losses.take() is None
    losses.heard(report(1, 0xFFFFFFF0 + 60, 20))
    losses.heard(report(2, 140, 5))
    assert losses.take() == 20 / 100
    assert losses.take() is None


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 0xFFFFFFFF), st.integers(-0x800000, 0x7FFFFF)), max_size=60)
)
def test_whatever_a_viewer_reports_loss_is_a_fraction(reports):
    losses = Losses()
    for ssrc, highest, lost in reports:
        losses.heard(report(ssrc, highest, lost))
        assert 0 <= (losses.take() or 0) <= 1


def test_the_estimate_is_the_browsers_while_it_s_fresh_and_never_above_what_losses_say():
    estimate = Estimate(0.0)
    assert estimate.bitrate(0.0) == START
    estimate.remb(900_000, 1.0, 900_000)
    assert estimate.bitrate(2.0) == TRUST * 900_000
    assert estimate.bitrate(12.0) == START
    estimate.remb(9_000_000, 13.0, 9_000_000)
    assert estimate.bitrate(13.0) == START


def test_a_browser_on_a_busy_machine_keeps_its_small_pictures_until_the_line_is_seen_to_lose():
    estimate = Estimate(0.0)
    estimate.remb(80_000, 1.0, 400_000)
    assert estimate.bitrate(1.0) == ENOUGH
    for second in (2.0, 3.0):
        estimate.lost(0.6, 400_000, second)
    estimate.remb(80_000, 3.0, 100_000)
    assert estimate.bitrate(3.0) == TRUST * 80_000


def test_a_browser_s_first_low_number_is_no_fall_but_a_lower_one_is():
    estimate = Estimate(0.0)
    for bitrate, falls in ((300_000, 0), (290_000, 0), (400_000, 0), (330_000, 1), (320_000, 1), (290_000, 2)):
        estimate.remb(bitrate, 1.0, 300_000)
        assert estimate.falls == falls


def test_a_browser_that_gets_little_cannot_tell_what_the_line_bears():
    estimate = Estimate(0.0)
    estimate.remb(60_000, 1.0, 40_000)
    assert estimate.bitrate(1.0) == START
    assert estimate.falls == 0


def test_a_line_that_was_full_from_the_beginning_is_relieved():
    estimate, allocator = Estimate(0.0), Allocator()
    allocator.decide(estimate, AUDIO, [FACE], 1.0)
    for second in range(2, 20):
        shown = allocator.decide(estimate, AUDIO, [FACE], float(second))
    estimate.remb(300_000, 20.0, AUDIO + spent(shown, [FACE]))
    assert allocator.decide(estimate, AUDIO, [FACE], 20.0) < shown


def test_lasting_loss_brings_it_down_and_its_end_up_again():
    estimate = Estimate(0.0)
    for second in range(1, 6):
        estimate.lost(0.4, 800_000, float(second))
    low = estimate.bitrate(6.0)
    assert low < 400_000
    for second in range(6, 30):
        estimate.lost(0.0, 300_000, float(second))
    assert low + 500_000 < estimate.bitrate(30.0) <= low + 50_000 * 25


@pytest.mark.parametrize("fraction", [pytest.param(0.05, id="5 %"), pytest.param(0.1, id="10 %")])
def test_what_radio_loses_is_no_congestion(fraction):
    estimate = Estimate(0.0)
    for second in range(100):
        estimate.lost(fraction, 800_000, float(second))
    assert estimate.bitrate(100.0) >= START
    assert estimate.falls == 0


def steps(before, after):
    """How many layers more there are; far too many if anybody's went up while another's went down."""
    differences = [new - old for old, new in zip(before, after, strict=True)]
    return sum(differences) if min(differences) >= 0 or max(differences) <= 0 else 99


class Line:
    """A viewer behind a line of so many bit/s, whose browser estimates as Chromium does: 8 % a second up to half as
    much again as what it receives, down to 85 % of what comes through when more is sent."""

    def __init__(self, capacity, wants, remb=True):
        self.capacity, self.wants, self.remb = capacity, wants, remb
        self.now, self.browser, self.allocator, self.seen = 0.0, None, Allocator(), []
        self.estimate, self.sent, self.shown = Estimate(0.0), AUDIO, []

    @property
    def chosen(self):
        return self.seen[-1]

    def goes_on(self, seconds):
        for _ in range(seconds):
            self.now += 1.0
            falls = self.allocator._falls
            self.seen.append(self.allocator.decide(self.estimate, AUDIO, self.wants, self.now))
            self.check(self.estimate.falls > falls)
            self.sent, self.shown = AUDIO + spent(self.chosen, self.wants), self.wants
            self.tell(self.sent)
        return self.chosen

    def check(self, fell):
        """Beyond the estimate there is what was there already and one step; after a fall, what was proven."""
        used = AUDIO + spent(self.chosen, self.wants)
        if used <= max(self.estimate.bitrate(self.now), AUDIO):
            return
        if self.shown != self.wants:
            carried = [min(layer, len(want.layers) - 1) for layer, want in zip(self.seen[-2], self.wants, strict=False)]
            carried += [NOTHING] * (len(self.wants) - len(carried))
            assert used <= max(self.sent, AUDIO + spent(carried, self.wants)) or steps(carried, self.chosen) == 1
        else:
            assert steps(self.seen[-2], self.chosen) in ((-1,) if fell else (0, 1))

    def tell(self, sent):
        through = min(sent, self.capacity)
        if self.browser is None:
            self.browser = through
        elif sent > self.capacity:
            self.browser = 0.85 * through
        else:
            self.browser = max(self.browser, min(self.browser * 1.08, through * 1.5))
        if self.remb:
            self.estimate.remb(int(self.browser), self.now, sent)
        self.estimate.lost(max(0, 1 - self.capacity / sent), sent, self.now)


@pytest.mark.parametrize("remb", [pytest.param(True, id="REMB"), pytest.param(False, id="loss alone")])
def test_a_good_line_gets_everything_within_a_minute(remb):
    line = Line(10_000_000, [FACE, FACE, SCREEN], remb)
    assert line.goes_on(1) == [0, 0, 0] or min(line.chosen) == 0
    assert line.goes_on(60) == [2, 2, 1]
    assert line.allocator.state == "ok"


@pytest.mark.parametrize(
    ("remb", "bearable"),
    [pytest.param(True, 1, id="REMB"), pytest.param(False, 1 / (1 - CONGESTED), id="loss alone")],
)
def test_a_line_that_collapses_is_relieved_at_once_and_used_again_when_it_recovers(remb, bearable):
    line = Line(10_000_000, [FACE, FACE, SCREEN], remb)
    line.goes_on(60)
    line.capacity = 500_000
    line.goes_on(4)
    assert AUDIO + spent(line.chosen, line.wants) <= 500_000 * bearable
    assert line.chosen[2] == 0
    line.capacity = 10_000_000
    assert line.goes_on(90) == [2, 2, 1]


@pytest.mark.parametrize("remb", [pytest.param(True, id="REMB"), pytest.param(False, id="loss alone")])
def test_sound_is_all_that_a_tiny_line_gets_and_the_person_is_told(remb):
    line = Line(100_000, [FACE, SCREEN], remb)
    line.goes_on(60)
    assert line.seen.count([NOTHING, NOTHING]) > 45
    assert line.allocator.state == "audio_only"
    line.capacity = 10_000_000
    assert line.goes_on(150) == [2, 1]
    assert line.allocator.state == "ok"


def test_a_line_too_small_for_the_next_layer_is_tried_ever_more_rarely():
    line = Line(700_000, [FACE])
    line.goes_on(300)
    tries = [second for second, chosen in enumerate(line.seen) if chosen == [2] and line.seen[second - 1] != [2]]
    assert 2 <= len(tries) <= 12
    assert tries[1] - tries[0] < tries[-1] - tries[-2] >= LONGEST_HOLD_OFF
    assert line.seen.count([1]) > 200


def test_a_heavier_source_in_a_slot_gets_no_more_than_the_one_before():
    line = Line(10_000_000, [FACE])
    assert line.goes_on(60) == [2]
    line.estimate.remb(1_800_000, line.now, 1_800_000)
    line.wants = [Want((200_000, 2_000_000, 9_000_000), source=5)]
    assert line.goes_on(1) == [0]


@given(st.integers(0, 3_000_000), wants_, st.lists(st.tuples(st.integers(0, 3_000_000), wants_), max_size=5))
def test_whatever_is_wanted_over_whatever_line_no_rule_is_broken(capacity, wants, changes):
    line = Line(max(1, capacity), wants)
    line.goes_on(5)
    for capacity, wants in changes:
        line.capacity, line.wants = max(1, capacity), wants
        line.goes_on(5)


def test_a_screen_that_appears_on_a_full_line_takes_what_it_needs_from_people():
    line = Line(700_000, [FACE, Want((), screen=True)])
    line.goes_on(60)
    line.estimate.remb(600_000, line.now, 600_000)
    line.wants = [FACE, SCREEN]
    line.goes_on(2)
    assert line.chosen[1] >= 0


def test_much_loss_is_a_poor_line_once_it_lasts():
    estimate, allocator = Estimate(0.0), Allocator()
    states = []
    for second in range(1, 10):
        estimate.lost(CONGESTED * 1.5, 10_000_000, float(second))
        allocator.decide(estimate, AUDIO, [Want((1000,))], float(second))
        states.append(allocator.state)
    assert states[:3] == ["ok"] * 3
    assert states[-1] == "poor"
