"""Ada in Dakar and Inês in Lisbon find a time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chat import conversations, inbox, messages
from chat.models import Conversation
from live import writer
from people.blocks import block
from people.models import Nudge
from people.nudges import unread_as_shown
from programme.models import Session, Star
from rooms.meetings import availability, meetings
from rooms.meetings import clock as by_itself
from rooms.models import Booking, Hour, Meeting, MeetingRules, Pair

from .agreeing import (
    accept,
    agreed,
    at,
    do,
    insist_bookings_equal_agreed_meetings,
    propose,
    refused_as,
    slot_of,
    state,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _event(event):
    return event


def nudges(person) -> list[str]:
    return list(Nudge.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_two_strangers_agree(ada, ines):
    meeting = propose(ada, ines, "10:30", "13:30", note="About article 4")
    assert state(meeting) == ("proposed", ines.pk)
    assert meeting.conversation.state == Conversation.State.REQUESTED
    assert not Booking.objects.exists()
    other = do(ines, meetings.counter, meeting.pk, [at("15:00")], "Later?")
    assert (state(other), other.note) == (("countered", ada.pk), "Later?")
    found = accept(ada, other, "15:00")
    assert (found.state, found.starts_at, found.ends_at, found.turn) == ("accepted", at("15:00"), at("15:15"), None)
    assert Conversation.objects.get(pk=meeting.conversation_id).state == Conversation.State.ACCEPTED
    assert Pair.objects.get(meeting=meeting).starts_at == at("15:00")
    assert [it["last"]["act"] for it in told(meeting)] == ["proposed", "countered", "accepted"]
    assert (nudges(ada), nudges(ines)) == (["meeting.countered"], ["meeting.proposed", "meeting.accepted"])
    insist_bookings_equal_agreed_meetings()


def test_their_conversation_begins_with_what_is_before_them(ada, ines):
    meeting = agreed(ada, ines)
    pictured = messages.picture(meeting.conversation.topic)["meetings"]
    assert [(it["id"], it["state"]) for it in pictured] == [(meeting.pk, "accepted")]
    do(ada, meetings.cancel, meeting.pk)
    assert messages.picture(meeting.conversation.topic)["meetings"] == []


def test_it_goes_on_in_the_thread_that_there_is(ada, ines):
    first = agreed(ada, ines)
    assert propose(ines, ada, "15:00").conversation == first.conversation


def test_proposals_block_nothing_until_one_is_accepted(ada, ines, linus):
    one, two = propose(ada, ines, "10:30", "11:00"), propose(linus, ines, "10:30")
    accept(ines, one)
    assert refused_as(accept, ines, two) == "meeting.you_are_booked"
    assert state(two) == ("proposed", ines.pk)


def test_what_was_answered_is_no_news_any_more(ada, ines):
    meeting = propose(ada, ines)
    assert unread(ines) == ["meeting.proposed"]
    accept(ines, meeting)
    assert (unread(ines), unread(ada)) == ([], ["meeting.accepted"])
    do(ines, meetings.cancel, meeting.pk)
    assert unread(ada) == ["meeting.cancelled"]


def unread(person) -> list[str]:
    return [it["kind"] for it in unread_as_shown(person.pk)]


def test_who_comes_second_sees_why_the_time_went(ada, ines, linus):
    one, two = propose(ada, ines, "10:30", "11:00"), propose(ada, linus, "10:30", "11:00")
    accept(ines, one)
    assert refused_as(accept, linus, two) == "meeting.taken"
    assert [slot["gone"] for slot in told(two)[-1]["slots"]] == [True, False]
    do(ada, meetings.cancel, one.pk)
    assert [slot["gone"] for slot in told(two)[-1]["slots"]] == [False, False]
    assert accept(linus, two).state == "accepted"


def test_a_meeting_of_another_length_meets_it_too(ada, ines, linus, event):
    early = propose(ada, ines, "10:15")
    MeetingRules.objects.create(event=event, minutes=30)
    late = propose(linus, ines, "10:00")
    accept(ines, early, "10:15")
    assert refused_as(accept, ines, late, "10:00") == "meeting.you_are_booked"


def test_moving_keeps_the_thread_and_the_time_until_it_is_taken(ada, ines):
    meeting = agreed(ada, ines)
    do(ines, meetings.move, meeting.pk, [at("14:00"), at("14:30")])
    assert state(meeting) == ("accepted", ada.pk)
    insist_bookings_equal_agreed_meetings()
    moved = accept(ada, Meeting.objects.get(pk=meeting.pk), "14:30")
    assert (moved.starts_at, moved.sequence, moved.conversation) == (at("14:30"), 1, meeting.conversation)
    assert moved.pair.starts_at == at("14:30")
    insist_bookings_equal_agreed_meetings()


def test_who_does_not_want_to_move_leaves_it_where_it_is(ada, ines):
    meeting = agreed(ada, ines)
    do(ines, meetings.move, meeting.pk, [at("14:00")])
    kept = do(ada, meetings.decline, meeting.pk)
    assert (kept.state, kept.turn, kept.starts_at, kept.sequence) == ("accepted", None, at("10:30"), 0)
    assert nudges(ines)[-1] == "meeting.kept"


def test_it_may_move_to_where_it_overlaps_itself(ada, ines, event):
    meeting = agreed(ada, ines, "10:00")
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=at("10:05"), ends_at=at("10:20"))
    do(ines, meetings.move, meeting.pk, [at("10:15")])
    assert accept(ada, Meeting.objects.get(pk=meeting.pk), "10:15").starts_at == at("10:15")
    insist_bookings_equal_agreed_meetings()


def test_asking_again_for_other_times_passes_the_turn(ada, ines):
    meeting = agreed(ada, ines)
    do(ines, meetings.move, meeting.pk, [at("14:00")])
    do(ada, meetings.move, meeting.pk, [at("15:00")])
    assert state(meeting) == ("accepted", ines.pk)
    assert accept(ines, Meeting.objects.get(pk=meeting.pk), "15:00").starts_at == at("15:00")


def test_cancelling_frees_the_time_and_the_calendars_follow(ada, ines):
    meeting = agreed(ada, ines)
    [before] = meetings.shown(ada.pk)
    do(ines, meetings.cancel, meeting.pk)
    [after] = meetings.shown(ada.pk)
    assert (before.uid, before.sequence, before.cancelled) == (after.uid, 0, False)
    assert (after.sequence, after.cancelled) == (1, True)
    assert Pair.objects.get(meeting=meeting).ended_at
    assert nudges(ada)[-1] == "meeting.cancelled"
    insist_bookings_equal_agreed_meetings()


def test_in_person_names_a_place_and_opens_no_room(ada, ines):
    assert refused_as(propose, ada, ines, way="in_person") == "meeting.no_place"
    meeting = agreed(ada, ines, way="in_person", place="Table 7")
    assert meeting.place == "Table 7"
    assert not Pair.objects.exists()


def test_by_video_only_with_those_who_do(ada, ines):
    ines.takes_video = False
    ines.save()
    assert refused_as(propose, ada, ines) == "meeting.no_video"
    assert propose(ada, ines, way="voice").way == "voice"


# times


def test_starred_sessions_and_parts_in_them_are_kept_free(ada, ines, session, event):
    assert at("09:15") in starts(ada, ines)
    Star.objects.create(person=ines, session=session)
    assert not {at("09:00"), at("09:15"), at("09:30"), at("09:45")} & starts(ada, ines)
    assert refused_as(propose, ada, ines, "09:15") == "meeting.not_free"
    Hour.objects.create(person=ines, starts_at=at("09:15"), free=True)
    assert propose(ada, ines, "09:15").state == "proposed"


def starts(one, two, day: int = 25) -> set:
    event = Meeting.event.field.related_model.objects.get()
    free = meetings.free_slots(event, one, two, at("00:00", day).date(), at("00:00", 1))
    return {slot.starts for slot in free}


def test_only_hours_that_are_waking_for_both(ada, aiko):
    found = starts(ada, aiko)
    assert (min(found), max(found)) == (at("08:00"), at("10:45"))  # 08:00 in Dakar, 20:00 in Tokyo


def test_a_cancelled_session_keeps_nobody(ada, ines, session):
    Star.objects.create(person=ines, session=session)
    Session.objects.update(cancelled=True)
    assert at("09:15") in starts(ada, ines)


def test_ones_own_word_for_a_day(ines, ada, event):
    def keep(free):
        writer.do(ines.pk, availability.keep_day, ines.pk, event, at("00:00").date(), free)

    before = starts(ines, ines)
    keep({at("05:00"), at("10:30")})
    assert refused_as(propose, ada, ines, "11:00") == "meeting.not_free"
    assert Hour.objects.filter(free=True).get().starts_at == at("05:00")
    keep(before)
    assert not Hour.objects.exists()


@pytest.mark.parametrize(
    ("clocks", "code"),
    [
        (("10:30", "10:30"), "meeting.no_times"),
        (("10:00", "10:15", "10:30", "10:45"), "meeting.no_times"),
        (("10:31",), "meeting.not_free"),
        (("23:00",), "meeting.not_free"),
    ],
    ids=["twice", "four", "between slots", "at night"],
)
def test_times_that_cannot_be_proposed(ada, ines, clocks, code):
    assert refused_as(propose, ada, ines, *clocks) == code


def test_rules_for_days_that_the_event_has_no_more(ada, ines, event):
    MeetingRules.objects.create(event=event, starts_on=date(2027, 7, 1))
    assert starts(ada, ines) == set()
    assert refused_as(propose, ada, ines) == "meeting.not_free"


def test_days_and_lengths_are_the_organisers(ada, ines, event):
    MeetingRules.objects.create(event=event, minutes=20, starts_on=event.ends_on)
    assert refused_as(propose, ada, ines, "10:00") == "meeting.not_free"
    [*of_day] = sorted(starts(ada, ines, 26))
    assert of_day[1] - of_day[0] == timedelta(minutes=20)


# by itself


def test_what_nobody_answers_ends_after_a_day(ada, ines, clock):
    meeting = propose(ada, ines, "10:30")
    writer.do(0, meetings.expire, meeting.pk)
    assert state(meeting) == ("proposed", ines.pk)
    clock.shift(timedelta(hours=24))
    assert refused_as(accept, ines, meeting) == "meeting.expired"
    assert by_itself.ids(meetings.unanswered) == [meeting.pk]
    writer.do(0, meetings.expire, meeting.pk)
    assert (state(meeting), nudges(ada)) == (("expired", None), ["meeting.expired"])


def test_a_move_that_nobody_answers_leaves_the_meeting(ada, ines, clock):
    meeting = agreed(ada, ines)
    do(ada, meetings.move, meeting.pk, [at("14:00")])
    clock.shift(timedelta(hours=24, minutes=30))
    writer.do(0, meetings.expire, meeting.pk)
    assert state(meeting) == ("accepted", None)


def test_a_move_is_open_no_longer_than_the_meeting_is_ahead(ada, ines, clock):
    """Else it would be agreed when its room has ended, and never get another."""
    meeting = agreed(ada, ines)
    clock.move_to(at("10:00"))
    do(ada, meetings.move, meeting.pk, [at("14:00")])
    clock.move_to(at("10:45"))
    assert by_itself.ids(meetings.unanswered) == [meeting.pk]
    assert refused_as(accept, ines, meeting, "14:00") == "meeting.expired"
    writer.do(0, meetings.expire, meeting.pk)
    assert (state(meeting), Meeting.objects.get().act) == (("accepted", None), "kept")


def test_who_came_at_the_old_time_was_not_there_at_the_new_one(ada, ines, clock):
    from rooms.pair import pairs

    meeting = agreed(ada, ines)
    clock.move_to(at("10:29"))
    do(ada, meetings.move, meeting.pk, [at("14:00")])
    clock.move_to(at("10:31"))
    pair = Pair.objects.get(meeting=meeting)
    for person in (ada, ines):
        writer.do(person.pk, pairs.here, pair, person.pk, person.name)
    accept(ines, Meeting.objects.get(), "14:00")
    clock.move_to(at("14:16"))
    writer.do(0, pairs.end_those_over)
    assert state(meeting) == ("accepted", None)


def test_both_are_reminded_once(ada, ines, clock):
    meeting = agreed(ada, ines)
    clock.move_to(at("10:26"))
    for _ in range(2):
        for reminder in by_itself.due():
            writer.do(0, by_itself.remind, reminder)
    clock.move_to(at("10:30"))
    for _ in range(2):
        for reminder in by_itself.due():
            writer.do(0, by_itself.remind, reminder)
    room = f"/pair/{meeting.pair.code}/"
    assert nudges(ada)[-2:] == nudges(ines)[-2:] == ["meeting.soon", "meeting.now"]
    assert {it.path for it in Nudge.objects.filter(kind__in=["meeting.soon", "meeting.now"])} == {room}


def test_who_says_nothing_says_it_was_held(ada, ines, clock):
    meeting = agreed(ada, ines)
    clock.move_to(at("10:40", 26))
    assert by_itself.ids(meetings.unspoken) == []
    clock.move_to(at("10:45", 26))
    writer.do(0, meetings.conclude, meeting.pk)
    assert state(meeting) == ("held", None)
    insist_bookings_equal_agreed_meetings()


def test_either_may_say_the_other_did_not_come_and_be_corrected(ada, ines, clock):
    meeting = agreed(ada, ines)
    assert refused_as(do, ada, meetings.no_show, meeting.pk) == "meeting.wrong_state"
    clock.move_to(at("10:45"))
    assert do(ada, meetings.no_show, meeting.pk).absent == ines
    assert do(ines, meetings.held, meeting.pk).absent is None
    clock.move_to(at("10:45", 26))
    assert refused_as(do, ada, meetings.no_show, meeting.pk) == "meeting.wrong_state"


def test_while_they_may_still_come_nobody_says_they_did_not(ada, ines, clock):
    """It would take the way into the room from both."""
    meeting = agreed(ada, ines)
    clock.move_to(at("10:31"))
    for verb in (meetings.no_show, meetings.held):
        assert refused_as(do, ines, verb, meeting.pk) == "meeting.wrong_state"
    assert told(meeting)[-1]["room"]


def test_who_waits_at_a_table_may_say_so_at_once(ada, ines, clock):
    meeting = agreed(ada, ines, way="in_person", place="Table 7")
    clock.move_to(at("10:31"))
    assert do(ada, meetings.no_show, meeting.pk).absent == ines


def test_two_who_were_both_there_need_not_say_so(ada, ines, clock):
    from rooms.pair import pairs

    meeting = agreed(ada, ines)
    clock.move_to(at("10:31"))
    pair = Pair.objects.get(meeting=meeting)
    writer.do(ada.pk, pairs.here, pair, ada.pk, "a")
    writer.do(ines.pk, pairs.here, pair, ines.pk, "b")
    clock.move_to(at("10:46"))
    writer.do(0, pairs.end_those_over)
    assert state(meeting) == ("held", None)


# who may not


def test_a_block_ends_everything_between_two(ada, ines):
    coming, waiting = agreed(ada, ines), propose(ines, ada, "15:00")
    writer.do(ines.pk, block, ines.pk, ada.pk)
    assert (state(coming), state(waiting)) == (("cancelled", None), ("cancelled", None))
    assert not Booking.objects.exists()
    assert "meeting.cancelled" not in nudges(ada)
    for person in (ada, ines):
        assert not meetings.seen_by(person.pk, set()).exists()
        assert [it.cancelled for it in meetings.shown(person.pk)] == [True]
    assert refused_as(propose, ada, ines) == "person.unknown"
    assert refused_as(propose, ines, ada) == "person.unknown"


def test_what_was_held_before_a_block_stays_as_it_was(ada, ines, clock):
    meeting = agreed(ada, ines)
    clock.move_to(at("10:50"))
    writer.do(ines.pk, block, ines.pk, ada.pk)
    assert state(meeting) == ("accepted", None)


def test_who_takes_no_proposals_gets_none(ada, ines):
    ines.takes_meetings = False
    ines.save()
    assert refused_as(propose, ada, ines) == "meetings.not_taken"
    ines.is_active = False
    ines.save()
    assert refused_as(propose, ada, ines) == "person.unknown"
    assert refused_as(propose, ada, ada) == "person.unknown"


def test_only_groups_that_may(ada, ines, event):
    from people.models import Group

    rules = MeetingRules.objects.create(event=event)
    rules.groups.add(mayors := Group.objects.create(name="Mayors", slug="mayors"))
    assert refused_as(propose, ada, ines) == "meetings.not_yours"
    ada.groups_in.add(mayors)
    meeting = propose(ada, ines)
    assert do(ines, meetings.counter, meeting.pk, [at("15:00")]).state == "countered"


def test_while_meetings_are_closed_what_is_asked_can_still_be_answered(ada, ines, linus, event):
    meeting = propose(ada, ines)
    MeetingRules.objects.create(event=event, is_open=False)
    assert refused_as(propose, linus, ines) == "meetings.closed"
    assert refused_as(do, ines, meetings.counter, meeting.pk, [at("15:00")]) == "meetings.closed"
    assert accept(ines, meeting).state == "accepted"


def test_one_open_proposal_between_two(ada, ines):
    meeting = propose(ada, ines)
    assert refused_as(propose, ada, ines, "15:00") == "meeting.pending"
    assert refused_as(propose, ines, ada, "15:00") == "meeting.pending"
    do(ines, meetings.decline, meeting.pk)
    assert nudges(ada) == ["meeting.declined"]


def test_twenty_a_day(ada, ines, linus, clock):
    for _ in range(meetings.A_DAY):
        do(ines, meetings.decline, propose(ada, ines).pk)
    assert refused_as(propose, ada, linus) == "meeting.too_many"
    clock.shift(timedelta(hours=24, seconds=1))
    assert propose(ada, linus, "11:00").state == "proposed"


def test_who_was_told_not_now_does_not_ask_by_proposing(ada, ines):
    meeting = propose(ada, ines)
    writer.do(ines.pk, conversations.decline, Conversation.objects.get(), ines.pk)
    do(ines, meetings.decline, meeting.pk)
    assert refused_as(propose, ada, ines) == "request.declined"
    assert propose(ines, ada).state == "proposed"


def test_who_proposes_to_somebody_that_asked_accepts(ada, ines):
    asked = writer.do(ada.pk, conversations.write, ada.pk, ines.pk, "Shall we talk about article 4?")
    meeting = propose(ines, ada)
    assert meeting.conversation == asked
    assert meeting.conversation.state == Conversation.State.ACCEPTED


def test_nobody_is_asked_for_ever_by_a_proposal_that_came_to_nothing(ada, ines, clock):
    def declined():
        do(ines, meetings.decline, propose(ada, ines).pk)

    def withdrawn():
        do(ada, meetings.cancel, propose(ada, ines).pk)

    def expired():
        pk = propose(ada, ines).pk
        clock.shift(timedelta(hours=24))
        writer.do(0, meetings.expire, pk)

    for comes_to_nothing in (declined, withdrawn, expired):
        comes_to_nothing()
        assert inbox.counted(ines.pk)["requests"] == 0, comes_to_nothing
        assert inbox.rows(ines.pk) == inbox.rows(ada.pk) == []
    begun = writer.do(ines.pk, conversations.write, ines.pk, ada.pk, "Another time, perhaps?")
    assert (begun.state, begun.started_by) == (Conversation.State.REQUESTED, ines)


def test_what_was_written_with_a_proposal_stays_asked(ada, ines, clock):
    meeting = propose(ada, ines)
    clock.shift(timedelta(minutes=1))
    writer.do(ada.pk, messages.put, meeting.conversation, ada, "It is about article 4.")
    do(ines, meetings.decline, meeting.pk)
    assert inbox.counted(ines.pk)["requests"] == 1


def test_what_another_proposal_asked_for_stays_asked(ada, ines):
    first = agreed(ada, ines)
    writer.do(ines.pk, conversations.leave, Conversation.objects.get(), ines.pk)
    propose(ada, ines, "15:00")
    do(ada, meetings.cancel, first.pk)
    assert inbox.counted(ines.pk)["requests"] == 1


def test_after_one_of_them_left_it_is_a_request_again(ada, ines):
    first = agreed(ada, ines)
    writer.do(ines.pk, conversations.leave, Conversation.objects.get(), ines.pk)
    again = propose(ada, ines, "15:00")
    assert again.conversation == first.conversation
    assert (again.conversation.state, again.conversation.is_open) == (Conversation.State.REQUESTED, True)


def test_only_whose_turn_it_is_answers(ada, ines):
    meeting = propose(ada, ines)
    slot = slot_of(meeting, "10:30")
    assert refused_as(do, ada, meetings.accept, meeting.pk, slot) == "meeting.not_your_turn"
    assert refused_as(do, ada, meetings.decline, meeting.pk) == "meeting.not_your_turn"
    do(ines, meetings.counter, meeting.pk, [at("15:00")])
    assert refused_as(do, ada, meetings.accept, meeting.pk, slot) == "meeting.changed"


def test_a_third_person_finds_no_meeting(ada, ines, mallory, organiser):
    meeting = agreed(ada, ines)
    for person in (mallory, organiser):
        doings = [
            (meetings.accept, meeting.pk, 1),
            (meetings.counter, meeting.pk, [at("15:00")]),
            (meetings.move, meeting.pk, [at("15:00")]),
            *((verb, meeting.pk) for verb in (meetings.decline, meetings.cancel, meetings.held, meetings.no_show)),
            *((verb, meeting.pk) for verb in (meetings.send, meetings.discard)),
        ]
        assert {refused_as(do, person, *doing) for doing in doings} == {"meeting.unknown"}
        assert meetings.shown(person.pk) == []


# drafts


def test_a_draft_is_nobody_elses_business_until_it_is_sent(ada, ines, event):
    kept = do_draft(ada, ines, event)
    assert (kept.state, kept.conversation, nudges(ines)) == ("draft", None, [])
    assert refused_as(do, ines, meetings.send, kept.pk) == "meeting.unknown"
    again = do_draft(ada, ines, event)
    assert Meeting.objects.get().pk == again.pk
    sent = do(ada, meetings.send, again.pk)
    assert (sent.state, [it.starts_at for it in sent.slots.all()]) == ("proposed", [at("10:30")])
    assert Meeting.objects.get().pk == sent.pk


def do_draft(by, to, event, *starts):
    return writer.do(by.pk, lambda: meetings.draft(event, by.pk, to.pk, starts or [at("10:30")]))


@pytest.mark.parametrize(
    "start",
    [at("10:31"), at("10:30", 27), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)],
    ids=["between slots", "after the forum", "at the end of time"],
)
def test_a_draft_names_times_that_there_are(ada, ines, event, start):
    assert refused_as(do_draft, ada, ines, event, start) == "meeting.not_free"
    assert not Meeting.objects.exists()


def test_a_draft_is_thrown_away(ada, ines, event):
    do(ada, meetings.discard, do_draft(ada, ines, event).pk)
    assert not Meeting.objects.exists()
