"""The chair runs the show: moving on, changing it while it runs, ending on time."""

import asyncio
from datetime import timedelta
from typing import get_args

import pytest
from django.utils import timezone

from live import log, writer
from programme.models import Appearance, Document
from rooms import states
from rooms.models import Room, Segment
from rooms.show import clock as show_clock
from rooms.show import commands as show_commands
from rooms.show import show
from rooms.stage import backstage

from .witness import Witness, as_json, does, heard, public_frames, refused_as

RUN = [
    ("opening", "Welcome", 5),
    ("talk", "Night flow", 10),
    ("questions", "Questions", 20),
    ("closing", "Last words", 10),
]
LATER = timedelta(hours=2)


def segments(room: Room) -> list[Segment]:
    return list(room.segments.order_by("position"))


def titled(room: Room, title: str) -> Segment:
    return room.segments.get(title=title)


def on(room: Room) -> str | None:
    return room.segments.filter(started_at__isnull=False, ended_at=None).values_list("title", flat=True).first()


def order(room: Room) -> str:
    return " ".join(it.title.split()[0] for it in segments(room))


@pytest.fixture
def clock(monkeypatch):
    """`clock(5)`: five minutes later."""
    present = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: present[0])

    def forward(minutes: float) -> None:
        present[0] += timedelta(minutes=minutes)

    return forward


@pytest.fixture
def planned(room, session, clock, linus):
    """Live this minute, with 45 minutes to go and a run of show of 45 minutes; nothing has begun."""
    session.starts_at = timezone.now()
    session.ends_at = session.starts_at + timedelta(minutes=45)
    session.save()
    for place, (kind, title, minutes) in enumerate(RUN, 1):
        Segment.objects.create(room=room, position=place, kind=kind, title=title, minutes=minutes, notes=f"On {title}")
    titled(room, "Night flow").people.add(linus)
    return Room.objects.get(pk=room.pk)


@pytest.fixture
def running(planned, grace):
    does(grace, "show.next", planned)
    return planned


@pytest.fixture
def witness(planned, ada, grace):
    return Witness(planned, ada, grace)


def goes_on(person, room: Room) -> None:
    current = room.segments.filter(started_at__isnull=False, ended_at=None).first()
    does(person, "show.next", room, **{"from": current and current.pk})


def proposal(room: Room) -> dict | None:
    return show.behind(room)["proposal"]


# moving on


def test_the_way_through_a_session(witness, grace, planned, clock):
    for title in ["Welcome", "Night flow", "Questions", "Last words", None]:
        current = on(planned) and titled(planned, on(planned)).pk
        witness.does(grace, "show.next", **{"from": current})
        assert on(planned) == title
        assert witness.public.state["show"]["current"] == (title and titled(planned, title).pk)
        clock(3)
    assert [(it.ended_at - it.started_at).total_seconds() for it in segments(planned)] == [180] * 4
    assert witness.tries(grace, "show.next", **{"from": None}) == "show.over"


def test_two_who_press_at_once_move_on_once(running, grace, aiko):
    first = titled(running, "Welcome").pk
    does(grace, "show.next", running, **{"from": first})
    assert refused_as(aiko, "show.next", running, **{"from": first}) == "show.moved"
    assert on(running) == "Night flow"


@pytest.mark.parametrize("do", ["show.next", "show.back"])
def test_it_moves_only_from_what_is_there(running, grace, do):
    assert refused_as(grace, do, running, **{"from": 10**9}) == "show.unknown"


def test_back_to_what_was_left_too_early(witness, grace, planned, clock):
    witness.does(grace, "show.next", **{"from": None})
    began = titled(planned, "Welcome").started_at
    clock(2)
    witness.does(grace, "show.next", **{"from": titled(planned, "Welcome").pk})
    witness.does(grace, "show.back", **{"from": titled(planned, "Night flow").pk})
    assert on(planned) == "Welcome"
    assert titled(planned, "Welcome").started_at == began
    assert titled(planned, "Night flow").started_at is None
    assert witness.tries(grace, "show.back", **{"from": titled(planned, "Welcome").pk}) == "show.nothing_before"


