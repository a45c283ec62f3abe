"""The record. Verbs `publish`; the writer appends what they said once, last, before it commits."""

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone
from msgspec import json

from . import frames
from .frames import RETRACTED, Frame
from .models import Entry, Topic

AT_ONCE = 500  # names in one query
WRITERS = 0x506C656E  # any number that nobody else locks


class Saying(NamedTuple):
    """Something a verb said. `data` is JSON; a whisper is not `durable`."""

    topic: str
    event: str
    data: str
    durable: bool = True


class Retraction(NamedTuple):
    """All that this event said on the topic so far with this value under this key."""

    topic: str
    event: str
    key: str
    value: int
    durable: bool = True


class Later(NamedTuple):
    """What a verb leaves to `tell`, who hears of all of a batch together."""

    tell: Callable[[list[Any]], None]
    about: Any


_now = threading.local()


def publish(topic: str, event: str, data: Any) -> None:
    """Say it to everyone on the topic, if and when the transaction of this verb commits."""
    _said().append(Saying(topic, event, frames.encode(data).decode()))


def whisper(topic: str, event: str, data: Any) -> None:
    """Say it to those who are on the topic when the transaction commits. It is not kept and may be lost."""
    _said().append(Saying(topic, event, frames.encode(data).decode(), durable=False))


def retract(topic: str, event: str, key: str, value: int) -> None:
    """From now on nobody hears what this event said so far with this value under this key. The record keeps it.

    Publish afterwards what is left to be said, for those who heard nothing since.
    """
    _said().append(Retraction(topic, event, key, value))


def later(tell: Callable[[list[Any]], None], about: Any) -> None:
    """Once all of the batch is done, `tell` publishes what came of it: of how things stand now, not of each step."""
    _said().append(Later(tell, about))


def settle() -> None:
    """Runs those who were to tell later. What they say takes the place of what was left to them."""
    said = _said()
    while waiting := [it for it in said if isinstance(it, Later)]:
        said[:] = [it for it in said if not isinstance(it, Later)]
        for tell in dict.fromkeys(it.tell for it in waiting):
            tell([it.about for it in waiting if it.tell is tell])


def _said() -> list[Any]:
    said = getattr(_now, "said", None)
    if said is None:
        raise RuntimeError("Only a verb that the writer runs can publish: call it through live.writer.")
    return said


@contextmanager
def listening() -> Iterator[list[Any]]:
    """Collects what verbs say inside of the block: only Sayings and Retractions, once it is settled."""
    before = getattr(_now, "said", None)
    said: list[Any] = []
    _now.said = said
    try:
        yield said
    finally:
        _now.said = before


@contextmanager
def unsaid_on_failure() -> Iterator[None]:
    """What is said inside of the block counts only if the block ends well."""
    mark = len(_now.said)
    try:
        yield
    except BaseException:
        del _now.said[mark:]
        raise


def append(said: Iterable[Saying | Retraction]) -> list[Frame]:
    """Give each durable saying its seq and its link in the chain. Returns everything said, ready for the line.

    Runs inside of the writer's transaction, which no other writer's overlaps.
    """
    topics = _topics({it.topic for it in said if it.durable})
    at = timezone.now()
    entries: dict[tuple[str, int], Entry] = {}
    told = [_tell(topics, it, at, entries) for it in said]
    Entry.objects.bulk_create(entries.values())
    Topic.objects.bulk_create(
        topics.values(), update_conflicts=True, update_fields=["seq", "hash"], unique_fields=["name"]
    )
    return told


def _tell(topics: dict[str, Topic], it: Saying | Retraction, at: datetime, entries: dict) -> Frame:
    if isinstance(it, Retraction):
        seqs = _retracted(it, topics[it.topic].seq, entries.values())
        it = Saying(it.topic, RETRACTED, frames.encode({"seqs": seqs}).decode())
    if not it.durable:
        return frames.of_whisper(*it[:3])
    entry = _chain(topics[it.topic], it, at)
    entries[entry.topic, entry.seq] = entry
    return frames.of_entry(entry.topic, entry.seq, entry.event, entry.data)


def _retracted(it: Retraction, last: int, fresh: Iterable[Entry]) -> list[int]:
    """Seqs of these entries: of the kept, as far back as anybody is told them, and of those of this batch."""
    kept = Entry.objects.filter(topic=it.topic, event=it.event, seq__gt=last - settings.LIVE_RING)
    here = [(each.seq, each.data) for each in fresh if (each.topic, each.event) == it[:2]]
    said = [*kept.order_by("seq").values_list("seq", "data"), *here]
    return [seq for seq, data in said if json.decode(data).get(it.key) == it.value]


