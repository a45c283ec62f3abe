"""A room's own life."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live import writer
from live.log import seqs
from live.refusal import Refused
from rooms import states
from rooms.models import Room
from tests.chat.talk import says

from .witness import Witness, does, public_frames, refused_as

LATER = timedelta(hours=2)


@pytest.fixture
def scheduled(session):
    session.starts_at, session.ends_at = session.starts_at + LATER, session.ends_at + LATER
    session.save()
    return states.prepare(session)


def test_every_session_has_one_room_with_a_number_that_stays(session):
    room = states.prepare(session)
    assert room.code.isdecimal()
    assert len(room.code) == 4
    assert states.prepare(session) == room
    assert room.conversation.session == session


def test_numbers_grow_longer_before_they_run_out(monkeypatch, db):
    monkeypatch.setattr(Room.objects, "values_list", lambda *_, **__: map(str, range(1000, 5600)))
    assert len(states.free_code()) == 5


def test_nobody_writes_in_a_room_that_is_not_open(scheduled, ada, grace):
    with pytest.raises(Refused, match=r"^chat\.closed$"):
        says(ada, scheduled.conversation, "Is anybody here?")
    does(grace, "room.state", scheduled, state="open")
    says(ada, scheduled.conversation, "Is anybody here?")


def test_the_way_of_a_room(scheduled, grace, ada):
    witness = Witness(scheduled, ada)
    for state in ("open", "live", "ended"):
        assert witness.does(grace, "room.state", state=state)["state"] == state
        assert witness.public.state["room"]["state"] == state
    room = Room.objects.get(pk=scheduled.pk)
    assert room.opened_at <= room.live_at <= room.ended_at


@pytest.mark.parametrize(
    ("state", "wished"),
    [
        ("scheduled", "ended"),
        ("open", "open"),
        ("live", "open"),
        ("live", "live"),
        ("ended", "open"),
        ("ended", "ended"),
    ],
)
def test_there_is_no_other_way(scheduled, grace, state, wished):
    Room.objects.filter(pk=scheduled.pk).update(state=state, ended_at=timezone.now())
    assert refused_as(grace, "room.state", scheduled, state=wished) == "room.wrong_state"


def test_what_ended_may_go_on_the_same_day(room, grace, ada):
    witness = Witness(room, ada)
    witness.does(grace, "room.state", state="ended")
    assert not witness.public.state["room"]["chat_open"]
    witness.does(grace, "room.state", state="live")
    assert witness.public.state["room"]["chat_open"]
    assert witness.public.state["room"]["ended_at"] is None


def test_but_not_on_another_day(room, grace):
    does(grace, "room.state", room, state="ended")
    Room.objects.filter(pk=room.pk).update(ended_at=timezone.now() - timedelta(days=1))
    assert refused_as(grace, "room.state", room, state="live") == "room.wrong_state"


def test_settings_are_told_and_only_what_was_asked_changes(room, grace, ada):
    witness = Witness(room, ada)
    before = witness.public.state["room"]
    told = witness.does(grace, "room.set", votes_open=False, chat_open=False)
    assert {name for name in told if told[name] != before[name]} == {"rev", "votes_open", "chat_open"}
    assert [event for event, _ in public_frames(room)] == ["room"]
    witness.does(grace, "room.set", chat_open=True)


def test_an_ended_room_is_not_changed(room, grace):
    does(grace, "room.state", room, state="ended")
    assert refused_as(grace, "room.set", room, votes_open=False) == "room.ended"


@pytest.mark.parametrize(
    ("starts", "lasts", "state", "expected"),
    [
        (20, 60, "scheduled", "scheduled"),
        (14, 60, "scheduled", "open"),
        (-30, 60, "scheduled", "open"),
        (-61, 60, "scheduled", "ended"),
        (-61, 60, "open", "ended"),
        (-61, 60, "live", "live"),
        (-30, 60, "live", "live"),
        (-30, 60, "ended", "ended"),
    ],
)
def test_the_clock_opens_rooms_and_ends_what_never_began(session, starts, lasts, state, expected):
    session.starts_at = timezone.now() + timedelta(minutes=starts)
    session.ends_at = session.starts_at + timedelta(minutes=lasts)
    session.save()
    room = states.prepare(session)
    Room.objects.filter(pk=room.pk).update(state=state)
    writer.do(0, states.keep_time_of, room.topic)
    room.refresh_from_db()
    assert room.state == expected
    assert bool(seqs([room.topic])) == (state != expected)


def test_the_first_question_opens_a_room_that_is_due(session, ada):
    room = states.prepare(session)
    witness = Witness(room, ada)
    witness.does(ada, "question.ask", text="Anybody here?")
    assert witness.public.state["room"]["state"] == "open"


def test_a_verb_that_is_refused_opens_nothing(session, ada):
    room = states.prepare(session)
    assert refused_as(ada, "question.withdraw", room, question=1) == "question.unknown"
    assert Room.objects.get(pk=room.pk).state == "scheduled"
    assert seqs([room.topic]) == {}


def test_states_are_a_list(room, grace):
    assert refused_as(grace, "room.state", room, state="scheduled") == "command.malformed"
    with pytest.raises(Refused):
        writer.do(grace.pk, states.keep_time_of, "room.999")