def test_what_is_overtaken_is_still_to_come(witness, grace, planned):
    witness.does(grace, "show.next", **{"from": None})
    witness.does(grace, "show.go", segment=titled(planned, "Questions").pk)
    assert (on(planned), order(planned)) == ("Questions", "Welcome Questions Night Last")
    witness.does(grace, "show.next", **{"from": titled(planned, "Questions").pk})
    assert on(planned) == "Night flow"
    assert witness.tries(grace, "show.go", segment=titled(planned, "Welcome").pk) == "show.begun"


def test_what_is_left_out_is_not_come_to(witness, grace, planned):
    it = titled(planned, "Night flow")
    witness.does(grace, "show.edit", segment=it.pk, rev=it.revision, skipped=True)
    witness.does(grace, "show.next", **{"from": None})
    witness.does(grace, "show.next", **{"from": titled(planned, "Welcome").pk})
    assert on(planned) == "Questions"
    assert order(planned) == "Welcome Night Questions Last"


def test_going_to_what_was_left_out_takes_it_in_again(running, grace):
    it = titled(running, "Questions")
    does(grace, "show.edit", running, segment=it.pk, rev=it.revision, skipped=True)
    does(grace, "show.go", running, segment=it.pk)
    assert (on(running), titled(running, "Questions").skipped) == ("Questions", False)


def test_back_is_to_what_was_on_last_wherever_it_stands(witness, grace, planned, clock):
    welcome, night_flow, questions, last_words = (titled(planned, title) for _, title, _ in RUN)
    witness.does(grace, "show.edit", segment=night_flow.pk, rev=1, skipped=True)
    witness.does(grace, "show.go", segment=welcome.pk)
    for it in (questions, night_flow, last_words):
        clock(1)
        witness.does(grace, "show.go", segment=it.pk)
    witness.does(grace, "show.back", **{"from": last_words.pk})
    assert on(planned) == night_flow.title


def test_nothing_moves_before_the_session_is_live(planned, grace):
    Room.objects.filter(pk=planned.pk).update(state=Room.State.OPEN)
    welcome = titled(planned, "Welcome").pk
    assert refused_as(grace, "show.next", planned) == "show.not_live"
    assert refused_as(grace, "show.back", planned) == "show.not_live"
    assert refused_as(grace, "show.go", planned, segment=welcome) == "show.not_live"


def test_going_live_begins_it_and_the_end_ends_it(witness, grace, planned, clock):
    Room.objects.filter(pk=planned.pk).update(state=Room.State.OPEN)
    witness = Witness(planned, grace)
    witness.does(grace, "room.state", state="live")
    assert on(planned) == "Welcome"
    clock(3)
    witness.does(grace, "room.state", state="ended")
    assert on(planned) is None
    assert titled(planned, "Welcome").ended_at == timezone.now()
    assert witness.public.state["show"]["current"] is None


def test_an_end_that_was_none_leaves_the_last_part_on(running, grace):
    goes_on(grace, running)
    began = titled(running, "Night flow").started_at
    does(grace, "room.state", running, state="ended")
    does(grace, "room.state", running, state="live")
    assert on(running) == "Night flow"
    assert titled(running, "Night flow").started_at == began


def test_a_session_without_a_run_of_show_goes_live_all_the_same(room, grace):
    Room.objects.filter(pk=room.pk).update(state=Room.State.OPEN)
    does(grace, "room.state", room, state="live")
    assert refused_as(grace, "show.next", room) == "show.over"


# who may


