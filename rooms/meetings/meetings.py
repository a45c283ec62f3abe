"""Everything that can be done with a meeting. The only place that writes it, whichever door asks.

`by` is whoever acts: one of the two, or a delegate of one of them. A meeting is looked up by them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from chat import conversations
from chat.models import Conversation
from live.log import publish
from live.refusal import Refused
from people.blocks import when_blocked
from people.models import Person
from programme.models import Event

from ..models import Booking, Meeting, MeetingRules, Pair, Slot
from ..pair import pairs
from . import availability, news, rooms_for_two, slots, wire
from .availability import busy, free_slots
from .parties import Party, found, insist_may_propose, invited, seen_by, standing_for
from .shown import shown
from .slots import Span

__all__ = [
    "accept",
    "busy",
    "cancel",
    "counter",
    "decline",
    "draft",
    "expire",
    "free_slots",
    "held",
    "move",
    "no_show",
    "propose",
    "seen_by",
    "send",
    "shown",
]

A_DAY = 20  # proposals
WORD = timedelta(days=1)  # after the end, for saying whether it was held
LONGEST = timedelta(minutes=30)
Act, State, Way = Meeting.Act, Meeting.State, Meeting.Way
OPEN = (State.PROPOSED, State.COUNTERED)
NOTHING = (State.DECLINED, State.EXPIRED, State.CANCELLED)  # came of it
AGREED = (State.ACCEPTED, State.HELD, State.NO_SHOW)  # whose time is booked


# proposing


def propose(
    event: Event,
    by: int,
    to: int,
    starts: Collection[datetime],
    way: str = Way.VIDEO,
    note: str = "",
    place: str = "",
    principal: int | None = None,
) -> Meeting:
    """Up to three times. Blocks nobody's calendar."""
    meeting, party, rules = _made(event, by, to, way, note, place, principal)
    insist_may_propose(party.side, rules)
    insist_none_pending(party.side, to)
    insist_not_too_many(party.side)
    insist_free(meeting, starts)
    meeting.conversation = conversations.ask_to_meet(party.side, to)
    meeting.save()
    return _offered(meeting, party, State.PROPOSED, Act.PROPOSED, starts)


def _made(event: Event, by: int, to: int, way: str, note: str, place: str, principal: int | None):
    party = standing_for(by, principal)
    invitee, rules = invited(party, to), availability.rules_of(event)
    insist_way(invitee, way, place)
    proposer = Person.objects.get(pk=party.side)
    where = place if way == Way.IN_PERSON else ""
    made = Meeting(
        event=event, proposer=proposer, invitee=invitee, way=way, place=where, note=note, minutes=rules.minutes
    )
    return made, party, rules


def insist_way(invitee: Person, way: str, place: str) -> None:
    if way == Way.VIDEO and not invitee.takes_video:
        raise Refused("meeting.no_video")
    if way == Way.IN_PERSON and not place:
        raise Refused("meeting.no_place")


def insist_none_pending(one: int, two: int) -> None:
    if between(one, two).filter(state__in=OPEN).exists():
        raise Refused("meeting.pending")


def insist_not_too_many(side: int) -> None:
    lately = Meeting.objects.filter(proposer=side, made_at__gt=timezone.now() - timedelta(days=1))
    if lately.exclude(state=State.DRAFT).count() >= A_DAY:
        raise Refused("meeting.too_many")


def between(one: int, two: int):
    return Meeting.objects.filter(proposer__in=(one, two), invitee__in=(one, two))


def insist_free(meeting: Meeting, starts: Collection[datetime]) -> None:
    """One to three different slots of the grid, free for both."""
    if not 0 < len(set(starts)) == len(starts) <= slots.MOST:
        raise Refused("meeting.no_times")
    rules = availability.rules_of(meeting.event)
    besides = meeting if meeting.pk else None
    offered = availability.shared(rules, meeting.proposer, meeting.invitee, timezone.now(), besides)
    if not set(starts) <= {slot.starts for of_day in offered.values() for slot in of_day}:
        raise Refused("meeting.not_free")


def _offered(meeting: Meeting, party: Party, state: str, act: str, starts: Collection[datetime]) -> Meeting:
    """These times now stand in the place of any earlier, and the other is to answer."""
    meeting.slots.update(standing=False)
    Slot.objects.bulk_create(Slot(meeting=meeting, by_id=party.side, starts_at=moment) for moment in sorted(starts))
    meeting.state, meeting.turn = state, meeting.other(party.side)
    meeting.expires_at = slots.expires_at(timezone.now(), starts, meeting.ends_at)
    return _step(meeting, party, act)


