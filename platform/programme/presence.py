"""How many people are in the rooms of sessions; the kernel counts them by the rooms' topics."""

from collections.abc import Iterable

from live.crowd import crowd

from .models import Session


def here(sessions: Iterable[Session]) -> dict[int, int]:
    """Session's id to people in its room, of the rooms that somebody may be in."""
    topics = {session.room.topic: session.pk for session in sessions if may_be_in(session)}
    return {topics[topic]: count for topic, count in crowd(list(topics)).items()}


def may_be_in(session: Session) -> bool:
    return hasattr(session, "room") and session.room.state in {"open", "live"}
