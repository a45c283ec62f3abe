"""When two people could meet, on any day and in any zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.meetings.slots import (
    CELL,
    Span,
    Times,
    cells,
    days,
    expires_at,
    grid,
    is_free,
    is_humane,
    is_offered,
    shared,
    spans_of,
    spread,
)

DAKAR, LISBON, TOKYO, GENEVA = map(ZoneInfo, ("Africa/Dakar", "Europe/Lisbon", "Asia/Tokyo", "Europe/Zurich"))
ZONES = [
    *("Africa/Dakar", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe"),
    *("Europe/Lisbon", "Europe/Zurich", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "UTC"),
]
DAY = date(2027, 5, 26)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

zones = st.sampled_from(ZONES).map(ZoneInfo)
dates = st.dates(date(2024, 1, 1), date(2029, 12, 31))
lengths = st.sampled_from([15, 20, 30])


def at(clock: str, zone: ZoneInfo = DAKAR, day: date = DAY, minutes: int = 15) -> Span:
    hour, minute = map(int, clock.split(":"))
    starts = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
    return Span(starts, starts + timedelta(minutes=minutes))


@given(dates, zones, lengths)
def test_a_day_is_covered_once(day, zone, minutes):
    slots = grid(day, zone, minutes)
    assert all(one.ends == two.starts for one, two in pairwise(slots))
    assert {slot.ends - slot.starts for slot in slots} == {timedelta(minutes=minutes)}
    assert {slot.starts.astimezone(zone).date() for slot in slots} == {day}


@given(dates, zones, lengths)
def test_days_follow_each_other_without_a_gap(day, zone, minutes):
    today, tomorrow = grid(day, zone, minutes), grid(day + timedelta(1), zone, minutes)
    assert timedelta(0) <= today[-1].ends - tomorrow[0].starts < timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (DAY, 24)], ids=["spring", "autumn", "May"]
)
def test_a_day_on_which_clocks_change(day, hours):
    assert len(grid(day, GENEVA, 30)) == 2 * hours


@given(dates, zones, zones, lengths)
def test_what_both_are_offered_is_between_eight_and_eight_for_both(day, mine, theirs, minutes):
    for slot in shared(grid(day, GENEVA, minutes), Times(mine), Times(theirs), LONG_AGO):
        for zone in (mine, theirs):
            starts, ends = (moment.astimezone(zone) for moment in slot)
            assert (starts.hour, starts.minute) >= (8, 0)
            assert (ends.hour, ends.minute) <= (20, 0)
            assert starts.date() == ends.date()


@given(dates, zones, lengths, st.data())
def test_nothing_that_is_offered_meets_what_is_booked(day, zone, minutes, data):
    slots = grid(day, zone, minutes)
    booked = data.draw(st.lists(st.sampled_from(slots), max_size=5))
    cells_booked = spans_of(cell for slot in booked for cell in cells(slot))
    every = {slot.starts for slot in slots}
    times = Times(zone, booked=cells_booked, opened=every)
    assert {slot for slot in slots if not is_free(slot, times)} == set(booked)


@given(dates, zones, lengths, st.data())
def test_it_is_the_same_for_both(day, zone, minutes, data):
    slots = grid(day, GENEVA, minutes)
    some = st.lists(st.sampled_from([slot.starts for slot in slots]), max_size=9)
    one = Times(zone, opened=data.draw(some), closed=data.draw(some))
    two = Times(TOKYO, opened=data.draw(some), closed=data.draw(some))
    assert shared(slots, one, two, LONG_AGO) == shared(slots, two, one, LONG_AGO)


@given(dates, zones, lengths)
def test_a_slot_is_made_of_whole_cells(day, zone, minutes):
    slot = grid(day, zone, minutes)[0]
    found = cells(slot)
    assert len(found) == minutes // 5
    assert [found[0], found[-1] + CELL] == list(slot)


@given(st.lists(st.integers(0, 99), unique=True).map(sorted), st.integers(1, 9))
def test_what_is_offered_first_is_some_of_it_in_order(numbers, count):
    chosen = spread(numbers, count)
    assert len(chosen) == min(count, len(numbers))
    assert chosen == sorted(set(chosen))
    assert set(chosen) <= set(numbers)


def test_a_word_of_ones_own_is_stronger_than_what_is_assumed():
    night, noon = at("03:00"), at("12:00")
    assert not is_offered(night, Times(DAKAR))
    assert is_offered(night, Times(DAKAR, opened=[night.starts]))
    assert is_offered(noon, Times(DAKAR))
    assert not is_offered(noon, Times(DAKAR, closed=[noon.starts]))


def test_a_closed_quarter_closes_the_half_hour_it_is_in():
    half = at("12:00", minutes=30)
    assert not is_offered(half, Times(DAKAR, closed=[at("12:15").starts]))


def test_starred_sessions_are_kept_free_unless_the_slot_is_opened():
    noon, session = at("12:00"), at("11:30", minutes=60)
    assert not is_offered(noon, Times(DAKAR, kept=[session]))
    assert is_offered(noon, Times(DAKAR, kept=[session], opened=[noon.starts]))
    assert is_offered(at("12:30"), Times(DAKAR, kept=[session]))


def test_what_ends_at_eight_in_the_evening_is_humane():
    assert is_humane(at("19:45"), DAKAR)
    assert not is_humane(at("19:50"), DAKAR)
    assert is_humane(at("08:00"), DAKAR)
    assert not is_humane(at("07:59"), DAKAR)


def test_what_has_begun_is_not_offered():
    slots = [at("12:00"), at("12:15")]
    assert shared(slots, Times(DAKAR), Times(LISBON), at("12:00").starts) == [at("12:15")]


def test_a_proposal_ends_after_a_day_or_with_its_last_time():
    now = at("12:00").starts
    assert expires_at(now, [now + timedelta(hours=2), now + timedelta(hours=5)]) == now + timedelta(hours=5)
    assert expires_at(now, [now + timedelta(days=3)]) == now + timedelta(days=1)
    assert expires_at(now, [now + timedelta(hours=5)], now + timedelta(hours=1)) == now + timedelta(hours=1)


def test_days_include_the_last():
    assert list(days(DAY, DAY)) == [DAY]
    assert len(list(days(DAY, DAY + timedelta(3)))) == 4