def counter(by: int, pk: int, starts: Collection[datetime], note: str = "") -> Meeting:
    meeting, party = found(by, pk)
    insist_to_answer(meeting, party)
    insist_state(meeting, *OPEN)
    insist_going_on(meeting)
    insist_free(meeting, starts)
    meeting.note = note
    return _offered(meeting, party, State.COUNTERED, Act.COUNTERED, starts)


def move(by: int, pk: int, starts: Collection[datetime], note: str = "") -> Meeting:
    """Other times for a meeting that is agreed. It stands as it is until the other takes one of them."""
    meeting, party = found(by, pk)
    insist_state(meeting, State.ACCEPTED)
    insist_ahead(meeting)
    insist_going_on(meeting)
    insist_free(meeting, starts)
    meeting.note = note
    return _offered(meeting, party, State.ACCEPTED, Act.ASKED_TO_MOVE, starts)


def insist_going_on(meeting: Meeting) -> None:
    if not availability.rules_of(meeting.event).is_open:
        raise Refused("meetings.closed")


# answering


def accept(by: int, pk: int, slot: int) -> Meeting:
    """Books the time for both, or moves it there. Of several who want the same time, the first has it."""
    meeting, party = found(by, pk)
    insist_to_answer(meeting, party)
    span = _chosen(meeting, slot)
    insist_unbooked(meeting, party, span)
    before = _agreed_span(meeting)
    _book(meeting, span)
    meeting.state, meeting.starts_at, meeting.ends_at = State.ACCEPTED, *span
    meeting.sequence += 1 if before else 0
    meeting.conversation = conversations.open_pair(*meeting.two)
    rooms_for_two.follow(meeting)
    agreed = _settled(meeting, party, Act.MOVED if before else Act.ACCEPTED)
    _tell_others(meeting, *filter(None, [span, before]))
    return agreed


def _chosen(meeting: Meeting, pk: int) -> Span:
    slot = next((it for it in wire.standing(meeting) if it.pk == pk), None)
    if slot is None:
        raise Refused("meeting.changed")
    if slot.starts_at <= timezone.now():
        raise Refused("meeting.past")
    return span_of(meeting, slot)


def _agreed_span(meeting: Meeting) -> Span | None:
    return Span(meeting.starts_at, meeting.ends_at) if meeting.starts_at and meeting.ends_at else None


def span_of(meeting: Meeting, slot: Slot) -> Span:
    return Span(slot.starts_at, slot.starts_at + timedelta(minutes=meeting.minutes))


def insist_unbooked(meeting: Meeting, party: Party, span: Span) -> None:
    """Says why the time went: whose other meeting it was, and no more of it."""
    taken = set(availability.bookings(meeting.two, span, meeting).values_list("person", flat=True))
    if party.side in taken:
        raise Refused("meeting.you_are_booked")
    if taken:
        raise Refused("meeting.taken")


def _book(meeting: Meeting, span: Span) -> None:
    """The database's own word is the last, whatever was looked up before."""
    meeting.bookings.all().delete()
    cells = [Booking(person_id=one, at=at, meeting=meeting) for one in meeting.two for at in slots.cells(span)]
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(cells)
    except IntegrityError:
        raise Refused("meeting.taken") from None


def decline(by: int, pk: int) -> Meeting:
    """Not now. A meeting that was only asked to move stays at its time."""
    meeting, party = found(by, pk)
    insist_to_answer(meeting, party)
    if meeting.state == State.ACCEPTED:
        return _settled(meeting, party, Act.KEPT)
    meeting.state = State.DECLINED
    return _settled(meeting, party, Act.DECLINED)


def cancel(by: int, pk: int) -> Meeting:
    meeting, party = found(by, pk)
    insist_state(meeting, *OPEN, State.ACCEPTED)
    if meeting.state == State.ACCEPTED:
        insist_ahead(meeting)
    return _cancelled(meeting, party)


def _cancelled(meeting: Meeting, party: Party, quietly: bool = False) -> Meeting:
    was = _agreed_span(meeting)
    meeting.bookings.all().delete()
    meeting.state = State.CANCELLED
    meeting.sequence += 1 if was else 0
    cancelled = _settled(meeting, party, Act.CANCELLED, quietly)
    rooms_for_two.close(meeting, party.side)
    if was:
        _tell_others(meeting, was)
    return cancelled


