"""Requests one after the other share a thread; requests at the same time don't."""

import asyncio
import threading

from asgiref.sync import sync_to_async

from config.threads import KEPT, Threads


class Pages:
    """Notes on which thread each request is served, and how many are at the same time."""

    def __init__(self, together: int = 1):
        self.served: list[threading.Thread] = []
        self.together = threading.Barrier(together)

    async def __call__(self, scope, receive, send):
        await sync_to_async(self.serve)()

    def serve(self) -> None:
        self.together.wait(60)
        self.served.append(threading.current_thread())


async def ask(door: Threads, times: int = 1) -> None:
    await asyncio.gather(*(door({"type": "http"}, None, None) for _ in range(times)))


async def test_one_after_the_other_is_served_by_the_same_thread():
    pages = Pages()
    door = Threads(pages)
    for _ in range(3):
        await ask(door)
    assert len(set(pages.served)) == 1


async def test_everybody_at_once_has_a_thread_and_not_all_of_them_stay():
    many = KEPT + 4
    pages = Pages(together=many)
    door = Threads(pages)
    await ask(door, many)
    assert len(set(pages.served)) == many
    assert len(door.idle) == KEPT


async def test_who_goes_away_in_the_middle_takes_the_thread_along():
    pages = Pages(together=2)
    door = Threads(pages)
    going = asyncio.ensure_future(door({"type": "http"}, None, None))
    while not pages.together.n_waiting:
        await asyncio.sleep(0.01)
    going.cancel()
    await asyncio.wait([going])
    assert not door.idle, "it is still at work for the one who left"
    await asyncio.to_thread(pages.together.wait, 60)
