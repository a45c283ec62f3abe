"""Words from the chair, or from the run of show itself, that stay until they are acknowledged."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from live.access import topic_of
from live.log import publish
from live.refusal import Refused
from people.models import Person

from ..models import Acknowledgement, Notice, Room, Segment
from . import timing, wire
from .running import coming

CUE = timedelta(minutes=2)  # before somebody's part begins
CUED_IN = (Room.State.OPEN, Room.State.LIVE)


def send(room: Room, by: Person, to: int | None, text: str) -> Notice:
    """To one of those behind the stage, or to all of them (None); from others than moderators, to a moderator."""
    room.insist_running()
    if by.pk not in room.moderators() and to not in room.moderators():
        raise Refused("room.not_yours")
    if to is not None and to not in audience(room):
        raise Refused("person.unknown")
    return _give(room, kind=Notice.Kind.MESSAGE, by=by, to_id=to, text=text)


def audience(room: Room) -> set[int]:
    """Whom a notice can reach: moderators, speakers, and whoever was brought behind or onto the stage."""
    return room.moderators() | room.speakers() | set(room.seats.publishing().values_list("person", flat=True))


def people(room: Room) -> QuerySet[Person]:
    """The same by name."""
    return Person.objects.filter(pk__in=audience(room)).order_by("name", "pk")


def _give(room: Room, **fields) -> Notice:
    last = room.notices.aggregate(last=Max("number"))["last"] or 0
    it = room.notices.create(number=last + 1, at=timezone.now(), **fields)
    return _tell(room, it.pk)


def _tell(room: Room, pk: int) -> Notice:
    """The moderators see who has read it; those it is meant for, that they should."""
    it = room.notices.with_people().get(pk=pk)
    told = wire.notice(it)
    publish(room.desk, "notice", told)
    publish(topic_of(it.to_id) if it.to_id else room.backstage, "notice", told)
    return it


def acknowledge(room: Room, by: Person, pk: int) -> Notice:
    """Read. Once is enough."""
    it = room.notices.filter(pk=pk).first()
    if it is None or not concerns(room, it, by.pk):
        raise Refused("notice.unknown")
    _, new = Acknowledgement.objects.get_or_create(notice=it, person=by, defaults={"at": timezone.now()})
    return _tell(room, it.pk) if new else room.notices.with_people().get(pk=pk)


def concerns(room: Room, it: Notice, person: int) -> bool:
    return it.to_id == person if it.to_id else person in audience(room)


# what a newcomer is shown


def desk(room: Room) -> list[dict]:
    """All of them, for the moderators."""
    return [wire.notice(it) for it in room.notices.with_people()]


def behind(room: Room) -> list[dict]:
    """Those to all behind the stage."""
    return [wire.notice(it) for it in room.notices.for_all().with_people()]


def own(room: Room, person: int) -> list[dict]:
    """Those to this one person."""
    return [wire.notice(it) for it in room.notices.filter(to=person).with_people()]


# "You're on in two minutes"


def cue(room: Room, run: Sequence[Segment]) -> None:
    """Tell the people of the next part, each once, when it is nearly theirs."""
    for segment, person in cues_due(room, run):
        _give(room, kind=Notice.Kind.CUE, to_id=person, segment=segment)


def cues_due(room: Room, run: Sequence[Segment]) -> list[tuple[Segment, int]]:
    """Who is to be told now, and for which part. Reads only."""
    following = coming(run)
    if room.state not in CUED_IN or following is None or not is_near(room, run, following, timezone.now()):
        return []
    told = set(following.cues.values_list("to", flat=True))
    return [(following, person.pk) for person in following.people.all() if person.pk not in told]


def is_near(room: Room, run: Sequence[Segment], following: Segment, now: datetime) -> bool:
    course = timing.expected(wire.parts(run), room.session.starts_at, now)
    return course.at[following.pk] - now <= CUE