@when_blocked
def part(by: int, of: int) -> None:
    """What the two had agreed is off. Neither is told more than their calendar."""
    ahead = between(by, of).filter(state__in=[*OPEN, State.ACCEPTED]).with_people()
    for meeting in ahead:
        if meeting.ends_at is None or meeting.ends_at > timezone.now():
            _cancelled(meeting, Party(by), quietly=True)
    between(by, of).filter(state=State.DRAFT).delete()


# afterwards


def held(by: int, pk: int) -> Meeting:
    meeting, party = found(by, pk)
    insist_word(meeting, State.ACCEPTED, State.NO_SHOW)
    meeting.state, meeting.absent = State.HELD, None
    return _settled(meeting, party, Act.HELD)


def no_show(by: int, pk: int) -> Meeting:
    """The other did not come, says one of them. Within a day either may correct it."""
    meeting, party = found(by, pk)
    insist_word(meeting, State.ACCEPTED, State.HELD)
    meeting.state, meeting.absent = State.NO_SHOW, meeting.other(party.side)
    return _settled(meeting, party, Act.NO_SHOW)


def insist_word(meeting: Meeting, *states: str) -> None:
    insist_state(meeting, *states)
    if not is_time_for_a_word(meeting):
        raise Refused("meeting.wrong_state")


def is_time_for_a_word(meeting: Meeting) -> bool:
    """From its end until a day after it. Those who meet in person miss each other sooner, and it shuts no room."""
    if meeting.starts_at is None or meeting.ends_at is None:
        return False
    since = meeting.starts_at if meeting.way == Way.IN_PERSON else meeting.ends_at
    return since <= timezone.now() < meeting.ends_at + WORD


# what happens by itself


def expire(pk: int) -> None:
    """What nobody answered in time. Finds out for itself whether there is anything to be done."""
    meeting = unanswered().with_people().filter(pk=pk).first()
    if meeting is None:
        return
    act = Act.KEPT if meeting.state == State.ACCEPTED else Act.EXPIRED
    if act == Act.EXPIRED:
        meeting.state = State.EXPIRED
    _settled(meeting, None, act)


def unanswered():
    return Meeting.objects.filter(state__in=[*OPEN, State.ACCEPTED], expires_at__lte=timezone.now())


def conclude(pk: int) -> None:
    """A meeting of which nobody said otherwise within a day counts as held."""
    meeting = unspoken().with_people().filter(pk=pk).first()
    if meeting:
        meeting.state = State.HELD
        _settled(meeting, None, Act.HELD)


@pairs.when_over
def came_together(pair: Pair) -> None:
    """Both were in the room at their time: nobody needs to say so."""
    meeting = pair.meeting and Meeting.objects.with_people().filter(pk=pair.meeting_id, state=State.ACCEPTED).first()
    if meeting and pair.one_here_at and pair.two_here_at and timezone.now() >= pair.starts_at:
        meeting.state = State.HELD
        _settled(meeting, None, Act.HELD)


def unspoken():
    return Meeting.objects.filter(state=State.ACCEPTED, ends_at__lte=timezone.now() - WORD)


# drafts


def draft(
    event: Event,
    by: int,
    to: int,
    starts: Collection[datetime],
    way: str = Way.VIDEO,
    note: str = "",
    place: str = "",
    principal: int | None = None,
) -> Meeting:
    """Kept for later; one for each person it could go to. Nobody else knows of it, but whoever acts for them."""
    meeting, party, rules = _made(event, by, to, way, note, place, principal)
    insist_of_grid(rules, starts)
    Meeting.objects.filter(proposer=party.side, invitee=to, state=State.DRAFT).delete()
    meeting.state, meeting.act = State.DRAFT, Act.DRAFTED
    meeting.acted_by_id, meeting.handled_by_id = party
    meeting.save()
    Slot.objects.bulk_create(Slot(meeting=meeting, by_id=party.side, starts_at=moment) for moment in set(starts))
    return meeting


def insist_of_grid(rules: MeetingRules, starts: Collection[datetime]) -> None:
    """Whether they are free is asked when it is sent."""
    if len(starts) > slots.MOST:
        raise Refused("meeting.no_times")
    if not set(starts) <= {slot.starts for of_day in availability.grid_of(rules).values() for slot in of_day}:
        raise Refused("meeting.not_free")


