"""Who comes on stage, by whom, and who is told."""

import json

import hypothesis
import pytest
from django.db import transaction
from hypothesis import strategies as st

from live import limits, log, writer
from live.refusal import Refused
from people.models import Group, Person
from programme.models import Appearance, Role
from rooms import pictures, record, states
from rooms.media import plans as media_plans
from rooms.models import Room, Seat
from rooms.stage import backstage, plans, seats

from .witness import Witness, as_json, does, heard, refused_as


@pytest.fixture
def witness(room, ada, linus, grace):
    return Witness(room, ada, linus, grace)


def seat_of(person, room: Room) -> Seat | None:
    return Seat.objects.filter(room=room, person=person).first()


def place_of(person, room: Room) -> str | None:
    seat = seat_of(person, room)
    return seat.place if seat else None


def told_to(person) -> list[dict]:
    return [data for event, data in heard(f"person.{person.pk}", 0) if event == "stage"]


def names(told: dict) -> list[str]:
    return [it["name"].split()[0] for it in told["people"]]


def on_stage(room: Room) -> list[str]:
    return names(pictures.picture(room.topic)["stage"])


def green_room(room: Room) -> dict[int, dict]:
    """As frames alone would have it."""
    seats_told: dict[int, dict] = {}
    for event, data in heard(room.backstage, 0):
        if event == "seat" and data.get("gone"):
            seats_told.pop(data["person"], None)
        elif event == "seat":
            seats_told[data["person"]] = {name: value for name, value in data.items() if name != "last"}
    return seats_told


def check_green_room(room: Room) -> None:
    picture = as_json(backstage.picture(room.backstage))
    assert green_room(room) == {it["person"]: it for it in picture["seats"]}


def raise_to_stage(witness: Witness, chair, *people) -> None:
    for person in people:
        witness.does(person, "stage.enter")
        witness.does(chair, "stage.up", person=person.pk)


def crowd(make_person, room: Room, count: int, place: str = Seat.Place.LIVE) -> list:
    people = [make_person(f"extra{number}@crowd.example", name=f"Extra {number}") for number in range(count)]
    for position, person in enumerate(people, 1):
        room.seats.create(person=person, place=place, position=position, since=room.live_at)
    return people


@pytest.fixture
def make_person(django_user_model):
    return django_user_model.objects.create_user


def test_the_green_room_is_not_the_stage(witness, room, linus, grace):
    told = witness.does(linus, "stage.enter")["seat"]
    assert (told["person"], told["place"], told["as"]) == (linus.pk, "backstage", "speaker")
    assert (told["source"], told["screen_source"]) == (2 * linus.pk, 2 * linus.pk + 1)
    assert on_stage(room) == []
    assert not [event for event, _ in heard(room.topic, 0) if event == "stage"]
    check_green_room(room)


def test_up_and_down_again(witness, room, linus, grace):
    raise_to_stage(witness, grace, linus, grace)
    assert on_stage(room) == ["Linus", "Grace"]
    assert "place" not in pictures.picture(room.topic)["stage"]["people"][0]
    witness.does(grace, "stage.down", person=linus.pk)
    assert on_stage(room) == ["Grace"]
    assert place_of(linus, room) == "backstage"
    assert [it["why"] for it in told_to(linus)] == ["entered", "up", "down"]
    check_green_room(room)


def test_entering_twice_changes_nothing(witness, room, linus, grace):
    raise_to_stage(witness, grace, linus)
    before = log.seqs([room.topic, room.backstage])
    assert witness.does(linus, "stage.enter")["seat"]["place"] == "live"
    assert witness.does(grace, "stage.up", person=linus.pk)["seat"]["place"] == "live"
    assert log.seqs([room.topic, room.backstage]) == before


def test_somebody_of_the_audience_is_asked_first_and_told_what_will_be_seen(witness, room, ada, grace):
    witness.does(grace, "stage.up", person=ada.pk)
    assert place_of(ada, room) == "asked"
    assert told_to(ada)[-1] == {
        "room": room.pk,
        "code": room.code,
        "asked": True,
        "shows": ["camera", "microphone", "name", "organisation"],
        "by": {"id": grace.pk, "name": grace.name},
        "turn": None,
    }
    assert on_stage(room) == []
    assert pictures.welcome(ada.pk, room.topic)["may"] == {"publish": False, "backstage": False}
    witness.does(ada, "stage.accept")
    assert on_stage(room) == ["Ada"]
    assert pictures.welcome(ada.pk, room.topic)["may"] == {"publish": True, "backstage": True}
    check_green_room(room)


