"""The record of a room's questions for its moderators: every column, every step, and no more than they may know."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from people.cells import table

from . import wire
from .floor import exports as floor_exports
from .models import Question, Room, Step
from .show import files as show_files

COLUMNS = {
    "number": _("Number"),
    "state": _("State"),
    "text": _("Question"),
    "original": _("As asked"),
    "language": _("Language"),
    "by": _("Asked by"),
    "organisation": _("Organisation"),
    "country": _("Country"),
    "anonymous": _("Without a name"),
    "votes": _("Votes"),
    "position": _("Place in the queue"),
    "labels": _("Labels"),
    "to": _("To"),
    "into": _("Joined with"),
    "similar": _("Similar to"),
    "edited": _("Changed after approval"),
    "reason": _("Reason"),
    "note": _("Note"),
    "answer": _("Answer"),
    "asked_at": _("Asked at"),
    "since": _("In this state since"),
    "revision": _("Revision"),
    "steps": _("Steps"),
}


def questions(room: Room):
    return room.questions.with_people().prefetch_related("steps__by").order_by("number")


def row(it: Question) -> dict[str, Any]:
    """All there is to tell of a question; of who asks without a name, nothing."""
    author = None if it.anonymous else it.author
    return {
        "number": it.number,
        "state": it.state,
        "text": it.text,
        "original": it.original,
        "language": it.language,
        "by": author.name if author else "",
        "organisation": author.organisation if author else "",
        "country": author.country if author else "",
        "anonymous": it.anonymous,
        "votes": it.votes,
        "position": it.position,
        "labels": it.labels,
        "to": it.to.name if it.to else "",
        "into": it.into.number if it.into else None,
        "similar": it.similar,
        "edited": it.edited,
        "reason": it.reason,
        "note": it.note,
        "answer": it.answer,
        "asked_at": wire.moment(it.asked_at),
        "since": wire.moment(it.since),
        "revision": it.revision,
        "steps": [step(each) for each in it.steps.all()],
    }


def step(it: Step) -> dict[str, Any]:
    by = it.by.name if it.by else ""
    return {"what": it.what, "at": wire.moment(it.at), "by": by, "note": it.note, "undone": it.undone}


def as_json(room: Room) -> dict[str, Any]:
    """{"session", "room", "run_of_show", "questions", "speakers"}"""
    return {
        "session": {"title": room.session.title, "code": room.session.code, "guid": str(room.session.guid)},
        "room": wire.room(room),
        "run_of_show": show_files.rows(room),
        "questions": [row(it) for it in questions(room)],
        "speakers": [floor_exports.row(it) for it in floor_exports.turns(room)],
    }


def as_csv(room: Room) -> str:
    return table(COLUMNS.values(), (row(it).values() for it in questions(room)))
