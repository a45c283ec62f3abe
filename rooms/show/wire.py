"""The run of show and what is said behind the stage, as they travel. Pure: what is needed has been read before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from programme.models import Document

from ..models import Notice, Proposal, Segment
from ..wire import moment, person
from . import timing
from .timing import Change, Part

Told = dict[str, Any]


def part(it: Segment) -> Part:
    return Part(it.pk, it.kind, 60 * it.minutes, it.agreed, it.started_at, it.ended_at, it.skipped)


def parts(run: Sequence[Segment]) -> list[Part]:
    return [part(it) for it in run]


def segments(run: Sequence[Segment], starts: datetime) -> list[Told]:
    """As those behind the stage see them, in their order; `starts` is when the session does."""
    plan, course = timing.planned(parts(run), starts).at, timing.expected(parts(run), starts).at
    return [segment(it, plan[it.pk], course[it.pk]) for it in run]


def segment(it: Segment, planned: datetime, expected: datetime) -> Told:
    return {
        "id": it.pk,
        "position": it.position,
        "kind": it.kind,
        "title": it.title,
        "who": it.who,
        "minutes": it.minutes,
        "seconds": it.agreed,
        "starts": moment(planned),
        "expected": moment(expected),
        "started": moment(it.started_at),
        "ended": moment(it.ended_at),
        "skipped": it.skipped,
        "remote": it.remote,
        "confirmed": it.confirmed,
        "rev": it.revision,
        "people": sorted(each.pk for each in it.people.all()),
        "documents": [{"title": each.title, "url": address(each)} for each in it.documents.all()],
        "notes": it.notes,
    }


def public(told: Told) -> Told:
    """What everybody may see of it: notes are for the stage."""
    return {name: value for name, value in told.items() if name != "notes"}


def address(paper: Document) -> str:
    return reverse("document", args=[paper.pk, paper.file_name]) if paper.file else paper.url


def show(run: Sequence[Segment], starts: datetime) -> Told:
    """How it goes: "drift" in seconds (+ late), "due" when the next change is, "ends" when all would be over."""
    them = parts(run)
    course, current = timing.expected(them, starts), timing.running(them)
    return {
        "current": current and current.id,
        "drift": timing.drift(them, starts),
        "due": moment(course.due),
        "ends": moment(course.ends),
        "segments": [[it.id, moment(course.at[it.id]), it.agreed] for it in them],
    }


def changes(it: Proposal) -> list[Change]:
    return [Change(*each) for each in it.changes]


def proposal(it: Proposal) -> Told:
    return {
        "id": it.pk,
        "state": it.state,
        "late": it.late,
        "left": timing.still_late(it.late, changes(it)),
        "changes": it.changes,
        "at": moment(it.made_at),
    }


def notice(it: Notice) -> Told:
    return {
        "id": it.pk,
        "room": it.room_id,
        "number": it.number,
        "kind": it.kind,
        "by": person(it.by),
        "to": person(it.to),
        "text": it.text,
        "segment": it.segment_id,
        "at": moment(it.at),
        "acknowledged": sorted(each.person_id for each in it.acknowledgements.all()),
    }
