"""What can be asked of the stage over the line."""

from typing import Annotated

from msgspec import Meta

from live.commands import command

from ..consumers import Declared, Id, attending, moderating
from ..floor import floor
from ..models import Room, Seat
from . import seats, stage

Several = Annotated[list[Id], Meta(max_length=Seat.LIMIT)]


class Nothing(Declared):
    pass


class Consent(Declared):
    """Somebody without a camera may speak all the same."""

    microphone: bool = True
    camera: bool = True


class Switches(Declared):
    microphone: bool | None = None
    camera: bool | None = None
    screen: bool | None = None


class Who(Declared):
    person: Id


class Which(Declared):
    source: Id | None


class Order(Declared):
    people: Several


class Lock(Declared):
    locked: bool


class Hide(Declared):
    hidden: bool


def seat(room: Room, it: Seat | None) -> dict:
    """{"seat": as it is now, or None}"""
    return {"seat": it and stage.told(room, it)}


@command("stage.enter", Nothing, rate="stage")
def enter(person: int, on: str, given: Nothing) -> dict:  # noqa: ARG001
    room, who = attending(person, on)
    return seat(room, seats.enter(room, who))


@command("stage.accept", Consent, rate="stage")
def accept(person: int, on: str, given: Consent) -> dict:
    room, who = attending(person, on)
    taken = seats.accept(room, who, given.microphone, given.camera)
    floor.came_up(room, who, who.pk)
    return seat(room, taken)


@command("stage.decline", Nothing, rate="stage")
def decline(person: int, on: str, given: Nothing) -> None:  # noqa: ARG001
    room, who = attending(person, on)
    seats.decline(room, who)
    floor.declined(room, who)


@command("stage.leave", Nothing, rate="stage")
def leave(person: int, on: str, given: Nothing) -> dict:  # noqa: ARG001
    room, who = attending(person, on)
    left = seats.leave(room, who)
    floor.stepped_down(room, who, who.pk)
    return seat(room, left)


@command("stage.set", Switches, rate="stage")
def switch(person: int, on: str, given: Switches) -> dict:
    room, who = attending(person, on)
    return seat(room, seats.switch(room, who, given.microphone, given.camera, given.screen))


@command("stage.up", Who, rate="stage")
def up(person: int, on: str, given: Who) -> dict:
    room, by = moderating(person, on)
    taken = seats.up(room, by, given.person)
    if taken.place == Seat.Place.LIVE:
        floor.came_up(room, by, given.person)
    return seat(room, taken)


@command("stage.down", Who, rate="stage")
def down(person: int, on: str, given: Who) -> dict:
    room, by = moderating(person, on)
    left = seats.down(room, by, given.person)
    floor.stepped_down(room, by, given.person)
    return seat(room, left)


@command("stage.remove", Who, rate="stage")
def remove(person: int, on: str, given: Who) -> None:
    room, by = moderating(person, on)
    seats.remove(room, by, given.person)
    floor.stepped_down(room, by, given.person)


@command("stage.mute", Who, rate="stage")
def mute(person: int, on: str, given: Who) -> dict:
    room, by = moderating(person, on)
    return seat(room, seats.mute(room, by, given.person))


@command("stage.unmute", Who, rate="stage")
def unmute(person: int, on: str, given: Who) -> dict:
    room, by = moderating(person, on)
    return seat(room, seats.ask_to_unmute(room, by, given.person))


@command("stage.camera_off", Who, rate="stage")
def camera_off(person: int, on: str, given: Who) -> dict:
    room, by = moderating(person, on)
    return seat(room, seats.camera_off(room, by, given.person))


@command("stage.screen_off", Who, rate="stage")
def screen_off(person: int, on: str, given: Who) -> dict:
    room, by = moderating(person, on)
    return seat(room, seats.screen_off(room, by, given.person))


@command("stage.pin", Which, rate="stage")
def pin(person: int, on: str, given: Which) -> None:
    seats.pin(*moderating(person, on), given.source)


@command("stage.order", Order, rate="stage")
def order(person: int, on: str, given: Order) -> None:
    seats.order(*moderating(person, on), given.people)


@command("stage.lock", Lock, rate="stage")
def lock(person: int, on: str, given: Lock) -> None:
    seats.lock(*moderating(person, on), given.locked)


@command("stage.hide", Hide, rate="stage")
def hide(person: int, on: str, given: Hide) -> None:
    seats.hide(*moderating(person, on), given.hidden)


@command("stage.chair", Who, rate="stage")
def hand_over(person: int, on: str, given: Who) -> None:
    seats.hand_over(*moderating(person, on), given.person)