@pytest.mark.parametrize("who", ["ada", "linus", "mallory"])
@pytest.mark.parametrize(
    ("do", "with_"),
    [
        ("show.next", {}),
        ("show.back", {}),
        ("show.go", {"segment": 1}),
        ("show.edit", {"segment": 1, "rev": 1}),
        ("show.add", {"kind": "talk", "title": "Mine", "minutes": 5}),
        ("show.remove", {"segment": 1, "rev": 1}),
        ("show.move", {"segment": 1, "rev": 1, "before": None}),
        ("show.propose", {}),
        ("show.accept", {"proposal": 1}),
        ("show.decline", {"proposal": 1}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_only_moderators_run_it(planned, request, who, do, with_):
    before = log.seqs([planned.topic, planned.backstage])
    assert refused_as(request.getfixturevalue(who), do, planned, **with_) == "room.not_yours"
    assert log.seqs([planned.topic, planned.backstage]) == before


def test_notes_are_for_the_stage(running, grace, linus, ada):
    does(grace, "show.edit", running, segment=titled(running, "Welcome").pk, rev=2, notes="Thank the mayor")
    assert "Thank the mayor" in str(backstage.picture(running.backstage))
    assert "Thank the mayor" in str(heard(running.backstage, 0))
    assert "Thank the mayor" not in str(heard(running.topic, 0))
    assert "notes" not in str(public_frames(running))


# changing it


def test_it_is_written_before_the_session(session, grace, clock):
    session.starts_at, session.ends_at = session.starts_at + LATER, session.ends_at + LATER
    session.save()
    room = states.prepare(session)
    first = does(grace, "show.add", room, kind="opening", title="  Wel\ncome ", minutes=5)
    does(grace, "show.add", room, kind="talk", title="Before it", minutes=5, before=first["segment"])
    assert [it.title for it in segments(room)] == ["Before it", "Wel come"]


def test_everything_about_a_part_can_be_changed(witness, grace, linus, planned, session):
    paper = Document.objects.create(session=session, title="Figures", url="https://figures.example/")
    it = titled(planned, "Questions")
    fields = {
        "kind": "panel",
        "title": "Panel",
        "who": "All",
        "minutes": 25,
        "notes": "Keep it short",
        "remote": True,
        "confirmed": False,
        "people": [linus.pk, grace.pk],
        "documents": [paper.pk],
    }
    reply = witness.does(grace, "show.edit", segment=it.pk, rev=it.revision, **fields)
    told = next(each for each in backstage.picture(planned.backstage)["segments"] if each["id"] == it.pk)
    expected = {**fields, "people": sorted(fields["people"]), "documents": [{"title": "Figures", "url": paper.url}]}
    assert {name: told[name] for name in fields} == expected
    assert told["rev"] == reply["rev"]


def test_nobody_overwrites_anybody_unseen(planned, grace, aiko):
    it = titled(planned, "Questions")
    does(grace, "show.edit", planned, segment=it.pk, rev=it.revision, title="Your questions")
    for do, more in [("show.edit", {"title": "Q&A"}), ("show.remove", {}), ("show.move", {"before": None})]:
        assert refused_as(aiko, do, planned, segment=it.pk, rev=it.revision, **more) == "show.changed"


def test_who_and_what_belongs_to_a_part_belongs_here(planned, grace, ada, session):
    it = titled(planned, "Questions")
    elsewhere = Document.objects.create(session=other(session), title="Theirs", url="https://theirs.example/")
    assert refused_as(grace, "show.edit", planned, segment=it.pk, rev=1, people=[ada.pk]) == "person.unknown"
    wrong = refused_as(grace, "show.edit", planned, segment=it.pk, rev=1, documents=[elsewhere.pk])
    assert wrong == "show.no_document"


def other(session):
    session.pk, session.guid, session.code = None, "6f1f2a5e-8a52-4f0e-9d63-5b2b7a1c9e10", "elsewhere"
    session.save()
    return session


def test_new_minutes_are_a_new_plan(running, grace):
    it = titled(running, "Questions")
    does(grace, "show.edit", running, segment=it.pk, rev=it.revision, seconds=900)
    it.refresh_from_db()
    assert it.agreed == 900
    does(grace, "show.edit", running, segment=it.pk, rev=it.revision, minutes=30)
    it.refresh_from_db()
    assert (it.seconds, it.agreed) == (None, 1800)


def test_what_is_over_stays_as_long_as_it_was(running, grace):
    goes_on(grace, running)
    it = titled(running, "Welcome")
    for fields in ({"minutes": 1}, {"seconds": 60}, {"skipped": True}):
        assert refused_as(grace, "show.edit", running, segment=it.pk, rev=it.revision, **fields) == "show.begun"
    for do, more in [("show.remove", {}), ("show.move", {"before": None})]:
        assert refused_as(grace, do, running, segment=it.pk, rev=it.revision, **more) == "show.begun"
    does(grace, "show.edit", running, segment=it.pk, rev=it.revision, title="Welcome, all")


def test_what_is_on_is_not_left_out(running, grace):
    it = titled(running, "Welcome")
    assert refused_as(grace, "show.edit", running, segment=it.pk, rev=it.revision, skipped=True) == "show.begun"


def test_parts_change_places(witness, grace, planned):
    it, before = titled(planned, "Last words"), titled(planned, "Night flow")
    witness.does(grace, "show.move", segment=it.pk, rev=1, before=before.pk)
    assert order(planned) == "Welcome Last Night Questions"
    it.refresh_from_db()
    witness.does(grace, "show.move", segment=it.pk, rev=it.revision, before=None)
    assert order(planned) == "Welcome Night Questions Last"
    assert [each.position for each in segments(planned)] == [1, 2, 3, 4]


def test_nothing_is_put_before_what_has_begun(running, grace):
    begun, it = titled(running, "Welcome"), titled(running, "Questions")
    assert refused_as(grace, "show.move", running, segment=it.pk, rev=it.revision, before=begun.pk) == "show.begun"
    new = {"kind": "talk", "title": "New", "minutes": 5, "before": begun.pk}
    assert refused_as(grace, "show.add", running, **new) == "show.begun"


def test_a_part_is_taken_out(witness, grace, planned):
    it = titled(planned, "Night flow")
    witness.does(grace, "show.remove", segment=it.pk, rev=1)
    assert it.pk not in witness.public.segments
    assert order(planned) == "Welcome Questions Last"


def test_it_has_an_end(planned, grace):
    Segment.objects.bulk_create(
        Segment(room=planned, position=place, kind="talk", title="Talk", minutes=1) for place in range(5, 101)
    )
    assert refused_as(grace, "show.add", planned, kind="talk", title="One more", minutes=1) == "show.too_long"


def test_after_the_end_it_is_a_record(running, grace):
    does(grace, "room.state", running, state="ended")
    it = titled(running, "Questions")
    assert refused_as(grace, "show.edit", running, segment=it.pk, rev=it.revision, title="No") == "room.ended"
    assert refused_as(grace, "show.add", running, kind="talk", title="No", minutes=1) == "room.ended"
    assert refused_as(grace, "show.remove", running, segment=it.pk, rev=it.revision) == "room.ended"
    assert refused_as(grace, "show.move", running, segment=it.pk, rev=it.revision, before=None) == "room.ended"


def test_a_part_may_be_of_every_kind_there_is():
    assert set(get_args(show_commands.Kind)) == set(Segment.Kind.values)


# ending on time


@pytest.fixture
def late(running, grace, clock):
    """The welcome took nine minutes instead of five."""
    clock(9)
    goes_on(grace, running)
    return running


def test_a_late_session_is_offered_what_to_shorten(late):
    questions = titled(late, "Questions")
    told = proposal(late)
    assert (told["late"], told["left"]) == (240, 0)
    assert told["changes"] == [[questions.pk, 1200, 960, "discussion"]]
    assert [data for event, data in heard(late.backstage, 0) if event == "proposal"] == [as_json(told)]
    assert not [event for event, _ in public_frames(late) if event == "proposal"], "the audience is not asked"


def test_accepted_everyone_has_the_new_times_at_once(late, grace, ada):
    witness = Witness(late, ada)
    witness.does(grace, "show.accept", proposal=proposal(late)["id"])
    assert titled(late, "Questions").agreed == 960
    assert witness.public.state["show"]["ends"] == late.session.ends_at.isoformat()
    assert proposal(late) is None


def test_accepted_once(late, grace, aiko):
    made = proposal(late)["id"]
    does(grace, "show.accept", late, proposal=made)
    assert refused_as(aiko, "show.accept", late, proposal=made) == "show.overtaken"
    assert refused_as(aiko, "show.decline", late, proposal=made) == "show.overtaken"
    assert refused_as(aiko, "show.accept", late, proposal=10**9) == "show.unknown"


def test_declined_it_leaves_the_chair_in_peace_for_a_while(late, grace, clock):
    does(grace, "show.decline", late, proposal=proposal(late)["id"])
    clock(11.5)  # the talk is 90 seconds over
    passes(late)
    assert proposal(late) is None
    clock(1)
    passes(late)
    assert proposal(late)["late"] == 390


def passes(room: Room) -> None:
    """The clock's turn, as the web process takes it."""
    if show.is_behind_time(Room.objects.get(pk=room.pk)):
        writer.do(0, show.keep_time_of, room.topic)


def test_the_clock_proposes_while_somebody_speaks_on(running, clock):
    clock(6)
    passes(running)
    assert proposal(running) is None, "a minute is nothing"
    clock(1)
    passes(running)
    first = proposal(running)
    assert first["late"] == 120
    clock(0.5)
    passes(running)
    assert proposal(running) == first, "and not anew all the time"
    clock(1)
    passes(running)
    assert proposal(running)["late"] == 210
    assert running.proposals.get(pk=first["id"]).state == "overtaken"


def test_many_clocks_are_as_one(running, clock):
    clock(8)
    for _ in range(3):
        writer.do(0, show.keep_time_of, running.topic)
    assert running.proposals.count() == 1


def test_what_was_made_up_for_is_not_proposed_any_more(late, grace):
    it = titled(late, "Last words")
    does(grace, "show.edit", late, segment=it.pk, rev=it.revision, seconds=300)
    assert proposal(late) is None
    assert late.proposals.last().state == "overtaken"


def test_a_proposal_asked_for(running, grace, clock):
    assert refused_as(grace, "show.propose", running) == "show.on_time"
    clock(5.5)
    made = does(grace, "show.propose", running)
    assert made["changes"] == [[titled(running, "Questions").pk, 1200, 1170, "discussion"]]
    assert does(grace, "show.propose", running)["id"] == made["id"]


def test_when_nothing_can_be_shortened_it_says_so(running, grace, clock):
    for title in ("Night flow", "Questions", "Last words"):
        it = titled(running, title)
        does(grace, "show.edit", running, segment=it.pk, rev=it.revision, skipped=True)
    clock(50)
    passes(running)
    assert proposal(running) is None
    assert refused_as(grace, "show.propose", running) == "show.nothing_to_shorten"


def test_the_end_of_the_session_ends_the_asking(late, grace):
    does(grace, "room.state", late, state="ended")
    assert proposal(late) is None


def test_only_a_live_session_is_shortened(running, grace, clock):
    does(grace, "room.state", running, state="ended")
    clock(60)
    assert refused_as(grace, "show.propose", running) == "show.not_live"


@pytest.mark.django_db(transaction=True)
def test_the_clock_of_the_process(running, clock, linus):
    async def look(find):
        return await asyncio.to_thread(find)

    clock(8)
    asyncio.run(show_clock.keep_time(look))
    assert proposal(running)["late"] == 180
    assert running.notices.filter(to=linus).count() == 1
    assert show_clock.behind_time() == []


# the speaker's own


def test_a_name_on_the_programme_is_enough_to_be_given_a_part(planned, grace, ines, session):
    Appearance.objects.create(session=session, person=ines)
    it = titled(planned, "Questions")
    does(grace, "show.edit", planned, segment=it.pk, rev=1, people=[ines.pk])
    assert [each.pk for each in it.people.all()] == [ines.pk]
