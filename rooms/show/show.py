"""What the chair does with the run of show, before the session and while it runs."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone

from live.refusal import Refused
from people.models import Person

from ..floor import floor
from ..models import Room, Segment, Turn
from . import notices, proposals, running
from .files import Fitted
from .running import changing, coming, current, in_order, renumber, run_of

MINUTE = 60
TIMES = {"minutes", "seconds", "skipped"}  # of what is over they stay as they were


@contextmanager
def act(room: Room) -> Iterator[list[Segment]]:
    """Change the run of show inside of the block: everybody is told, and what follows from it follows."""
    with changing(room) as run:
        yield run
        renumber(in_order(room.segments.all()))
    keep_time(room)


def keep_time(room: Room) -> None:
    """What the clock alone brings: cues, and proposals because somebody speaks on and on."""
    run = run_of(room)
    proposals.weigh(room, run)
    notices.cue(room, run)


def keep_time_of(topic: str) -> None:
    keep_time(Room.objects.named(topic))


def is_behind_time(room: Room) -> bool:
    """`keep_time` would do something. Reads only."""
    run, standing = run_of(room), room.proposals.standing().first()
    return proposals.wanted(room, run) != standing or bool(notices.cues_due(room, run))


def behind(room: Room) -> dict[str, Any]:
    """{"segments" with their notes, "proposal"}: what those behind the stage see besides."""
    return {"segments": running.with_notes(room), "proposal": proposals.picture(room)}


# moving on


def follow(room: Room) -> None:
    """It begins and ends with the session."""
    if room.state == Room.State.LIVE:
        begin(room)
    elif room.state == Room.State.ENDED:
        finish(room)


def begin(room: Room) -> None:
    """The session goes live: its first part is on; after an end that was none, the last one still is."""
    with act(room) as run:
        last = last_begun(run)
        if last and last.ended_at:
            _save(last, ended_at=None)
        elif not last and (first := coming(run)):
            _save(first, started_at=timezone.now())


def finish(room: Room) -> None:
    """The session has ended, and whatever is on with it."""
    with act(room) as run:
        _end(current(run), timezone.now())


def move_on(room: Room, seen: int | None) -> None:
    """The next part begins. `seen`: which one is on, as far as the chair knows; two who press at once move on once."""
    insist_live(room)
    with act(room) as run:
        if (on := current(run)) != seen_as(run, seen):
            raise Refused("show.moved")
        following, now = coming(run), timezone.now()
        if not (on or following):
            raise Refused("show.over")
        _end(on, now)
        if following:
            _save(following, started_at=now)


def seen_as(run: Sequence[Segment], pk: int | None) -> Segment | None:
    return None if pk is None else found(run, pk)


def back(room: Room, seen: int | None) -> None:
    """That was too early: the part before is still on, and this one is to come."""
    insist_live(room)
    with act(room) as run:
        on = current(run)
        if on != seen_as(run, seen):
            raise Refused("show.moved")
        if (before := last_begun(it for it in run if it.ended_at)) is None:
            raise Refused("show.nothing_before")
        if on:
            _save(on, started_at=None)
        _save(before, ended_at=None)


def last_begun(run: Iterable[Segment]) -> Segment | None:
    """By the clock: what was left out at first may have come after what stands behind it."""
    return max((it for it in run if it.started_at), key=lambda it: (it.started_at, it.position), default=None)


def go(room: Room, pk: int) -> None:
    """This one is on now. Those that it overtook are still to come."""
    insist_live(room)
    with act(room) as run:
        it, now = insist_ahead(found(run, pk)), timezone.now()
        _end(current(run), now)
        _save(it, started_at=now, skipped=False)


def insist_live(room: Room) -> None:
    if room.state != Room.State.LIVE:
        raise Refused("show.not_live")


def insist_ahead(it: Segment) -> Segment:
    if it.started_at:
        raise Refused("show.begun")
    return it


def _end(it: Segment | None, now: datetime) -> None:
    if it:
        _save(it, ended_at=now)


def _save(it: Segment, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(it, name, value)
    it.revision += 1
    it.save(update_fields=["revision", *fields])


# changing it


def edit(room: Room, pk: int, rev: int, people=None, documents=None, **fields: Any) -> Segment:
    """Set these fields; new minutes are a new plan, so that what was agreed on before is forgotten."""
    insist_not_ended(room)
    if "minutes" in fields:
        fields = {"seconds": None, **fields}
    with act(room) as run:
        it = seen(run, pk, rev)
        insist_changeable(it, fields)
        link(room, it, people, documents)
        _save(it, **fields)
    return it


def insist_not_ended(room: Room) -> None:
    if room.state == Room.State.ENDED:
        raise Refused("room.ended")


def found(run: Sequence[Segment], pk: int) -> Segment:
    it = next((it for it in run if it.pk == pk), None)
    if it is None:
        raise Refused("show.unknown")
    return it


def seen(run: Sequence[Segment], pk: int, rev: int) -> Segment:
    it = found(run, pk)
    if it.revision != rev:
        raise Refused("show.changed")
    return it


def insist_changeable(it: Segment, fields: dict[str, Any]) -> None:
    if (it.ended_at and fields.keys() & TIMES) or (it.started_at and fields.get("skipped")):
        raise Refused("show.begun")


def link(room: Room, it: Segment, people: Sequence[int] | None, documents: Sequence[int] | None) -> None:
    if people is not None:
        it.people.set(known(people, notices.audience(room), "person.unknown"))
    if documents is not None:
        ours = set(room.session.documents.values_list("pk", flat=True))
        it.documents.set(known(documents, ours, "show.no_document"))


def known(pks: Sequence[int], among: set[int], code: str) -> set[int]:
    if not among.issuperset(pks):
        raise Refused(code)
    return set(pks)


def add(room: Room, before: int | None, people=None, documents=None, **fields: Any) -> Segment:
    """Just before one that is to come, or at the end (None)."""
    insist_not_ended(room)
    with act(room) as run:
        if len(run) >= Segment.MOST:
            raise Refused("show.too_long")
        it = Segment(room=room, **fields)
        place(run, it, before)
        link(room, it, people, documents)
    return it


def replace(room: Room, by: Person, parts: Sequence[Fitted], announced: Sequence[dict[str, Any]]) -> None:
    """All of it anew, before it has begun. Interventions that are not announced yet join the speakers' list."""
    insist_not_ended(room)
    if parts:
        _replace(room, parts)
    for each in announced:
        if not room.turns.filter(kind=Turn.Kind.ANNOUNCED, name=each["name"]).exists():
            floor.announce(room, by, **each)


