"""The clock of the lounges: doors open, pairs are found and put together, and it is over, by itself."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from django.utils import timezone

from live import writer
from live.chores import Look, chore
from live.presence import who_is_on

from ..models import Lounge
from . import now, places, rounds, tasks
from .matching import Task
from .worker import Answer, Found, compute

NOBODY = 0
SLICE = 20  # pairs put together in one go of the writer: everybody else writes in between

Due = tuple[Callable[[int], None], int]
_told: dict[str, int] = {}


@chore(every=1.0)
async def keep_going(look: Look) -> None:
    for verb, pk in await look(due):
        await writer.ado(NOBODY, verb, pk)
    await replace_those_missing(await look(late), rounds.replace)
    begin, fill = await look(wanted)
    await asyncio.gather(*(next_round(look, *it) for it in begin), *(those_waiting(look, *it) for it in fill))


@chore(every=2.0)
async def count(look: Look) -> None:
    """How many are there, told only when it has changed since this process told it: thousands come at once."""
    for topic, people in (await look(counts)).items():
        if _told.get(topic) != people:
            _told[topic] = people
            await writer.ado(NOBODY, places.tell_people, topic, people)


def counts() -> dict[str, int]:
    return {it.topic: places.present(it).count() for it in Lounge.objects.running()}


def due() -> list[Due]:
    at = timezone.now()
    opening: list[Due] = [(rounds.open_doors, it.pk) for it in Lounge.objects.opening(at)]
    over: list[Due] = [(rounds.close, it.pk) for it in Lounge.objects.running() if rounds.is_over(it, at)]
    return opening + over


def late() -> list[rounds.Late]:
    return rounds.late(timezone.now())


async def replace_those_missing(some: Sequence[rounds.Late], replace: Callable[[int, set[int]], None]) -> None:
    there = await who_is_on([it.topic for it in some])
    if there is None:
        return
    for it in some:
        if absent := rounds.missing(it, there[it.topic]):
            await writer.ado(NOBODY, replace, it.match, absent)


def wanted() -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    at = timezone.now()
    return tasks.to_begin(at), tasks.to_fill(at)


async def next_round(look: Look, pk: int, number: int) -> None:
    """Only then the round begins, so a server that dies before it leaves everything as it was."""
    await send_away_those_gone(pk, await look(rounds.came, pk))
    found = await find(look, tasks.for_next_round, pk, number - 1)
    if found is None:
        return
    if await writer.ado(NOBODY, rounds.begin, pk, number, found.waiting):
        await put_together(pk, number, found.pairs)
    await writer.ado(NOBODY, rounds.release, pk)


async def send_away_those_gone(pk: int, came: dict[str, set[int]]) -> None:
    """A browser that was killed says no goodbye: nobody is to be put together with it once more."""
    there = await who_is_on(list(came))
    if not there or not any(there.values()):  # it is then the memory of who is there that is gone
        return
    if gone := set().union(*came.values()) - set().union(*there.values()):
        await writer.ado(NOBODY, rounds.send_away, pk, gone)


async def those_waiting(look: Look, pk: int, number: int) -> None:
    found = await find(look, tasks.for_those_waiting, pk, number)
    if found:
        await put_together(pk, number, found.pairs)
        await writer.ado(NOBODY, rounds.release, pk)


async def find(look: Look, read: Callable[[int], Task | None], pk: int, number: int) -> Answer | None:
    """The lounge is claimed from now on if there is an answer."""
    task = await look(read, pk)
    if task is None or not await writer.ado(NOBODY, rounds.claim, pk, number):
        return None
    return await asyncio.to_thread(compute, task)


async def put_together(pk: int, number: int, pairs: Sequence[Found]) -> None:
    for some in slices(pairs):
        await writer.ado(NOBODY, rounds.seat, pk, number, some)


def slices(pairs: Sequence[Found]) -> Iterator[Sequence[Found]]:
    return (pairs[at : at + SLICE] for at in range(0, len(pairs), SLICE))


@chore(every=2.0)
async def bring_together(look: Look) -> None:
    """Those who would like to meet somebody right now."""
    if await look(some_are_gone):
        await writer.ado(NOBODY, now.forget_those_gone)
    await replace_those_missing(await look(now.late), now.give_up)
    for event in await look(now.events):
        if task := await look(now.task, event):
            for found in (await asyncio.to_thread(compute, task)).pairs:
                await writer.ado(NOBODY, now.put_together, event, found)


def some_are_gone() -> bool:
    return now.gone(timezone.now()).exists()
