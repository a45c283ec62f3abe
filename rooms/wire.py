"""Rooms and questions as they travel. Pure: what is needed has been read before."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from people.audience import shown_to_everybody

from .models import Question, Room, Step

State = Question.State
PRIVATE = {"labelled", "moved", "silenced", "unsilenced", "undone"}  # steps that are the moderators' own affair


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def person(it) -> dict | None:
    return it and {"id": it.pk, "name": it.name}


def asker(question: Question) -> dict | None:
    return None if question.anonymous else person(question.author)


def question(it: Question, joined: Sequence[int] = ()) -> dict:
    """As everyone may see it, once it is public."""
    return {
        "id": it.pk,
        "number": it.number,
        "rev": it.revision,
        "state": it.state,
        "text": it.text,
        "language": it.language,
        "by": asker(it),
        "aloud": it.aloud,
        "early": it.early,
        "votes": it.votes,
        "position": it.position,
        "to": person(it.to),
        "answer": it.answer,
        "at": moment(it.asked_at),
        "since": moment(it.since),
        "into": it.into and it.into.number,
        "joined": list(joined),
    }


def gone(it: Question) -> dict:
    """What stays in the public view of a question that left it: no words."""
    return {
        "id": it.pk,
        "number": it.number,
        "rev": it.revision,
        "state": it.state,
        "gone": True,
        "into": it.into and it.into.number,
    }


def public(it: Question, joined: Sequence[int] = ()) -> dict:
    return question(it, joined) if it.is_public else gone(it)


def desk(it: Question, joined: Sequence[int] = (), last: Step | None = None) -> dict:
    """As moderators see it, in every state; `last` is the step that led here, if it was not the asking."""
    return {
        **question(it, joined),
        "labels": it.labels,
        "original": it.original or None,
        "reason": it.reason,
        "note": it.note,
        "edited": it.edited,
        "similar": it.similar,
        "silenced": it.silenced,
        "last": last and step(last, "by"),
    }


def own(it: Question, joined: Sequence[int] = (), steps: Iterable[Step] = (), root: Question | None = None) -> dict:
    """As the asker sees it, in every state. `root` is the question it counts for if it was joined with one."""
    return {
        **question(it, joined),
        "room": it.room_id,
        "mine": True,
        "anonymous": it.anonymous,
        "original": it.original or None,
        "reason": it.reason,
        "note": it.note,
        "steps": [asking(it), *(step(each, "note") for each in steps if is_told(each))],
        "root": root and fate(root),
    }


def asking(it: Question) -> dict:
    return {"what": "submitted", "at": moment(it.asked_at), "note": ""}


def is_told(it: Step) -> bool:
    return not it.undone and it.what not in PRIVATE


def step(it: Step, also: str) -> dict:
    extra: Any = person(it.by) if also == "by" else it.note
    return {"what": it.what, "at": moment(it.at), also: extra}


def fate(it: Question) -> dict:
    return {"number": it.number, "state": it.state, "reason": it.reason, "note": it.note, "answer": it.answer}


def silenced(people: Iterable) -> dict:
    return {"people": [person(it) for it in people]}


def room(it: Room) -> dict:
    return {
        "rev": it.revision,
        "state": it.state,
        "code": it.code,
        "moderation": it.moderation,
        "anonymity": it.anonymity,
        "questions_open": it.questions_open,
        "votes_open": it.votes_open,
        "chat_open": it.conversation.is_open,
        "reactions_open": it.reactions_open,
        "starts": moment(it.session.starts_at),
        "ends": moment(it.session.ends_at),
        "opened_at": moment(it.opened_at),
        "live_at": moment(it.live_at),
        "ended_at": moment(it.ended_at),
    }


def session(it) -> dict:
    return {
        "id": it.pk,
        "code": it.code,
        "title": it.title,
        "starts": moment(it.starts_at),
        "ends": moment(it.ends_at),
        "zone": it.event.zone,
        "place": it.event.place,
        "venue": it.venue.name if it.venue else "",
        "languages": [{"code": language.code, "name": language.name} for language in it.languages.all()],
        "speakers": [speaker(each) for each in it.appearances.all()],
    }


def speaker(it) -> dict:
    return {
        "id": it.person_id,
        "name": it.person.name,
        "as": it.role,
        "organisation": it.person.organisation if "organisation" in shown_to_everybody(it.person) else "",
        "remote": it.remote,
    }
