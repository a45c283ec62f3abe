"""What can be asked of a meeting over the line, by one of the two, in their conversation."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from msgspec import Meta

from chat.messages import in_picture
from chat.words import tidy
from live.commands import command as any_command
from live.refusal import Refused

from ..consumers import Declared, Id
from ..models import Meeting
from . import meetings, slots

NOTE = 280
PLACE = 120
command = partial(any_command, kind="conversation")

Note = Annotated[str, Meta(max_length=2 * NOTE)]
Moment = Annotated[datetime, Meta(tz=True)]
Moments = Annotated[list[Moment], Meta(min_length=1, max_length=slots.MOST)]


class Which(Declared):
    meeting: Id


class Accept(Which):
    slot: Id


class Times(Which):
    starts: Moments
    note: Note = ""


def words(text: str, limit: int = NOTE) -> str:
    return tidy(" ".join(text.split()), limit, "chat.empty") if text.strip() else ""


def moments(starts: list[datetime]) -> list[datetime]:
    try:
        return [moment.astimezone(UTC) for moment in starts]
    except OverflowError:  # before the year 1, or after 9999
        raise Refused("command.malformed") from None


def here(person: int, on: str, pk: int) -> int:
    """The meeting's id, if it is one of this person's own and of this conversation; else there is none."""
    found = Meeting.objects.of(person).filter(pk=pk).select_related("conversation").first()
    if found is None or found.conversation is None or found.conversation.topic != on:
        raise Refused("meeting.unknown")
    return pk


@command("meeting.accept", Accept)
def accept(person: int, on: str, given: Accept) -> dict:
    return meetings.told(meetings.accept(person, here(person, on, given.meeting), given.slot))


@command("meeting.counter", Times)
def counter(person: int, on: str, given: Times) -> dict:
    pk = here(person, on, given.meeting)
    return meetings.told(meetings.counter(person, pk, moments(given.starts), words(given.note)))


@command("meeting.move", Times)
def move(person: int, on: str, given: Times) -> dict:
    pk = here(person, on, given.meeting)
    return meetings.told(meetings.move(person, pk, moments(given.starts), words(given.note)))


@command("meeting.decline", Which)
def decline(person: int, on: str, given: Which) -> dict:
    return meetings.told(meetings.decline(person, here(person, on, given.meeting)))


@command("meeting.cancel", Which)
def cancel(person: int, on: str, given: Which) -> dict:
    return meetings.told(meetings.cancel(person, here(person, on, given.meeting)))


@command("meeting.held", Which)
def held(person: int, on: str, given: Which) -> dict:
    return meetings.told(meetings.held(person, here(person, on, given.meeting)))


@command("meeting.no_show", Which)
def no_show(person: int, on: str, given: Which) -> dict:
    return meetings.told(meetings.no_show(person, here(person, on, given.meeting)))


in_picture("meetings", meetings.in_conversation)