def test_somebody_comes_up_with_their_voice_alone(witness, room, ada, grace):
    witness.does(grace, "stage.up", person=ada.pk)
    told = witness.does(ada, "stage.accept", camera=False)["seat"]
    assert (told["microphone"], told["camera"]) == (True, False)


def test_who_declines_is_left_alone(witness, room, ada, grace):
    witness.does(grace, "stage.up", person=ada.pk)
    witness.does(ada, "stage.decline")
    assert seat_of(ada, room) is None
    assert witness.tries(ada, "stage.accept") == "stage.not_asked"
    assert witness.tries(ada, "stage.decline") == "stage.not_asked"
    check_green_room(room)


def test_an_attendee_steps_down_to_the_audience_a_speaker_behind_the_stage(witness, room, ada, linus, grace):
    raise_to_stage(witness, grace, linus)
    witness.does(grace, "stage.up", person=ada.pk)
    witness.does(ada, "stage.accept")
    assert witness.does(ada, "stage.leave") == {"seat": None}
    assert witness.does(linus, "stage.leave")["seat"]["place"] == "backstage"
    assert witness.does(linus, "stage.leave") == {"seat": None}
    assert witness.tries(linus, "stage.leave") == "stage.not_seated"
    assert on_stage(room) == []
    check_green_room(room)


def test_a_speaker_who_is_not_there_yet_is_asked_too(witness, room, linus, grace):
    witness.does(grace, "stage.up", person=linus.pk)
    assert place_of(linus, room) == "asked"
    assert witness.does(linus, "stage.enter")["seat"]["place"] == "backstage"


def test_the_chair_needs_nobodys_consent_but_their_own(witness, room, grace):
    assert witness.does(grace, "stage.up", person=grace.pk)["seat"]["place"] == "live"


def test_muting_is_not_undone_by_anybody_else(witness, room, linus, grace):
    raise_to_stage(witness, grace, linus)
    assert witness.does(grace, "stage.mute", person=linus.pk)["seat"]["microphone"] is False
    assert witness.does(grace, "stage.unmute", person=linus.pk)["seat"]["microphone"] is False
    assert told_to(linus)[-1] == {"room": room.pk, "unmute": True, "by": {"id": grace.pk, "name": grace.name}}
    assert witness.does(linus, "stage.set", microphone=True)["seat"]["microphone"] is True
    assert witness.does(grace, "stage.camera_off", person=linus.pk)["seat"]["camera"] is False
    assert [it.get("why") for it in told_to(linus)][-4:] == ["muted", None, "set", "camera_off"]


def test_one_screen_at_a_time(witness, room, linus, grace):
    raise_to_stage(witness, grace, linus, grace)
    assert witness.does(linus, "stage.set", screen=True)["seat"]["screen"]
    assert witness.tries(grace, "stage.set", screen=True) == "stage.screen_taken"
    assert witness.does(grace, "stage.screen_off", person=linus.pk)["seat"]["screen"] is False
    assert witness.does(grace, "stage.set", screen=True)["seat"]["screen"]


def test_stepping_down_ends_a_shared_screen(witness, room, linus, grace):
    raise_to_stage(witness, grace, linus)
    witness.does(linus, "stage.set", screen=True)
    witness.does(grace, "stage.pin", source=2 * linus.pk + 1)
    witness.does(linus, "stage.leave")
    assert seat_of(linus, room).screen is False
    assert pictures.picture(room.topic)["stage"]["pinned"] is None


def test_twelve_on_stage_and_a_screen_counts_as_one(room, linus, grace, make_person):
    crowd(make_person, room, 11)
    for person in (linus, grace):
        does(person, "stage.enter", room)
    does(grace, "stage.up", room, person=linus.pk)
    assert refused_as(linus, "stage.set", room, screen=True) == "stage.full"
    assert refused_as(grace, "stage.up", room, person=grace.pk) == "stage.full"
    does(grace, "stage.down", room, person=room.seats.live().first().person_id)
    does(linus, "stage.set", room, screen=True)
    assert refused_as(grace, "stage.up", room, person=grace.pk) == "stage.full"


