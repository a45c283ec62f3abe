"""What stands in somebody's schedule, in order, with what clashes and the way out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations, groupby

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import Person
from programme.clashes import overlap, repeats
from programme.models import Appearance, Event, Session, Star, not_barred
from programme.times import Zone

from ..meetings.shown import Shown, shown
from ..models import Pair

OPENS_BEFORE = timedelta(minutes=5)  # rooms for two
ENTERABLE = {Session.Stage.OPEN, Session.Stage.LIVE}


@dataclass
class Clash:
    """Another entry at the same time."""

    other: "Entry"
    minutes: int


@dataclass
class Entry:
    """`path` is its page; `door` leads straight into its room while that is open to this person, else it is empty.

    `repeat` is the same session held again at a time when nothing else is in the way, if this one clashes; it may stand
    in the schedule, too.
    """

    starts_at: datetime
    ends_at: datetime
    title: str
    path: str
    door: str = ""
    session: Session | None = None
    role: str = ""  # as what they take part in a session
    stage: str = ""
    meeting: Shown | None = None
    starred: bool = False
    clashes: list[Clash] = field(default_factory=list)
    repeat: Session | None = None

    @property
    def takes_place(self) -> bool:
        return self.stage != Session.Stage.CANCELLED

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now or self.stage == Session.Stage.OVER


def sessions_of(person: Person, event: Event | None = None):
    """What they starred or speak in, as far as they may enter; cancelled ones too, so that they hear of it."""
    kept = Q(pk__in=Star.objects.filter(person=person).values("session"))
    speaking = Q(pk__in=Appearance.objects.filter(person=person).values("session"))
    found = Session.objects.filter(kept | speaking).filter(not_barred(person))
    return (found.filter(event=event) if event else found).order_by("starts_at", "title")


def entries(person: Person, event: Event, now: datetime) -> list[Entry]:
    """By time. In a fixed number of queries."""
    own = Appearance.objects.filter(person=person)
    sessions = sessions_of(person, event).for_listing().prefetch_related(Prefetch("appearances", own, to_attr="own"))
    starred = set(Star.objects.filter(person=person).values_list("session", flat=True))
    found = [of_session(it, it.pk in starred, now) for it in sessions]
    found += [of_meeting(it, now) for it in shown(person.pk) if not it.cancelled]
    found += [of_pair(it, person) for it in rooms_for_two(person, now)]
    return sorted(found, key=lambda entry: (entry.starts_at, entry.ends_at, entry.title))


def of_session(session: Session, starred: bool, now: datetime) -> Entry:
    own: list[Appearance] = session.own  # type: ignore[attr-defined]
    stage = session.stage(now)
    return Entry(
        session.starts_at,
        session.ends_at,
        session.title,
        session.get_absolute_url(),
        door=reverse("enter", args=[session.code]) if stage in ENTERABLE else "",
        session=session,
        role=own[0].get_role_display() if own else "",
        stage=stage,
        starred=starred,
    )


def of_meeting(it: Shown, now: datetime) -> Entry:
    is_open = it.room and it.starts_at - OPENS_BEFORE <= now < it.ends_at
    title = _("Meeting with %(name)s") % {"name": it.other.name}
    return Entry(it.starts_at, it.ends_at, title, it.path, door=it.room if is_open else "", meeting=it)


def rooms_for_two(person: Person, now: datetime) -> Iterable[Pair]:
    """Those that no meeting stands for, while they are open."""
    own = Pair.objects.of(person.pk).exclude(kind=Pair.Kind.MEETING)
    return own.filter(ended_at=None, ends_at__gt=now).select_related("one", "two")


def of_pair(pair: Pair, person: Person) -> Entry:
    other = pair.two if pair.one_id == person.pk else pair.one
    door = reverse("pair", args=[pair.code])
    return Entry(pair.starts_at, pair.ends_at, _("With %(name)s") % {"name": other.name}, door, door=door)


def mark_clashes(found: list[Entry], person: Person, now: datetime) -> int:
    """Tells each entry with what it clashes, as long as it isn't over, and the way out. Returns how many pairs do."""
    coming = [entry for entry in found if entry.takes_place and not entry.is_over(now)]
    clashing = [pair for pair in combinations(coming, 2) if overlap(*pair)]
    for one, other in clashing:
        minutes = overlap(one, other)
        one.clashes.append(Clash(other, minutes))
        other.clashes.append(Clash(one, minutes))
    find_repeats(coming, person, now)
    return len(clashing)


def find_repeats(coming: list[Entry], person: Person, now: datetime) -> None:
    """Not for those who speak in it: they are expected there."""
    movable = {entry.session: entry for entry in coming if entry.clashes and entry.session and not entry.role}
    again = repeats(movable, person, now)
    for session, entry in movable.items():
        repeat = again.get(session.pk)
        if repeat and not any(overlap(repeat, other) for other in coming if other.session != repeat):
            entry.repeat = repeat


@dataclass(frozen=True)
class Day:
    date: date
    entries: list[Entry]
    over: bool
    today: bool


def by_day(found: list[Entry], zone: Zone, now: datetime) -> list[Day]:
    """By the calendar of the clock that stands first."""
    today = zone.at(now).date()
    days = [(day, list(group)) for day, group in groupby(found, lambda entry: zone.at(entry.starts_at).date())]
    return [Day(day, of_day, all(entry.is_over(now) for entry in of_day), day == today) for day, of_day in days]
