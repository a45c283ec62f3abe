"""What happens in a room for two."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from live import log, writer
from live.commands import envelope, find, given
from live.refusal import Refused
from live.topics import kind_of
from people import blocks, connections
from people.models import Connection, Report
from programme.models import Appearance, Event, Session, Star
from rooms.media import plans as media_plans
from rooms.models import Booking, Meeting, Pair
from rooms.pair import clock, lookup, merge, notes, pairs
from rooms.pair import plans as pair_plans
from rooms.stage import plans
from tests.rooms.witness import does, heard, refused_as

from .conftest import NOBODY, opened, shifted

FIRST, SECOND = "first0000001", "second000002"


def told(pair: Pair) -> dict:
    return lookup.picture(pair.topic)["pair"]


def events(pair: Pair) -> list[str]:
    return [event for event, _ in heard(pair.topic, 0)]


# coming and going


def test_the_code_cannot_be_guessed(ada, ines):
    codes = {opened(ada, ines).code for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 20 for code in codes)


def test_a_picture_and_a_welcome(pair, ada, ines):
    assert lookup.picture(pair.topic)["people"] == [
        {"id": ada.pk, "name": ada.name},
        {"id": ines.pk, "name": ines.name},
    ]
    assert told(pair)["state"] == "open"
    assert kind_of(pair.topic).welcome(ines.pk, pair.topic) == {
        "me": {"id": ines.pk, "name": ines.name},
        "other": {"id": ada.pk, "name": ada.name},
        "why": "",
        "conversation": pair.conversation_id,
        "stay": False,
        "mutual": False,
        "session": "",
    }


@pytest.mark.parametrize("language", ["en", "ar"])
def test_why_is_said_in_the_language_of_whoever_reads(pair, ada, monkeypatch, language):
    type(ada).objects.filter(pk=ada.pk).update(language=language)
    monkeypatch.setattr(lookup.acquaintance, "say", lambda _why, viewer: f"{viewer}: {translation.get_language()}")
    assert kind_of(pair.topic).welcome(ada.pk, pair.topic)["why"] == f"{ada.pk}: {language}"


def test_everybody_who_comes_is_seen_to_have_come(pair, ada, ines):
    does(ada, "pair.here", pair, session=FIRST)
    assert set(told(pair)["came"]) == {str(ada.pk)}
    assert does(ines, "pair.here", pair, session=SECOND) == {"pages": {str(ada.pk): FIRST, str(ines.pk): SECOND}}
    assert events(pair) == ["pair", "pair"]


def test_the_newest_page_of_somebody_wins_and_the_earlier_one_is_silent(pair, ada, ines):
    does(ada, "pair.here", pair, session=FIRST)
    does(ada, "pair.here", pair, session=SECOND)
    assert told(pair)["pages"] == {str(ada.pk): SECOND}
    assert refused_as(ada, "pair.signal", pair, session=FIRST, bye=True) == "pair.elsewhere"
    assert refused_as(ada, "pair.signal", pair, session=SECOND, bye=True) == ""
    does(ada, "pair.leave", pair, session=FIRST)
    assert told(pair)["pages"] == {str(ada.pk): SECOND}


def test_who_left_may_come_back(pair, ada):
    does(ada, "pair.here", pair, session=FIRST)
    came = told(pair)["came"]
    does(ada, "pair.leave", pair, session=FIRST)
    assert told(pair)["pages"] == {}
    does(ada, "pair.here", pair, session=SECOND)
    assert told(pair)["came"] == came


def test_nothing_is_said_twice(pair, ada):
    for _ in range(2):
        does(ada, "pair.here", pair, session=FIRST)
    assert events(pair) == ["pair"]


@pytest.mark.parametrize("session", ["", "short", "x" * 33, "with space", "<script>"])
def test_a_page_has_a_plain_name(pair, ada, session):
    assert refused_as(ada, "pair.here", pair, session=session) == "command.malformed"


# by the clock


def test_it_opens_five_minutes_before_and_ends_by_the_clock(ada, ines):
    pair = opened(ada, ines, minutes=6)
    assert told(pair)["state"] == "early"
    assert refused_as(ada, "pair.here", pair, session=FIRST) == "pair.not_open"
    shifted(pair, 2)
    assert told(pair)["state"] == "open"
    assert refused_as(ada, "pair.here", pair, session=FIRST) == ""
    shifted(pair, 60)
    assert told(pair)["state"] == "ended"
    assert refused_as(ada, "pair.here", pair, session=SECOND) == "pair.over"


def test_the_clock_says_the_end_once(pair, ada):
    does(ada, "pair.here", pair, session=FIRST)
    assert not clock.some_are_over()
    shifted(pair, 15)
    assert clock.some_are_over()
    for _ in range(2):
        writer.do(NOBODY, pairs.end_those_over)
    assert not clock.some_are_over()
    assert events(pair) == ["pair", "pair"]
    last = heard(pair.topic, 0)[-1][1]
    assert (last["state"], last["pages"]) == ("ended", {})
    assert last["ended"]


def test_whoever_wants_to_know_of_an_end_is_told(pair, monkeypatch):
    over = []
    monkeypatch.setattr(pairs, "_listeners", [over.append])
    writer.do(NOBODY, pairs.end, pair)
    assert over == [pair]


def test_a_meeting_that_is_moved_keeps_its_address(pair):
    later = timezone.now() + timedelta(hours=2)
    writer.do(NOBODY, pairs.move, pair, later, later + timedelta(minutes=20))
    assert told(pair)["starts"] == later.isoformat()
    assert Pair.objects.get(pk=pair.pk).code == pair.code


def test_who_is_there_stays_there_when_only_the_end_is_moved(pair, ada):
    assert refused_as(ada, "pair.here", pair, session=FIRST) == ""
    came = Pair.objects.get(pk=pair.pk).one_here_at
    assert came
    writer.do(NOBODY, pairs.move, pair, pair.starts_at, pair.ends_at + timedelta(minutes=5))
    assert Pair.objects.get(pk=pair.pk).one_here_at == came
    writer.do(NOBODY, pairs.move, pair, pair.starts_at + timedelta(minutes=5), pair.ends_at)
    assert Pair.objects.get(pk=pair.pk).one_here_at is None


def test_what_has_ended_is_not_opened_by_moving_it(pair, ada):
    writer.do(NOBODY, pairs.end, pair)
    later = timezone.now() + timedelta(minutes=1)
    writer.do(NOBODY, pairs.move, pair, later, later + timedelta(minutes=20))
    assert refused_as(ada, "pair.here", pair, session=FIRST) == "pair.over"


# signals


OFFER = {"type": "offer", "sdp": "v=0\r\n" + "a" * (12 * 1024 - 5)}


@pytest.mark.parametrize(
    "signal",
    [
        {"description": OFFER},
        {"candidate": {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0}},
        {"candidate": None},
        {"state": {"microphone": True, "camera": False, "screen": False, "holds": "voice", "chosen": False}},
        {"restart": True},
        {"bye": True},
    ],
    ids=["description", "candidate", "no more candidates", "state", "restart", "bye"],
)
def test_a_signal_is_for_the_other_alone_and_is_not_kept(pair, ada, ines, signal):
    does(ada, "pair.here", pair, session=FIRST)
    [whispered] = said_by(ada, "pair.signal", pair, session=FIRST, of=SECOND, **signal)
    assert (whispered.topic, whispered.event, whispered.durable) == (pair.topic, "signal", False)
    addressed = {"to": ines.pk, "from": ada.pk, "session": FIRST, "of": SECOND}
    assert json.loads(whispered.data) == addressed | signal


def said_by(person, do: str, pair: Pair, /, **with_) -> list[log.Saying]:
    asked = envelope(json.dumps({"do": do, "ref": "r", "on": pair.topic, "with": with_}))
    command = find(asked)
    with log.listening() as said:
        command.verb(person.pk, pair.topic, given(asked, command.decoder))
    return said


def test_the_longest_description_fits_a_frame(settings):
    signal = {"session": "x" * 32, "of": "y" * 32, "description": OFFER}
    frame = json.dumps({"do": "pair.signal", "ref": "r" * 36, "on": f"pair.{10**17}", "with": signal})
    assert len(frame) < settings.LIVE_FRAME_LIMIT


@pytest.mark.parametrize(
    "signal",
    [
        {},
        {"bye": True, "candidate": None},
        {"description": {"type": "offer", "sdp": OFFER["sdp"] + "a"}},
        {"description": {"type": "offer", "sdp": "", "more": 1}},
        {"candidate": {"candidate": "x" * 1001}},
        {"state": {"holds": "all"}},
        {"to": 3, "bye": True},
    ],
    ids=[
        "nothing",
        "two at once",
        "too long",
        "more than there is",
        "long candidate",
        "half a state",
        "to somebody else",
    ],
)
def test_what_is_no_signal_is_not_passed_on(pair, ada, signal):
    does(ada, "pair.here", pair, session=FIRST)
    assert refused_as(ada, "pair.signal", pair, session=FIRST, **signal) == "command.malformed"


# staying longer


def test_it_is_prolonged_when_both_wish_it(pair, ada, ines):
    assert does(ada, "pair.extend", pair, on=True) == {"wishes": [ada.pk], "ends": pair.ends_at.isoformat()}
    later = pair.ends_at + timedelta(minutes=5)
    assert does(ines, "pair.extend", pair, on=True) == {"wishes": [], "ends": later.isoformat()}
    assert (told(pair)["ends"], told(pair)["extended"]) == (later.isoformat(), 5)


def test_one_alone_cannot_prolong_it(pair, ada):
    for _ in range(3):
        does(ada, "pair.extend", pair, on=True)
    assert told(pair)["extended"] == 0


def test_whoever_has_to_go_ends_the_wish(pair, ada, ines):
    does(ada, "pair.extend", pair, on=True)
    does(ines, "pair.extend", pair, on=False)
    assert told(pair)["wishes"] == []
    does(ines, "pair.extend", pair, on=True)
    assert told(pair)["extended"] == 0


def test_who_leaves_wishes_for_nothing_more(pair, ada, ines):
    does(ada, "pair.here", pair, session=FIRST)
    does(ada, "pair.extend", pair, on=True)
    does(ada, "pair.leave", pair, session=FIRST)
    does(ines, "pair.extend", pair, on=True)
    assert told(pair)["extended"] == 0


def test_half_an_hour_is_the_most_that_is_added(pair, ada, ines):
    for _ in range(6):
        for person in (ada, ines):
            does(person, "pair.extend", pair, on=True)
    assert told(pair)["extended"] == 30
    assert told(pair)["extendable"] == 0
    assert refused_as(ada, "pair.extend", pair, on=True) == "pair.long_enough"


def test_a_round_ends_for_everybody_at_once(ada, ines):
    pair = opened(ada, ines, Pair.Kind.ROUND)
    assert told(pair)["extendable"] == 0
    assert refused_as(ada, "pair.extend", pair, on=True) == "pair.round"


@pytest.fixture
def meeting(pair, ada, ines) -> Meeting:
    """The one that the room belongs to."""
    event = Event.objects.create(slug="dsf", name="Forum", starts_on=timezone.now(), ends_on=timezone.now())
    two = {"proposer": ada, "invitee": ines, "conversation": pair.conversation}
    meeting = Meeting.objects.create(event=event, starts_at=pair.starts_at, ends_at=pair.ends_at, **two)
    Pair.objects.filter(pk=pair.pk).update(meeting=meeting)
    return meeting


def expected_elsewhere(person, meeting: Meeting, at) -> None:
    other = Meeting.objects.create(
        event=meeting.event, proposer=person, invitee=meeting.invitee, conversation=meeting.conversation
    )
    Booking.objects.create(person=person, at=at, meeting=other)


@pytest.mark.parametrize("minutes", [0, 4], ids=["at its end", "soon after"])
def test_it_cannot_be_prolonged_into_another_meeting(pair, meeting, ada, minutes):
    expected_elsewhere(ada, meeting, pair.ends_at + timedelta(minutes=minutes))
    assert told(pair)["extendable"] == 0
    assert refused_as(ada, "pair.extend", pair, on=True) == "pair.not_free"


def test_it_can_be_prolonged_until_another_meeting(pair, meeting, ada, ines):
    expected_elsewhere(ada, meeting, pair.ends_at + timedelta(minutes=5))
    assert told(pair)["free_until"] == (pair.ends_at + timedelta(minutes=5)).isoformat()
    for person in (ada, ines):
        does(person, "pair.extend", pair, on=True)
    assert refused_as(ines, "pair.extend", pair, on=True) == "pair.not_free"


def test_nobody_can_book_the_minutes_that_are_added(pair, meeting, ada, ines):
    for person in (ada, ines):
        does(person, "pair.extend", pair, on=True)
    booked = Booking.objects.filter(meeting=meeting, at=pair.ends_at).values_list("person", flat=True)
    assert set(booked) == {ada.pk, ines.pk}


def test_it_cannot_be_prolonged_into_another_room_for_two(pair, ada, ines, linus):
    opened(linus, ada, minutes=16)
    assert refused_as(ines, "pair.extend", pair, on=True) == "pair.not_free"


@pytest.mark.parametrize("minutes", [-30, 3], ids=["that is on", "that begins soon"])
@pytest.mark.parametrize("by", [Star, Appearance], ids=["starred", "speaks in"])
def test_it_cannot_be_prolonged_into_a_session(pair, meeting, ines, ada, minutes, by):
    starts = pair.ends_at + timedelta(minutes=minutes)
    times = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    session = Session.objects.create(event=meeting.event, code="A1", title="Water", **times)
    assert told(pair)["extendable"] == 5
    by.objects.create(person=ines, session=session)
    assert told(pair)["extendable"] == 0
    assert refused_as(ada, "pair.extend", pair, on=True) == "pair.not_free"


# staying in touch


def test_a_wish_to_stay_in_touch_is_secret_until_it_is_mutual(pair, ada, ines):
    before = kind_of(pair.topic).welcome(ines.pk, pair.topic)
    said = said_by(ada, "pair.stay", pair, on=True)
    assert {it.topic for it in said} == {f"person.{ada.pk}"}
    assert kind_of(pair.topic).welcome(ines.pk, pair.topic) == before
    assert does(ines, "pair.stay", pair, on=True) == {"stay": True, "mutual": True}
    for person in (ada, ines):
        assert kind_of(pair.topic).welcome(person.pk, pair.topic)["mutual"]
    assert connections.are_connected(ada.pk, ines.pk)


def test_a_wish_can_be_taken_back_without_anybody_noticing(pair, ada, ines):
    does(ada, "pair.stay", pair, on=True)
    said = said_by(ada, "pair.stay", pair, on=False)
    assert {it.topic for it in said} == {f"person.{ada.pk}"}
    assert not Connection.objects.exists()
    assert does(ines, "pair.stay", pair, on=True)["mutual"] is False


def test_what_is_mutual_is_not_undone_here(pair, ada, ines):
    for person in (ada, ines):
        does(person, "pair.stay", pair, on=True)
    assert refused_as(ada, "pair.stay", pair, on=False) == "pair.met"


def test_one_may_stay_in_touch_after_the_end_and_not_before(ada, ines):
    pair = opened(ada, ines, minutes=30)
    assert refused_as(ada, "pair.stay", pair, on=True) == "pair.not_open"
    shifted(pair, 60)
    assert does(ada, "pair.stay", pair, on=True) == {"stay": True, "mutual": False}


# blocking


def test_a_block_ends_the_room_for_both_at_once(pair, ada, ines):
    does(ada, "pair.here", pair, session=FIRST)
    does(ada, "pair.block", pair)
    assert heard(pair.topic, 0)[-1][1]["state"] == "ended"
    for person in (ada, ines):
        assert refused_as(person, "pair.here", pair, session=SECOND) == "topic.unknown"
    assert not Report.objects.exists()


def test_nobody_reads_from_the_end_who_wished_it(pair, ada, ines):
    does(ada, "pair.here", pair, session=FIRST)
    does(ines, "pair.block", pair)
    told = heard(pair.topic, 0)[-1][1]
    assert str(ines.pk) not in {*map(str, told["wishes"]), *told["pages"], *told["came"]}
    assert "by" not in " ".join(told)


def test_a_report_reaches_the_organisers_with_the_evidence(pair, ada, ines):
    does(ines, "pair.block", pair, report="He would not stop.")
    report = Report.objects.get()
    assert (report.by, report.about, report.text) == (ines, ada, "He would not stop.")
    assert report.evidence["topic"] == pair.conversation.topic


def test_a_block_from_elsewhere_ends_it_as_well(pair, ada, ines):
    writer.do(ines.pk, blocks.block, ines.pk, ada.pk)
    assert Pair.objects.get(pk=pair.pk).ended_at


def test_people_who_must_not_meet_get_no_room(ada, ines):
    writer.do(ines.pk, blocks.block, ines.pk, ada.pk)
    with pytest.raises(Refused, match=r"person\.unknown"):
        opened(ada, ines)


# notes


def written(pair: Pair, person, base: str, text: str, rev: int | None = None) -> Pair:
    it = lookup.found(pair.code, person.pk)
    return notes.write(person.pk, it, notes.Written(it.notes_revision if rev is None else rev, base, text))


def test_notes_are_the_same_for_both_and_stay(pair, ada, ines):
    written(pair, ada, "", "clause 14")
    kept = written(pair, ines, "clause 14", "clause 14\npilot in September")
    assert (kept.notes_revision, kept.notes) == (2, "clause 14\npilot in September")
    assert [(event, data["put"]) for event, data in heard(pair.topic, 0)] == [
        ("notes", ["clause 14"]),
        ("notes", ["pilot in September"]),
    ]
    shifted(pair, 60)
    assert lookup.picture(pair.topic)["notes"] == {"rev": 2, "text": kept.notes, "by": ines.pk}
    with pytest.raises(Refused, match=r"pair\.over"):
        written(pair, ada, kept.notes, "too late")


def test_what_was_typed_at_the_last_moment_is_kept(pair, ada):
    shifted(pair, 15)
    assert written(pair, ada, "", "clause 14").notes == "clause 14"
    writer.do(NOBODY, pairs.end_those_over)
    assert written(pair, ada, "clause 14", "clause 15").notes == "clause 15"
    Pair.objects.update(ended_at=timezone.now() - timedelta(minutes=5))
    with pytest.raises(Refused, match=r"pair\.over"):
        written(pair, ada, "clause 15", "too late")


def test_nothing_is_written_where_somebody_ended_it(pair, ada, ines):
    writer.do(ines.pk, pairs.end, pair, ines.pk)
    with pytest.raises(Refused, match=r"pair\.over"):
        written(pair, ada, "", "one more thing")


def test_what_both_write_at_the_same_time_stands(pair, ada, ines):
    written(pair, ada, "", "from Ada")
    kept = written(pair, ines, "", "from Inês", rev=0)
    assert kept.notes.split("\n") == ["from Ada", "from Inês"]


def test_the_other_may_be_faster_once_more(pair, ada, ines, monkeypatch):
    """Between reading and writing, Inês writes."""
    calls = []

    def joined(it, given):
        if not calls:
            calls.append(written(pair, ines, "", "from Inês"))
        return merge.merged(given.base, it.notes, given.text)

    monkeypatch.setattr(notes, "joined", joined)
    kept = written(pair, ada, "", "from Ada", rev=7)
    assert kept.notes.split("\n") == ["from Inês", "from Ada"]


def test_what_is_sent_again_changes_nothing(pair, ada):
    for _ in range(2):
        kept = written(pair, ada, "", "clause 14", rev=0)
    assert (kept.notes_revision, kept.notes) == (1, "clause 14")


def test_notes_have_an_end(pair, ada, ines):
    written(pair, ada, "", "a" * 15_000)
    with pytest.raises(Refused, match=r"notes\.too_long"):
        written(pair, ines, "", "b" * 15_000, rev=0)
    assert lookup.picture(pair.topic)["notes"]["text"] == "a" * 15_000


def test_notes_keep_what_a_database_can_keep(pair, ada):
    assert written(pair, ada, "", "a\x00b\r\nc\td").notes == "ab\nc\td"


# what a media worker is told


def test_each_may_publish_and_watch_and_nobody_else(pair, ada, ines):
    plan = media_plans.read(json.dumps(plans.plans_of([pair.media_id])[pair.media_id]).encode())
    assert (plan.room, plan.topic) == (pair.media_id, pair.topic)
    assert [(person.id, person.place, person.screen) for person in plan.people] == [
        (ada.pk, "live", True),
        (ines.pk, "live", True),
    ]
    assert (plan.audience, plan.backstage) == ([ada.pk, ines.pk], [])


def test_a_room_that_is_not_open_has_nobody(ada, ines):
    pair = opened(ada, ines, minutes=6)
    assert plans.plans_of([pair.media_id])[pair.media_id]["people"] == []
    shifted(pair, 2)
    pair.refresh_from_db()
    assert pair_plans.plan(pair)["people"]
    writer.do(NOBODY, pairs.end, pair)
    assert pair_plans.plan(pair) | {"revision": 0} == {
        "room": pair.media_id,
        "revision": 0,
        "topic": pair.topic,
        "people": [],
        "audience": [],
    }


def test_a_room_for_two_and_a_sessions_room_have_different_numbers(pair, room):
    Pair.objects.filter(pk=pair.pk).update(id=room.pk)
    pair = Pair.objects.get(pk=room.pk)
    assert pair.media_id != room.media_id
    found = plans.plans_of([pair.media_id, room.media_id])
    assert {number: plan["room"] for number, plan in found.items()} == {number: number for number in found}
    assert len(found) == 2
    assert plans.kind_of(room.media_id).topics(room.media_id) == [room.topic, room.backstage]
    assert plans.kind_of(pair.media_id).topics(pair.media_id) == [pair.topic]
