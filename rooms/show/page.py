"""What the desk's and the speakers' pages show of the run of show. Pure: the islands draw the same."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..page import Told, in_state


def steps(segments: Sequence[Told]) -> Told:
    """{"current", "following": the next one, "begun": there is something to go back to}"""
    return {
        "on": next(iter(in_state(segments, "now")), None),
        "following": next(iter(in_state(segments, "")), None),
        "begun": any(it["ended"] for it in segments),
    }


def proposed(proposal: Told | None, segments: Iterable[Told]) -> Told | None:
    """With the titles of what would be shortened, its seconds now and then, and the whole minutes that stay late."""
    if proposal is None:
        return None
    titles = {it["id"]: it["title"] for it in segments}
    shorter = [{"title": titles[pk], "was": was, "to": to} for pk, was, to, _ in proposal["changes"] if pk in titles]
    return {**proposal, "shorter": shorter, "minutes": -(-proposal["left"] // 60)}


def own(segments: Iterable[Told], notes: Iterable[Told], person: int) -> list[Told]:
    """The parts of one person, with their notes."""
    written = {it["id"]: it["notes"] for it in notes}
    return [{**it, "notes": written.get(it["id"], "")} for it in segments if person in it["people"]]


def turn_until(turn: Told | None) -> str | None:
    """When the time of somebody who has the floor is up; None while it does not run."""
    if turn is None or turn["running_since"] is None:
        return None
    left = timedelta(seconds=turn["seconds"] - turn["spoken"])
    return (datetime.fromisoformat(turn["running_since"]) + left).isoformat()


def unread(notices: Iterable[Told], segments: Iterable[Told], person: int) -> list[Told]:
    """What somebody has yet to read; a cue for what has begun is no news."""
    ahead = {it["id"] for it in segments if it["state"] == ""}
    news = [it for it in notices if it["kind"] != "cue" or it["segment"] in ahead]
    return [it for it in news if person not in it["acknowledged"] and not is_by(it, person)]


def is_by(notice: Told, person: int) -> bool:
    by: dict[str, Any] | None = notice["by"]
    return by is not None and by["id"] == person
