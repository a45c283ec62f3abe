"""The sample forum: something to see at any time of the day, a record that is a real one, and nothing real harmed."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chat import messages
from chat.models import Message
from config.sample import forum, names
from config.sample.cast import CAST, TRY, address
from config.sample.programme import FLAGSHIP, MAYORS, SMALL
from live import log, writer
from live.models import Topic
from people.models import Person
from programme.models import Event, Session
from rooms.models import Question, Room, Segment
from rooms.polls import ballots
from rooms.questions import questions
from rooms.show import running, timing
from rooms.show import wire as show_wire

State = Question.State


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """One sample for all who only look; what a test changes is undone after it, as always."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield forum.make(SMALL, timezone.now())
        transaction.set_rollback(True)


@pytest.fixture
def sample(told, db):
    return told


def flagship() -> Room:
    return Room.objects.select_related("session", "conversation").get(session__code=FLAGSHIP)


def person(key: str) -> Person:
    return Person.objects.get(email=address(key))


def test_forty_sessions_and_three_hundred_people(sample):
    assert Session.objects.count() == 45
    assert Person.objects.count() == 300
    assert Session.objects.filter(cancelled=True).count() == 1


def test_something_is_live_something_begins_and_something_is_over(sample):
    rooms = Counter(Room.objects.values_list("state", flat=True))
    assert rooms["live"] >= 4
    assert rooms["open"] >= 1
    assert rooms["ended"] >= 15
    soon = timezone.now() + timedelta(hours=1)
    assert Session.objects.filter(starts_at__gt=timezone.now(), starts_at__lt=soon, cancelled=False).count() >= 4


def test_somebody_is_on_stage_and_nobody_is_faked(sample):
    room = flagship()
    assert [seat.person.name for seat in room.seats.live()] == ["Grace Otieno", "Linus Heikkilä"]
    assert [seat.person for seat in room.seats.behind()] == [person("layla")]
    assert not room.seats.filter(microphone=True).exists()
    assert not room.seats.filter(camera=True).exists()


def test_polls_in_every_state_are_there_to_see(sample):
    polls = flagship().polls
    assert Counter(polls.values_list("state", flat=True)) == {"draft": 1, "open": 1, "closed": 1, "shown": 1}
    assert ballots.counted(polls.get(state="open")).voted == 61
    cloud = polls.get(kind="words")
    assert cloud.struck == ["sensors!!!"]
    assert ballots.counted(cloud).words[0][0] == "trust"


def test_every_record_is_whole(sample):
    topics = Topic.objects.values_list("name", flat=True)
    assert len(topics) > 20
    assert [fault for topic in topics for fault in log.verify(topic)] == []


def test_the_command_that_verifies_a_room_finds_nothing(sample):
    for code in Room.objects.filter(asked__gt=0).values_list("code", flat=True):
        call_command("verify_record", code, stdout=StringIO())


def test_every_state_of_a_question_is_there_to_see(sample):
    states = Counter(flagship().questions.values_list("state", flat=True))
    assert set(states) == {
        State.REVIEW, State.OPEN, State.NEXT, State.NOW, State.ANSWERED, State.WRITTEN, State.DISMISSED,
        State.MERGED, State.WITHDRAWN,
    }  # fmt: skip
    assert sum(states.values()) == 26


def test_adas_own_question_is_third_in_the_queue(sample):
    room = flagship()
    waiting = [*room.questions.queued(), *room.questions.filter(state=State.OPEN).order_by("-votes", "number")]
    assert [question.author_id for question in waiting].index(person("ada").pk) == 2


def test_nothing_was_done_before_it_was_asked_or_after_now(sample):
    now = timezone.now()
    for question in Question.objects.prefetch_related("steps"):
        times = [question.asked_at, *(step.at for step in question.steps.all())]
        assert times == sorted(times)
        assert times[-1] <= now
    assert not Message.objects.filter(at__gt=now).exists()
    first, *_, last = flagship().conversation.messages.all()
    assert last.at - first.at > timedelta(minutes=30)


def test_sessions_that_are_over_have_a_record(sample):
    ended = Room.objects.filter(state=Room.State.ENDED, asked__gt=0)
    assert ended.count() >= 3
    for room in ended:
        assert room.questions.filter(state=State.ANSWERED).exists()
        assert not room.questions.filter(state=State.NOW).exists()
        assert not room.conversation.is_open


