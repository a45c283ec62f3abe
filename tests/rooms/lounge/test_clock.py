"""The clock itself: its chores, the process that finds the pairs, and the thread that writes."""

import time
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone
from redis.asyncio import Redis

from live import writer
from live.presence import who_is_on
from people.affinity import Facts, Reason
from programme.models import Event
from rooms.lounge import clock, now
from rooms.lounge.matching import Task
from rooms.lounge.worker import answer, compute
from rooms.models import Lounge, Pair

from .evening import all_come, enter, guests, later, lounge_of, over, partners


@pytest.fixture
def event(transactional_db) -> Event:
    today = timezone.localdate()
    return Event.objects.create(slug="dsf", name="Digital Society Forum", starts_on=today, ends_on=today, current=True)


async def look(read, *args):
    return await sync_to_async(read, thread_sensitive=True)(*args)


def test_a_process_of_its_own_finds_the_same_pairs():
    people = [Facts(pk, frozenset({"en"}), interests=frozenset({pk % 3})) for pk in range(1, 8)]
    task = Task(people, [(1, 4)], {2: 1}, seed=5)
    there, here = compute(task), answer(task)
    assert (there.pairs, there.waiting) == (here.pairs, here.waiting)
    assert Reason("languages", ("en",)) in there.pairs[0].reasons


async def test_the_clock_opens_the_doors_and_begins_a_round(event):
    lounge = await look(lounge_of, event, timezone.now() + timedelta(minutes=2))
    people = await look(guests, 3)
    await clock.keep_going(look)
    await look(enter, lounge, *people)
    await look(later, lounge, 115)
    await clock.keep_going(look)
    await look(lounge.refresh_from_db)
    assert (lounge.state, lounge.round, lounge.matching_since) == (Lounge.State.OPEN, 1, None)
    assert len(await look(partners, lounge)) == 2


async def test_two_clocks_find_the_pairs_once(event):
    lounge = await look(lounge_of, event, timezone.now() + timedelta(minutes=2))
    await clock.keep_going(look)
    await look(enter, lounge, *await look(guests, 4))
    await look(later, lounge, 115)
    [wanted], _ = await look(clock.wanted)
    found = await clock.find(look, clock.tasks.for_next_round, wanted[0], 0)
    assert found is not None
    assert await clock.find(look, clock.tasks.for_next_round, wanted[0], 0) is None
    assert (await look(clock.wanted))[0] == []


async def test_those_who_seek_are_brought_together(event):
    one, two = await look(guests, 2)
    for person in (one, two):
        await look(writer.do, person.pk, now.seek, event.pk, person.pk)
    await clock.bring_together(look)
    pair = await look(Pair.objects.get)
    assert {pair.one_id, pair.two_id} == {one.pk, two.pk}
    await look(lambda: Pair.objects.update(starts_at=timezone.now() - timedelta(seconds=30)))
    await clock.bring_together(look)
    assert (await look(Pair.objects.get)).ended_at, "nobody came"


async def test_who_does_not_come_is_sent_away_but_who_has_the_page_open_is_not(event):
    lounge = await look(lounge_of, event, timezone.now() + timedelta(minutes=2))
    await clock.keep_going(look)
    await look(enter, lounge, *await look(guests, 2))
    await look(later, lounge, 115)
    await clock.keep_going(look)
    pair = await look(Pair.objects.get)
    await look(later, lounge, 30)
    async with Redis.from_url(settings.REDIS_URL) as redis:
        await redis.zadd(f"here:{pair.topic}", {pair.one_id: time.time() + 15})
    assert await who_is_on([pair.topic, "pair.987654"]) == {pair.topic: {pair.one_id}, "pair.987654": set()}
    await clock.keep_going(look)
    away = await look(lambda: list(lounge.stools.filter(away=True).values_list("person", flat=True)))
    assert away == [pair.two_id]


async def test_nobody_is_put_together_with_a_browser_that_was_killed(event):
    lounge = await look(lounge_of, event, timezone.now() + timedelta(minutes=2))
    await clock.keep_going(look)
    people = await look(guests, 4)
    await look(enter, lounge, *people)
    await look(later, lounge, 115)
    await clock.keep_going(look)
    await look(all_come, lounge)
    await look(lounge.refresh_from_db)
    *here, killed = [person.pk for person in people]
    async with Redis.from_url(settings.REDIS_URL) as redis:
        await redis.zadd(f"here:{lounge.topic}", dict.fromkeys(here, time.time() + 15))
    await look(over, lounge)
    await clock.keep_going(look)
    await look(lounge.refresh_from_db)
    assert lounge.round == 2
    assert killed not in await look(partners, lounge)
    away = await look(lambda: list(lounge.stools.filter(away=True).values_list("person", flat=True)))
    assert away == [killed]


async def test_nobody_is_sent_away_while_nobody_is_known_to_be_there(event):
    lounge = await look(lounge_of, event, timezone.now() + timedelta(minutes=2))
    await clock.keep_going(look)
    await look(enter, lounge, *await look(guests, 4))
    await look(later, lounge, 115)
    await clock.keep_going(look)
    await look(all_come, lounge)
    await look(lounge.refresh_from_db)
    await look(over, lounge)
    await clock.keep_going(look)
    assert not await look(lounge.stools.filter(away=True).exists)
