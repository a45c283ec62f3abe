"""The speakers' list: raised hands, questions to be said aloud and announced interventions, in one order, the chair's.

The only place that writes it, whichever door asks. Whatever a moderator does carries the revision that they saw.
"""

from collections.abc import Sequence
from math import ceil

from django.utils import timezone

from live.log import publish
from live.refusal import Refused
from people.models import Person

from .. import places
from ..models import Question, Room, Seat, Turn
from ..questions import steps
from ..questions.questions import insist_heard
from ..stage import seats
from . import turns, wire
from .turns import change

State, Kind = Turn.State, Turn.Kind
AWAY = (State.SKIPPED, State.NO_ANSWER, State.LOWERED, State.FINISHED)


# what anybody does


def raise_hand(room: Room, who: Person, text: str = "", point_of_order: bool = False) -> Turn:
    """To speak, or with `text` to have it read out. A point of order stands first, even while the list is closed."""
    room.insist_running()
    insist_heard(room, who.pk)
    if not (room.list_open or point_of_order or (text and takes_part(room, who.pk))):
        raise Refused("floor.closed")
    if room.turns.standing().filter(person=who, point_of_order=point_of_order).exists():
        raise Refused("hand.up")
    words = {"text": text, "in_writing": bool(text), "point_of_order": point_of_order}
    return turns.add(room, Kind.HAND, **turns.of_person(who), **words)


def takes_part(room: Room, who: int) -> bool:
    """Whoever does may hand in what they cannot say, as when their line gives way, after the list was closed too."""
    return seats.has_come(room, who) or room.turns.standing().filter(person=who).exists()


def lower_own(room: Room, who: Person, pk: int | None = None) -> Turn:
    """One's newest turn, or this one. Whoever has the floor yields it."""
    room.insist_running()
    turn = own(room, who, pk)
    if turn.state not in (State.SPEAKING, State.PAUSED):
        return _lower(room, who, turn)
    _finish(room, who, turn)
    _hand_back(room)
    return turn


def own(room: Room, who: Person, pk: int | None) -> Turn:
    mine = listed(room).filter(person=who, state__in=Turn.STANDING)
    turn = (mine.filter(pk=pk) if pk else mine).last()
    if turn is None:
        raise Refused("hand.none")
    return turn


# what moderators do


def invite(room: Room, by: Person, pk: int, rev: int) -> Turn:
    """Ask somebody to come up; who need not come has the floor at once, or as soon as it is free."""
    room.insist_running()
    return _call(room, by, seen(room, pk, rev, "turn.not_waiting", State.WAITING))


def _call(room: Room, by: Person, turn: Turn) -> Turn:
    override = overriding(room, turn)
    change(turn, state=State.INVITED, invited_at=timezone.now(), overridden=turn.overridden or override is not None)
    _keep(room, by, "invited", turn, override)
    if is_up(room, by, turn):
        _come_up(room, by, turn)
    return turn


def is_up(room: Room, by: Person, turn: Turn) -> bool:
    """On stage now, or not needed there: what is in writing the chair reads, and a name may stand in the hall."""
    if turn.in_writing or turn.person_id is None:
        return True
    return seats.up(room, by, turn.person_id, turn.number).place == Seat.Place.LIVE


def start(room: Room, by: Person, pk: int, rev: int) -> Turn:
    """The floor is theirs. Who had it has finished, unless it is a point of order: then they go on after it."""
    room.insist_running()
    turn = seen(room, pk, rev, "turn.not_waiting", State.WAITING, State.INVITED)
    override = overriding(room, turn) if turn.state == State.WAITING else None
    _give(room, by, turn, override)
    return turn


def pause(room: Room, by: Person, pk: int, rev: int) -> Turn:
    room.insist_running()
    turn = _stop(seen(room, pk, rev, "turn.not_speaking", State.SPEAKING), State.PAUSED)
    _keep(room, by, "paused", turn)
    return turn


def resume(room: Room, by: Person, pk: int, rev: int) -> Turn:
    """Somebody who was paused goes on; who interposed has finished."""
    room.insist_running()
    turn = seen(room, pk, rev, "turn.not_paused", State.PAUSED)
    for other in listed(room).filter(state=State.SPEAKING):
        _finish(room, by, other)
    _go_on(turn)
    _keep(room, by, "resumed", turn)
    return turn