def _topics(names: Collection[str]) -> dict[str, Topic]:
    found = {topic.name: topic for some in _some(names) for topic in Topic.objects.filter(name__in=some)}
    return {name: found.get(name) or Topic(name=name) for name in sorted(names)}


def _some(names: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(names)
    return (ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE))


def _chain(topic: Topic, saying: Saying, at: datetime) -> Entry:
    entry = Entry(topic=topic.name, seq=topic.seq + 1, event=saying.event, data=saying.data, at=at)
    topic.seq, topic.hash = entry.seq, link(topic.hash, entry)
    entry.hash = topic.hash
    return entry


def link(before: bytes | memoryview, entry: Entry, seq: int | None = None) -> bytes:
    """The hash of an entry that follows the one whose hash is `before`, standing at `seq`."""
    line = f"{entry.topic}\n{seq or entry.seq}\n{entry.event}\n{entry.at.isoformat()}\n{entry.data}"
    return hashlib.blake2b(bytes(before) + line.encode(), digest_size=16).digest()


def seqs(topics: Iterable[str]) -> dict[str, int]:
    """How far each topic has come; one that was never spoken on is left out."""
    rows = Topic.objects.values_list("name", "seq")
    return dict(row for some in _some(topics) for row in rows.filter(name__in=some))


def since(topic: str, seq: int, limit: int = 1000) -> list[Frame]:
    """The next `limit` frames after seq, without the words of what was retracted."""
    entries = Entry.objects.filter(topic=topic, seq__gt=seq).order_by("seq")
    rows = entries.values_list("topic", "seq", "event", "data")
    retractions = (frames.of_entry(*row) for row in rows.filter(event=RETRACTED))
    gone = {each for frame in retractions for each in frames.retracted(frame)}
    return frames.without(gone, (frames.of_entry(*row) for row in rows[:limit]))


class Fault(NamedTuple):
    """A place where the record of a topic is not what was written.

    `what`: "changed" (the entry is not what was said), "missing" (one or more entries from `seq` on),
    "moved" (what stands at `seq` was said at another place), "cut" (entries at the end are gone),
    "head" (the topic's own row does not match its last entry).
    """

    topic: str
    seq: int
    what: str


def verify(topic: str) -> list[Fault]:
    """Walk the chain of a topic. Returns every fault found, in order; an empty list means it is whole.

    Somebody who can rewrite the whole table can also rewrite the whole chain: keep `head(topic)` elsewhere
    to notice that.
    """
    entries = list(Entry.objects.filter(topic=topic).order_by("seq"))
    return [*_chain_faults(topic, entries), *_head_faults(topic, entries)]


def head(topic: str) -> tuple[int, str]:
    """Seq and hash (hex) of the last entry: the whole record of the topic in one line."""
    row = Topic.objects.filter(name=topic).first() or Topic(name=topic)
    return row.seq, bytes(row.hash).hex()


def _chain_faults(topic: str, entries: list[Entry]) -> Iterator[Fault]:
    before, seq = b"", 0
    for entry in entries:
        own = bytes(entry.hash)
        if entry.seq > seq + 1:
            yield Fault(topic, seq + 1, "missing")
        elif link(before, entry) != own:
            belongs = _what_followed(before, entry.seq, entries)
            yield Fault(topic, entry.seq, "moved" if belongs else "changed")
            own = belongs or own
        before, seq = own, entry.seq


def _what_followed(before: bytes, seq: int, entries: list[Entry]) -> bytes | None:
    """The hash of the entry that proves to be the one said at `seq`, wherever it stands now."""
    return next((bytes(each.hash) for each in entries if link(before, each, seq) == bytes(each.hash)), None)


def _head_faults(topic: str, entries: list[Entry]) -> Iterator[Fault]:
    row = Topic.objects.filter(name=topic).first() or Topic(name=topic)
    last = entries[-1] if entries else Entry(topic=topic, seq=0, hash=b"")
    if row.seq > last.seq:
        yield Fault(topic, last.seq + 1, "cut")
    elif (row.seq, bytes(row.hash)) != (last.seq, bytes(last.hash)):
        yield Fault(topic, last.seq, "head")


def lock() -> None:
    """Keep other writers out until the transaction ends, so that seqs and reads before writes are safe.

    SQLite's IMMEDIATE transactions do that by themselves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
