from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.models import Event
from programme.times import bounds, clocks, minutes_between, place_of, zone_of_person

GENEVA = Event(zone="Europe/Zurich", place="Geneva")
SUMMER, WINTER = datetime(2027, 5, 25, 13, tzinfo=UTC), datetime(2027, 1, 25, 13, tzinfo=UTC)


class Somebody:
    def __init__(self, zone: str):
        self.zone = zone


def test_two_clocks_where_they_differ():
    both = clocks(GENEVA, "Africa/Dakar", SUMMER, "en")
    assert [(zone.place, f"{zone.at(SUMMER):%H:%M}", zone.short(SUMMER)) for zone in (both.first, both.second)] == [
        ("Geneva", "15:00", "CEST"),
        ("Dakar", "13:00", "GMT"),
    ]


def test_mine_may_stand_first():
    both = clocks(GENEVA, "Africa/Dakar", SUMMER, "en", own_first=True)
    assert (both.first.place, both.second.place) == ("Dakar", "Geneva")


def test_one_clock_where_another_would_show_the_same():
    assert clocks(GENEVA, "Europe/Oslo", SUMMER, "en").second is None
    assert clocks(GENEVA, None, SUMMER, "en").second is None


def test_the_same_place_may_differ_in_winter_only():
    assert clocks(GENEVA, "Africa/Lagos", WINTER, "en").second is None
    assert clocks(GENEVA, "Africa/Lagos", SUMMER, "en").second.place == "Lagos"


def test_zones_without_letters_are_named_by_their_distance():
    moment = clocks(GENEVA, "Asia/Kathmandu", SUMMER, "en").own
    assert moment.short(SUMMER) == "UTC+05:45"


def test_places_in_the_readers_language():
    assert place_of("Africa/Dakar", "ar") == "داكار"
    assert place_of("America/Argentina/Buenos_Aires", "en") == "Buenos Aires"
    assert place_of("UTC", "en") == "UTC"
    assert place_of("Etc/GMT-1", "en") == "GMT-1"


@pytest.mark.parametrize(
    ("profile", "cookie", "zone"),
    [
        ("Africa/Dakar", "Asia/Tokyo", "Africa/Dakar"),
        ("", "Asia/Tokyo", "Asia/Tokyo"),
        ("", "Asia%2FTokyo", "Asia/Tokyo"),
        ("", "../../etc/passwd", None),
        ("Mars/Olympus", "", None),
    ],
)
def test_the_zone_of_the_profile_then_of_the_browser(profile, cookie, zone):
    assert zone_of_person(Somebody(profile), {"zone": cookie}) == zone


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.sampled_from(["Europe/Zurich", "America/Santiago", "Asia/Kathmandu"]),
)
def test_days_join_without_gap_or_overlap(day, key):
    tz = ZoneInfo(key)
    begins, ends = bounds(day, tz)
    assert bounds(day + timedelta(1), tz)[0] == ends
    assert timedelta(hours=23) <= ends.astimezone(UTC) - begins.astimezone(UTC) <= timedelta(hours=25)


def test_begun_minutes_count():
    assert minutes_between(SUMMER, SUMMER + timedelta(seconds=61)) == 2
    assert minutes_between(SUMMER, SUMMER + timedelta(seconds=60)) == 1
    assert minutes_between(SUMMER, SUMMER - timedelta(hours=1)) == 0
