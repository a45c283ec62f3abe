"""Notifications for those who are not looking: one for a conversation, which the next takes the place of.

A process that dies between the claim and the sending loses what it claimed: the inbox has it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from live import writer
from live.chores import Look, chore
from people import delivery, reach
from people.models import PushSubscription, Reach
from people.push import Browser, Push

from . import inbox, wire
from .models import Membership
from .naming import called

NOBODY = 0
UNREAD = timedelta(seconds=30)  # whoever reads it in the page meanwhile is spared
OLD = timedelta(hours=12)  # by then a digest has told of it
AT_ONCE = 200
DAY = 86400


def due(now: datetime) -> QuerySet[Membership]:
    """Of people who have browsers that take notifications, would like to have them, and are awake."""
    browsers = PushSubscription.objects.filter(person=OuterRef("person"))
    unwanted = Reach.objects.filter(person=OuterRef("person"), news_push=False)
    told = inbox.untold("pushed", now - UNREAD).filter(Exists(browsers), ~Exists(unwanted))
    return told.filter(conversation__spoken_at__gt=now - OLD).exclude(person__zone__in=reach.asleep(now))


def is_anything_due(now: datetime) -> bool:
    return PushSubscription.objects.exists() and due(now).exists()


def claim(now: datetime) -> list[tuple[Browser, Push]]:
    """What is due, for whoever asks first."""
    found = list(due(now).order_by("conversation__spoken_at")[:AT_ONCE])
    browsers = delivery.browsers_of({it.person_id for it in found})
    told = [(it, push_of(it, row)) for it, row in zip(found, inbox.drawn(found), strict=True)]
    inbox.keep_told("pushed", found)
    return [(browser, push) for it, push in told for browser in browsers.get(it.person_id, [])]


def push_of(it: Membership, row: dict[str, Any]) -> Push:
    with translation.override(it.person.language or "en"):
        title, body = title_of(row), body_of(row)
    path = reverse("conversation", args=[row["id"]])
    key = it.conversation.topic
    return Push({"title": title, "body": body, "path": path, "tag": key}, key, DAY, urgent=False)


def title_of(row: dict[str, Any]) -> str:
    if row["request"] == wire.TO_ME:
        return _("%(name)s would like to talk with you") % {"name": called(row)}
    return f"{called(row)} ({row['unread']})" if row["unread"] > 1 else called(row)


def body_of(row: dict[str, Any]) -> str:
    """The latest words; in a group, whose they are."""
    last = row["last"]
    words = last["text"] or (_("A file") if last["attachments"] else "")
    return f"{last['by']['name']}: {words}" if len(row["people"]) > 1 and words else words


@chore(every=10.0)
async def ring(look: Look) -> None:
    while await look(is_anything_due, timezone.now()):
        await delivery.push_all(await writer.ado(NOBODY, claim, timezone.now()))
