"""Who may enter, who moderates: found by looking it up, the same for one person and for many."""

import pytest

from people.models import Group, Person
from programme.models import Appearance, Document, Role, Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def mayors(db) -> Group:
    return Group.objects.create(name="Mayors", slug="mayors")


@pytest.fixture
def closed(plan, mayors) -> Session:
    """Only for mayors."""
    session = plan("Mayors")
    session.groups.add(mayors)
    return session


def admits(session: Session, person) -> bool:
    found = Session.objects.open_to(person).filter(pk=session.pk).exists()
    if person is not None:
        assert (person.pk in session.admits([person.pk])) is found
    return found


def moderates(session: Session, person) -> bool:
    found = Session.objects.moderated_by(person).filter(pk=session.pk).exists()
    if person is not None:
        assert session.moderators().filter(pk=person.pk).exists() is found
    return found


def test_open_sessions_admit_everyone_who_signed_in(plan, ada, mallory):
    session = plan("Open")
    assert admits(session, ada)
    assert admits(session, mallory)
    assert not admits(session, None)
    assert Session.objects.joinable_by(None).filter(pk=session.pk).exists()


def test_restricted_sessions_admit_their_groups(closed, mayors, ada, mallory):
    ada.groups_in.add(mayors)
    assert admits(closed, ada)
    assert not admits(closed, mallory)
    assert not Session.objects.joinable_by(None).exists()


@pytest.mark.parametrize("role", Appearance.As)
def test_whoever_has_a_part_is_admitted(closed, linus, role):
    Appearance.objects.create(session=closed, person=linus, role=role)
    assert admits(closed, linus)
    assert moderates(closed, linus) is (role in {"chair", "moderator"})


@pytest.mark.parametrize("role", Role.Kind)
def test_roles_in_the_session(closed, plan, aiko, role):
    Role.objects.create(event=closed.event, session=closed, person=aiko, role=role)
    assert admits(closed, aiko)
    assert moderates(closed, aiko) is (role in {"organiser", "moderator"})
    assert not moderates(plan("Other", "26 09:00"), aiko)


@pytest.mark.parametrize("role", Role.Kind)
def test_roles_in_the_event(closed, aiko, role):
    Role.objects.create(event=closed.event, person=aiko, role=role)
    assert moderates(closed, aiko) is (role in {"organiser", "moderator"})
    assert admits(closed, aiko) is (role in {"organiser", "moderator"})


def test_roles_of_another_event_say_nothing(closed, aiko, forum):
    other = type(forum).objects.create(slug="other", name="Other", starts_on=forum.starts_on, ends_on=forum.ends_on)
    Role.objects.create(event=other, person=aiko, role=Role.Kind.ORGANISER)
    assert not admits(closed, aiko)
    assert not moderates(closed, aiko)


def test_what_is_taken_back_is_gone(closed, aiko):
    role = Role.objects.create(event=closed.event, session=closed, person=aiko, role=Role.Kind.MODERATOR)
    role.delete()
    assert not admits(closed, aiko)
    assert not moderates(closed, aiko)


def test_cancelled_sessions_admit_nobody(plan, ada):
    assert not admits(plan("Cancelled", cancelled=True), ada)


def test_whoever_was_made_inactive_is_admitted_nowhere(plan, closed, mayors, ada):
    ada.groups_in.add(mayors)
    Role.objects.create(event=closed.event, person=ada, role=Role.Kind.ORGANISER)
    ada.is_active = False
    ada.save()
    assert not admits(plan("Open", "26 09:00"), ada)
    assert not admits(closed, ada)


def test_one_may_have_several_parts_and_is_found_once(closed, mayors, ada):
    ada.groups_in.add(mayors)
    Appearance.objects.create(session=closed, person=ada, role="chair")
    Role.objects.create(event=closed.event, person=ada, role="organiser")
    Role.objects.create(event=closed.event, session=closed, person=ada, role="moderator")
    assert list(Session.objects.open_to(ada)) == [closed]
    assert list(Session.objects.moderated_by(ada)) == [closed]


def test_asking_costs_the_same_however_many_members_and_roles(closed, mayors, ada, django_assert_num_queries):
    """Joined in one query, 300 members by 300 roles would be 90,000 rows."""
    people = Person.objects.bulk_create(Person(email=f"{n}@forum.example", name=f"N {n}") for n in range(300))
    mayors.people.add(*people, ada)
    Role.objects.bulk_create(Role(event=closed.event, person=person, role="attendee") for person in people)
    with django_assert_num_queries(1):
        assert Session.objects.open_to(ada).get() == closed


@pytest.mark.parametrize("person", ["ada", "mallory", None])
def test_papers_follow_their_session(closed, plan, mayors, request, person):
    secret = Document.objects.create(session=closed, title="Draft", url="https://papers.example/draft")
    public = Document.objects.create(session=plan("Open", "26 09:00"), title="Final", url="https://papers.example/")
    reader = request.getfixturevalue(person) if person else None
    if person == "ada":
        reader.groups_in.add(mayors)
    assert set(Document.objects.readable_by(reader)) == ({secret, public} if person == "ada" else {public})
