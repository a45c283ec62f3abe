"""Who enters a lounge, asked in one place by every door, and what they are shown. Reads only."""

from typing import cast

from django.conf import settings
from django.utils import timezone, translation

from people import acquaintance
from people.models import Person

from ..models import Lounge, Pair, Stool
from ..wire import person as named
from . import places, wire


def entered(topic: str, person: int) -> Lounge:
    """The lounge of the topic, if this person may enter it; else Refused("lounge.unknown")."""
    return Lounge.objects.open_to(Person.objects.of_batch(person)).named(topic)


def welcome(person: int, topic: str) -> dict:
    """{"me", "place": {"away", "waited"} or null, "pair": {"code", "starts", "ends", "with", "why"} or null}"""
    return mine(entered(topic, person), Person.objects.of_batch(person))


def mine(lounge: Lounge, who: Person) -> dict:
    stool = Stool.objects.filter(lounge=lounge, person=who).first()
    with translation.override((stool and stool.language) or who.language or settings.LANGUAGE_CODE):
        return {
            "me": named(who),
            "place": stool and wire.place(stool),
            "pair": stool and told(current(lounge, who.pk), who.pk),
        }


def current(lounge: Lounge, person: int) -> Pair | None:
    """Whom this person meets in the round that is on, or about to begin."""
    going_on = lounge.matches.filter(round=lounge.round).going_on(timezone.now())
    match = going_on.of(person).select_related("pair__one", "pair__two").first()
    return cast(Pair, match.pair) if match else None


def told(pair: Pair | None, person: int) -> dict | None:
    return wire.pair(pair, person, acquaintance.say(pair.why, person)) if pair else None


def picture(topic: str) -> dict:
    """{"lounge"}"""
    return {"lounge": places.told(Lounge.objects.named(topic))}
