"""Words that stay until they are read, and cues that come by themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live import batch, writer
from live.log import seqs
from rooms import pictures
from rooms.models import Room, Seat, Segment
from rooms.show import notices, show
from rooms.stage import backstage

from .test_show import clock, goes_on, passes, planned, running, titled  # noqa: F401 -- fixtures
from .witness import as_json, does, heard, refused_as


def told(topic: str) -> list[dict]:
    return [data for event, data in heard(topic, 0) if event == "notice"]


def sends(person, room, text, to=None) -> dict:
    return does(person, "notice.send", room, text=text, to=to and to.pk)


def test_to_one_person(room, grace, linus):
    sent = sends(grace, room, "  Two minutes,\nplease ", linus)
    assert (sent["number"], sent["text"], sent["to"]["id"], sent["acknowledged"]) == (
        1,
        "Two minutes,\nplease",
        linus.pk,
        [],
    )
    assert told(f"person.{linus.pk}") == told(room.desk) == [as_json(sent)]
    assert told(room.backstage) == told(room.topic) == []


def test_to_all_behind_the_stage(room, grace, linus):
    sent = sends(grace, room, "Standing by?")
    assert told(room.backstage) == told(room.desk) == [as_json(sent)]
    assert told(room.topic) == told(f"person.{linus.pk}") == []


def test_the_chair_sees_who_has_read_it(room, grace, linus):
    sent = sends(grace, room, "Standing by?")
    read = does(linus, "notice.ack", room, notice=sent["id"])
    assert read["acknowledged"] == [linus.pk]
    assert told(room.desk)[-1] == as_json(read)
    before = seqs([room.desk])
    assert does(linus, "notice.ack", room, notice=sent["id"]) == read
    assert seqs([room.desk]) == before, "read twice is read once"


def test_a_newcomer_finds_what_waits(room, grace, linus, aiko):
    one, all_of_them = sends(grace, room, "Closer to the microphone", linus), sends(grace, room, "Standing by?")
    assert backstage.picture(room.backstage)["notices"] == [all_of_them]
    assert backstage.welcome(linus.pk, room.backstage)["notices"] == [one]
    assert backstage.welcome(aiko.pk, room.backstage)["notices"] == []
    assert pictures.desk_picture(room.desk)["notices"] == [one, all_of_them]


def test_only_those_it_is_meant_for_read_it(room, grace, linus, aiko, ada):
    one, all_of_them = sends(grace, room, "Closer", linus), sends(grace, room, "Standing by?")
    assert refused_as(aiko, "notice.ack", room, notice=one["id"]) == "notice.unknown"
    assert refused_as(ada, "notice.ack", room, notice=all_of_them["id"]) == "notice.unknown"
    assert refused_as(linus, "notice.ack", room, notice=10**9) == "notice.unknown"


def test_somebody_who_came_up_from_the_audience_hears_too(room, grace, ada):
    assert refused_as(grace, "notice.send", room, text="Hello", to=ada.pk) == "person.unknown"
    seat = Seat.objects.create(room=room, person=ada, place=Seat.Place.ASKED, since=timezone.now())
    assert refused_as(grace, "notice.send", room, text="Hello", to=ada.pk) == "person.unknown"
    seat.place = Seat.Place.LIVE
    seat.save()
    sent = sends(grace, room, "Hello", ada)
    assert does(ada, "notice.ack", room, notice=sent["id"])["acknowledged"] == [ada.pk]


def test_whoever_came_up_a_moment_ago_is_reached(room, ada):
    seat = Seat.objects.create(room=room, person=ada, place=Seat.Place.ASKED, since=timezone.now())
    with batch.together([ada.pk]):
        before = notices.audience(room)
        Seat.objects.filter(pk=seat.pk).update(place=Seat.Place.LIVE)
        assert notices.audience(room) - before == {ada.pk}


def test_a_speaker_writes_to_the_chair_and_to_nobody_else(room, grace, linus, aiko, ada):
    sent = sends(linus, room, "My line is breaking", grace)
    assert told(f"person.{grace.pk}") == [as_json(sent)]
    assert refused_as(linus, "notice.send", room, text="Psst") == "room.not_yours"
    assert refused_as(linus, "notice.send", room, text="Psst", to=linus.pk) == "room.not_yours"
    assert refused_as(ada, "notice.send", room, text="Psst", to=grace.pk) == "room.not_yours"


@pytest.mark.parametrize(
    ("text", "code"), [(" \n ", "notice.empty"), ("x" * 501, "command.malformed")], ids=["empty", "long"]
)
def test_it_has_words_and_not_too_many(room, grace, text, code):
    assert refused_as(grace, "notice.send", room, text=text) == code


def test_after_the_end_nobody_is_called(room, grace, linus):
    does(grace, "room.state", room, state="ended")
    assert refused_as(grace, "notice.send", room, text="Hello?", to=linus.pk) == "room.ended"


# cues


def test_the_next_speaker_is_told_two_minutes_before(running, clock, linus):  # noqa: F811
    assert told(f"person.{linus.pk}") == []
    clock(2.9)
    passes(running)
    assert told(f"person.{linus.pk}") == []
    clock(0.1)
    passes(running)
    [cue] = told(f"person.{linus.pk}")
    assert (cue["kind"], cue["segment"], cue["by"]) == ("cue", titled(running, "Night flow").pk, None)
    assert told(running.desk) == [cue]


def test_a_cue_comes_once(running, clock, linus):  # noqa: F811
    clock(4)
    for _ in range(3):
        writer.do(0, show.keep_time_of, running.topic)
    assert running.notices.filter(to=linus).count() == 1
    assert not show.is_behind_time(running)


def test_a_cue_is_acknowledged_like_any_notice(running, clock, linus):  # noqa: F811
    clock(4)
    passes(running)
    cue = running.notices.get(to=linus)
    assert does(linus, "notice.ack", running, notice=cue.pk)["acknowledged"] == [linus.pk]


def test_moving_on_early_cues_at_once(running, clock, grace, aiko):  # noqa: F811
    questions = titled(running, "Questions")
    questions.people.add(aiko)
    goes_on(grace, running)
    assert not running.notices.exists()
    it = titled(running, "Night flow")
    does(grace, "show.edit", running, segment=it.pk, rev=it.revision, minutes=2)
    assert running.notices.get().to == aiko


def test_the_first_one_is_told_before_the_session_begins(planned, session, clock, linus):  # noqa: F811
    titled(planned, "Welcome").people.add(linus)
    session.starts_at += timedelta(minutes=10)
    session.ends_at += timedelta(minutes=10)
    session.save()
    Room.objects.filter(pk=planned.pk).update(state=Room.State.OPEN)
    passes(planned)
    assert not planned.notices.exists()
    clock(8)
    passes(planned)
    assert planned.notices.get().to == linus


def test_nobody_is_cued_in_a_room_that_is_not_open(planned, clock, linus):  # noqa: F811
    titled(planned, "Welcome").people.add(linus)
    room = Room.objects.get(pk=planned.pk)
    for state in (Room.State.SCHEDULED, Room.State.ENDED):
        room.state = state
        assert notices.cues_due(room, list(Segment.objects.filter(room=room))) == []
