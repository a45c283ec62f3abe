"""Reading the database from the loop: a few threads of their own, many guests welcomed in one go."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import NamedTuple, TypeVar

from django.db import Error

from . import frames, log
from .batch import together
from .batches import Batches
from .database import hang_up, looked
from .refusal import Refused
from .topics import kind_of

T = TypeVar("T")
THREADS = 2
GUESTS = 100  # welcomed in one batch

logger = logging.getLogger(__name__)


class Guest(NamedTuple):
    """Somebody who waits to be welcomed on a topic."""

    person: int
    topic: str
    told: asyncio.Future[bytes]


class Looking:
    """The threads that read, and what they are asked together."""

    def __init__(self):
        self.threads = ThreadPoolExecutor(THREADS, "looking")
        self.guests: Batches[Guest] = Batches(self._welcome_all, GUESTS)

    async def look(self, look: Callable[..., T], *args) -> T:
        """What `look` finds, in a thread that reads; a lost line is mended."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, looked, look, *args)

    async def welcome(self, person: int, topic: str) -> bytes:
        """The personal part of a topic, as JSON. Raises Refused if the person may not enter."""
        told = asyncio.get_running_loop().create_future()
        self.guests.add(Guest(person, topic, told))
        return await told

    async def picture(self, topic: str) -> tuple[int, bytes]:
        """A snapshot of a topic and the seq that it stands for."""
        return await self.look(picture, topic)

    async def _welcome_all(self, guests: list[Guest]) -> None:
        try:
            answers = await self.look(welcome_all, [guest[:2] for guest in guests])
        except Error as problem:
            logger.warning("%d guests could not be welcomed: %r", len(guests), problem)
            answers = [Refused("try.again")] * len(guests)
        for guest, answer in zip(guests, answers, strict=True):
            _tell(guest.told, answer)

    async def close(self) -> None:
        await self.guests.drained()
        loop, everyone = asyncio.get_running_loop(), Barrier(THREADS)
        await asyncio.gather(*(loop.run_in_executor(self.threads, _hang_up_with, everyone) for _ in range(THREADS)))
        self.threads.shutdown()


def _hang_up_with(everyone: Barrier) -> None:
    """Waits for the other threads, lest one of them hangs up twice."""
    everyone.wait()
    hang_up()


def _tell(told: asyncio.Future[bytes], answer: bytes | Refused) -> None:
    if told.done():
        return
    if isinstance(answer, Refused):
        told.set_exception(Refused(answer.code))
    else:
        told.set_result(answer)


def welcome_all(guests: Sequence[tuple[int, str]]) -> list[bytes | Refused]:
    """One answer for each (person, topic). The verbs' `recall` and `people` work for welcomes too."""
    with together(person for person, _ in guests):
        return [_welcome(person, topic) for person, topic in guests]


def _welcome(person: int, topic: str) -> bytes | Refused:
    try:
        return frames.encode(kind_of(topic).welcome(person, topic))
    except Refused as no:
        return no
    except Error:
        raise
    except Exception:  # one guest's bug: logged, answered, and nobody else's business
        logger.exception("%s could not be welcomed on %s", person, topic)
        return Refused("server.stumbled")


def picture(topic: str) -> tuple[int, bytes]:
    """Seq first: the state may be newer than its seq, never older, and frames told twice change nothing."""
    draw = kind_of(topic).picture
    seq = log.seqs([topic]).get(topic, 0)
    return seq, frames.of_snapshot(topic, seq, frames.encode(draw(topic) if draw else None))
