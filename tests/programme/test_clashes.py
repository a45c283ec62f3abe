"""What overlaps, and when the same is held again."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.models import Group
from programme import clashes
from programme.models import Event, Session

from .conftest import GENEVA

NOW = datetime(2027, 5, 25, 9, tzinfo=GENEVA)
times = st.builds(
    lambda start, minutes: SimpleNamespace(
        starts_at=NOW + timedelta(minutes=start), ends_at=NOW + timedelta(minutes=start + minutes)
    ),
    st.integers(0, 300),
    st.integers(1, 120),
)


@given(times, times)
def test_both_overlap_or_neither(one, other):
    minutes = clashes.overlap(one, other)
    assert minutes == clashes.overlap(other, one)
    apart = one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
    assert (minutes == 0) == apart


@pytest.fixture
def water(plan) -> Session:
    return plan("Water", "25 10:00")


def again(session: Session, person) -> Session | None:
    return clashes.repeats([session], person, NOW).get(session.pk)


class TestRepeats:
    def test_the_same_title_however_it_is_written(self, plan, ada, water):
        assert again(water, ada) is None
        repeat = plan("WATER", "26 10:00", code="w2")
        plan("Water", "26 15:00", code="w3")
        assert again(water, ada) == repeat
        assert again(repeat, ada) == water

    def test_the_same_guid_elsewhere(self, plan, ada, water, forum):
        other = Event.objects.create(slug="next", name="Next", starts_on=forum.starts_on, ends_on=forum.ends_on)
        repeat = plan("Eau", "27 10:00")
        Session.objects.filter(pk=repeat.pk).update(event=other, guid=water.guid)
        assert again(water, ada) == repeat

    def test_not_what_is_over_cancelled_or_at_the_same_time(self, plan, ada, water):
        plan("Water", "25 08:00", code="w2")
        plan("Water", "26 08:00", code="w3", cancelled=True)
        plan("Water", "25 10:30", code="w4")
        assert again(water, ada) is None

    def test_not_what_is_closed_to_them(self, plan, ada, water):
        plan("Water", "26 08:00", code="w2").groups.add(Group.objects.create(name="Mayors", slug="mayors"))
        assert again(water, ada) is None


def test_in_few_queries(plan, ada, django_assert_num_queries):
    sessions = [plan(f"S{number}", code=f"s{number}") for number in range(20)]
    with django_assert_num_queries(1):
        clashes.repeats(sessions, ada, NOW)