def test_who_brings_a_screen_along_needs_two_places(room, linus, grace, make_person):
    crowd(make_person, room, 11)
    does(linus, "stage.enter", room)
    does(linus, "stage.set", room, screen=True)
    assert refused_as(grace, "stage.up", room, person=linus.pk) == "stage.full"


def test_a_stage_that_filled_up_meanwhile_is_full_for_whoever_accepts(room, ada, grace, make_person):
    crowd(make_person, room, 11)
    does(grace, "stage.up", room, person=ada.pk)
    does(grace, "stage.up", room, person=grace.pk)
    assert refused_as(ada, "stage.accept", room) == "stage.full"
    assert place_of(ada, room) == "asked"


def test_a_locked_stage_keeps_speakers_out_but_not_whom_the_chair_asks(witness, room, ada, linus, grace, aiko):
    witness.does(grace, "stage.lock", locked=True)
    assert witness.tries(linus, "stage.enter") == "stage.locked"
    assert witness.does(aiko, "stage.enter")["seat"]["place"] == "backstage"
    witness.does(grace, "stage.up", person=ada.pk)
    assert witness.does(ada, "stage.accept")["seat"]["place"] == "live"
    witness.does(grace, "stage.lock", locked=False)
    assert witness.does(linus, "stage.enter")["seat"]["place"] == "backstage"


def test_an_interlude_hides_everybody(witness, room, linus, grace):
    raise_to_stage(witness, grace, linus)
    witness.does(grace, "stage.hide", hidden=True)
    told = pictures.picture(room.topic)["stage"]
    assert (told["hidden"], told["people"]) == (True, [])
    assert plans.plan(Room.objects.get(pk=room.pk))["hidden"]
    witness.does(grace, "stage.hide", hidden=False)
    assert on_stage(room) == ["Linus"]


def test_nobody_sees_the_soundcheck(room, linus, grace):
    Room.objects.filter(pk=room.pk).update(state=Room.State.OPEN)
    witness = Witness(room, linus, grace)
    raise_to_stage(witness, grace, linus)
    assert on_stage(room) == []
    assert plans.plan(Room.objects.get(pk=room.pk))["hidden"]
    witness.does(grace, "room.state", state="live")
    assert on_stage(room) == ["Linus"]
    assert not plans.plan(Room.objects.get(pk=room.pk))["hidden"]


def test_pinning_what_is_on_stage_only(witness, room, linus, grace):
    assert witness.tries(grace, "stage.pin", source=2 * linus.pk) == "stage.not_live"
    raise_to_stage(witness, grace, linus)
    assert witness.tries(grace, "stage.pin", source=2 * linus.pk + 1) == "stage.not_live"
    witness.does(grace, "stage.pin", source=2 * linus.pk)
    assert pictures.picture(room.topic)["stage"]["pinned"] == 2 * linus.pk
    witness.does(grace, "stage.pin", source=None)
    assert pictures.picture(room.topic)["stage"]["pinned"] is None


def test_the_order_is_the_moderators(witness, room, linus, grace, aiko):
    raise_to_stage(witness, grace, linus, grace, aiko)
    witness.does(grace, "stage.order", people=[aiko.pk, linus.pk])
    assert [seat.person_id for seat in room.seats.live()] == [aiko.pk, linus.pk, grace.pk]
    assert [it["person"] for it in pictures.picture(room.topic)["stage"]["people"]] == [aiko.pk, linus.pk, grace.pk]
    check_green_room(room)


def test_the_chair_is_handed_to_another_moderator(witness, room, linus, grace, aiko):
    assert pictures.picture(room.topic)["stage"]["chair"]["id"] == grace.pk
    assert witness.tries(grace, "stage.chair", person=linus.pk) == "stage.chair_moderates"
    witness.does(grace, "stage.chair", person=aiko.pk)
    assert pictures.picture(room.topic)["stage"]["chair"]["id"] == aiko.pk


def test_whoever_is_removed_is_thrown_out_from_behind_the_stage(witness, room, ada, grace):
    witness.does(grace, "stage.up", person=ada.pk)
    witness.does(ada, "stage.accept")
    assert backstage.welcome(ada.pk, room.backstage)["me"]["id"] == ada.pk
    witness.does(grace, "stage.remove", person=ada.pk)
    assert told_to(ada)[-1] == {"room": room.pk, "seat": None, "why": "removed"}
    assert heard(f"person.{ada.pk}", 0)[-1][0] == "access"
    with pytest.raises(Refused, match=r"^room\.not_yours$"):
        backstage.welcome(ada.pk, room.backstage)
    check_green_room(room)


