"""What the room's page shows of a picture and of what is one's own. Pure: the islands draw the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Literal

Told = dict[str, Any]  # as wire.py makes it
Order = Literal["top", "new", "mine", "done"]
ORDERS: tuple[Order, ...] = ("top", "new", "mine", "done")
MOVABLE = {"review", "open", "next"}
OVER = {"withdrawn"}
LANES = {
    "review": ("review",),
    "open": ("open",),
    "next": ("next",),
    "now": ("now",),
    "done": ("answered", "written", "dismissed", "merged", "withdrawn"),
}


def by_votes(question: Told) -> tuple[int, int]:
    return -question["votes"], question["number"]


def by_place(question: Told) -> tuple[int, int]:
    return question["position"] or 0, question["number"]


def in_state(questions: Sequence[Told], *states: str) -> list[Told]:
    return [question for question in questions if question["state"] in states]


def queue(questions: Sequence[Told]) -> list[Told]:
    """The next ones as the moderators put them, then the open ones by votes: as they would be taken."""
    return [*coming(questions), *sorted(in_state(questions, "open"), key=by_votes)]


def coming(questions: Sequence[Told]) -> list[Told]:
    return sorted(in_state(questions, "next"), key=by_place)


def current(questions: Sequence[Told]) -> Told | None:
    return next(iter(in_state(questions, "now")), None)


def ordered(questions: Sequence[Told], own: set[int], order: Order) -> list[Told]:
    if order == "done":
        return sorted(in_state(questions, "answered", "written"), key=lambda it: it["since"], reverse=True)
    waiting = queue(questions)
    if order == "new":
        return sorted(waiting, key=lambda it: -it["number"])
    if order == "mine":
        return sorted((it for it in waiting if it["id"] in own), key=by_votes)
    return waiting


def annotated(question: Told, places: dict[int, int], own: set[int], votes: set[int], votable: bool) -> Told:
    """With what only this person sees: `mine`, `voted`, `votable`, and `place`, 1 for the first of the queue."""
    return {
        **question,
        "mine": question["id"] in own,
        "voted": not votes.isdisjoint([question["id"], *question["joined"]]),
        "votable": votable and question["state"] in ("open", "next"),
        "place": places.get(question["id"], 0),
    }


def questions_shown(picture: Told, mine: Told, order: Order) -> Told:
    """{"current", "questions", "receipts", "open": how many are open}"""
    questions, own = picture["questions"], {it["id"] for it in mine["questions"]}
    places = {it["id"]: place for place, it in enumerate(queue(questions), 1)}
    running = picture["room"]["state"] in ("open", "live")
    votable = picture["room"]["votes_open"] and running and not mine["silenced"]

    def told(question: Told) -> Told:
        return annotated(question, places, own, set(mine["votes"]), votable)

    now = current(questions)
    return {
        "current": now and told(now),
        "questions": [told(it) for it in ordered(questions, own, order)],
        "receipts": [receipt(it, places) for it in mine["questions"] if it["state"] not in OVER],
        "open": len(places),
    }


def receipt(own: Told, places: dict[int, int]) -> Told:
    """`said`: whose note and answer are to be read, its own or those of the question it was joined with."""
    said = own["root"] or own
    return {**own, "place": places.get(own["id"], 0), "movable": own["state"] in MOVABLE, "said": said}


def overrun(show: Told, state: str, now: datetime) -> timedelta:
    """How long the next change has been due while the session is live: by so much all that is to come comes later."""
    if state != "live" or show["due"] is None:
        return timedelta(0)
    return max(timedelta(0), now - datetime.fromisoformat(show["due"]))


def drift(show: Told, state: str, now: datetime) -> int:
    """Whole minutes late, negative if early."""
    return round((show["drift"] + overrun(show, state, now).total_seconds()) / 60)


def late_end(picture: Told, now: datetime) -> str | None:
    """When a live session would end, if that is a minute or more after it should."""
    room, show = picture["room"], picture["show"]
    ends = datetime.fromisoformat(show["ends"]) + overrun(show, room["state"], now)
    is_late = ends - datetime.fromisoformat(room["ends"]) >= timedelta(minutes=1)
    return ends.isoformat() if room["state"] == "live" and is_late else None


def segments_at(picture: Told, now: datetime) -> list[Told]:
    """The run of show with `state`: "done", "now", "skipped" or "" (to come), and `at`: when it began, or will."""
    state = picture["room"]["state"]
    later = overrun(picture["show"], state, now)
    return [at_moment(segment, state, now, later) for segment in picture["segments"]]


def at_moment(segment: Told, state: str, now: datetime, later: timedelta) -> Told:
    if segment["skipped"]:
        return {**segment, "state": "skipped", "at": segment["starts"]}
    if segment["started"]:
        return begun(segment, state, now)
    at = (datetime.fromisoformat(segment["expected"]) + later).isoformat()
    return {**segment, "state": "done" if state == "ended" else "", "at": at}


def begun(segment: Told, state: str, now: datetime) -> Told:
    """The one that is on also with the minutes that are `left`, or those it is `over`, and how much has passed."""
    told = {**segment, "state": "done", "at": segment["started"]}
    if segment["ended"] or state == "ended":
        return told
    left = (end_of(segment) - now).total_seconds()
    percent = min(100, int(100 - 100 * left / max(1, segment["seconds"])))
    return {
        **told,
        "state": "now",
        "left": ceil(max(0, left) / 60),
        "over": ceil(max(0, -left) / 60),
        "percent": percent,
    }


def end_of(segment: Told) -> datetime:
    """When a part that has begun should be over."""
    return datetime.fromisoformat(segment["started"]) + timedelta(seconds=segment["seconds"])


def lanes(questions: Sequence[Told]) -> dict[str, list[Told]]:
    """The desk's columns, each in its order."""
    found = {name: in_state(questions, *states) for name, states in LANES.items()}
    found["review"].sort(key=lambda it: it["number"], reverse=True)
    found["open"].sort(key=by_votes)
    found["next"].sort(key=by_place)
    found["done"].sort(key=lambda it: it["since"], reverse=True)
    return found
