"""Who enters a room for two, asked in one place by every door, and what they are shown. Reads only."""

from django.utils import translation

from people import acquaintance, connections
from people.models import Person

from ..models import Pair
from ..wire import person as named
from . import pairs, wire


def entered(topic: str, person: int) -> Pair:
    """The room of the topic, if this is one of its two; else Refused("topic.unknown")."""
    return Pair.objects.open_to(person).named(topic)


def found(code: str, person: int) -> Pair:
    """The same by the code in its address."""
    return Pair.objects.open_to(person).coded(code)


def welcome(person: int, topic: str) -> dict:
    """{"me", "other", "why", "conversation": id, "stay", "mutual", "session"}"""
    pair = entered(topic, person)
    me, other = Person.objects.of_batch(person), pair.other(person)
    return {
        "me": named(me),
        "other": named(other),
        "why": why(pair, me),
        "conversation": pair.conversation_id,
        "stay": connections.wishes(person, other.pk),
        "mutual": connections.are_connected(person, other.pk),
        "session": pair.page(person),
    }


def why(pair: Pair, me: Person) -> str:
    """In the person's language, which over the line nobody else says."""
    with translation.override(me.language or translation.get_language()):
        return acquaintance.say(pair.why, me.pk)


def picture(topic: str) -> dict:
    """{"pair", "notes", "people"}"""
    pair = Pair.objects.named(topic)
    return {
        "pair": pairs.told(pair),
        "notes": wire.notes(pair),
        "people": [named(each) for each in pair.people],
    }