def test_the_end_of_the_session_empties_the_stage(witness, room, ada, linus, grace):
    raise_to_stage(witness, grace, linus)
    witness.does(linus, "stage.set", screen=True)
    witness.does(grace, "stage.pin", source=2 * linus.pk)
    witness.does(grace, "stage.up", person=ada.pk)
    witness.does(grace, "room.state", state="ended")
    assert not room.seats.exists()
    plan = plans.plan(Room.objects.get(pk=room.pk))
    assert (plan["people"], plan["backstage"], plan["pinned"], plan["hidden"]) == ([], [], None, True)
    assert told_to(linus)[-1] == {"room": room.pk, "seat": None, "why": "ended"}
    assert witness.tries(linus, "stage.enter") == "room.ended"
    check_green_room(room)


def test_who_goes_behind_the_stage(room, ada, linus, grace, aiko, mallory):
    for person in (linus, grace, aiko):
        assert backstage.welcome(person.pk, room.backstage)["me"]["id"] == person.pk
    does(grace, "stage.up", room, person=ada.pk)
    for person in (ada, mallory):  # asked, but without consent; and never asked
        with pytest.raises(Refused, match=r"^room\.not_yours$"):
            backstage.welcome(person.pk, room.backstage)


def test_what_somebody_is_on_the_programme_counts_before_a_role(room, session, aiko, linus):
    Role.objects.create(event=session.event, session=session, person=linus, role=Role.Kind.MODERATOR)
    assert does(linus, "stage.enter", room)["seat"]["as"] == Appearance.As.SPEAKER
    assert does(aiko, "stage.enter", room)["seat"]["as"] == Role.Kind.MODERATOR


OWN = [
    ("stage.enter", {}, "stage.not_yours"),
    ("stage.accept", {}, "stage.not_asked"),
    ("stage.decline", {}, "stage.not_asked"),
    ("stage.leave", {}, "stage.not_seated"),
    ("stage.set", {"microphone": True}, "stage.not_seated"),
]
MODERATORS = [
    ("stage.up", {"person": 1}),
    ("stage.down", {"person": 1}),
    ("stage.remove", {"person": 1}),
    ("stage.mute", {"person": 1}),
    ("stage.unmute", {"person": 1}),
    ("stage.camera_off", {"person": 1}),
    ("stage.screen_off", {"person": 1}),
    ("stage.pin", {"source": None}),
    ("stage.order", {"people": []}),
    ("stage.lock", {"locked": True}),
    ("stage.hide", {"hidden": True}),
    ("stage.chair", {"person": 1}),
]
EVERY = [*[(do, given) for do, given, _ in OWN], *MODERATORS]


@pytest.mark.parametrize(("do", "given", "code"), OWN, ids=[do for do, *_ in OWN])
def test_an_attendee_takes_no_seat(witness, room, ada, do, given, code):
    assert witness.tries(ada, do, **given) == code
    assert not room.seats.exists()


@pytest.mark.parametrize(("do", "given"), MODERATORS, ids=[do for do, _ in MODERATORS])
def test_the_stage_is_the_moderators(witness, room, ada, linus, do, given):
    witness.does(linus, "stage.enter")
    for person in (ada, linus):
        assert witness.tries(person, do, **given) == "room.not_yours"


@pytest.mark.parametrize(("do", "given"), EVERY, ids=[do for do, _ in EVERY])
def test_outsiders_learn_nothing(room, session, mallory, do, given):
    session.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    assert refused_as(mallory, do, room, **given) == "room.unknown"


def test_nobody_is_asked_who_may_not_enter(room, session, grace, mallory):
    session.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    assert refused_as(grace, "stage.up", room, person=mallory.pk) == "person.unknown"
    assert refused_as(grace, "stage.up", room, person=2**40) == "person.unknown"


@pytest.mark.parametrize("do", ["down", "mute", "unmute", "camera_off", "screen_off", "remove"])
def test_there_must_be_somebody_to_do_it_to(room, ada, grace, do):
    missing = "stage.not_live" if do == "down" else "stage.not_seated"
    assert refused_as(grace, f"stage.{do}", room, person=ada.pk) == missing