def finish(room: Room, by: Person, pk: int, rev: int, take_next: bool = False) -> Turn:
    """Who was interrupted goes on; else, with `take_next`, the next of the list is called."""
    room.insist_running()
    turn = seen(room, pk, rev, "turn.not_speaking", State.SPEAKING, State.PAUSED)
    _finish(room, by, turn)
    _keep(room, by, "finished", turn)
    _hand_back(room)
    if take_next and not room.turns.at_the_floor().exists():
        _take_next(room, by)
    return turn


def _take_next(room: Room, by: Person) -> None:
    """Who was called already and is there; while somebody is still on their way, nobody else."""
    invited = list(room.turns.invited().with_people().select_related("room"))
    ready = next((turn for turn in invited if is_there(room, turn)), None)
    if ready:
        _give(room, by, ready)
    elif not invited and (first := room.turns.waiting().with_people().select_related("room").first()):
        _call(room, by, first)


def is_there(room: Room, turn: Turn) -> bool:
    return turn.in_writing or turn.person_id is None or room.seats.live().filter(person=turn.person_id).exists()


def skip(room: Room, by: Person, pk: int, rev: int) -> Turn:
    insist_not_over(room)
    return _pass_over(room, by, seen(room, pk, rev, "turn.not_waiting", State.WAITING, State.INVITED), State.SKIPPED)


def no_answer(room: Room, by: Person, pk: int, rev: int) -> Turn:
    """Invited, and did not come."""
    room.insist_running()
    return _pass_over(room, by, seen(room, pk, rev, "turn.not_invited", State.INVITED), State.NO_ANSWER)


def _pass_over(room: Room, by: Person, turn: Turn, state: Turn.State) -> Turn:
    _ask_no_more(room, by, turn)
    change(turn, state=state, ended_at=timezone.now())
    _keep(room, by, state.value, turn)
    return turn


def lower(room: Room, by: Person, pk: int, rev: int) -> Turn:
    insist_not_over(room)
    turn = seen(room, pk, rev, "turn.not_waiting", State.WAITING, State.INVITED)
    _lower(room, by, turn)
    _keep(room, by, "lowered", turn)
    return turn


def lower_all(room: Room, by: Person) -> int:
    """Every hand that waits, and every question to be said; what was announced stays. Returns how many."""
    insist_not_over(room)
    raised = list(listed(room).filter(state=State.WAITING).exclude(kind=Kind.ANNOUNCED))
    turns.change_all(room, raised, state=State.LOWERED, ended_at=timezone.now())
    for turn in raised:
        _say_no_more(turn)
    _keep(room, by, "lowered_all", None)
    return len(raised)


def readd(room: Room, by: Person, pk: int, rev: int) -> Turn:
    """Back in the list, at its end: who was passed over, or has more to say."""
    insist_not_over(room)
    turn = seen(room, pk, rev, "turn.listed", *AWAY)
    insist_not_listed(room, turn.person_id, turn.point_of_order)
    if turn.question and turn.question.state not in turns.TO_BE_SAID:
        raise Refused("question.wrong_state")
    fresh = {"position": turns.end(room), "seconds": with_more_time(room, turn), "invited_at": None, "ended_at": None}
    change(turn, state=State.WAITING, **fresh)
    if turn.question and not turn.question.aloud:
        steps.say_aloud(turn.question, True)
    _keep(room, by, "readded", turn)
    return turn


def with_more_time(room: Room, turn: Turn) -> int:
    """What was spoken still counts, so whoever has more to say is given another turn on top of it."""
    if not turn.spoken:
        return turn.seconds
    return max(turn.seconds, min(ceil(turn.spoken) + room.turn_seconds, Turn.LONGEST))


def move(room: Room, by: Person, pk: int, rev: int, before: int | None) -> Turn:
    """To just before another one that waits, or to the end (None). Points of order keep to themselves, in front."""
    insist_not_over(room)
    turn = seen(room, pk, rev, "turn.not_waiting", State.WAITING)
    waiting = [other for other in listed(room).waiting() if other.pk != pk]
    insist_same_rank(turn, waiting, before)
    queue = [other for other in waiting if other.point_of_order == turn.point_of_order]
    at = places.index([other.pk for other in queue], before, otherwise="turn.not_waiting")
    if places.is_tight(positions(queue), at):
        spread(room, queue)
    change(turn, position=places.between(positions(queue), at))
    _keep(room, by, "moved", turn)
    return turn


