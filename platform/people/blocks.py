"""Keeping somebody away: both ways, everywhere, without telling them."""

from collections.abc import Callable

from live.access import recheck
from live.refusal import Refused

from .models import Block, Person

Listener = Callable[[int, int], None]
_listeners: list[Listener] = []


def when_blocked(listener: Listener) -> Listener:
    """Register `f(by, of)`, run in the same verb: floors above end what the two have in common."""
    _listeners.append(listener)
    return listener


def block(by: int, of: int) -> None:
    if by == of or not Person.objects.filter(pk=of).exists():
        raise Refused("person.unknown")
    _, new = Block.objects.get_or_create(by_id=by, of_id=of)
    if new:
        for listener in _listeners:
            listener(by, of)
        _look_again(by, of)


def unblock(by: int, of: int) -> None:
    """What was ended by the block stays ended."""
    gone, _ = Block.objects.filter(by=by, of=of).delete()
    if gone:
        _look_again(by, of)


def _look_again(*people: int) -> None:
    for person in people:
        recheck(person)


def insist_not_apart(one: int, other: int) -> None:
    """Raises Refused("person.unknown"), whoever of the two blocked the other."""
    if Block.objects.between(one, other).exists():
        raise Refused("person.unknown")
