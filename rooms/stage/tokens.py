"""Tokens for programs that send or play media without a browser, such as OBS: a person's own, for one room."""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing
from django.utils import timezone

from live.refusal import Refused

from ..models import Pair, Room

SALT = "rooms.tokens"
AFTER = timedelta(hours=1)  # the end of the session, or of the meeting


class Token(NamedTuple):
    """Whom it speaks for, in which room. What they may do there is looked up each time."""

    person: int
    room: int  # by the number that media workers know
    until: float  # Unix time


def token(person: int, room: Room | Pair) -> str:
    until = (room.ends_at + AFTER).timestamp()
    return signing.dumps(Token(person, room.media_id, until), salt=SALT)


def read(text: str) -> Token:
    """Raises Refused("ticket.invalid")."""
    try:
        known = Token(*signing.loads(text, salt=SALT))
    except signing.BadSignature:
        raise Refused("ticket.invalid") from None
    if known.until < timezone.now().timestamp():
        raise Refused("ticket.invalid")
    return known
