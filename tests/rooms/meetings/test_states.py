"""Whatever four people do to each other's meetings, in any order: nobody is booked twice, or for nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from live import limits, log, writer
from live.refusal import Refused
from people.blocks import block
from people.models import Person
from programme.models import Event
from rooms.meetings import clock, meetings, wire
from rooms.models import Booking, Delegation, Meeting, Pair

from .agreeing import at, insist_bookings_equal_agreed_meetings
from .conftest import NOW

State = Meeting.State
AFTER = {
    State.DRAFT: {State.DRAFT},
    State.PROPOSED: {State.PROPOSED, State.COUNTERED, State.ACCEPTED, State.DECLINED, State.EXPIRED, State.CANCELLED},
    State.COUNTERED: {State.COUNTERED, State.ACCEPTED, State.DECLINED, State.EXPIRED, State.CANCELLED},
    State.ACCEPTED: {State.ACCEPTED, State.HELD, State.NO_SHOW, State.CANCELLED},
    State.HELD: {State.HELD, State.NO_SHOW},
    State.NO_SHOW: {State.NO_SHOW, State.HELD},
    State.DECLINED: {State.DECLINED},
    State.EXPIRED: {State.EXPIRED},
    State.CANCELLED: {State.CANCELLED},
}
CLOCKS = ["09:00", "09:15", "09:30", "10:00"]
someone = st.integers(0, 3)
some_times = st.lists(st.sampled_from([at(each, day) for each in CLOCKS for day in (25, 26)]), unique=True, max_size=4)


class Agreeing(RuleBasedStateMachine):
    """Three who meet, and the assistant of the first."""

    proposed = Bundle("proposed")
    traveller = None

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.seen: dict[int, tuple[str, int, int]] = {}

    @initialize()
    def begin(self):
        limits.forgive()
        self.traveller.move_to(NOW, tick=False)
        self.event = Event.objects.create(
            slug="dsf", name="Forum", zone="Europe/Zurich", starts_on=at("09:00"), ends_on=at("09:00", 26)
        )
        able = {"takes_meetings": True, "takes_video": True, "zone": "Europe/Lisbon"}
        self.people = [Person.objects.create_user(f"{it}@crowd.example", name=f"P{it}", **able) for it in range(4)]
        Delegation.objects.create(principal=self.people[0], delegate=self.people[3])

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def does(self, by, verb, *args):
        """What came of it; None if it was refused, for a reason."""
        try:
            return writer.do(0, verb, self.people[by].pk, *args)
        except Refused as no:
            if no.code in ("server.stumbled", "try.again"):
                raise
            return None

    @rule(target=proposed, by=someone, to=someone, starts=some_times, way=st.sampled_from(["video", "in_person"]))
    def propose(self, by, to, starts, way):
        principal = self.people[0].pk if by == 3 else None

        def verb(me):
            return meetings.propose(self.event, me, self.people[to].pk, starts, way, "", "Table 7", principal)

        made = self.does(by, verb)
        return made.pk if made else multiple()

    @rule(meeting=proposed, by=someone, data=st.data())
    def accept(self, meeting, by, data):
        standing = wire.standing(Meeting.objects.get(pk=meeting))
        slot = data.draw(st.sampled_from([it.pk for it in standing] or [0]))
        self.does(by, meetings.accept, meeting, slot)

    @rule(meeting=proposed, by=someone, starts=some_times, verb=st.sampled_from([meetings.counter, meetings.move]))
    def other_times(self, meeting, by, starts, verb):
        self.does(by, verb, meeting, starts)

    @rule(
        meeting=proposed,
        by=someone,
        verb=st.sampled_from([meetings.decline, meetings.cancel, meetings.held, meetings.no_show]),
    )
    def step(self, meeting, by, verb):
        self.does(by, verb, meeting)

    @rule(minutes=st.sampled_from([10, 300, 1440]))
    def time_passes(self, minutes):
        self.traveller.shift(timedelta(minutes=minutes))
        for pk in clock.ids(meetings.unanswered):
            writer.do(0, meetings.expire, pk)
        for pk in clock.ids(meetings.unspoken):
            writer.do(0, meetings.conclude, pk)

    @rule(meeting=consumes(proposed))
    def block(self, meeting):
        one, two = Meeting.objects.get(pk=meeting).two
        writer.do(one, block, one, two)
        assert not meetings.seen_by(two, set()).filter(pk=meeting).exists()

    @invariant()
    def booked_is_what_is_agreed(self):
        insist_bookings_equal_agreed_meetings()

    @invariant()
    def every_step_is_one_that_there_is(self):
        for it in Meeting.objects.all():
            before, sequence, revision = self.seen.get(it.pk, (State.PROPOSED, 0, 0))
            assert it.state in AFTER[before], (before, it.state)
            assert sequence <= it.sequence <= sequence + 1
            assert it.revision >= revision
            self.seen[it.pk] = (it.state, it.sequence, it.revision)

    @invariant()
    def somebody_is_to_answer_exactly_what_is_open(self):
        for it in Meeting.objects.prefetch_related("slots"):
            asked = it.state in meetings.OPEN or (it.state == State.ACCEPTED and it.turn_id)
            assert bool(wire.standing(it)) == bool(it.turn_id) == bool(it.expires_at) == bool(asked)
            assert it.turn_id in (None, *it.two)

    @invariant()
    def rooms_are_at_the_time_agreed(self):
        for pair in Pair.objects.filter(ended_at=None).select_related("meeting"):
            assert (pair.starts_at, pair.ends_at) == (pair.meeting.starts_at, pair.meeting.ends_at)
            assert pair.meeting.state != State.CANCELLED

    @invariant()
    def the_record_is_whole(self):
        for it in Meeting.objects.select_related("conversation"):
            assert log.verify(it.conversation.topic) == []


@pytest.mark.django_db
def test_meetings_and_bookings_in_any_order(time_machine):
    Agreeing.traveller = time_machine
    run_state_machine_as_test(Agreeing, settings=settings(max_examples=10, stateful_step_count=20, deadline=None))
    assert not Booking.objects.exists()
