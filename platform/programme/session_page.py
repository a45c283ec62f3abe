"""One session as one reader finds it now."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator

from . import clashes, presence, stars
from .models import Document, Session
from .search import by_part
from .times import minutes_between

LEAD = 280


@dataclass(frozen=True)
class Pass:
    """What this reader may do at the session's door."""

    admits: bool
    has_part: bool  # runs it or speaks in it: the room is open to them at any time


def find(code: str) -> Session | None:
    """By the code in its address; that of the forum shown on the first page if two forums use the same."""
    sessions = Session.objects.for_listing().filter(code=code)
    return sessions.order_by("-event__current", "-event__starts_on").first()


def pass_of(session: Session, person) -> Pass:
    same = Session.objects.filter(pk=session.pk)
    has_part = (same.moderated_by(person) | same.spoken_in_by(person)).exists()
    return Pass(same.joinable_by(person).exists(), has_part)


def remote_and_present(session: Session) -> tuple[int, int]:
    """How many speak from afar, and how many in the room."""
    remote = sum(one.remote for one in session.appearances.all())
    return remote, len(session.appearances.all()) - remote


def lead(session: Session) -> str:
    """What stands large under the title: the subtitle, else the abstract or its beginning."""
    return session.subtitle or Truncator(session.abstract).chars(LEAD)


def about(session: Session) -> list[str]:
    """What is left to say: the abstract unless it stands whole above, and the description."""
    above = lead(session) == session.abstract
    return list(filter(None, ["" if above else session.abstract, session.description]))


def details(session: Session, person, now: datetime) -> dict:
    """What the template needs beside clocks and counts."""
    stage, door = session.stage(now), pass_of(session, person)
    remote, present = remote_and_present(session)
    starred = bool(stars.starred(person, [session]))
    return {
        "session": session,
        "lead": lead(session),
        "about": about(session),
        "stage": stage,
        "door": door,
        "starred": starred,
        "clashes": clashing(session, person, now) if starred and stage == Session.Stage.SCHEDULED else [],
        "room": getattr(session, "room", None),
        "enterable": door.admits and (door.has_part or stage in {Session.Stage.OPEN, Session.Stage.LIVE}),
        "crowd": presence.here([session]).get(session.pk, 0),
        "appearances": by_part(session),
        "remote": remote,
        "present": present,
        "documents": Document.objects.filter(session=session).readable_by(person).select_related("language"),
        "themes": themes(session),
        "minutes_left": minutes_between(now, session.ends_at),
        "minutes_to_go": minutes_between(now, session.starts_at),
        "goes_on": stage == Session.Stage.LIVE and now < session.ends_at,
    }


def clashing(session: Session, person, now: datetime) -> list[clashes.Clash]:
    """What else this person starred at that time."""
    kept = clashes.kept_by(person, session.event)
    return clashes.of(session, kept, clashes.repeats([it for it in kept if clashes.overlap(session, it)], person, now))


def themes(session: Session) -> dict[str, list]:
    """Action Lines, goals and tags apart, by kind."""
    found: dict[str, list] = {"action_line": [], "goal": [], "tag": []}
    for theme in session.themes.all():
        found[theme.kind].append(theme)
    return found
