"""Notifications of what was written to somebody who is not looking."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from chat import pushes
from chat.models import Message
from live import writer
from people import blocks
from people.models import Person, PushSubscription, Reach

from .letters import asks, does, says, talking, writes


@pytest.fixture(autouse=True)
def reachable(ada, ines):
    """Each has two browsers that take notifications."""
    Person.objects.update(takes_messages=True, zone="UTC")
    for person in (ada, ines):
        for device in ("phone", "desk"):
            PushSubscription.objects.create(person=person, endpoint=f"https://{device}.example/{person.pk}")


@pytest.fixture
def noon() -> datetime:
    return timezone.now().replace(hour=12, minute=0)


@pytest.fixture
def conversation(ada, ines):
    """Both have read all of it."""
    conversation = talking(ada, ines)
    for person in (ada, ines):
        asks(person, "chat.read", conversation, number=1)
    return conversation


def written(ago: int, now: datetime, conversation) -> None:
    """So many seconds ago."""
    then = now - timedelta(seconds=ago)
    Message.objects.update(at=then)
    type(conversation).objects.update(spoken_at=then)


def told(now: datetime) -> list[tuple[str, str, str]]:
    """Where it goes, and what it says."""
    found = writer.do(pushes.NOBODY, pushes.claim, now) if pushes.is_anything_due(now) else []
    return [(browser.endpoint, push.payload["title"], push.payload["body"]) for browser, push in found]


def test_all_browsers_of_whoever_has_not_looked_are_told_once(ada, ines, conversation, noon):
    says(ada, conversation, "On se parle demain ?")
    written(29, noon, conversation)
    assert told(noon) == []
    written(31, noon, conversation)
    said = ("Ada Ndiaye", "On se parle demain ?")
    assert sorted(told(noon)) == [(f"https://{device}.example/{ines.pk}", *said) for device in ("desk", "phone")]
    assert told(noon) == []


def test_what_came_meanwhile_is_counted_and_takes_its_place(ada, ines, conversation, noon):
    says(ada, conversation, "One")
    written(31, noon, conversation)
    [(_, first), *_] = writer.do(pushes.NOBODY, pushes.claim, noon)
    says(ada, conversation, "Two")
    written(31, noon, conversation)
    [(_, second), *_] = writer.do(pushes.NOBODY, pushes.claim, noon)
    assert (second.payload["title"], second.payload["body"]) == ("Ada Ndiaye (2)", "Two")
    assert first.key == second.key
    assert first.payload["tag"] == second.payload["tag"]
    assert second.payload["path"] == f"/messages/{conversation.pk}/"


def test_a_request_says_who_asks(ada, layla, noon):
    PushSubscription.objects.create(person=layla, endpoint="https://phone.example/layla")
    Person.objects.update(takes_messages=True, zone="UTC")
    written(31, noon, writes(ada, layla, "I run the pipes of Ngor."))
    assert told(noon) == [("https://phone.example/layla", "يودّ Ada Ndiaye التحدث معك", "I run the pipes of Ngor.")]


@pytest.mark.parametrize(
    "why", ["read", "muted", "hidden", "no news", "asleep", "blocked", "left", "no browser", "old"]
)
def test_nobody_is_told_of_what_they_do_not_wait_for(why, ada, ines, conversation, noon):
    says(ada, conversation, "Hello")
    written(31, noon, conversation)
    if why == "no news":
        Reach.objects.create(person=ines, news_push=False)
    elif why == "asleep":
        Person.objects.filter(pk=ines.pk).update(zone="Pacific/Auckland")
    elif why == "blocked":
        does(ines, blocks.block, ines.pk, ada.pk)
    elif why == "no browser":
        PushSubscription.objects.filter(person=ines).delete()
    elif why == "old":
        written(13 * 3600, noon, conversation)
    else:
        do, with_ = {
            "read": ("read", {"number": 2}),
            "muted": ("mute", {"on": True}),
            "hidden": ("hide", {"on": True}),
            "left": ("leave", {}),
        }[why]
        asks(ines, f"chat.{do}", conversation, **with_)
    assert told(noon) == []


def test_those_who_sleep_do_not_stand_before_those_who_wait(ada, ines, layla, noon, monkeypatch):
    monkeypatch.setattr(pushes, "AT_ONCE", 1)
    Person.objects.filter(pk=layla.pk).update(takes_messages=True, zone="Pacific/Auckland")
    PushSubscription.objects.create(person=layla, endpoint="https://phone.example/layla")
    writes(ada, layla, "Asleep?")
    written(31, noon, writes(ada, ines, "Awake?"))
    assert {body for _, _, body in told(noon)} == {"Awake?"}
