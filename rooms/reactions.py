"""Applause and the like: gathered, whispered, forgotten."""

from collections import Counter
from collections.abc import Collection
from typing import Literal, get_args

from chat import messages
from live.log import whisper
from live.refusal import Refused

from .models import Room

Reaction = Literal["applause", "thanks", "insight", "agree", "heart", "celebrate"]
REACTIONS: tuple[Reaction, ...] = get_args(Reaction)


def react(room: Room, given: Collection[tuple[int, Reaction]]) -> list[Refused | None]:
    """What came within a tick: each person counts once for each kind."""
    room.insist_running()
    if not room.reactions_open:
        raise Refused("reactions.closed")
    silenced = messages.silenced(room.conversation)
    if counts := Counter(what for person, what in set(given) if person not in silenced):
        whisper(room.topic, "reactions", {"counts": {what: counts[what] for what in REACTIONS if counts[what]}})
    return [Refused("person.silenced") if person in silenced else None for person, _ in given]