def _replace(room: Room, parts: Sequence[Fitted]) -> None:
    with act(room) as run:
        if any(it.started_at for it in run):
            raise Refused("show.running")
        room.segments.all().delete()
        for position, part in enumerate(parts, 1):
            _take(room, position, part)


def replace_all(topic: str, by: int, parts: Sequence[Fitted], announced: Sequence[dict[str, Any]]) -> None:
    replace(Room.objects.named(topic), Person.objects.get(pk=by), parts, announced)


def _take(room: Room, position: int, part: Fitted) -> None:
    it = room.segments.create(position=position, **part.fields)
    it.people.set(part.people)
    it.documents.set(part.documents)


def place(run: Sequence[Segment], it: Segment, before: int | None) -> None:
    """Saved with its new position, all others with theirs."""
    others = [other for other in run if other.pk is None or other.pk != it.pk]
    at = len(others) if before is None else others.index(insist_ahead(found(others, before)))
    it.position = at + 1
    it.save()
    renumber([*others[:at], it, *others[at:]])


def remove(room: Room, pk: int, rev: int) -> None:
    insist_not_ended(room)
    with act(room) as run:
        insist_ahead(seen(run, pk, rev)).delete()


def move(room: Room, pk: int, rev: int, before: int | None) -> Segment:
    """To just before another one that is to come, or to the end (None)."""
    insist_not_ended(room)
    with act(room) as run:
        it = insist_ahead(seen(run, pk, rev))
        place(run, it, before)
    return it