def send(by: int, pk: int) -> Meeting:
    """A draft becomes a proposal, with the times that it names."""
    kept, party = found(by, pk)
    insist_state(kept, State.DRAFT)
    starts = [slot.starts_at for slot in kept.slots.all()]
    kept.delete()
    return propose(kept.event, by, kept.invitee_id, starts, kept.way, kept.note, kept.place, party.side)


def discard(by: int, pk: int) -> None:
    kept, _party = found(by, pk)
    insist_state(kept, State.DRAFT)
    kept.delete()


# what all of them do


def insist_state(meeting: Meeting, *states: str) -> None:
    if meeting.state not in states:
        raise Refused("meeting.wrong_state")


def insist_to_answer(meeting: Meeting, party: Party) -> None:
    if meeting.turn_id != party.side:
        raise Refused("meeting.wrong_state" if meeting.turn_id is None else "meeting.not_your_turn")
    if meeting.expires_at and meeting.expires_at <= timezone.now():
        raise Refused("meeting.expired")


def insist_ahead(meeting: Meeting) -> None:
    if meeting.starts_at is None or meeting.starts_at <= timezone.now():
        raise Refused("meeting.past")


def _settled(meeting: Meeting, party: Party | None, act: str, quietly: bool = False) -> Meeting:
    """Nobody is to answer any more."""
    meeting.slots.update(standing=False)
    meeting.turn, meeting.expires_at = None, None
    settled = _step(meeting, party, act, quietly)
    if meeting.state in NOTHING:
        _end_request(settled)
    return settled


def _end_request(meeting: Meeting) -> None:
    """A conversation that was asked for with this proposal only, and without a word, waits for nobody any more."""
    asked = meeting.conversation
    if asked is None or asked.state != Conversation.State.REQUESTED or not asked.is_open:
        return
    said = asked.messages.filter(at__gte=asked.started_at).exists()
    if not said and not between(*meeting.two).filter(state__in=OPEN).exists():
        _put_away(asked, meeting.two)


def _put_away(asked: Conversation, two: Collection[int]) -> None:
    """Whoever was asked is out of it, so that they can be asked again; whoever asked can still look."""
    for person in two:
        if person == asked.started_by_id:
            conversations.hide(asked, person, True)
        else:
            conversations.leave(asked, person)


def _step(meeting: Meeting, party: Party | None, act: str, quietly: bool = False) -> Meeting:
    meeting.act, meeting.changed_at = act, timezone.now()
    meeting.acted_by_id, meeting.handled_by_id = party or (None, None)
    meeting.revision += 1
    meeting.save()
    fresh = tell(meeting.pk)
    news.tell(fresh, party, quietly)
    return fresh


def tell(pk: int) -> Meeting:
    """Read anew: what is said of it is what is kept."""
    [meeting] = Meeting.objects.with_people().filter(pk=pk)
    publish(meeting.conversation.topic, "meeting", told(meeting))
    return meeting


def told(meeting: Meeting) -> dict:
    return wire.meeting(meeting, gone(meeting), rooms_for_two.path(meeting))


def in_conversation(conversation: Conversation) -> list[dict]:
    """What the two still have before them, for the conversation's picture."""
    ahead = Q(state__in=OPEN) | Q(state=State.ACCEPTED, ends_at__gt=timezone.now())
    return [told(it) for it in conversation.meetings.filter(ahead).with_people()]


def gone(meeting: Meeting) -> set[int]:
    """Ids of proposed slots that one of the two has given to somebody else since."""
    return {slot.pk for slot in wire.standing(meeting) if _is_gone(meeting, slot)}


def _is_gone(meeting: Meeting, slot: Slot) -> bool:
    return availability.bookings(meeting.two, span_of(meeting, slot), meeting).exists()


def _tell_others(meeting: Meeting, *spans: Span) -> None:
    """A time went, or is there again: whoever of these two proposed it to somebody else, or was asked, sees it."""
    for pk in sorted({pk for span in spans for pk in _concerned(meeting, span)}):
        it = Meeting.objects.get(pk=pk)
        it.revision += 1
        it.save(update_fields=["revision"])
        tell(pk)


def _concerned(meeting: Meeting, span: Span) -> set[int]:
    theirs = Q(meeting__proposer__in=meeting.two) | Q(meeting__invitee__in=meeting.two)
    near = Slot.objects.filter(theirs, standing=True, starts_at__gt=span.starts - LONGEST, starts_at__lt=span.ends)
    waiting = near.exclude(meeting=meeting).exclude(meeting__state=State.DRAFT).select_related("meeting")
    return {slot.meeting_id for slot in waiting if span_of(slot.meeting, slot).meets(span)}
