"""What a page shows of a room, from the same pictures that go over the line. Pure.

The islands say the same in `frontend/islands/room/{order,receipt}.ts`: change both.
"""

from datetime import datetime, timedelta
from itertools import zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Question

ORDERS = ("top", "new", "mine", "done")
OVER = {"answered", "written", "dismissed", "merged", "withdrawn"}
MOVABLE = {"review", "open", "next"}
STAGE_OF = {"review": 1, "open": 2, "next": 2, "now": 3, "answered": 4}


def queue(questions: list[dict]) -> list[dict]:
    """Next ones in the moderators' order, then the open ones by votes: as they would be taken."""
    coming = sorted((it for it in questions if it["state"] == "next"), key=lambda it: (it["position"], it["number"]))
    return coming + sorted((it for it in questions if it["state"] == "open"), key=by_votes)


def by_votes(it: dict) -> tuple[int, int]:
    return -it["votes"], it["number"]


def arranged(questions: list[dict], order: str, own: set[int]) -> list[dict]:
    if order == "done":
        done = [it for it in questions if it["state"] in ("answered", "written")]
        return sorted(done, key=lambda it: it["since"], reverse=True)
    waiting = queue(questions)
    if order == "new":
        return sorted(waiting, key=lambda it: it["number"], reverse=True)
    if order == "mine":
        return sorted((it for it in waiting if it["id"] in own), key=by_votes)
    return waiting


def with_votes(questions: list[dict], voted: set[int]) -> list[dict]:
    return [{**it, "voted": not voted.isdisjoint([it["id"], *it["joined"]])} for it in questions]


def current(questions: list[dict]) -> dict | None:
    return next((it for it in questions if it["state"] == "now"), None)


def receipts(own: list[dict], waiting: list[dict]) -> list[dict]:
    places = {it["id"]: place for place, it in enumerate(waiting, 1)}
    return [receipt(it, places.get(it["id"], 0)) for it in own if it["state"] != "withdrawn"]


def receipt(own: dict, place: int) -> dict:
    return {
        **own,
        "headline": headline(own, place),
        "detail": detail(own),
        "stages": stages(own, place),
        "said": own["root"] or own,
        "movable": own["state"] in MOVABLE,
    }


def headline(own: dict, place: int) -> str:
    return {
        "review": _("Your question is waiting for a moderator"),
        "now": _("Your question is being answered"),
        "answered": _("Your question has been answered"),
        "written": in_writing(own),
        "dismissed": _("Your question was not taken up"),
        "merged": _("Joined with question {number}").format(number=own["into"]),
    }.get(own["state"]) or in_queue(place)


def in_writing(own: dict) -> str:
    if own["answer"]:
        return _("Your question has been answered in writing")
    return _("Your question will be answered in writing")


def in_queue(place: int) -> str:
    sentences = [
        _("Your question is in the queue"),
        _("Your question is first in the queue"),
        _("Your question is second in the queue"),
        _("Your question is third in the queue"),
        _("Your question is fourth in the queue"),
        _("Your question is fifth in the queue"),
    ]
    if place < len(sentences):
        return sentences[place]
    return _("Your question is number {place} in the queue").format(place=place)


def ordinal(place: int) -> str:
    words = [_("In the queue"), _("First"), _("Second"), _("Third"), _("Fourth"), _("Fifth")]
    return words[place] if place < len(words) else _("Number {place}").format(place=place)


def stages(own: dict, place: int) -> list[dict]:
    at = STAGE_OF.get(own["state"])
    if at is None:
        return []
    approved = _("Approved") if at > 1 else _("In review")
    labels = [_("Asked"), approved, ordinal(place) if at == 2 else _("Queue"), _("Now"), _("Answered")]
    states = ["done"] * at + ["current"]
    return [{"label": label, "state": state} for label, state in zip_longest(labels, states, fillvalue="")]


def detail(own: dict) -> str:
    if own["state"] == "merged":
        return _("It asks the same. Everybody who voted for yours counts there, once each.")
    if own["state"] == "dismissed":
        return _("The moderator’s reason: {reason}").format(reason=reason(own["reason"]))
    if own["state"] == "review":
        return in_review(own)
    return votes(own["votes"])


def in_review(own: dict) -> str:
    if any(step["what"] == "approved" for step in own["steps"]):
        return _("You changed it, so a moderator looks at it again.")
    return _("It opens for votes as soon as a moderator has approved it.")


def votes(count: int) -> str:
    return ngettext("{count} vote", "{count} votes", count).format(count=count)


def reason(code: str) -> str:
    return str(Question.Reason(code).label) if code else ""


def running(segments: list[dict], state: str, now: datetime) -> list[dict]:
    """The running order, with what is over and what is on by the planned times."""
    return [{**it, **progress(it, state, now)} for it in segments]


def progress(segment: dict, state: str, now: datetime) -> dict:
    starts, length = datetime.fromisoformat(segment["starts"]), timedelta(minutes=segment["minutes"])
    if state == "ended" or starts + length <= now:
        return {"state": "done"}
    if state != "live" or starts > now:
        return {"state": ""}
    left = starts + length - now
    return {"state": "now", "percent": int(100 * (now - starts) / length), "left": -(-left.seconds // 60)}


LANES = ("review", "open", "next", "now", "done")
LANE_ORDER = {
    "review": lambda it: -it["number"],
    "open": by_votes,
    "next": lambda it: (it["position"], it["number"]),
    "now": lambda it: it["number"],
    "done": lambda it: it["since"],
}


def lanes(questions: list[dict]) -> dict[str, list[dict]]:
    """The desk's columns."""
    found: dict[str, list[dict]] = {lane: [] for lane in LANES}
    for it in questions:
        found[it["state"] if it["state"] in LANES else "done"].append(it)
    return {lane: sorted(them, key=LANE_ORDER[lane], reverse=lane == "done") for lane, them in found.items()}  # type: ignore[arg-type]