def test_each_of_the_cast_can_do_what_is_promised(sample):
    room, sessions = flagship(), Session.objects
    assert {person(key).pk for key in ("grace", "aiko", "olga")} <= room.moderators()
    assert {person(key).pk for key in ("linus", "layla")} <= room.speakers()
    assert room.session.appearances.get(person=person("linus")).remote
    mayors = sessions.get(code=MAYORS)
    assert mayors.admits({person(key).pk for key in ("kofi", "mallory", "ada", "olga")}) == {
        person("kofi").pk, person("olga").pk,
    }  # fmt: skip
    assert {key for key, *_ in TRY} <= set(CAST)
    assert person("olga").is_staff


def test_people_are_balanced_and_from_everywhere(sample):
    everybody = Person.objects.exclude(stakeholder="")
    genders = Counter(everybody.values_list("gender", flat=True))
    assert abs(genders["woman"] - genders["man"]) < 30
    assert everybody.values("country").distinct().count() > 60
    assert set(everybody.values_list("stakeholder", flat=True)) == set(Person.Stakeholder.values)
    assert Person.objects.filter(name__regex="[א-ת]").exists()
    assert Person.objects.filter(name__regex="[ก-ฮ]").exists()


def test_the_same_people_every_time():
    def some():
        chance = Random(7)
        return [stock.name(chance, True) for stock, _ in zip(names.everywhere(chance), range(60), strict=False)]

    assert some() == some()


def test_running_it_again_changes_nothing(sample, capsys):
    before = list(Topic.objects.values_list("name", "seq").order_by("name"))
    call_command("sample_forum")
    assert list(Topic.objects.values_list("name", "seq").order_by("name")) == before
    assert capsys.readouterr().out == ""


@pytest.fixture
def old(sample):
    """As it stands three days later."""
    past = timedelta(days=3)
    Session.objects.update(starts_at=F("starts_at") - past, ends_at=F("ends_at") - past)
    Segment.objects.update(started_at=F("started_at") - past, ended_at=F("ended_at") - past)
    Event.objects.update(starts_on=sample.event.starts_on - past, ends_on=sample.event.ends_on - past)
    return sample


def test_an_old_sample_nobody_used_is_told_anew(old):
    ada = person("ada")
    call_command("sample_forum")
    assert not Event.objects.filter(pk=old.event.pk).exists()
    assert forum.is_current(Event.objects.get(), timezone.now())
    assert person("ada") == ada
    assert Person.objects.count() == 300


def test_what_people_did_in_an_old_sample_stays(old):
    room, ada = flagship(), person("ada")
    asked = writer.do(ada.pk, questions.ask, room, ada, "Does this stay?")
    call_command("sample_forum")
    assert Question.objects.get(pk=asked.pk).room == room
    assert forum.is_current(Event.objects.get(), timezone.now())
    assert log.verify(room.topic) == []


def test_fresh_leaves_no_record_of_what_was(sample):
    room = flagship()
    call_command("sample_forum", fresh=True)
    assert log.seqs([room.topic, room.conversation.topic]) == {}
    assert Room.objects.count() == 45


def test_the_chat_shows_every_kind_of_message(sample):
    shown = messages.picture(flagship().conversation.topic)["messages"]
    assert {message["removed"] for message in shown} == {"", "author", "moderator"}
    assert any(message["edited"] for message in shown)
    assert any(message["reply"] for message in shown)


def test_what_is_live_has_come_to_its_present_part(sample):
    for room in Room.objects.filter(state=Room.State.LIVE):
        run = running.run_of(room)
        assert running.current(run), room
        course = timing.expected(show_wire.parts(run), room.session.starts_at, timezone.now())
        assert abs(course.ends - room.session.ends_at) < timedelta(minutes=2)
    assert running.current(running.run_of(flagship())).title == "Questions"


def test_a_moved_sample_goes_on_where_it_was(old):
    ada = person("ada")
    writer.do(ada.pk, questions.ask, flagship(), ada, "Does this stay?")
    call_command("sample_forum")
    room = flagship()
    assert abs(timing.drift(show_wire.parts(running.run_of(room)), room.session.starts_at)) < 60


def test_speakers_find_their_parts_and_their_notes(sample):
    parts = Segment.objects.filter(room=flagship(), people=person("linus"))
    assert all(part.notes for part in parts)
    assert [part.kind for part in parts] == ["talk", "closing"]
    assert set(Segment.objects.values_list("kind", flat=True)) <= set(Segment.Kind.values)
