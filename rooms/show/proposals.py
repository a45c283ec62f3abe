"""What to shorten so that the session ends on time: proposed, accepted, declined, or overtaken by what happens."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from live.log import publish
from live.refusal import Refused
from people.models import Person

from ..models import Proposal, Room, Segment
from . import timing, wire
from .running import changing, run_of

State = Proposal.State
TOLERANCE = 60  # seconds late that nobody needs to hear about
STEP = 60  # seconds that the lateness may change before a proposal is made anew
PEACE = 120  # seconds more, before something is proposed again that was declined


def picture(room: Room) -> dict | None:
    standing = room.proposals.standing().first()
    return standing and wire.proposal(standing)


def weigh(room: Room, run: Sequence[Segment]) -> None:
    """Propose when the session would end late, and take back what does not fit any more."""
    standing, wish = room.proposals.standing().first(), wanted(room, run)
    if standing and standing != wish:
        decide(standing, State.OVERTAKEN)
    if wish and wish != standing:
        make(wish)


def wanted(room: Room, run: Sequence[Segment]) -> Proposal | None:
    """The proposal that should stand: the one that does, a new one that is not saved yet, or none. Reads only."""
    if room.state != Room.State.LIVE:
        return None
    new, last = drafted(room, run, timezone.now()), room.proposals.last()
    if last and last.state == State.OPEN and still_fits(last, new, run):
        return last
    return new if new.late > TOLERANCE and new.changes and not turned_down(last, new) else None


def drafted(room: Room, run: Sequence[Segment], now: datetime) -> Proposal:
    parts = wire.parts(run)
    late = timing.lateness(parts, room.session.starts_at, room.session.ends_at, now)
    changes = [list(each) for each in timing.proposal(parts, late, now)]
    return Proposal(room=room, late=late, changes=changes, made_at=now)


def still_fits(standing: Proposal, new: Proposal, run: Sequence[Segment]) -> bool:
    return (
        abs(new.late - standing.late) < STEP
        and new.late > 0
        and timing.is_possible(wire.changes(standing), wire.parts(run), new.made_at)
    )


def turned_down(last: Proposal | None, new: Proposal) -> bool:
    return last is not None and last.state == State.DECLINED and new.late < last.late + PEACE


def make(new: Proposal) -> Proposal:
    new.save()
    return told(new)


def told(it: Proposal) -> Proposal:
    publish(it.room.backstage, "proposal", wire.proposal(it))
    return it


def decide(it: Proposal, state: Proposal.State, by: Person | None = None) -> Proposal:
    it.state, it.by, it.decided_at = state, by, timezone.now()
    it.save(update_fields=["state", "by", "decided_at"])
    return told(it)


def propose(room: Room) -> Proposal:
    """Because somebody asked: also for half a minute, and for what was declined."""
    if room.state != Room.State.LIVE:
        raise Refused("show.not_live")
    new, standing = drafted(room, run_of(room), timezone.now()), room.proposals.standing().first()
    if new.late <= 0:
        raise Refused("show.on_time")
    if not new.changes:
        raise Refused("show.nothing_to_shorten")
    if standing and standing.changes == new.changes:
        return standing
    if standing:
        decide(standing, State.OVERTAKEN)
    return make(new)


def accept(room: Room, by: Person, pk: int) -> Proposal:
    """The new times are everybody's at once."""
    it = open_one(room, pk)
    with changing(room) as run:
        insist_possible(it, run)
        shorten(run, {change.part: change.to for change in wire.changes(it)})
    return decide(it, State.ACCEPTED, by)


def insist_possible(it: Proposal, run: Sequence[Segment]) -> None:
    if not timing.is_possible(wire.changes(it), wire.parts(run), timezone.now()):
        raise Refused("show.overtaken")


def shorten(run: Sequence[Segment], to: dict[int, int]) -> None:
    for it in run:
        if it.pk in to:
            it.seconds, it.revision = to[it.pk], it.revision + 1
            it.save(update_fields=["seconds", "revision"])


def decline(room: Room, by: Person, pk: int) -> Proposal:
    return decide(open_one(room, pk), State.DECLINED, by)


def open_one(room: Room, pk: int) -> Proposal:
    it = room.proposals.filter(pk=pk).first()
    if it is None:
        raise Refused("show.unknown")
    if it.state != State.OPEN:
        raise Refused("show.overtaken")
    it.room = room
    return it
