"""Who knows each other already is not proposed to each other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat import conversations
from live import writer
from people import recommendations
from people.models import Person
from programme.models import Event

from .evening import enter, guests, later, lounge_of, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> list[Person]:
    them = guests(2)
    Person.objects.update(listed=True, takes_messages=True)
    return them


def proposed(person: Person) -> list[Person]:
    return [it.person for it in recommendations.shown(person)]


def test_strangers_are(two):
    assert proposed(two[0]) == [two[1]]


def test_who_write_to_each_other_are_not(two):
    writer.do(two[0].pk, conversations.write, two[0].pk, two[1].pk, "Bonjour !")
    assert proposed(two[0]) == proposed(two[1]) == []


def test_who_have_met_are_not(two):
    today = timezone.localdate()
    event = Event.objects.create(slug="dsf", name="Digital Society Forum", starts_on=today, ends_on=today)
    lounge = lounge_of(event, timezone.now() + timedelta(minutes=2))
    tick(lounge)
    enter(lounge, *two)
    later(lounge, 125)
    tick(lounge)
    assert proposed(two[0]) == proposed(two[1]) == []
