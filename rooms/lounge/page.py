"""What the lounge's page shows of a picture and of one's own part. Pure: the island draws the same."""

from datetime import datetime
from typing import Any, Literal

Told = dict[str, Any]  # as wire.py makes it
Phase = Literal["planned", "over", "outside", "away", "coming", "meeting", "left", "waiting"]


def phase(lounge: Told, mine: Told, now: datetime) -> Phase:
    """`coming`: somebody is to be met in a moment; `left`: without anybody in this round; `waiting`: between
    rounds, also while pairs are found for the next one."""
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
    return is_past(lounge["starts"], now) and not is_past(lounge["ends"], now)


def is_past(at: str | None, now: datetime) -> bool:
    return at is not None and datetime.fromisoformat(at) <= now


def until(lounge: Told, mine: Told, now: datetime) -> str | None:
    """What the countdown runs to: meeting somebody, or the next round; None if that is due, or there is none."""
    ahead = [mine["pair"]["starts"]] if mine["pair"] else [lounge["starts"], lounge["next"]]
    return next((at for at in ahead if at and not is_past(at, now)), None)
