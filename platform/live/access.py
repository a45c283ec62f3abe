"""Taking back what somebody may do, at once and everywhere."""

from collections.abc import Callable
from typing import Any

from .log import publish
from .refusal import Refused
from .topics import topic_kind

ACCESS = "access"


def topic_of(person: int) -> str:
    """Where a person is told what concerns them alone."""
    return f"person.{person}"


def recheck(person: int) -> None:
    """In a verb that changed what the person may do: once it is committed, every process welcomes their
    open topics anew, tells them the new personal part and closes those they may not see any more."""
    publish(topic_of(person), ACCESS, {})


def recheck_all(topic: str) -> None:
    """The same for everybody who is on this topic, or about to enter it, whoever that is."""
    publish(topic, ACCESS, {})


_told: dict[str, Callable[[int], Any]] = {}


def told_to_oneself(name: str) -> Callable[[Callable[[int], Any]], Callable[[int], Any]]:
    """Register `f(person) -> JSON-able`: what a page hears under this name when it enters its person's own topic."""

    def register(tell: Callable[[int], Any]) -> Callable[[int], Any]:
        if name in _told:
            raise ValueError(f"Somebody tells {name} already.")
        _told[name] = tell
        return tell

    return register


def only_oneself(person: int, topic: str) -> dict:
    if topic != topic_of(person):
        raise Refused("topic.unknown")
    return {name: tell(person) for name, tell in _told.items()}


topic_kind("person", welcome=only_oneself)