def insist_same_rank(turn: Turn, waiting: Sequence[Turn], before: int | None) -> None:
    if any(other.pk == before and other.point_of_order != turn.point_of_order for other in waiting):
        raise Refused("turn.order_first")


def positions(queue: Sequence[Turn]) -> list[int]:
    return [turn.position for turn in queue]


def spread(room: Room, queue: Sequence[Turn]) -> None:
    """Give the list room again, when there is no place left between two of it."""
    for place, turn in zip(places.spread(len(queue)), queue, strict=True):
        turn.position = place
    turns.change_all(room, queue)


def announce(
    room: Room,
    by: Person,
    person: int | None = None,
    text: str = "",
    in_writing: bool = False,
    seconds: int | None = None,
    **named: str,
) -> Turn:
    """An intervention announced beforehand, by somebody registered (`person`) or by name, organisation, country."""
    insist_not_over(room)
    insist_not_listed(room, person)
    who = turns.of_person(announced(room, person)) if person else {}
    words = {"text": text, "in_writing": in_writing and bool(text), "seconds": seconds or room.turn_seconds}
    given = {name: value for name, value in named.items() if value}
    turn = turns.add(room, Kind.ANNOUNCED, **{**given, **who}, **words)
    _keep(room, by, "announced", turn)
    return turn


def announced(room: Room, person: int) -> Person:
    if not room.session.admits([person]):
        raise Refused("person.unknown")
    return Person.objects.of_batch(person)


def extend(room: Room, by: Person, pk: int, seconds: int) -> Turn:
    """More time for this turn; whoever presses twice means it, so no revision is asked for."""
    insist_not_over(room)
    turn = seen(room, pk, None, "turn.over", *Turn.STANDING)
    change(turn, seconds=min(turn.seconds + seconds, Turn.LONGEST))
    _keep(room, by, "extended", turn)
    return turn


def open_list(room: Room, by: Person, is_open: bool) -> None:
    insist_not_over(room)
    if room.list_open != is_open:
        _adjust(room, list_open=is_open)
        _keep(room, by, "opened" if is_open else "closed", None)


def set_seconds(room: Room, by: Person, seconds: int) -> None:
    """How long a turn is; those who wait and were given as much as everybody are given as much again."""
    insist_not_over(room)
    before = room.turn_seconds
    if before == seconds:
        return
    _adjust(room, turn_seconds=seconds)
    turns.change_all(room, list(listed(room).filter(state=State.WAITING, seconds=before)), seconds=seconds)
    _keep(room, by, "timed", None)


def _adjust(room: Room, **fields: int) -> None:
    for name, value in fields.items():
        setattr(room, name, value)
    room.save(update_fields=list(fields))
    publish(room.topic, "floor", wire.floor(room))


# what happens on stage


def came_up(room: Room, by: Person, who: int) -> None:
    """Somebody came on stage. If they were invited they have the floor, unless somebody is still speaking."""
    turn = listed(room).filter(person=who).invited().first()
    if turn:
        _come_up(room, by, turn)


def _come_up(room: Room, by: Person, turn: Turn) -> None:
    """A point of order does not wait until the floor is free."""
    if turn.point_of_order or not room.turns.at_the_floor().exists():
        _give(room, by, turn)


def declined(room: Room, who: Person) -> None:
    """Somebody was asked to come up and would rather not."""
    for turn in listed(room).filter(person=who).invited():
        _lower(room, who, turn)


def stepped_down(room: Room, by: Person, who: int) -> None:
    """Somebody left the stage: if they had the floor it is free, and nobody waits for them any more."""
    turns_aloud = listed(room).filter(person=who, in_writing=False)
    for turn in turns_aloud.invited():
        _let_go(room, by, turn)
    for turn in turns_aloud.at_the_floor():
        _finish(room, by, turn)
        _hand_back(room)


