"""How many people are in the rooms of sessions; the kernel counts, by the rooms' topics."""

from collections.abc import Iterable

from .models import Session


def here(sessions: Iterable[Session]) -> dict[int, int]:
    """Session's id to people in its room, for those that have one."""
    return {}
