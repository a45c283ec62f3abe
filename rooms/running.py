"""The run of show as it stands, and everybody told of whatever changes it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from live.log import publish

from . import show_wire
from .models import Room, Segment

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
        "segments": [show_wire.public(it) for it in show_wire.segments(run, starts)],
        "show": show_wire.show(run, starts),
    }


@contextmanager
def changing(room: Room) -> Iterator[list[Segment]]:
    """The run of show, to be changed and saved inside of the block; what differs afterwards is told."""
    run = run_of(room)
    before = drawn(room, run)
    yield run
    tell(room, before, drawn(room, run_of(room)))


def drawn(room: Room, run: list[Segment]) -> tuple[dict[int, Told], Told]:
    starts = room.session.starts_at
    return {it["id"]: it for it in show_wire.segments(run, starts)}, show_wire.show(run, starts)


def tell(room: Room, before: tuple[dict[int, Told], Told], after: tuple[dict[int, Told], Told]) -> None:
    was, now = before[0], after[0]
    for pk in sorted(was.keys() - now.keys()):
        publish_to_both(room, {"id": pk, "gone": True})
    for pk, told in now.items():
        if pk not in was or lasting(told) != lasting(was[pk]):
            publish_to_both(room, told)
    if before[1] != after[1]:
        publish(room.topic, "show", after[1])


def publish_to_both(room: Room, told: Told) -> None:
    publish(room.backstage, "segment", told)
    publish(room.topic, "segment", show_wire.public(told))


def lasting(told: Told) -> Told:
    return {name: value for name, value in told.items() if name not in BY_THE_CLOCK}


def renumber(run: Sequence[Segment]) -> None:
    """Their positions follow their order."""
    for place, it in enumerate(run, 1):
        if it.position != place:
            it.position = place
            it.save(update_fields=["position"])
