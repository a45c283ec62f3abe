"""When each part comes, how late it is, and what to shorten."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from rooms.show import timing
from rooms.show.timing import Change, Part

START = datetime(2027, 5, 25, 14, 30, tzinfo=UTC)
KINDS = ["opening", "talk", "panel", "questions", "closing", "break", "photo", "intervention"]


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def part(id: int, minutes: int, kind: str = "talk", **more) -> Part:
    return Part(id, kind, 60 * minutes, more.pop("agreed", 60 * minutes), **more)


def minutes(course: timing.Course) -> list[float]:
    return [(moment - START).total_seconds() / 60 for moment in course.at.values()]


# when


def test_as_it_was_written():
    plan = timing.planned([part(1, 5), part(2, 10), part(3, 20)], START)
    assert minutes(plan) == [0, 5, 15]
    assert plan.ends == at(35)


def test_before_it_begins_all_is_as_planned():
    parts = [part(1, 5), part(2, 10)]
    course = timing.expected(parts, START)
    assert (minutes(course), course.due, course.ends) == ([0, 5], START, at(15))
    assert timing.drift(parts, START) == 0


def test_a_late_beginning_moves_everything():
    parts = [part(1, 5, started=at(4)), part(2, 10), part(3, 5)]
    course = timing.expected(parts, START)
    assert (minutes(course), course.due, course.ends) == ([4, 9, 19], at(9), at(24))
    assert timing.drift(parts, START) == 240


def test_an_early_end_moves_what_follows_forward():
    parts = [part(1, 5, started=at(0), ended=at(3)), part(2, 10, started=at(3)), part(3, 5)]
    assert timing.drift(parts, START) == -120


def test_whoever_speaks_on_delays_what_follows_only_by_the_clock():
    parts = [part(1, 5, started=at(0)), part(2, 10)]
    assert minutes(timing.expected(parts, START)) == [0, 5]
    assert minutes(timing.expected(parts, START, at(7))) == [0, 7]
    assert timing.drift(parts, START, at(7)) == 120
    assert timing.expected(parts, START, at(7)).due == at(5)


def test_what_has_not_begun_in_time_begins_now_at_the_earliest():
    parts = [part(1, 5), part(2, 10)]
    assert minutes(timing.expected(parts, START, at(3))) == [3, 8]
    assert minutes(timing.expected(parts, START, at(-3))) == [0, 5]


def test_what_is_left_out_takes_no_time():
    parts = [part(1, 5, started=at(0)), part(2, 10, skipped=True), part(3, 5)]
    assert minutes(timing.expected(parts, START)) == [0, 5, 5]
    assert timing.drift(parts, START) == -600


def test_what_was_agreed_counts_and_the_plan_stays():
    parts = [part(1, 5, started=at(2)), part(2, 10, agreed=480), part(3, 5)]
    assert minutes(timing.expected(parts, START)) == [2, 7, 15]
    assert minutes(timing.planned(parts, START)) == [0, 5, 15]


def test_after_the_last_one_nothing_is_due():
    parts = [part(1, 5, started=at(0), ended=at(6))]
    course = timing.expected(parts, START, at(30))
    assert (course.due, course.ends) == (None, at(6))
    assert timing.drift(parts, START) == 60


def test_without_any_part_there_is_nothing_to_say():
    assert timing.expected([], START) == ({}, None, START)
    assert timing.drift([], START) == 0
    assert timing.proposal([], 600, START) == []


@pytest.mark.parametrize(("now", "late"), [(0, -60), (7, 60), (7.01, 61)])
def test_lateness_is_by_the_sessions_end(now, late):
    parts = [part(1, 5, started=at(0)), part(2, 10)]
    assert timing.lateness(parts, START, at(16), at(now)) == late


# what to shorten


def test_questions_and_panel_give_first_in_proportion():
    parts = [part(1, 5), part(2, 30, "panel"), part(3, 15, "questions"), part(4, 10, "closing")]
    assert timing.proposal(parts, 9 * 60, START) == [
        Change(2, 1800, 1440, "discussion"),
        Change(3, 900, 720, "discussion"),
    ]


def test_then_everything_else_and_closing_statements_last():
    parts = [part(1, 10), part(2, 4, "questions"), part(3, 6, "closing")]
    changes = timing.proposal(parts, 8 * 60, START)
    assert changes == [
        Change(2, 240, 120, "discussion"),
        Change(1, 600, 300, "share"),
        Change(3, 360, 300, "closing"),
    ]


def test_it_says_how_late_it_would_still_be():
    parts = [part(1, 4)]
    changes = timing.proposal(parts, 600, START)
    assert changes == [Change(1, 240, 120, "share")]
    assert timing.still_late(600, changes) == 480


def test_a_break_keeps_five_minutes():
    [change] = timing.proposal([part(1, 8, "break")], 600, START)
    assert change.to == 300


def test_nothing_is_left_with_less_than_a_minute():
    assert timing.proposal([part(1, 1), part(2, 1, "questions")], 600, START) == []


def test_what_is_on_keeps_what_has_run():
    parts = [part(1, 10, started=at(0)), part(2, 10)]
    changes = timing.proposal(parts, 600, at(8))
    assert changes == [Change(1, 600, 480, "share"), Change(2, 600, 300, "share")]


def test_what_was_shortened_once_is_not_halved_again():
    assert timing.proposal([part(1, 10, agreed=300)], 600, START) == []


def test_what_is_over_or_left_out_gives_nothing():
    parts = [part(1, 10, started=at(0), ended=at(10)), part(2, 10, skipped=True)]
    assert timing.proposal(parts, 600, at(10)) == []


def test_a_proposal_fits_until_something_else_happened():
    parts = [part(1, 10, started=at(0)), part(2, 10)]
    changes = timing.proposal(parts, 600, at(5))
    assert timing.is_possible(changes, parts, at(5))
    assert not timing.is_possible(changes, parts, at(7)), "the first has run longer than it would get"
    assert not timing.is_possible(changes, [parts[0], part(2, 9)], at(5)), "the second is not what it was"
    assert not timing.is_possible(changes, [parts[0]], at(5)), "the second is gone"


lengths = st.integers(1, 60)
kinds = st.sampled_from(KINDS)


@st.composite
def runs(draw) -> list[Part]:
    """Some over, perhaps one on, some to come, some left out."""
    over, parts, clock = draw(st.integers(0, 3)), [], START
    for id in range(draw(st.integers(0, 9))):
        planned = draw(lengths)
        agreed = draw(st.sampled_from([60 * planned, 30 * planned + 30]))
        it = part(id, planned, draw(kinds), agreed=agreed)
        if id <= over:
            ended = clock + timedelta(seconds=draw(st.integers(1, 4000)))
            it = it._replace(started=clock, ended=None if id == over else ended)
            clock = ended
        else:
            it = it._replace(skipped=draw(st.booleans()))
        parts.append(it)
    return parts


moments = st.integers(0, 20_000).map(lambda seconds: START + timedelta(seconds=seconds))


@given(runs(), st.integers(-600, 20_000), moments)
def test_a_proposal_covers_the_lateness_or_gives_all_there_is(parts, late, now):
    changes = timing.proposal(parts, late, now)
    spare = sum(timing.spare(it, now) // 30 * 30 for it in parts if it.is_running or it.is_to_come)
    assert timing.saved(changes) == min(max(0, -(-late // 30) * 30), spare)
    assert timing.is_possible(changes, parts, now)


@given(runs(), st.integers(0, 20_000), moments)
def test_nobody_gets_less_than_is_due_to_them(parts, late, now):
    there = {it.id: it for it in parts}
    for change in timing.proposal(parts, late, now):
        it = there[change.part]
        assert change.to < change.was == it.agreed
        assert (change.was - change.to) % 30 == 0
        assert change.to >= timing.floor(it, now) >= 60


@given(runs(), st.integers(0, 20_000), moments)
def test_nobody_gives_before_those_who_give_first_have_given_all(parts, late, now):
    changes = {change.part: change for change in timing.proposal(parts, late, now)}
    last = max((timing.REASONS.index(change.why) for change in changes.values()), default=0)
    for it in [it for it in parts if it.is_running or it.is_to_come]:
        if timing.REASONS.index(timing.reason(it.kind)) < last:
            shorter = it._replace(agreed=changes[it.id].to) if it.id in changes else it
            assert timing.spare(shorter, now) < 30


@given(st.integers(0, 200), st.dictionaries(st.integers(), st.integers(0, 60), min_size=1))
def test_shares_are_whole_and_complete(units, room):
    shares = timing.share(units, room, dict.fromkeys(room, 1))
    assert sum(shares.values()) == min(units, sum(room.values()))
    assert all(0 <= shares[each] <= room[each] for each in room)


@given(runs(), moments)
def test_expectations_follow_each_other(parts, now):
    course = timing.expected(parts, START, now)
    ahead = [course.at[it.id] for it in parts if it.is_to_come]
    assert ahead == sorted(ahead)
    assert all(moment >= now for moment in ahead) or not ahead
    assert course.ends >= max(course.at.values(), default=START)


@given(runs(), moments)
def test_the_clock_only_ever_delays(parts, now):
    by_the_clock, as_told = timing.expected(parts, START, now), timing.expected(parts, START)
    assert by_the_clock.due == as_told.due
    over = max(timedelta(0), now - as_told.due) if as_told.due else timedelta(0)
    assert by_the_clock.ends - as_told.ends == over
