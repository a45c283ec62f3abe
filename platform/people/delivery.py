"""Nudges on their way out of the page: claimed once by one process, then pushed and mailed.

A process that dies between the claim and the sending loses what it claimed: better than telling somebody twice.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import aiohttp
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from live import writer
from live.chores import Look, chore

from . import mail, nudges, push, reach
from .models import Nudge, Person, PushSubscription, Reach

NOBODY = 0
AT_ONCE = 100
AGAIN = timedelta(minutes=5)  # after the mail server took nothing
OLD = timedelta(hours=12)  # awake; what could not go out by then is only of interest in the page
DAY = 86400


class Parcel(NamedTuple):
    """One nudge, with all that sending it needs."""

    nudge: int
    person: Person
    text: str
    path: str
    push: push.Push
    browsers: list[push.Browser]
    mailed: bool


def is_anything_due(now: datetime) -> bool:
    return Nudge.objects.filter(due_at__lte=now).exists()


def claim() -> list[Parcel]:
    """What is due, for whoever asks first. What was read meanwhile, or comes too late, goes nowhere; what could not go
    before the night waits for the morning."""
    now = timezone.now()
    due = list(Nudge.objects.filter(due_at__lte=now).order_by("due_at", "pk").select_related("person")[:AT_ONCE])
    Nudge.objects.filter(pk__in=[it.pk for it in due]).update(due_at=None)
    wanted = to_the_waking([it for it in due if it.kind in nudges.known() and is_wanted(it, now)], now)
    people = {it.person_id for it in wanted}
    choices, browsers = Reach.objects.in_bulk(people), browsers_of(people)
    parcels = [parcel(it, choices.get(it.person_id, Reach()), browsers.get(it.person_id, []), now) for it in wanted]
    stamp("pushed_at", [it.nudge for it in parcels if it.browsers], now)
    stamp("mailed_at", [it.nudge for it in parcels if it.mailed], now)
    return parcels


def is_wanted(it: Nudge, now: datetime) -> bool:
    never_shown = it.read_at == it.at
    return (it.read_at is None or never_shown) and (it.until or old_at(it)) > now and it.person.is_active


def old_at(it: Nudge) -> datetime:
    if nudges.kind_of(it.kind).urgent:
        return it.at + OLD
    return reach.after_waking_hours(it.person, it.at, OLD)


def to_the_waking(wanted: list[Nudge], now: datetime) -> list[Nudge]:
    """Those that may go out now; the others are due again in the morning of their people."""
    for it in wanted:
        it.due_at = now if nudges.kind_of(it.kind).urgent else reach.after_quiet_hours(it.person, now)
    asleep = [it for it in wanted if it.due_at and it.due_at > now]
    Nudge.objects.bulk_update(asleep, ["due_at"])
    return [it for it in wanted if it not in asleep]


def browsers_of(people: Iterable[int]) -> dict[int, list[push.Browser]]:
    found: dict[int, list[push.Browser]] = {}
    rows = PushSubscription.objects.filter(person__in=people).values_list("person", "endpoint", "p256dh", "auth")
    for person, *browser in rows:
        found.setdefault(person, []).append(push.Browser(*browser))
    return found


def parcel(it: Nudge, chosen: Reach, browsers: list[push.Browser], now: datetime) -> Parcel:
    """As its person chose: reminders and news apart. What went out before the mail server failed is not repeated."""
    kind = nudges.kind_of(it.kind)
    pushes = chosen.reminders_push if kind.reminder else chosen.news_push
    mails = chosen.reminders_mail if kind.reminder else it.person.mails
    text = nudges.sentence(it.kind, it.given, it.person.language)
    left = int((it.until - now).total_seconds()) if it.until else DAY
    told = push.Push({"title": text, "body": "", "path": it.path, "tag": it.key}, it.key, left, kind.urgent)
    reached = browsers if pushes and it.pushed_at is None else []
    return Parcel(it.pk, it.person, text, it.path, told, reached, mails and is_mailable(it.person))


def is_mailable(person: Person) -> bool:
    return not person.email.endswith(".invalid")


def stamp(field: str, pks: list[int], at: datetime) -> None:
    Nudge.objects.filter(pk__in=pks).update(**{field: at})


def postpone(pks: list[int], at: datetime) -> None:
    """The mail server did not take them: once more later, as long as it is of any use."""
    Nudge.objects.filter(pk__in=pks).update(mailed_at=None, due_at=at)


@chore(every=5.0)
async def deliver(look: Look) -> None:
    while await look(is_anything_due, timezone.now()):
        parcels = await writer.ado(NOBODY, claim)
        pushes = [(browser, it.push) for it in parcels for browser in it.browsers]
        await asyncio.gather(push_all(pushes), mail_all([it for it in parcels if it.mailed]))


async def push_all(to_send: list[tuple[push.Browser, push.Push]]) -> None:
    """Browsers that have gone are forgotten."""
    if not to_send:
        return
    async with aiohttp.ClientSession() as line:
        there = await asyncio.gather(*(push.send(line, browser, told) for browser, told in to_send))
    for (browser, _told), still in zip(to_send, there, strict=True):
        if not still:
            await writer.ado(NOBODY, push.forget, browser.endpoint)


async def mail_all(parcels: list[Parcel]) -> None:
    if later := await mail.posted(parcels, write):
        await writer.ado(NOBODY, postpone, [it.nudge for it in later], timezone.now() + AGAIN)


def write(it: Parcel, line: BaseEmailBackend) -> None:
    """Raises what smtplib does."""
    person = it.person
    given = {"text": it.text, "link": reach.full(it.path), "end": reach.unsubscribe_address(person)}
    mail.hand_over("nudge", person.email, person.language or "en", None, line, reach.mail_headers(person), **given)