def test_who_was_only_asked_is_neither_muted_nor_seen(room, ada, grace):
    does(grace, "stage.up", room, person=ada.pk)
    assert refused_as(grace, "stage.mute", room, person=ada.pk) == "stage.not_seated"
    assert refused_as(ada, "stage.set", room, microphone=True) == "stage.not_seated"
    assert refused_as(grace, "stage.down", room, person=ada.pk) == "stage.not_live"
    assert plans.plan(room)["people"] == []


def test_the_plan_names_who_may_publish_and_who_may_watch_behind(room, ada, linus, grace, aiko):
    does(linus, "stage.enter", room)
    does(grace, "stage.up", room, person=linus.pk)
    does(grace, "stage.up", room, person=ada.pk)
    does(grace, "stage.mute", room, person=linus.pk)
    plan = plans.plan(Room.objects.get(pk=room.pk))
    live = {"id": linus.pk, "place": "live", "microphone": False, "camera": True, "screen": False}
    assert plan["people"] == [live]
    assert plan["backstage"] == sorted([linus.pk, grace.pk, aiko.pk])
    assert not plan["hidden"]


def test_every_change_of_the_stage_has_a_revision_of_its_own(room, linus, grace):
    revisions = []
    for do, given in [("stage.enter", {}), ("stage.set", {"microphone": False}), ("stage.leave", {})]:
        does(linus, do, room, **given)
        revisions.append(Room.objects.get(pk=room.pk).stage_revision)
    assert revisions == sorted(set(revisions))


def test_who_lost_the_way_in_is_in_no_plan(room, session, linus, grace, ada):
    does(grace, "stage.up", room, person=ada.pk)
    does(ada, "stage.accept", room)
    session.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    room = Room.objects.select_related("session").get(pk=room.pk)
    assert plans.plan(room)["people"] == []


def publishes(person, room: Room, by=seats.ready, screen: bool = False) -> str:
    """Where they sit, or why they may not."""
    try:
        return writer.do(person.pk, by, room, person, screen).place
    except Refused as no:
        return no.code


def test_a_page_publishes_from_the_seat_that_somebody_has(room, linus, ada):
    assert publishes(linus, room) == publishes(ada, room) == "stage.not_seated"
    does(linus, "stage.enter", room)
    assert publishes(linus, room) == publishes(linus, room, screen=True) == "backstage"
    assert seat_of(linus, room).screen


@pytest.mark.parametrize("place", ["backstage", "live"])
def test_who_is_removed_is_not_brought_back_by_a_page_that_publishes_on(room, linus, grace, place):
    does(linus, "stage.enter", room)
    if place == "live":
        does(grace, "stage.up", room, person=linus.pk)
    does(linus, "stage.set", room, microphone=False)
    does(grace, "stage.remove", room, person=linus.pk)
    assert publishes(linus, room) == publishes(linus, room, screen=True) == "stage.not_seated"
    assert seat_of(linus, room) is None


def test_a_program_is_seated_by_publishing(room, linus, ada):
    assert publishes(linus, room, seats.ready_by_program) == "backstage"
    assert publishes(linus, room, seats.ready_by_program, screen=True) == "backstage"
    assert seat_of(linus, room).screen
    assert publishes(ada, room, seats.ready_by_program) == "stage.not_yours"


def test_nor_is_who_was_removed_by_a_program_until_they_enter_themselves(room, linus, grace):
    publishes(linus, room, seats.ready_by_program)
    does(grace, "stage.remove", room, person=linus.pk)
    assert publishes(linus, room, seats.ready_by_program) == "stage.not_seated"
    does(grace, "stage.up", room, person=linus.pk)
    assert publishes(linus, room, seats.ready_by_program) == "stage.not_seated"
    does(linus, "stage.enter", room)
    assert publishes(linus, room, seats.ready_by_program) == "backstage"
    does(linus, "stage.leave", room)
    assert publishes(linus, room, seats.ready_by_program) == "backstage"


def test_a_room_that_ends_by_itself_has_nobody_on_stage(room, session, linus, grace):
    Room.objects.filter(pk=room.pk).update(state=Room.State.OPEN)
    does(linus, "stage.enter", room)
    session.starts_at, session.ends_at = session.starts_at - 2 * session.duration, session.starts_at - session.duration
    session.save()
    writer.do(grace.pk, states.keep_time_of, room.topic)
    assert not room.seats.exists()


