"""What every server process does by itself, over and over. The domain fills the table."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

Look = Callable[..., Awaitable[Any]]
Work = Callable[[Look], Awaitable[None]]


class Chore(NamedTuple):
    every: float  # seconds between the end of a turn and the next
    work: Work


_table: list[Chore] = []


def chore(every: float) -> Callable[[Work], Work]:
    """Register `async work(look)`; `await look(f, …)` runs f, which reads the database, in a thread that reads.

    Several processes do it at the same time: what it writes goes through `writer.ado`, by a verb that finds out
    for itself whether there is anything to be done. A turn that fails is logged, and the next one comes.
    """

    def register(work: Work) -> Work:
        _table.append(Chore(every, work))
        return work

    return register


def all_of_them() -> tuple[Chore, ...]:
    return tuple(_table)
