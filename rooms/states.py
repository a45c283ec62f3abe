"""A room's own life: made, opened, live, ended, and what is allowed in it meanwhile."""

import secrets

from django.db import transaction
from django.utils import timezone

from chat import messages
from chat.models import Conversation
from live.log import publish
from live.refusal import Refused
from programme.models import Session

from . import wire
from .floor import floor
from .models import Room
from .polls import polls
from .show import show
from .stage import seats

State = Room.State
AFTER = {
    State.SCHEDULED: {State.OPEN, State.LIVE},
    State.OPEN: {State.LIVE, State.ENDED},
    State.LIVE: {State.ENDED},
    State.ENDED: {State.LIVE},
}
STAMP = {State.OPEN: "opened_at", State.LIVE: "live_at", State.ENDED: "ended_at"}


def prepare(session: Session, code: str = "") -> Room:
    """The session's room; made, with its conversation and its number, when it is asked for first."""
    room = Room.objects.filter(session=session).first()
    return room or _make(session, code)


@transaction.atomic
def _make(session: Session, code: str) -> Room:
    conversation, _ = Conversation.objects.get_or_create(session=session, defaults={"is_open": False})
    fields = {"conversation": conversation, "code": code or free_code()}
    return Room.objects.get_or_create(session=session, defaults=fields)[0]


def free_code() -> str:
    """Four digits that nobody has; five once half of those are taken."""
    taken = {int(code) for code in Room.objects.values_list("code", flat=True) if code.isdecimal()}
    digits = 4 if len(taken) < 4500 else 5
    return str(secrets.choice([code for code in range(10 ** (digits - 1), 10**digits) if code not in taken]))


def keep_time(room: Room) -> None:
    """Open it when it is due, end it when its time has passed without anybody going live."""
    if room.is_due():
        _enter(room, State.OPEN)
    elif room.is_over():
        _enter(room, State.ENDED)


def keep_time_of(topic: str) -> None:
    keep_time(Room.objects.named(topic))


def change(room: Room, state: str) -> Room:
    """Open, go live, end; what ended may go on, on the day it ended. The chat opens and closes with it."""
    if state not in AFTER[State(room.state)] or (room.state == State.ENDED and not ended_today(room)):
        raise Refused("room.wrong_state")
    return _enter(room, State(state))


def ended_today(room: Room) -> bool:
    zone = room.session.event.tz
    return room.ended_at is not None and room.ended_at.astimezone(zone).date() == timezone.now().astimezone(zone).date()


def _enter(room: Room, state: Room.State) -> Room:
    stamps = {STAMP[state]: timezone.now(), **({"ended_at": None} if state != State.ENDED else {})}
    if state == State.ENDED:
        messages.close(room.conversation)
        polls.close_all(room)
        floor.end(room)
    elif room.state in (State.SCHEDULED, State.ENDED):
        messages.reopen(room.conversation)
    _set(room, state=state, **stamps)
    seats.follow(room)
    show.follow(room)
    return room


def adjust(room: Room, chat_open: bool | None = None, **flags: bool | None) -> Room:
    """Review, questions without a name, questions, votes, chat, reactions: on or off; None leaves it."""
    room.insist_running()
    if chat_open is not None:
        (messages.reopen if chat_open else messages.close)(room.conversation)
    return _set(room, **{name: value for name, value in flags.items() if value is not None})


def _set(room: Room, **fields) -> Room:
    for name, value in fields.items():
        setattr(room, name, value)
    room.revision += 1
    room.save(update_fields=["revision", *fields])
    publish(room.topic, "room", wire.room(room))
    return room
