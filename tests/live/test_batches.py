import asyncio

from live.batches import Batches, Ticks, ended


async def test_what_arrives_meanwhile_is_the_next_batch():
    handled, go_on = [], asyncio.Event()

    async def handle(batch):
        handled.append(batch)
        await go_on.wait()

    batches = Batches(handle)
    batches.add(1)
    await asyncio.sleep(0)
    batches.add(2)
    batches.add(3)
    go_on.set()
    await batches.drained()
    assert handled == [[1], [2, 3]]


async def test_a_batch_has_a_limit():
    handled = []

    async def handle(batch):
        handled.append(batch)

    batches = Batches(handle, limit=2)
    for n in range(5):
        batches.add(n)
    await batches.drained()
    assert handled == [[0, 1], [2, 3], [4]]


async def test_a_bug_loses_its_own_batch_only(caplog):
    handled = []

    async def handle(batch):
        if batch == [0]:
            raise ZeroDivisionError
        handled.append(batch)

    batches = Batches(handle, limit=1)
    batches.add(0)
    batches.add(1)
    await batches.drained()
    assert handled == [[1]]
    assert "a batch of 1 was lost" in caplog.text


async def test_a_tick_lasts_as_long_as_asked_for():
    handled: list[tuple[str, list[int]]] = []
    ticks: Ticks[str, int] = Ticks(lambda key, items: handled.append((key, items)), 60)
    ticks.add("a", 1, 0.02)
    ticks.add("a", 2, 0.02)
    await asyncio.sleep(0.05)
    assert handled == [("a", [1, 2])]


async def test_a_tick_gathers_by_key():
    handled: list[tuple[str, list[int]]] = []
    ticks: Ticks[str, int] = Ticks(lambda key, items: handled.append((key, items)), 0.02)
    for key, item in [("a", 1), ("b", 2), ("a", 3)]:
        ticks.add(key, item)
    assert handled == []
    await asyncio.sleep(0.05)
    assert handled == [("a", [1, 3]), ("b", [2])]


async def test_a_tick_can_be_cut_short():
    handled: list[tuple[str, list[int]]] = []
    ticks: Ticks[str, int] = Ticks(lambda key, items: handled.append((key, items)), 60)
    ticks.add("a", 1)
    ticks.now()
    assert handled == [("a", [1])]


async def test_a_lost_cancellation_is_repeated():
    lost = []

    async def deaf():
        while len(lost) < 2:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                lost.append(1)

    task = asyncio.ensure_future(deaf())
    await asyncio.sleep(0)
    await ended({task})
    assert task.done()
