"""Letters to those who have not looked."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from chat import digest
from chat.models import Membership, Message
from live import writer
from people import blocks
from people import mail as mailing
from people.models import Person

from .letters import asks, does, says, talking, writes


@pytest.fixture(autouse=True)
def reachable(ada, ines):
    Person.objects.update(takes_messages=True, zone="UTC")


@pytest.fixture
def noon() -> datetime:
    return timezone.now().replace(hour=12, minute=0)


def age(minutes: int, noon: datetime) -> None:
    """Everything was written that long before noon."""
    Message.objects.update(at=noon - timedelta(minutes=minutes))


def posted(now: datetime) -> list:
    letters = does_claim(now)
    assert mailing.post(letters, digest.write) == ([], [])
    sent, mail.outbox = mail.outbox, []
    return sent


def does_claim(now: datetime) -> list[digest.Letter]:
    return writer.do(digest.NOBODY, digest.claim, now) if digest.is_anything_due(now) else []


def test_after_a_quarter_of_an_hour_whoever_has_not_looked_gets_a_letter(ada, ines, noon):
    conversation = talking(ada, ines)
    asks(ada, "chat.read", conversation, number=1)
    asks(ines, "chat.read", conversation, number=1)
    says(ada, conversation, "Article 4 est exactement ce qu’il nous manquait.")
    says(ada, conversation, "On se parle <demain> ?")
    age(14, noon)
    assert posted(noon) == []
    age(16, noon)
    [letter] = posted(noon)
    assert letter.to == [ines.email]
    assert letter.subject == "2 unread messages in Plenary"
    assert "Ada Ndiaye (2)" in letter.body
    assert "On se parle <demain> ?" in letter.body
    assert "On se parle &lt;demain&gt; ?" in letter.alternatives[0].content
    assert f"/messages/{conversation.pk}/" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["List-Unsubscribe"].strip("<>") in letter.body


def test_told_once_and_then_at_most_once_an_hour(ada, ines, noon):
    conversation = talking(ada, ines)
    says(ada, conversation, "One")
    age(20, noon)
    assert len(posted(noon)) == 1
    assert posted(noon + timedelta(hours=2)) == []
    said = says(ada, conversation, "Two")
    Message.objects.filter(pk=said["id"]).update(at=noon)
    assert posted(noon + timedelta(minutes=59)) == []
    assert len(posted(noon + timedelta(minutes=61))) == 1


@pytest.mark.parametrize(
    "why", ["read", "muted", "hidden", "wants no mail", "inactive", "no address", "blocked", "left"]
)
def test_nobody_is_told_of_what_they_do_not_wait_for(why, ada, ines, noon):
    conversation = talking(ada, ines)
    asks(ada, "chat.read", conversation, number=1)
    says(ada, conversation, "Hello")
    fields = {
        "wants no mail": {"mails": False},
        "inactive": {"is_active": False},
        "no address": {"email": "ines@import.invalid"},
    }
    if why in fields:
        Person.objects.filter(pk=ines.pk).update(**fields[why])
    elif why == "read":
        asks(ines, "chat.read", conversation, number=2)
    elif why == "blocked":
        does(ines, blocks.block, ines.pk, ada.pk)
    else:
        do, with_ = {"muted": ("mute", {"on": True}), "hidden": ("hide", {"on": True}), "left": ("leave", {})}[why]
        asks(ines, f"chat.{do}", conversation, **with_)
    age(60, noon)
    assert posted(noon) == []


def test_a_request_is_told_of_and_one_that_waits_is_not(ada, ines, noon):
    writes(ada, ines, "I run the pipes of Ngor.")
    age(60, noon)
    [letter] = posted(noon)
    assert letter.to == [ines.email]
    assert "would like to talk with you" in letter.body


@pytest.mark.parametrize(("zone", "hour", "sent"), [
    ("Asia/Tokyo", 12, True),
    ("Asia/Tokyo", 13, False),
    ("Asia/Tokyo", 22, False),
    ("Asia/Tokyo", 23, True),
    ("America/Costa_Rica", 13, False),
    ("America/Costa_Rica", 14, True),
])  # fmt: skip
def test_not_while_they_sleep(zone, hour, sent, ada, ines, noon):
    conversation = talking(ada, ines)
    says(ada, conversation, "Hello")
    Person.objects.filter(pk=ines.pk).update(zone=zone)
    Membership.objects.filter(person=ada).update(read=9)
    then = noon.replace(hour=hour, minute=30)
    age(60, noon - timedelta(hours=12))
    assert bool(posted(then)) == sent


def test_in_the_language_of_whoever_reads(ada, layla, noon):
    Person.objects.update(takes_messages=True, zone="UTC")
    writes(ada, layla)
    age(60, noon)
    [letter] = posted(noon)
    assert 'lang="ar" dir="rtl"' in letter.alternatives[0].content


def test_what_the_mail_server_did_not_take_is_in_the_next_letter(ada, ines, noon, settings):
    conversation = talking(ada, ines)
    says(ada, conversation, "Hello")
    Membership.objects.filter(person=ada).update(read=9)
    age(60, noon)
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    letters = does_claim(noon)
    assert mailing.post(letters, digest.write).later == letters
    digest.release([line for letter in letters for line in letter.lines])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert posted(noon + timedelta(minutes=30)) == []
    assert len(posted(noon + timedelta(minutes=61))) == 1
