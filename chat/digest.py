"""Letters to those who have not looked: at most one an hour, claimed once by one process, then posted.

A process that dies between the claim and the posting loses what it claimed: better than telling somebody twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from live import writer
from live.chores import Look, chore
from people import mail, reach
from people.models import Person
from programme.context import current_event

from . import attachments, inbox, wire
from .models import Membership
from .naming import called

NOBODY = 0
UNREAD = timedelta(minutes=15)
PAUSE = timedelta(hours=1)  # between two letters to the same person
AT_ONCE = 200  # conversations in one claim


class Line(NamedTuple):
    """One conversation in a letter. `before` is up to which number letters had told of it."""

    membership: int
    before: int
    row: dict[str, Any]


class Letter(NamedTuple):
    person: Person
    lines: list[Line]
    forum: str


def due(now: datetime) -> QuerySet[Membership]:
    """Memberships with something to tell of, of people who may be written to by then and are awake."""
    lately = Membership.objects.filter(person=OuterRef("person"), mailed_at__gt=now - PAUSE)
    told = inbox.untold("mailed", now - UNREAD).filter(~Exists(lately), person__mails=True)
    return told.exclude(person__email__endswith=".invalid").exclude(person__zone__in=reach.asleep(now))


def is_anything_due(now: datetime) -> bool:
    return due(now).exists()


def claim(now: datetime) -> list[Letter]:
    """What is due, for whoever asks first."""
    found = list(due(now).order_by("person", "-conversation__spoken_at")[:AT_ONCE])
    lines = [Line(it.pk, it.mailed, row) for it, row in zip(found, inbox.drawn(found), strict=True)]
    event, forum = current_event(), "Plenary"
    inbox.keep_told("mailed", found)
    Membership.objects.filter(pk__in=[it.pk for it in found]).update(mailed_at=now)
    of_people = groupby(zip(found, lines, strict=True), key=lambda pair: pair[0].person)
    return [Letter(person, [line for _, line in them], event.name if event else forum) for person, them in of_people]


def release(lines: Iterable[Line]) -> None:
    """The mail server took nothing: told of in the next letter, an hour from now."""
    for line in lines:
        Membership.objects.filter(pk=line.membership).update(mailed=line.before)


@chore(every=60.0)
async def tell(look: Look) -> None:
    if await look(is_anything_due, timezone.now()):
        letters = await writer.ado(NOBODY, claim, timezone.now())
        if later := await mail.posted(letters, write):
            await writer.ado(NOBODY, release, [line for letter in later for line in letter.lines])


@chore(every=3600.0)
async def tidy(look: Look) -> None:
    if await look(attachments.is_any_forgotten):
        await writer.ado(NOBODY, attachments.forget_unsaid)


def write(letter: Letter, line: BaseEmailBackend) -> None:
    """Raises what smtplib does."""
    person, language = letter.person, letter.person.language or "en"
    with translation.override(language):
        given = _given(letter)
    mail.hand_over("missed", person.email, language, None, line, reach.mail_headers(person), **given)


def _given(letter: Letter) -> dict[str, Any]:
    person = letter.person
    return {
        "person": person,
        "lines": [_told(line.row) for line in letter.lines],
        "count": sum(line.row["unread"] for line in letter.lines),
        "forum_name": letter.forum,
        "link": reach.full(reverse("messages")),
        "end": reach.unsubscribe_address(person),
    }


def _told(row: dict[str, Any]) -> dict[str, Any]:
    last = row["last"] or {}
    return {
        "called": called(row),
        "is_request": row["request"] == wire.TO_ME,
        "count": row["unread"],
        "text": last.get("text", ""),
        "link": reach.full(reverse("conversation", args=[row["id"]])),
    }
