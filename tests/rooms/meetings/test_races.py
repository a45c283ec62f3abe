"""Two proposals for the same time, accepted at the same instant, a thousand times over: never both."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import websockets
from django.db import IntegrityError, transaction
from django.utils import timezone

from chat.models import Conversation
from live import writer
from live.refusal import Refused
from live.tickets import ticket
from people.models import Person
from programme.models import Event
from rooms.meetings import meetings
from rooms.models import Booking, Meeting, Slot
from tests.live.line import HOUSE, Line

from ..studio import Web, environment
from .agreeing import at, insist_bookings_equal_agreed_meetings

RACES, SOCKETS = 1000, 25
PROCESSES = 2
SLOT = timedelta(minutes=15)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def everybody(ada, ines, linus, layla):
    """Of each race: Ada and Linus have both proposed the same time to Inês; Layla has proposed it to Ada."""
    Person.objects.update(takes_meetings=True, takes_video=True)
    return ada, ines, linus, layla


@pytest.fixture
def forum(db):
    today = timezone.now().date()
    return Event.objects.create(slug="dsf", name="Forum", zone="UTC", starts_on=today, ends_on=today + timedelta(30))


def proposals(forum, pairs, count: int) -> list[list[tuple[int, int, int]]]:
    """For each race (who accepts, meeting, slot) of every pair: all of them at one time, each race at its own."""
    threads = {pair: thread(*pair) for pair in pairs}
    begins = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    made = Meeting.objects.bulk_create(
        Meeting(
            event=forum,
            proposer=by,
            invitee=to,
            turn=to,
            conversation=threads[by, to],
            way="in_person",
            place="Table 7",
            expires_at=begins + timedelta(days=60),
        )
        for _ in range(count)
        for by, to in pairs
    )
    starts = [begins + SLOT * (it // len(pairs)) for it in range(len(made))]
    slots = Slot.objects.bulk_create(
        Slot(meeting=meeting, by=meeting.proposer, starts_at=moment)
        for meeting, moment in zip(made, starts, strict=True)
    )
    due = [(slot.meeting.invitee_id, slot.meeting_id, slot.pk) for slot in slots]
    return [due[at : at + len(pairs)] for at in range(0, len(due), len(pairs))]


def thread(by, to) -> Conversation:
    one, two = sorted((by.pk, to.pk))
    return Conversation.objects.get_or_create(kind=Conversation.Kind.PAIR, one_id=one, two_id=two)[0]


@contextmanager
def racers(count: int, threads: int):
    """Processes of their own, as several servers on one database."""
    command = [sys.executable, "-m", "tests.rooms.meetings.racer", str(threads)]
    started = [
        subprocess.Popen(
            command,
            cwd=HOUSE,
            env=environment(LOG_LEVEL="ERROR"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.stdin.close()
        for process in started:
            process.wait(30)
            process.stdout.close()


def told(process: subprocess.Popen, race: list) -> list[str]:
    process.stdin.write(json.dumps(race) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def test_never_two_acceptances(forum, everybody):
    """The two of a race are accepted from two processes at once; every tenth time a third proposal comes into it."""
    ada, ines, linus, layla = everybody
    races = proposals(forum, [(ada, ines), (linus, ines), (layla, ada)], RACES)
    with racers(PROCESSES, threads=2) as (one, two), ThreadPoolExecutor(PROCESSES) as pool:
        for number, race in enumerate(races):
            shares = race[:1], race[1 : 2 + (number % 10 == 0)]
            outcomes = [it for done in pool.map(told, (one, two), shares) for it in done]
            assert 1 <= Counter(outcomes)["accepted"] <= len(outcomes) - 1, (number, outcomes)
            assert set(outcomes) <= {"accepted", "meeting.taken", "meeting.you_are_booked"}
    insist_bookings_equal_agreed_meetings()
    assert Counter(Booking.objects.filter(person=ines).values_list("at", flat=True)).most_common(1)[0][1] == 1
    assert RACES <= Meeting.objects.filter(state="accepted").count() < 2 * RACES


def test_never_two_over_sockets(forum, everybody, embedded_valkey):
    """The same, asked by Inês' two devices of two servers."""
    ada, ines, linus, _layla = everybody
    races = proposals(forum, [(ada, ines), (linus, ines)], SOCKETS)
    topics = dict(Meeting.objects.values_list("pk", "conversation"))

    async def ask(line, share) -> str:
        _person, meeting, slot = share
        answer = await line.ask("meeting.accept", f"conversation.{topics[meeting]}", meeting=meeting, slot=slot)
        return answer["ok"]["state"] if "ok" in answer else answer["refused"]

    async def run(servers: list[Web]) -> list[list[str]]:
        async with knock(servers[0], ines.pk) as left, knock(servers[1], ines.pk) as right:
            lines = Line(left), Line(right)
            return [list(await asyncio.gather(*map(ask, lines, race))) for race in races]

    with web_processes() as servers:
        outcomes = asyncio.run(run(servers))
    assert all(sorted(it) == ["accepted", "meeting.you_are_booked"] for it in outcomes), outcomes
    insist_bookings_equal_agreed_meetings()


def knock(web: Web, person: int):
    address = f"ws://127.0.0.1:{web.port}/live?ticket={ticket(person, 'en')}"
    return websockets.connect(address, proxy=None, max_size=None, compression=None)


@contextmanager
def web_processes():
    started = [Web(LOG_LEVEL="ERROR") for _ in range(PROCESSES)]
    try:
        yield started
    finally:
        for web in started:
            web.stop()


def test_the_database_itself_books_nobody_twice(forum, ada, ines, linus):
    Person.objects.update(takes_meetings=True, takes_video=True)
    one, two = Meeting.objects.bulk_create(
        Meeting(event=forum, proposer=by, invitee=ines, conversation=thread(by, ines)) for by in (ada, linus)
    )
    Booking.objects.create(person=ines, at=at("10:30"), meeting=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(person=ines, at=at("10:30"), meeting=two)
    assert Booking.objects.count() == 1


def test_whoever_looked_too_early_is_told_by_the_database(forum, ada, ines, linus, monkeypatch):
    """As if nothing had been looked up before: the refusal is the same, and nothing of it stays."""
    [[first, second]] = proposals(forum, [(ada, ines), (linus, ines)], 1)
    monkeypatch.setattr(meetings, "insist_unbooked", lambda *_: None)
    writer.do(0, meetings.accept, *first)
    with pytest.raises(Refused, match=r"meeting\.taken"):
        writer.do(0, meetings.accept, *second)
    assert Meeting.objects.get(pk=second[1]).state == "proposed"
    insist_bookings_equal_agreed_meetings()