def test_the_record_of_a_stage_tells_who_did_what(room, linus, grace):
    does(linus, "stage.enter", room)
    does(grace, "stage.up", room, person=linus.pk)
    does(grace, "stage.hide", room, hidden=True)
    told = [(data["last"]["what"], data["last"]["by"]["id"]) for _, data in heard(room.backstage, 0)]
    assert told == [("entered", linus.pk), ("up", grace.pk), ("hidden", grace.pk)]
    assert log.verify(room.backstage) == []


def test_whoever_changes_a_seat_behind_the_record_is_found_out(room, linus, grace, aiko):
    for person in (linus, grace, aiko):
        does(person, "stage.enter", room)
    does(aiko, "stage.leave", room)
    assert record.findings(room) == []
    Seat.objects.filter(person=linus).update(place=Seat.Place.LIVE)
    Seat.objects.filter(person=grace).delete()
    Seat.objects.create(room=room, person=aiko, place=Seat.Place.BACKSTAGE, since=room.live_at)
    found = {finding.where for finding in record.findings(room)}
    assert found == {f"seat of person {person.pk}" for person in (linus, grace, aiko)}


STORY = st.lists(
    st.tuples(st.sampled_from(["ada", "linus", "grace", "aiko"]), st.integers(0, 14), st.integers(0, 4)),
    min_size=20,
    max_size=40,
)


def deed(number: int, whom) -> tuple[str, dict]:
    """Any of the commands, about somebody."""
    who = {"person": whom.pk}
    return [
        ("stage.enter", {}),
        ("stage.accept", {"camera": bool(number % 2)}),
        ("stage.leave", {}),
        ("stage.set", {"screen": True}),
        ("stage.set", {"microphone": False, "screen": False}),
        ("stage.up", who),
        ("stage.up", who),
        ("stage.down", who),
        ("stage.remove", who),
        ("stage.mute", who),
        ("stage.pin", {"source": 2 * whom.pk}),
        ("stage.pin", {"source": 2 * whom.pk + 1}),
        ("stage.order", {"people": [whom.pk]}),
        ("stage.hide", {"hidden": bool(whom.pk % 2)}),
        ("stage.screen_off", who),
    ][number]


def check_stage(room: Room) -> None:
    room = Room.objects.get(pk=room.pk)
    assert room.pinned is None or room.pinned in seats.sources(room)
    plan = plans.plan(room)
    assert [it["id"] for it in plan["people"]] == [it.person_id for it in room.seats.publishing()]
    assert {it["id"] for it in plan["people"]} <= set(plan["backstage"])
    assert record.findings(room) == []
    check_green_room(room)


@hypothesis.settings(
    max_examples=6,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
@hypothesis.given(story=STORY)
def test_whatever_is_done_everybody_knows_who_is_on_stage(room, ada, linus, grace, aiko, story, monkeypatch):
    monkeypatch.setattr(Seat, "LIMIT", 3)
    cast = {"ada": ada, "linus": linus, "grace": grace, "aiko": aiko}
    with transaction.atomic():
        witness = Witness(room, *cast.values(), suspicious=False)
        for who, number, whom in story:
            limits.forgive()
            do, given = deed(number, list(cast.values())[whom % 4])
            witness.tries(cast[who], do, **given)
            assert seats.taken(room) <= Seat.LIMIT
        witness.check()
        check_stage(room)
        transaction.set_rollback(True)


@pytest.mark.parametrize("count", [70, 260])
def test_a_worker_reads_the_plan_however_many_wait_behind_the_stage(room, session, linus, count):
    people = Person.objects.bulk_create([Person(email=f"{n}@many.example", name=f"{n}") for n in range(count)])
    Appearance.objects.bulk_create([Appearance(session=session, person=person) for person in people])
    seats = [Seat(room=room, person=it, place=Seat.Place.BACKSTAGE, since=room.live_at) for it in people]
    Seat.objects.bulk_create([*seats, Seat(room=room, person=linus, place=Seat.Place.LIVE, since=room.live_at)])
    read = media_plans.read(json.dumps(plans.plan(room)).encode())
    assert read.allows(linus.pk, "camera")
    assert read.allows(people[0].pk, "camera")
