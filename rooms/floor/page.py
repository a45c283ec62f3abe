"""What the room's page shows of the speakers' list. Pure: the islands draw the same."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any

Told = dict[str, Any]  # as floor_wire.py makes it
AT_THE_FLOOR = ("speaking", "paused", "invited")


def shown(picture: Told, mine: Told, now: datetime) -> Told:
    """{"open", "may": raise a hand, "floor", "waiting", "spoken", "own": with `place` and `minutes`, until the end}"""
    turns, running = picture["floor"]["turns"], picture["room"]["state"] in ("open", "live")
    own = mine["turn"] if running else None
    waiting = in_order(turns)
    return {
        "open": picture["floor"]["open"],
        "may": running and not own and not mine["silenced"],
        "floor": [it for it in turns if it["state"] in AT_THE_FLOOR],
        "waiting": waiting,
        "spoken": [it for it in turns if it["state"] == "finished"],
        "own": own and {**own, **whereabouts(own, turns, waiting, now)},
    }


def in_order(turns: Sequence[Told]) -> list[Told]:
    waiting = [it for it in turns if it["state"] == "waiting"]
    return sorted(waiting, key=lambda it: (not it["point_of_order"], it["position"], it["number"]))


def whereabouts(own: Told, turns: Sequence[Told], waiting: Sequence[Told], now: datetime) -> Told:
    """`place`, 1 for the next one; 0 for who does not wait. `minutes` until it is probably their turn."""
    place = next((at for at, it in enumerate(waiting, 1) if it["id"] == own["id"]), 0)
    before = [*(it for it in turns if it["state"] in AT_THE_FLOOR), *waiting[: max(0, place - 1)]]
    return {"place": place, "minutes": ceil(sum(max(0.0, left(it, now)) for it in before) / 60) if place else 0}


def left(turn: Told, now: datetime) -> float:
    """Seconds that a turn has left; below 0 it is over its time."""
    since = turn["running_since"]
    running = (now - datetime.fromisoformat(since)).total_seconds() if since else 0
    return turn["seconds"] - turn["spoken"] - running


def at_desk(told: Told) -> Told:
    """{"turns": the floor, who waits, then everybody else, "waiting", "suggested": a turn, "why": hints}"""
    turns, suggestion = told["turns"], told["suggestion"]
    waiting = in_order(turns)
    floor = [it for it in turns if it["state"] in AT_THE_FLOOR]
    over = [it for it in turns if it not in floor and it not in waiting]
    return {
        "turns": [*floor, *waiting, *over],
        "waiting": waiting,
        "suggested": suggestion and next(it for it in waiting if it["id"] == suggestion["turn"]),
        "why": suggestion and suggestion["why"],
    }
