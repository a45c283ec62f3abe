"""Doing things together: what arrives meanwhile is the next batch; what is counted waits for a tick."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

logger = logging.getLogger(__name__)


class Batches(Generic[T]):
    """Hands what was added to `handle`, at most `limit` at a time, one batch after the other. No timer."""

    def __init__(self, handle: Callable[[list[T]], Awaitable[None]], limit: int = 1000):
        self.handle = handle
        self.limit = limit
        self.waiting: deque[T] = deque()
        self.task: asyncio.Task[None] | None = None

    def add(self, item: T) -> None:
        self.waiting.append(item)
        if self.task is None:
            self.task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        try:
            while self.waiting:
                await self._handle_next()
        finally:
            self.task = None

    async def _handle_next(self) -> None:
        batch = [self.waiting.popleft() for _ in range(min(len(self.waiting), self.limit))]
        try:
            await self.handle(batch)
        except Exception:  # a bug in one batch must not stop those that follow
            logger.exception("a batch of %d was lost", len(batch))

    async def drained(self) -> None:
        """Returns once nothing waits."""
        while self.task is not None:
            await asyncio.wait([self.task])


class Ticks(Generic[K, T]):
    """Gathers by key for `every` seconds, or as long as the first says, then hands over all that came."""

    def __init__(self, handle: Callable[[K, list[T]], None], every: float):
        self.handle = handle
        self.every = every
        self.gathered: dict[K, list[T]] = {}

    def add(self, key: K, item: T, every: float | None = None) -> None:
        if key not in self.gathered:
            self.gathered[key] = []
            asyncio.get_running_loop().call_later(every or self.every, self._hand_over, key)
        self.gathered[key].append(item)

    def _hand_over(self, key: K) -> None:
        if gathered := self.gathered.pop(key, None):
            self.handle(key, gathered)

    def now(self) -> None:
        """Hand everything over without waiting for the tick."""
        for key in list(self.gathered):
            self._hand_over(key)


async def ended(tasks: Iterable[asyncio.Task]) -> None:
    """Cancels until all have ended: a cancellation that meets a timeout of a library may get lost."""
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=0.1)
