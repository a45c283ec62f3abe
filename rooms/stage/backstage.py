"""The topic `room.7.backstage`: the green room, and what those on stage see that the audience does not."""

from live.refusal import Refused
from live.topics import topic_kind
from people.models import Person

from .. import pictures, wire
from ..floor import turns
from ..models import Room
from ..show import notices, show
from . import stage


def entered(topic: str, person: int) -> Room:
    """The room, if this person may go behind its stage; else refused, outsiders as if there were none."""
    room = pictures.entered(topic, person)
    if not stage.mine(room, person, pictures.roles(room, person))["may"]["backstage"]:
        raise Refused("room.not_yours")
    return room


def welcome(person: int, topic: str) -> dict:
    """{"me", "notices": those to this person alone}"""
    room = entered(topic, person)
    return {"me": wire.person(Person.objects.of_batch(person)), "notices": notices.own(room, person)}


def picture(topic: str) -> dict:
    """{"seats": in order, "stage", "segments" with notes, "proposal", "notices": those to all here, "turns"}"""
    room = Room.objects.named(topic)
    return {
        **stage.behind(room),
        **show.behind(room),
        "notices": notices.behind(room),
        "turns": turns.backstage_picture(room),
    }


topic_kind("room.backstage", welcome=welcome, picture=picture, presence="people")
