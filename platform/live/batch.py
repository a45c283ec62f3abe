"""What the verbs of one batch know together."""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class _Now(threading.local):
    memory: dict[Hashable, Any] | None = None
    people: frozenset[int] = frozenset()
    topics: frozenset[str] = frozenset()


_now = _Now()


def recall(key: Hashable, look: Callable[[], T]) -> T:
    """What `look` finds, found once and remembered until the batch ends. Outside of a batch it always looks."""
    if _now.memory is None:
        return look()
    if key not in _now.memory:
        _now.memory[key] = look()
    return _now.memory[key]


def people() -> frozenset[int]:
    """The ids of everyone who has something done in this batch."""
    return _now.people


def topics() -> frozenset[str]:
    """Of everything that is done in this batch."""
    return _now.topics


def forget() -> None:
    """After a failure: what was remembered may have been changed by what is now undone."""
    if _now.memory:
        _now.memory.clear()


def in_hand() -> bool:
    return _now.memory is not None


@contextmanager
def together(whom: Iterable[int], topics: Iterable[str] = ()) -> Iterator[None]:
    """A batch for these people, about these topics."""
    before = _now.memory, _now.people, _now.topics
    _now.memory, _now.people, _now.topics = {}, frozenset(whom), frozenset(topics)
    try:
        yield
    finally:
        _now.memory, _now.people, _now.topics = before
