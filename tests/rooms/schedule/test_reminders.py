"""Ten minutes before: each who keeps it, once, and again only if it moved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live import writer
from live.access import topic_of
from people.models import Group, Nudge, Person
from programme.models import Appearance, Session
from rooms.schedule import reminders
from tests.rooms.witness import heard


def remind() -> list[str]:
    """What one look does; who has been told by then."""
    for pk, people in reminders.due(timezone.now()):
        writer.do(0, reminders.remind, pk, people)
    return sorted(Nudge.objects.filter(kind=reminders.KIND).values_list("person__name", flat=True))


@pytest.fixture
def water(plan, ada, clock) -> Session:
    """At 15:00 in Geneva; it is 14:49 there."""
    session = plan("Water", "25 15:00", starred_by=[ada])
    clock.shift(timedelta(minutes=49))
    return session


def test_not_before_ten_minutes_before(water, clock):
    assert remind() == []
    clock.shift(timedelta(minutes=1))
    assert remind() == ["Ada Ndiaye"]


def test_once(water, clock):
    clock.shift(timedelta(minutes=5))
    assert remind() == remind() == ["Ada Ndiaye"]
    assert reminders.due(timezone.now()) == []


def test_what_is_said_and_where_it_leads(water, clock, ada):
    clock.shift(timedelta(minutes=5))
    remind()
    [(event, told)] = heard(topic_of(ada.pk), 0)
    assert event == "nudge"
    assert told["text"] == "“Water” begins within ten minutes, at 15:00 (Geneva)."
    assert told["path"] == "/session/water/enter"


def test_speakers_too_but_nobody_else(water, clock, linus, ines):
    Appearance.objects.create(session=water, person=linus)
    clock.shift(timedelta(minutes=5))
    assert remind() == ["Ada Ndiaye", "Linus Heikkilä"]


def test_not_once_it_has_begun(water, clock):
    clock.shift(timedelta(minutes=11))
    assert remind() == []


def test_not_of_what_was_cancelled_or_closed_to_them(water, clock, ada):
    clock.shift(timedelta(minutes=5))
    water.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    assert remind() == []
    water.groups.clear()
    Session.objects.update(cancelled=True)
    assert remind() == []


def test_again_if_it_moved(water, clock):
    clock.shift(timedelta(minutes=5))
    remind()
    Session.objects.update(starts_at=water.starts_at + timedelta(hours=1), ends_at=water.ends_at + timedelta(hours=1))
    assert remind() == ["Ada Ndiaye"]
    clock.shift(timedelta(hours=1))
    assert remind() == ["Ada Ndiaye"] * 2


def test_moved_between_the_look_and_the_deed(water, clock):
    clock.shift(timedelta(minutes=5))
    [(pk, people)] = reminders.due(timezone.now())
    Session.objects.update(starts_at=water.starts_at + timedelta(hours=1), ends_at=water.ends_at + timedelta(hours=1))
    writer.do(0, reminders.remind, pk, people)
    assert not Nudge.objects.exists()


def test_a_few_hundred_at_once(water, clock):
    people = Person.objects.bulk_create(
        Person(email=f"{number}@crowd.example", name=f"Nr {number}") for number in range(450)
    )
    water.stars.bulk_create(water.stars.model(person=it, session=water) for it in people)
    clock.shift(timedelta(minutes=5))
    assert [len(some) for _pk, some in reminders.due(timezone.now())] == [200, 200, 51]
    assert len(remind()) == 451
