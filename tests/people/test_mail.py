"""A mail server that does not take every letter."""

import pytest

from live import writer
from people import delivery, invitations, mail, nudges
from people.models import Invitation, Person

from .smtp import refusing


@pytest.fixture
def crowd(db) -> list[Person]:
    names = ["amina", "busy", "gone", "zoe"]
    return Person.objects.bulk_create(Person(name=name, email=f"{name}@example.org") for name in names)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(nudges, "_kinds", dict(nudges._kinds))
    nudges.kind("test.now", urgent=True)(lambda given: "Now")


def names(people) -> list[str]:
    return [person.name for person in people]


def test_an_address_that_is_refused_keeps_nobody_else_waiting(crowd, settings):
    for person in crowd:
        writer.do(person.pk, nudges.nudge, person.pk, "k", "test.now", {}, "/people/", None)
    with refusing(settings, busy=450, gone=550) as server:
        left = mail.post(writer.do(0, delivery.claim), delivery.write)
    assert server.taken == ["amina@example.org", "zoe@example.org"]
    assert names(it.person for it in left.later) == ["busy"]
    assert names(it.person for it in left.never) == ["gone"]


def test_the_others_are_invited(crowd, settings, rf):
    with refusing(settings, gone=550) as server:
        later, never = invitations.send(crowd, rf.get("/"))
    assert (later, names(never)) == ([], ["gone"])
    assert len(server.taken) == 3
    assert set(Invitation.objects.values_list("person__name", flat=True)) == {"amina", "busy", "zoe"}


def test_a_server_that_is_away_takes_none(crowd, settings, rf):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert invitations.send(crowd, rf.get("/")) == (crowd, [])
    assert not Invitation.objects.exists()
