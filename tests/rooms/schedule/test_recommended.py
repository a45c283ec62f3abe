"""Sessions somebody may like, and why."""

import pytest
from django.utils import timezone

from people.models import Block, Connection, Group, Theme
from programme.models import Appearance
from rooms.schedule import entries, recommended


@pytest.fixture
def goal(db) -> Theme:
    return Theme.objects.get(code="SDG6")


@pytest.fixture
def tag(db) -> Theme:
    return Theme.objects.tag("smart water")


@pytest.fixture
def offered(event):
    def titles(person) -> list[tuple[str, str]]:
        now = timezone.now()
        found = recommended.recommended(person, event, entries.entries(person, event, now), now)
        return [(it.session.title, it.why) for it in found]

    return titles


def in_touch(one, other):
    for owner, who in [(one, other), (other, one)]:
        Connection.objects.create(owner=owner, other=who, since=timezone.now())


def test_themes_in_common(plan, ada, goal, tag, offered):
    ada.interests.add(goal)
    ada.seeks.add(tag)
    plan("Goal").themes.add(goal)
    plan("Tag", "25 17:00").themes.add(tag)
    plan("Neither", "25 19:00")
    assert offered(ada) == [
        ("Tag", "You are looking for this: smart water."),
        ("Goal", "It is about what interests you: SDG 6."),
    ]


def test_whom_they_know(plan, ada, ines, linus, offered):
    session = plan("Water")
    for person in (ines, linus):
        Appearance.objects.create(session=session, person=person)
    in_touch(ada, ines)
    assert offered(ada) == [("Water", "Inês Carvalho speaks, with whom you are in touch.")]
    Block.objects.create(by=ines, of=ada)
    assert offered(ada) == []


def test_not_a_wish_that_is_not_returned(plan, ada, ines, offered):
    Appearance.objects.create(session=plan("Water"), person=ines)
    Connection.objects.create(owner=ada, other=ines)
    assert offered(ada) == []


def test_nothing_that_clashes_is_kept_over_or_closed(plan, ada, goal, offered):
    ada.interests.add(goal)
    plan("Kept", "25 15:00", starred_by=[ada]).themes.add(goal)
    plan("Clashing", "25 15:30").themes.add(goal)
    plan("Over", "25 10:00").themes.add(goal)
    plan("Off", "25 18:00", cancelled=True).themes.add(goal)
    closed = plan("Closed", "25 18:00")
    closed.themes.add(goal)
    closed.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    plan("Free", "25 20:00").themes.add(goal)
    assert [title for title, _why in offered(ada)] == ["Free"]


def test_six_at_most(plan, ada, goal, offered, django_assert_max_num_queries):
    ada.interests.add(goal)
    for number in range(10):
        plan(f"S{number}", "26 10:00", code=f"s{number}").themes.add(goal)
    with django_assert_max_num_queries(30):
        assert len(offered(ada)) == recommended.MOST


def test_they_stand_on_the_page_with_the_reason(plan, ada, goal, page):
    ada.interests.add(goal)
    plan("Water").themes.add(goal)
    shown = page(ada)
    assert "You may like" in shown
    assert "It is about what interests you: SDG 6." in shown
