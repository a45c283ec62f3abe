"""Looking for words in what was said to one person, and for conversations by whom they are with and what they are
called: in any script, whatever accents and case."""

from itertools import islice
from typing import Any

from people.folding import folded

from . import inbox
from .models import Membership, Message

FOUND = 50
LOOKED_AT = 5_000  # messages, the latest first


def found(person: int, query: str) -> list[Message]:
    """The latest messages in this person's conversations that hold every word of the query."""
    wanted = folded(query).split()
    if not wanted:
        return []
    held = (pk for pk, text in _texts(person) if _holds(folded(text), wanted))
    return _in_order(list(islice(held, FOUND)))


def _texts(person: int) -> Any:
    mine = inbox.of(person).order_by().values("conversation")
    said = Message.objects.standing().filter(conversation__in=mine).order_by("-at", "-pk")
    return said.values_list("pk", "text")[:LOOKED_AT].iterator()


def _holds(text: str, wanted: list[str]) -> bool:
    return all(word in text for word in wanted)


def _in_order(keys: list[int]) -> list[Message]:
    them = Message.objects.filter(pk__in=keys).select_related("author", "conversation__about").in_bulk()
    return [them[pk] for pk in keys]


def named(person: int, query: str) -> list[Membership]:
    """This person's part in the conversations whose name holds every word of the query, also those put away."""
    wanted = folded(query).split()
    if not wanted:
        return []
    mine = list(inbox.of(person)[:LOOKED_AT])
    names = inbox.names([it.conversation for it in mine], person)
    held = (it for it in mine if _holds(folded(names[it.conversation_id]), wanted))
    return list(islice(held, FOUND))
