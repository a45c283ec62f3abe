"""Taking a place in a lounge, leaving it, coming back to it. The only place that writes them; people are ids."""

from datetime import timedelta

from django.utils import timezone

from live.access import recheck
from live.log import publish, whisper
from live.refusal import Refused
from people.models import Person

from ..models import Lounge, Stool
from . import wire

LEAD = timedelta(seconds=10)  # before the first round its pairs are found


def enter(lounge: Lounge, person: int, language: str = "") -> Stool:
    """Whoever was here before finds their place as it was. Raises Refused("lounge.not_open" or "lounge.over")."""
    insist_open(lounge)
    stool, _ = Stool.objects.get_or_create(lounge=lounge, person_id=person)
    return _change(stool, away=False, language=language or stool.language)


def leave(lounge: Lounge, person: int) -> Stool:
    return _change(own(lounge, person), away=True)


def back(lounge: Lounge, person: int) -> Stool:
    insist_open(lounge)
    return _change(own(lounge, person), away=False)


def own(lounge: Lounge, person: int) -> Stool:
    stool = Stool.objects.filter(lounge=lounge, person=person).first()
    if stool is None:
        raise Refused("lounge.no_place")
    return stool


def insist_open(lounge: Lounge) -> None:
    if lounge.state != Lounge.State.OPEN:
        raise Refused("lounge.over" if lounge.state == Lounge.State.OVER else "lounge.not_open")


def _change(stool: Stool, **fields) -> Stool:
    for name, value in fields.items():
        setattr(stool, name, value)
    stool.save(update_fields=list(fields))
    recheck(stool.person_id)
    return stool


def present(lounge: Lounge):
    """Places whose people are there, and still may be."""
    there = lounge.stools.filter(away=False, person__is_active=True)
    groups = lounge.groups.all()
    return there.filter(person__in=Person.objects.filter(groups_in__in=groups)) if groups else there


def tell(lounge: Lounge) -> None:
    publish(lounge.topic, "lounge", told(lounge))


def tell_people(topic: str, people: int) -> None:
    whisper(topic, "people", {"people": people})


def told(lounge: Lounge) -> dict:
    return wire.lounge(lounge, present(lounge).count(), timezone.now())
