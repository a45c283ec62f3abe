"""What the lounge's page shows of a picture and of one's own part. Pure: the island draws the same."""

from datetime import datetime
from typing import Any, Literal

Told = dict[str, Any]  # as wire.py makes it
Phase = Literal["planned", "over", "outside", "away", "coming", "meeting", "left", "waiting"]


def phase(lounge: Told, mine: Told, now: datetime) -> Phase:
    """`coming`: somebody is to be met in a moment; `left`: without anybody in this round; `waiting`: between rounds."""
    if lounge["state"] != "open":
        return "over" if lounge["state"] == "over" else "planned"
    if mine["pair"]:
        return "coming" if now < datetime.fromisoformat(mine["pair"]["starts"]) else "meeting"
    if mine["place"] is None:
        return "outside"
    if mine["place"]["away"]:
        return "away"
    return "left" if is_on(lounge, now) else "waiting"


def is_on(lounge: Told, now: datetime) -> bool:
    """A round is."""
    return lounge["ends"] is not None and now < datetime.fromisoformat(lounge["ends"])


def until(lounge: Told, mine: Told, now: datetime) -> str | None:
    """What the countdown runs to: meeting somebody, or the next round; None if that is due, or there is none."""
    at = mine["pair"]["starts"] if mine["pair"] else lounge["next"]
    return at if at and now < datetime.fromisoformat(at) else None