def _let_go(room: Room, by: Person, turn: Turn) -> None:
    """Whoever was sent away may be added again; who left by themselves is off the list."""
    if by.pk == turn.person_id:
        _lower(room, by, turn)
    else:
        _pass_over(room, by, turn, State.SKIPPED)


def end(room: Room) -> None:
    """The session is over. Who still waits was not heard: the record keeps them as they stand."""
    for turn in listed(room).at_the_floor():
        _finish(room, None, turn)


# finding turns, each with its refusal


def listed(room: Room):
    return room.turns.with_people().select_related("person", "question__room", "room")


def seen(room: Room, pk: int, rev: int | None, otherwise: str, *states: str) -> Turn:
    """The turn, as the moderator saw it and in one of these states; else Refused(otherwise)."""
    turn = listed(room).filter(pk=pk).first()
    if turn is None:
        raise Refused("turn.unknown")
    if rev not in (None, turn.revision):
        raise Refused("turn.changed")
    if turn.state not in states:
        raise Refused(otherwise)
    return turn


def insist_not_listed(room: Room, person: int | None, point_of_order: bool = False) -> None:
    if person and room.turns.standing().filter(person=person, point_of_order=point_of_order).exists():
        raise Refused("turn.listed")


def insist_not_over(room: Room) -> None:
    """The list is made before the room opens: interventions are announced beforehand."""
    if room.state == Room.State.ENDED:
        raise Refused("room.ended")


def overriding(room: Room, turn: Turn) -> Turn | None:
    """The turn that was suggested, if it is another one."""
    suggested = turns.balance(room).suggestion
    return room.turns.get(pk=suggested.turn) if suggested and suggested.turn != turn.pk else None


# steps of a turn


def _give(room: Room, by: Person | None, turn: Turn, override: Turn | None = None) -> None:
    for other in listed(room).at_the_floor():
        _make_way(room, by, other, turn)
    now = timezone.now()
    more = {"overridden": True} if override else {}
    change(turn, state=State.SPEAKING, started_at=turn.started_at or now, running_since=now, ended_at=None, **more)
    _keep(room, by, "started", turn, override)


def _make_way(room: Room, by: Person | None, other: Turn, turn: Turn) -> None:
    if other.point_of_order or not turn.point_of_order:
        _finish(room, by, other)
    elif other.state == State.SPEAKING:
        _stop(other, State.PAUSED)


def _stop(turn: Turn, state: Turn.State) -> Turn:
    return change(turn, state=state, spoken=turn.ran(timezone.now()), running_since=None)


def _go_on(turn: Turn) -> Turn:
    return change(turn, state=State.SPEAKING, running_since=timezone.now())


def _finish(room: Room, by: Person | None, turn: Turn) -> None:
    """A question that was said is answered with it."""
    turn.ended_at = timezone.now()
    _stop(turn, State.FINISHED)
    if turn.question and turn.question.state in turns.TO_BE_SAID:
        steps.change(steps.act(room, by), turn.question, "answered", state=Question.State.ANSWERED, position=None)


def _hand_back(room: Room) -> None:
    """Who was interrupted goes on, once nobody else speaks."""
    present = list(listed(room).at_the_floor())
    if [turn.state for turn in present] == [State.PAUSED]:
        _go_on(present[0])


def _lower(room: Room, by: Person | None, turn: Turn) -> Turn:
    _ask_no_more(room, by, turn)
    change(turn, state=State.LOWERED, ended_at=timezone.now())
    _say_no_more(turn)
    return turn


def _say_no_more(turn: Turn) -> None:
    if turn.question and turn.question.aloud:
        steps.say_aloud(turn.question, False)


def _ask_no_more(room: Room, by: Person | None, turn: Turn) -> None:
    """Whoever was asked to come up for this need not answer any more."""
    seat = seats.found(room, turn.person_id) if turn.state == State.INVITED and turn.person_id else None
    if seat and by and seat.place == Seat.Place.ASKED:
        seats.remove(room, by, seat.person_id)


def _keep(room: Room, by: Person | None, what: str, turn: Turn | None, override: Turn | None = None) -> None:
    """On record: who did what, and who was passed over by it."""
    publish(room.desk, "floor.act", wire.act(what, by, turn, override))
