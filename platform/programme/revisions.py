"""What happens to a session besides: told to the calendars that have it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from .models import Session

# Calendars are told again when one of these changes.
REVISING = {"title", "starts_at", "ends_at", "venue", "cancelled"}


def doors(sessions: Iterable[Session]) -> list[str]:
    """The topics of what happens in these sessions, for `people.access.look_again`."""
    rooms = [session.room for session in sessions if hasattr(session, "room")]
    return [topic for room in rooms for topic in (room.topic, room.desk, room.conversation.topic)]


def revise(session: Session, what: Iterable[str]) -> None:
    """Keeps changes to the fields named; calendars that have the session are told if it concerns them."""
    session.revision += bool(REVISING & set(what))
    session.save()


def cancel(sessions: QuerySet[Session], cancelled: bool = True) -> list[Session]:
    """Cancels sessions, or lets them take place after all; returns those for which that is new."""
    found = list(sessions.exclude(cancelled=cancelled))
    for session in found:
        session.cancelled = cancelled
        revise(session, ["cancelled"])
    return found
