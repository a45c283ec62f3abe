"""Shared notes: read by both, written by both, and still there afterwards."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from chat.words import UNPRINTABLE
from live import writer
from live.log import publish
from live.refusal import Refused

from ..models import Pair
from ..models.pair import NOTES
from . import lookup, wire
from .merge import change, merged

LONGEST = 256 * 1024  # bytes: two texts, of letters that JSON writes in six
TRIES = 5  # times that the other may be faster

Text = Annotated[str, Meta(max_length=NOTES)]


class Written(Struct, forbid_unknown_fields=True):
    """What a page makes of the text that it had."""

    rev: Annotated[int, Meta(ge=0, le=2**31)]
    base: Text
    text: Text


_written = msgspec.json.Decoder(Written)


def read(body: bytes) -> Written:
    """Raises Refused("command.malformed")."""
    try:
        return _written.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused("command.malformed") from None


def write(person: int, pair: Pair, given: Written) -> Pair:
    """Merged with what the other has written meanwhile, in the thread of whoever asks: it may take a while.

    Raises Refused: "pair.not_open", "pair.over", "notes.too_long", "try.again".
    """
    for _ in range(TRIES):
        text = clean(given.text) if given.rev == pair.notes_revision else joined(pair, given)
        try:
            return writer.do(person, put, person, pair.topic, pair.notes_revision, text)
        except Refused as no:
            if no.code != "notes.changed":
                raise
        pair.refresh_from_db()
    raise Refused("try.again")


def joined(pair: Pair, given: Written) -> str:
    return merged(clean(given.base), pair.notes, clean(given.text))


def clean(text: str) -> str:
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n"))


def put(person: int, topic: str, revision: int, text: str) -> Pair:
    """In the writer. Raises also Refused("notes.changed") if it is not about the newest revision any more."""
    pair = lookup.entered(topic, person)
    pair.insist_writable()
    if pair.notes_revision != revision:
        raise Refused("notes.changed")
    if len(text) > NOTES:
        raise Refused("notes.too_long")
    return pair if pair.notes == text else _keep(pair, person, text)


def _keep(pair: Pair, person: int, text: str) -> Pair:
    done = change(pair.notes, text)
    pair.notes, pair.notes_by_id, pair.notes_revision = text, person, pair.notes_revision + 1
    pair.save(update_fields=["notes", "notes_by", "notes_revision"])
    publish(pair.topic, "notes", wire.change(pair, done))
    return pair
