"""The run of show as it stands, and everybody told of whatever changes it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from live.log import publish

from ..models import Room, Segment
from . import wire

Told = dict[str, Any]
BY_THE_CLOCK = {"expected"}  # told by `show`, for all of them at once


def run_of(room: Room) -> list[Segment]:
    """In order: what was, what is on, what is to come."""
    return in_order(room.segments.with_papers())


def in_order(segments: Iterable[Segment]) -> list[Segment]:
    """By position; whatever was passed over and may still come, comes after what has begun."""
    run = sorted(segments, key=lambda it: (it.position, it.pk))
    begun = max((place for place, it in enumerate(run) if it.started_at), default=0)
    passed = [it for it in run[:begun] if it.is_to_come]
    return [*(it for it in run[: begun + 1] if it not in passed), *passed, *run[begun + 1 :]]


def current(run: Sequence[Segment]) -> Segment | None:
    return next((it for it in run if it.is_running), None)


def coming(run: Sequence[Segment]) -> Segment | None:
    """The one that starts next."""
    return next((it for it in run if it.is_to_come), None)


def picture(room: Room) -> Told:
    """{"segments", "show"} as everyone sees them."""
    run, starts = run_of(room), room.session.starts_at
    return {
        "segments": [wire.public(it) for it in wire.segments(run, starts)],
        "show": wire.show(run, starts),
    }


def with_notes(room: Room) -> list[Told]:
    """The segments as those behind the stage see them."""
    return wire.segments(run_of(room), room.session.starts_at)


@contextmanager
def changing(room: Room) -> Iterator[list[Segment]]:
    """The run of show, to be changed and saved inside of the block; what differs afterwards is told."""
    run, starts = run_of(room), room.session.starts_at
    segments, course = by_id(wire.segments(run, starts)), wire.show(run, starts)
    yield run
    run = run_of(room)
    tell_segments(room, segments, revised(run, segments, by_id(wire.segments(run, starts))))
    if (now := wire.show(run, starts)) != course:
        publish(room.topic, "show", now)


def by_id(segments: Iterable[Told]) -> dict[int, Told]:
    return {it["id"]: it for it in segments}


def revised(run: Iterable[Segment], was: dict[int, Told], now: dict[int, Told]) -> dict[int, Told]:
    """What differs from what was told carries a new revision, also where only its place or planned time changed."""
    for it in run:
        if it.pk in was and differs(was[it.pk], now[it.pk]) and was[it.pk]["rev"] == it.revision:
            it.revision += 1
            it.save(update_fields=["revision"])
            now[it.pk]["rev"] = it.revision
    return now


def differs(one: Told, other: Told) -> bool:
    return any(one[name] != other[name] for name in one if name not in BY_THE_CLOCK)


def tell_segments(room: Room, was: dict[int, Told], now: dict[int, Told]) -> None:
    for pk in sorted(was.keys() - now.keys()):
        publish_to_both(room, {"id": pk, "gone": True})
    for pk, told in now.items():
        if pk not in was or differs(was[pk], told):
            publish_to_both(room, told)


def publish_to_both(room: Room, told: Told) -> None:
    publish(room.backstage, "segment", told)
    publish(room.topic, "segment", wire.public(told))


def renumber(run: Sequence[Segment]) -> None:
    """Their positions follow their order."""
    for place, it in enumerate(run, 1):
        if it.position != place:
            it.position = place
            it.save(update_fields=["position"])
