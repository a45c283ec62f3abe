"""The one way to write what is published.

`do` and `ado` are for pages, management commands and tests; sockets submit to the `Writer` of their process.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import transaction

from . import batch
from .batches import Batches, Ticks
from .bell import ring_from_here
from .commands import Command
from .commit import STUMBLED, commit
from .database import hang_up
from .frames import Frame
from .jobs import Cast, Done, Job, Outcome, Result, of_call, of_casts
from .refusal import Refused

logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds that a page waits for the writer


def do(person: int, verb: Callable[..., Any], *args: Any, ref: str | None = None) -> Any:
    """Run verb(*args) for a person and return what it returns, once it is committed. Raises Refused.

    In a server process the writer's thread runs it, together with what came over the sockets; elsewhere it is
    committed right here. With `ref` (a form's hidden uuid) it is done once: the same ref again returns what
    was returned then, as JSON made it (a model as its primary key).
    """
    if batch.in_hand():
        raise RuntimeError("A verb must call other verbs directly, not through the writer.")
    if _running is None:
        return _result(_do_here(of_call(person, verb, args, ref, answer=_nobody)))
    return _result(_do_there(_running, person, verb, args, ref))


async def ado(person: int, verb: Callable[..., Any], *args: Any, ref: str | None = None) -> Any:
    """`do`, from where blocking is not allowed."""
    if _running is None or _running.loop is not asyncio.get_running_loop():
        return await asyncio.to_thread(do, person, verb, *args, ref=ref)
    told: asyncio.Future[Outcome] = _running.loop.create_future()

    def tell(outcome: Outcome) -> None:
        if not told.done():  # whoever waited may have given up
            told.set_result(outcome)

    _running.submit(of_call(person, verb, args, ref, tell))
    return _result(await told)


def _do_here(job: Job) -> Result:
    [result], frames = commit([job])
    transaction.on_commit(lambda: ring_from_here(frames))
    return result


def _do_there(writer: "Writer", person: int, verb: Callable[..., Any], args: tuple, ref: str | None) -> Outcome:
    if _in_loop():
        raise RuntimeError("In a coroutine, say `await writer.ado(…)`.")
    told: Future[Outcome] = Future()
    writer.loop.call_soon_threadsafe(writer.submit, of_call(person, verb, args, ref, told.set_result))
    try:
        return told.result(PATIENCE)
    except TimeoutError:
        raise Refused("try.again") from None


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _nobody(outcome: Outcome) -> None:
    """Whoever commits in its own thread reads the outcome itself."""


def _result(result: Result) -> Any:
    if isinstance(result, Refused):
        raise Refused(result.code)
    if isinstance(result, Done):
        return result.value
    raise TypeError("Only sockets' commands are gathered.")


def _answer(job: Job, outcome: Any) -> None:
    try:
        job.answer(outcome)
    except Exception:  # whoever cannot be told must not keep the others from being told
        logger.exception("%s could not be answered", job.name)


class Writer:
    """One thread, one transaction per batch, answers only after the commit. Lives in the server's loop."""

    def __init__(self, heard: Callable[[list[Frame]], None]):
        """`heard(frames)` is told what was committed, before the answers are given."""
        self.heard = heard
        self.loop = asyncio.get_running_loop()
        self.thread = ThreadPoolExecutor(1, "writer")
        self.batches: Batches[Job] = Batches(self._commit, settings.LIVE_BATCH)
        self.ticks: Ticks[tuple[Command, str | None], Cast] = Ticks(self._gathered, settings.LIVE_TICK)

    def submit(self, job: Job) -> None:
        self.batches.add(job)

    def gather(self, command: Command, on: str | None, cast: Cast) -> None:
        self.ticks.add((command, on), cast, command.every)

    def _gathered(self, key: tuple[Command, str | None], casts: list[Cast]) -> None:
        self.submit(of_casts(*key, casts))

    async def _commit(self, jobs: list[Job]) -> None:
        outcomes, frames = await self._outcomes(jobs)
        try:
            self.heard(frames)
        finally:
            for job, outcome in zip(jobs, outcomes, strict=True):
                _answer(job, outcome)

    async def _outcomes(self, jobs: list[Job]) -> tuple[list[Any], list[Frame]]:
        try:
            return await self.loop.run_in_executor(self.thread, commit, jobs)
        except Exception:  # a bug of the kernel: logged, and everyone is answered all the same
            logger.exception("%d jobs failed", len(jobs))
            return [STUMBLED] * len(jobs), []

    async def run(self, work: Callable[[], Any]) -> Any:
        """Do something else in the thread that writes, between two batches."""
        return await self.loop.run_in_executor(self.thread, work)

    async def close(self) -> None:
        """Everything that was submitted is committed and answered first."""
        self.ticks.now()
        await self.batches.drained()
        await self.run(hang_up)
        self.thread.shutdown()


_running: Writer | None = None


def take_over(writer: Writer | None) -> None:
    """From now on `do` hands its jobs to this one; to none, it commits by itself."""
    global _running
    _running = writer
