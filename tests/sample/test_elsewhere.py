"""Making the sample: at any time of the day, and where there is a real forum already."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.sample import forum
from config.sample.programme import FULL, SLUG, SMALL
from people.models import Person
from programme.models import Appearance, Event, Session


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_something_is_live_at_any_time_even_as_the_clocks_change(db, hour):
    now = datetime(2027, 3, 28, hour, 7, 21, tzinfo=UTC)
    made = forum.programme.write(SMALL, forum.people.write(60, now), forum.people.gather("Mayors", "mayors", []), now)
    live = [it for it in made.sessions.values() if it.is_on(now)]
    assert len(live) >= 5
    assert made.event.starts_on < now.date() < made.event.ends_on
    assert forum.is_current(made.event, now)


def test_a_real_forum_is_left_alone(db, capsys):
    today = timezone.now().date()
    real = Event.objects.create(slug="real", name="A real forum", starts_on=today, ends_on=today)
    with pytest.raises(CommandError, match="A real forum"):
        call_command("sample_forum")
    call_command("sample_forum", if_empty=True)
    assert list(Event.objects.all()) == [real]
    assert not Person.objects.exists()


def test_unless_somebody_says_fresh(db):
    today = timezone.now().date()
    Event.objects.create(slug="real", name="A real forum", starts_on=today, ends_on=today)
    call_command("sample_forum", fresh=True)
    assert list(Event.objects.values_list("slug", flat=True)) == [SLUG]


@pytest.fixture
def full(db):
    """The programme of a large forum, with as few people as it can be had."""
    now = timezone.now()
    everybody = forum.people.write(900, now)
    return forum.programme.write(FULL, everybody, forum.people.gather("Mayors", "mayors", everybody[:3]), now)


def test_a_large_one_has_as_many_sessions_and_speakers_as_promised(full):
    assert Session.objects.count() == 160
    assert Appearance.objects.values("person").distinct().count() == 846
    assert Appearance.objects.filter(role__in=Appearance.RUNNING).values("session").distinct().count() == 160


def test_no_two_sessions_share_a_room(full):
    sessions = Session.objects.exclude(venue=None).exclude(cancelled=True).order_by("venue", "starts_at")
    for one, other in pairwise(sessions):
        assert one.venue_id != other.venue_id or one.ends_at <= other.starts_at, (one, other)
