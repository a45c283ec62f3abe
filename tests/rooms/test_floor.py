"""The speakers' list: one queue for hands, questions and announcements, and who has the floor."""

from datetime import timedelta

import pytest

from people.models import Person
from rooms.models import Question, Room, Turn
from rooms.stage import backstage

from .witness import Witness, as_json, asks, does, heard, refused_as


@pytest.fixture
def clock(time_machine, session):
    """Stands still until it is moved, in the middle of the session."""
    time_machine.move_to(session.starts_at + timedelta(minutes=30), tick=False)
    return time_machine


@pytest.fixture
def witness(room, ada, ines, layla, grace, linus):
    return Witness(room, ada, ines, layla, grace, linus)


def raised(witness, *people, **more) -> list[int]:
    return [witness.does(person, "hand.raise", **more)["id"] for person in people]


def seen(witness, pk) -> dict:
    return {"turn": pk, "rev": witness.desk.turns[pk]["rev"]}


def chair(witness, by, do, pk, **more):
    return witness.does(by, f"floor.{do}", **seen(witness, pk), **more)


def states(witness, *pks) -> list[str]:
    return [witness.desk.turns[pk]["state"] for pk in pks]


def in_order(witness) -> list[int]:
    waiting = [it for it in witness.public.turns.values() if it["state"] == "waiting"]
    return [it["id"] for it in sorted(waiting, key=lambda it: (not it["point_of_order"], it["position"], it["number"]))]


def spoken(witness, pk) -> float:
    return witness.desk.turns[pk]["spoken"]


# raising and lowering


def test_a_hand_is_seen_by_everyone_with_who_and_from_where(witness, ada):
    [pk] = raised(witness, ada)
    turn = witness.public.turns[pk]
    assert turn["by"] == {"id": ada.pk, "name": "Ada Ndiaye", "organisation": "City of Dakar", "country": "SN"}
    assert (turn["state"], turn["kind"], turn["number"], turn["seconds"]) == ("waiting", "hand", 1, 120)
    assert (witness.desk.turns[pk]["region"], witness.desk.turns[pk]["stakeholder"]) == ("africa", "government")


def test_who_stands_in_the_list_is_not_added_twice(witness, ada):
    raised(witness, ada)
    assert witness.tries(ada, "hand.raise") == "hand.up"


def test_lowered_and_raised_again_is_a_new_turn_at_the_end(witness, ada, ines):
    [one, two] = raised(witness, ada, ines)
    witness.does(ada, "hand.lower")
    [three] = raised(witness, ada)
    assert states(witness, one, two, three) == ["lowered", "waiting", "waiting"]
    assert in_order(witness) == [two, three]
    assert one not in witness.public.turns


def test_nothing_to_lower(witness, ada, ines):
    [pk] = raised(witness, ines)
    assert witness.tries(ada, "hand.lower") == "hand.none"
    assert witness.tries(ada, "hand.lower", turn=pk) == "hand.none"


def test_of_two_turns_the_newest_is_lowered_or_the_one_that_is_named(witness, ada):
    [hand] = raised(witness, ada)
    [order] = raised(witness, ada, point_of_order=True)
    witness.does(ada, "hand.lower")
    assert states(witness, hand, order) == ["waiting", "lowered"]
    [order] = raised(witness, ada, point_of_order=True)
    witness.does(ada, "hand.lower", turn=hand)
    assert states(witness, hand, order) == ["lowered", "waiting"]


def test_a_closed_list_takes_points_of_order_only(witness, ada, ines, grace):
    [pk] = raised(witness, ada)
    witness.does(grace, "floor.open", open=False)
    assert witness.public.state["floor"] == {"open": False, "turn_seconds": 120}
    assert witness.tries(ines, "hand.raise") == "floor.closed"
    [order] = raised(witness, ines, point_of_order=True)
    assert in_order(witness) == [order, pk]
    witness.does(grace, "floor.open", open=True)
    raised(witness, ines)


def test_who_speaks_hands_in_the_rest_though_the_list_is_closed(witness, room, ada, ines, grace):
    """As when their line gives way: the page takes the turn back that cannot be spoken, and hands in the words."""
    [pk] = raised(witness, ada)
    chair(witness, grace, "invite", pk)
    witness.does(ada, "stage.accept")
    witness.does(grace, "floor.open", open=False)
    assert witness.tries(ada, "hand.raise", in_writing="Water is life.") == "hand.up"
    witness.does(ada, "hand.lower")
    [words] = raised(witness, ada, in_writing="Water is life.")
    assert states(witness, pk, words) == ["finished", "waiting"]
    assert witness.tries(ines, "hand.raise", in_writing="Me too.") == "floor.closed"
    witness.does(ada, "hand.lower")
    assert witness.tries(ada, "hand.raise") == "floor.closed"


def test_who_stands_in_the_list_hands_in_words_beside_it_though_it_is_closed(witness, ada, grace):
    raised(witness, ada, point_of_order=True)
    witness.does(grace, "floor.open", open=False)
    raised(witness, ada, in_writing="Water is life.")


def test_who_was_silenced_raises_no_hand(witness, room, ada, grace):
    pk = asks(ada, room, "x").pk
    does(grace, "desk.silence", room, question=pk)
    assert refused_as(ada, "hand.raise", room) == "person.silenced"


@pytest.mark.parametrize(
    ("state", "code"),
    [pytest.param("scheduled", "room.not_open", id="before"), pytest.param("ended", "room.ended", id="after")],
)
def test_hands_are_raised_while_the_room_runs(room, ada, state, code):
    room.session.starts_at += timedelta(days=1)
    room.session.ends_at += timedelta(days=1)
    room.session.save()
    Room.objects.filter(pk=room.pk).update(state=state)
    assert refused_as(ada, "hand.raise", room) == code


# in writing


def test_what_is_handed_in_is_read_by_the_chair_alone_until_it_is_read_out(witness, ada, grace):
    [pk] = raised(witness, ada, in_writing="  Water\u0000 is life.\n\n\n\nThis concludes my intervention. ")
    text = "Water is life.\n\nThis concludes my intervention."
    assert "text" not in witness.public.turns[pk]
    assert witness.desk.turns[pk]["text"] == witness.own[ada.pk].turns[pk]["text"] == text
    chair(witness, grace, "invite", pk)
    assert states(witness, pk) == ["speaking"]
    assert witness.public.turns[pk]["text"] == text
    chair(witness, grace, "finish", pk)
    assert witness.public.turns[pk]["text"] == text


def test_nothing_to_be_read_out_is_refused(witness, ada):
    assert witness.tries(ada, "hand.raise", in_writing=" \u200b ") == "floor.empty"


# the chair gives the floor


def test_the_whole_way_of_a_turn(witness, ada, grace, clock):
    [pk] = raised(witness, ada)
    chair(witness, grace, "start", pk)
    clock.shift(30)
    chair(witness, grace, "pause", pk)
    clock.shift(600)
    chair(witness, grace, "resume", pk)
    clock.shift(15)
    chair(witness, grace, "finish", pk)
    assert (states(witness, pk), spoken(witness, pk)) == (["finished"], 45)
    assert witness.desk.state["totals"] == {
        "people": [["Ada Ndiaye", 45]],
        "regions": [["africa", 45]],
        "stakeholders": [["government", 45]],
    }


def test_starting_one_finishes_the_present_one(witness, ada, ines, grace, clock):
    [one, two] = raised(witness, ada, ines)
    chair(witness, grace, "start", one)
    clock.shift(20)
    chair(witness, grace, "start", two)
    assert states(witness, one, two) == ["finished", "speaking"]
    assert spoken(witness, one) == 20


def test_a_point_of_order_interposes_and_who_was_interrupted_goes_on(witness, ada, ines, grace, clock):
    [hand] = raised(witness, ada)
    chair(witness, grace, "start", hand)
    clock.shift(10)
    [order] = raised(witness, ines, point_of_order=True)
    chair(witness, grace, "start", order)
    assert states(witness, hand, order) == ["paused", "speaking"]
    clock.shift(5)
    chair(witness, grace, "finish", order, next=True)
    assert states(witness, hand, order) == ["speaking", "finished"]
    clock.shift(10)
    chair(witness, grace, "finish", hand)
    assert (spoken(witness, hand), spoken(witness, order)) == (20, 5)


def test_one_point_of_order_after_the_other_leaves_the_speaker_paused(witness, ada, ines, layla, grace):
    [hand] = raised(witness, ada)
    orders = raised(witness, ines, layla, point_of_order=True)
    for pk in (hand, *orders):
        chair(witness, grace, "start", pk)
    assert states(witness, hand, *orders) == ["paused", "finished", "speaking"]
    witness.does(layla, "hand.lower")
    assert states(witness, hand, *orders) == ["speaking", "finished", "finished"]


def test_resuming_ends_the_interruption(witness, ada, ines, grace):
    [hand] = raised(witness, ada)
    [order] = raised(witness, ines, point_of_order=True)
    chair(witness, grace, "start", hand)
    chair(witness, grace, "start", order)
    chair(witness, grace, "resume", hand)
    assert states(witness, hand, order) == ["speaking", "finished"]


def test_who_has_the_floor_yields_it(witness, ada, grace, clock):
    [pk] = raised(witness, ada)
    chair(witness, grace, "start", pk)
    clock.shift(7)
    witness.does(ada, "hand.lower")
    assert (states(witness, pk), spoken(witness, pk)) == (["finished"], 7)


def test_somebody_on_stage_who_is_invited_has_the_floor_at_once(witness, room, ada, linus, grace):
    does(linus, "stage.enter", room)
    does(grace, "stage.up", room, person=linus.pk)
    witness = Witness(room, ada, linus)
    [pk] = raised(witness, linus)
    chair(witness, grace, "invite", pk)
    assert states(witness, pk) == ["speaking"]


def test_who_is_invited_comes_up_and_speaks(witness, ada, grace):
    [pk] = raised(witness, ada)
    chair(witness, grace, "invite", pk)
    assert states(witness, pk) == ["invited"]
    assert witness.own[ada.pk].state["seat"]["place"] == "asked"
    witness.does(ada, "stage.accept")
    assert states(witness, pk) == ["speaking"]
    witness.does(ada, "stage.leave")
    assert states(witness, pk) == ["finished"]


def test_who_comes_up_while_another_speaks_waits_for_the_chair(witness, ada, ines, grace):
    [one, two] = raised(witness, ada, ines)
    chair(witness, grace, "start", one)
    chair(witness, grace, "invite", two)
    witness.does(ines, "stage.accept")
    assert states(witness, one, two) == ["speaking", "invited"]
    chair(witness, grace, "finish", one, next=True)
    assert states(witness, one, two) == ["finished", "speaking"]


def test_a_point_of_order_that_comes_up_does_not_wait(witness, ada, ines, grace):
    [one] = raised(witness, ada)
    [two] = raised(witness, ines, point_of_order=True)
    chair(witness, grace, "start", one)
    chair(witness, grace, "invite", two)
    witness.does(ines, "stage.accept")
    assert states(witness, one, two) == ["paused", "speaking"]


def test_who_would_rather_not_come_up_is_off_the_list(witness, ada, grace):
    [pk] = raised(witness, ada)
    chair(witness, grace, "invite", pk)
    witness.does(ada, "stage.decline")
    assert states(witness, pk) == ["lowered"]


@pytest.mark.parametrize(("do", "state"), [("no_answer", "no_answer"), ("skip", "skipped"), ("lower", "lowered")])
def test_who_is_passed_over_is_not_asked_to_come_up_any_more(witness, room, ada, grace, do, state):
    [pk] = raised(witness, ada)
    chair(witness, grace, "invite", pk)
    chair(witness, grace, do, pk)
    assert states(witness, pk) == [state]
    assert not room.seats.exists()
    assert witness.tries(ada, "stage.accept") == "stage.not_asked"


def test_taken_down_by_the_chair_the_floor_is_free(witness, ada, grace):
    [pk] = raised(witness, ada)
    chair(witness, grace, "invite", pk)
    witness.does(ada, "stage.accept")
    witness.does(grace, "stage.down", person=ada.pk)
    assert states(witness, pk) == ["finished"]


@pytest.mark.parametrize(
    ("leaves", "state"),
    [
        pytest.param(lambda witness, ada, grace: witness.does(ada, "stage.leave"), "lowered", id="by themselves"),
        pytest.param(
            lambda witness, ada, grace: witness.does(grace, "stage.down", person=ada.pk), "skipped", id="down"
        ),
        pytest.param(
            lambda witness, ada, grace: witness.does(grace, "stage.remove", person=ada.pk), "skipped", id="away"
        ),
    ],
)
def test_nobody_waits_for_somebody_who_was_called_and_left_the_stage(witness, ada, ines, layla, grace, leaves, state):
    [one, two, three] = raised(witness, ines, ada, layla)
    chair(witness, grace, "start", one)
    chair(witness, grace, "invite", two)
    witness.does(ada, "stage.accept")
    leaves(witness, ada, grace)
    assert states(witness, one, two) == ["speaking", state]
    chair(witness, grace, "finish", one, next=True)
    assert states(witness, three) == ["invited"]


def test_nobody_waits_for_somebody_whose_call_was_taken_back(witness, ada, ines, layla, grace):
    [one, two, three] = raised(witness, ines, ada, layla)
    chair(witness, grace, "start", one)
    chair(witness, grace, "invite", two)
    witness.does(grace, "stage.remove", person=ada.pk)
    chair(witness, grace, "finish", one, next=True)
    assert states(witness, two, three) == ["skipped", "invited"]
    chair(witness, grace, "readd", two)
    assert in_order(witness) == [two]


def test_what_is_read_out_goes_on_without_its_author(witness, room, ada, linus, grace):
    does(linus, "stage.enter", room)
    does(grace, "stage.up", room, person=linus.pk)
    witness = Witness(room, ada, linus)
    [pk] = raised(witness, linus, in_writing="Water is life.")
    chair(witness, grace, "start", pk)
    witness.does(linus, "stage.leave")
    assert states(witness, pk) == ["speaking"]


def test_the_next_one_is_called_by_finishing(witness, ada, ines, layla, grace):
    [one, two, three] = raised(witness, ada, ines, layla)
    chair(witness, grace, "start", one)
    chair(witness, grace, "finish", one, next=True)
    assert states(witness, one, two, three) == ["finished", "invited", "waiting"]
    chair(witness, grace, "start", three)
    chair(witness, grace, "finish", three, next=True)
    assert states(witness, two, three) == ["invited", "finished"], "nobody else while somebody is on their way"


# order


def test_the_order_is_the_chairs(witness, ada, ines, layla, grace):
    [one, two, three] = raised(witness, ada, ines, layla)
    chair(witness, grace, "move", three, before=one)
    assert in_order(witness) == [three, one, two]
    chair(witness, grace, "move", three, before=None)
    assert in_order(witness) == [one, two, three]


def test_where_it_gets_tight_the_whole_list_is_given_room(witness, room, ada, ines, layla, grace):
    [one, two, three] = raised(witness, ada, ines, layla)
    for pk, position in ((one, 7), (two, 8)):
        Turn.objects.filter(pk=pk).update(position=position)
    witness = Witness(room, ada, grace)
    chair(witness, grace, "move", three, before=two)
    assert in_order(witness) == [one, three, two]


def test_points_of_order_keep_to_themselves(witness, ada, ines, grace):
    [hand] = raised(witness, ada)
    [order] = raised(witness, ines, point_of_order=True)
    assert witness.tries(grace, "floor.move", **seen(witness, hand), before=order) == "turn.order_first"
    assert witness.tries(grace, "floor.move", **seen(witness, order), before=hand) == "turn.order_first"
    assert witness.tries(grace, "floor.move", **seen(witness, hand), before=10**9) == "turn.not_waiting"


def test_who_was_skipped_comes_back_at_the_end(witness, ada, ines, grace):
    [one, two] = raised(witness, ada, ines)
    chair(witness, grace, "skip", one)
    chair(witness, grace, "readd", one)
    assert in_order(witness) == [two, one]


def test_who_raised_another_hand_meanwhile_is_not_added_again(witness, ada, grace):
    [pk] = raised(witness, ada)
    chair(witness, grace, "skip", pk)
    raised(witness, ada)
    assert witness.tries(grace, "floor.readd", **seen(witness, pk)) == "turn.listed"


def test_who_spoke_may_speak_again_and_both_count(witness, ada, grace, clock):
    [pk] = raised(witness, ada)
    for _ in range(2):
        chair(witness, grace, "start", pk)
        clock.shift(30)
        chair(witness, grace, "finish", pk)
        chair(witness, grace, "readd", pk)
    assert spoken(witness, pk) == 60


def test_who_has_more_to_say_is_given_time_for_it(witness, ada, grace, clock):
    [pk] = raised(witness, ada)
    chair(witness, grace, "start", pk)
    clock.shift(130.5)
    chair(witness, grace, "finish", pk)
    chair(witness, grace, "readd", pk)
    assert (witness.public.turns[pk]["seconds"], spoken(witness, pk)) == (131 + 120, 130.5)


def test_who_was_stopped_early_keeps_the_time_they_were_given(witness, grace, clock):
    [pk] = witness.does(grace, "floor.add", name="Deputy Mayor of Bari", seconds=600)["done"]
    chair(witness, grace, "start", pk)
    clock.shift(20)
    chair(witness, grace, "finish", pk)
    chair(witness, grace, "readd", pk)
    assert witness.public.turns[pk]["seconds"] == 600


def test_who_was_passed_over_has_the_time_they_had(witness, ada, grace):
    [pk] = raised(witness, ada)
    chair(witness, grace, "skip", pk)
    chair(witness, grace, "readd", pk)
    assert witness.public.turns[pk]["seconds"] == 120


def test_all_hands_are_lowered_what_was_announced_stays(witness, ada, ines, grace):
    hands = raised(witness, ada, ines)
    [announced] = witness.does(grace, "floor.add", name="Deputy Mayor of Bari")["done"]
    assert witness.does(grace, "floor.lower_all") == {"lowered": 2}
    assert states(witness, *hands, announced) == ["lowered", "lowered", "waiting"]


# announced


def test_an_announced_intervention_of_somebody_without_an_account(witness, grace):
    given = {"name": "Deputy  Mayor of\nMashhad", "organisation": "Mashhad", "country": "IR", "seconds": 300}
    [pk] = witness.does(grace, "floor.add", **given)["done"]
    turn = witness.desk.turns[pk]
    assert turn["by"] == {"id": None, "name": "Deputy Mayor of Mashhad", "organisation": "Mashhad", "country": "IR"}
    assert (turn["kind"], turn["seconds"], turn["region"]) == ("announced", 300, "asia_pacific")
    chair(witness, grace, "invite", pk)
    assert states(witness, pk) == ["speaking"]


def test_an_announced_intervention_of_somebody_registered(witness, ada, grace):
    [pk] = witness.does(grace, "floor.add", person=ada.pk, text="Water is life.", in_writing=True)["done"]
    assert witness.own[ada.pk].turns[pk]["text"] == "Water is life."
    assert witness.desk.turns[pk]["by"]["name"] == "Ada Ndiaye"
    assert witness.tries(grace, "floor.add", person=ada.pk) == "turn.listed"
    assert witness.tries(ada, "hand.raise") == "hand.up"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({}, "floor.nameless", id="nobody"),
        pytest.param({"name": " \u200b"}, "floor.nameless", id="an empty name"),
        pytest.param({"person": 10**9}, "person.unknown", id="nobody we know"),
        pytest.param({"name": "x" * 201}, "command.malformed", id="an endless name"),
        pytest.param({"name": "x", "country": "it"}, "command.malformed", id="no country"),
        pytest.param({"name": "x", "seconds": 5}, "command.malformed", id="too short"),
    ],
)
def test_what_cannot_be_announced(witness, grace, given, code):
    assert witness.tries(grace, "floor.add", **given) == code


def test_the_list_is_made_before_the_room_opens(room, ada, grace):
    room.session.starts_at += timedelta(days=1)
    room.session.ends_at += timedelta(days=1)
    room.session.save()
    Room.objects.filter(pk=room.pk).update(state="scheduled")
    witness = Witness(room, ada)
    pks = [witness.does(grace, "floor.add", name=name)["done"][0] for name in ("Bari", "Tirana")]
    chair(witness, grace, "move", pks[1], before=pks[0])
    assert in_order(witness) == pks[::-1]
    assert witness.tries(grace, "floor.start", **seen(witness, pks[0])) == "room.not_open"


# questions to be said


@pytest.fixture
def question(witness, room, ada):
    """In review; Ada would like to say it herself."""
    return witness.does(ada, "question.ask", text="Who pays?", aloud=True)["id"]


def approve(witness, by, pk):
    witness.does(by, "desk.approve", questions=[[pk, witness.desk.questions[pk]["rev"]]])


def turn_of(witness, pk):
    [turn] = [it for it in witness.desk.turns.values() if it["question"] == witness.desk.questions[pk]["number"]]
    return turn["id"]


def test_a_question_to_be_said_stands_in_the_list_once_it_is_public(witness, ada, grace, question):
    assert witness.desk.turns == {}
    approve(witness, grace, question)
    turn = witness.public.turns[turn_of(witness, question)]
    assert (turn["kind"], turn["question"], turn["by"]["id"]) == ("question", 1, ada.pk)
    assert witness.public.questions[question]["aloud"]


def test_it_stands_there_at_once_where_new_ones_are_not_reviewed(witness, ada, grace):
    witness.does(grace, "room.set", moderation=False)
    pk = witness.does(ada, "question.ask", text="Who pays?", aloud=True)["id"]
    assert states(witness, turn_of(witness, pk)) == ["waiting"]


def test_once_said_it_is_answered(witness, grace, question):
    approve(witness, grace, question)
    pk = turn_of(witness, question)
    chair(witness, grace, "start", pk)
    chair(witness, grace, "finish", pk)
    assert witness.public.questions[question]["state"] == "answered"


@pytest.mark.parametrize("deed", ["dismiss", "withdraw", "merge", "answered", "edit"])
def test_its_turn_goes_with_it(witness, room, ada, ines, grace, question, deed):
    approve(witness, grace, question)
    pk, rev = turn_of(witness, question), witness.desk.questions[question]["rev"]
    other = witness.does(ines, "question.ask", text="Who pays for it?")["id"]
    by, do, given = {
        "dismiss": (grace, "desk.dismiss", {"questions": [[question, rev]], "reason": "no_time"}),
        "withdraw": (ada, "question.withdraw", {"question": question}),
        "merge": (grace, "desk.merge", {"question": question, "rev": rev, "into": other}),
        "answered": (grace, "desk.answered", {"question": question, "rev": rev}),
        "edit": (ada, "question.edit", {"question": question, "rev": rev, "text": "Who will pay?"}),
    }[deed]
    witness.does(by, do, **given)
    assert states(witness, pk) == ["lowered"]


def test_its_turn_comes_back_with_it(witness, ada, grace, question):
    approve(witness, grace, question)
    pk = turn_of(witness, question)
    witness.does(grace, "desk.dismiss", questions=[[question, 2]], reason="no_time")
    witness.does(grace, "desk.undo")
    assert states(witness, pk) == ["waiting"]


def test_whoever_lowers_the_hand_leaves_the_question_to_be_read(witness, ada, grace, question):
    approve(witness, grace, question)
    pk = turn_of(witness, question)
    witness.does(ada, "hand.lower")
    assert (states(witness, pk), witness.public.questions[question]["state"]) == (["lowered"], "open")
    assert not witness.public.questions[question]["aloud"]
    witness.does(grace, "desk.next", questions=[[question, witness.desk.questions[question]["rev"]]])
    assert states(witness, pk) == ["lowered"]
    chair(witness, grace, "readd", pk)
    assert (states(witness, pk), witness.public.questions[question]["aloud"]) == (["waiting"], True)


def test_a_question_that_is_dealt_with_is_not_added_again(witness, ada, grace, question):
    approve(witness, grace, question)
    pk = turn_of(witness, question)
    witness.does(ada, "question.withdraw", question=question)
    assert witness.tries(grace, "floor.readd", **seen(witness, pk)) == "question.wrong_state"


def test_nobody_says_a_question_without_a_name(witness, ada):
    assert witness.tries(ada, "question.ask", text="x", aloud=True, anonymous=True) == "questions.aloud_named"


def test_a_closed_list_takes_no_questions_to_be_said(witness, ada, grace):
    witness.does(grace, "floor.open", open=False)
    assert witness.tries(ada, "question.ask", text="x", aloud=True) == "floor.closed"
    witness.does(ada, "question.ask", text="x")


def test_dismissed_while_it_is_said_the_floor_stays(witness, grace, question):
    approve(witness, grace, question)
    pk = turn_of(witness, question)
    chair(witness, grace, "start", pk)
    witness.does(grace, "desk.dismiss", questions=[[question, 2]], reason="no_time")
    assert states(witness, pk) == ["speaking"]
    chair(witness, grace, "finish", pk)
    assert Question.objects.get(pk=question).state == "dismissed"


# time


def test_more_time(witness, ada, grace):
    [pk] = raised(witness, ada)
    witness.does(grace, "floor.extend", turn=pk)
    witness.does(grace, "floor.extend", turn=pk, seconds=60)
    assert witness.public.turns[pk]["seconds"] == 210
    chair(witness, grace, "skip", pk)
    assert witness.tries(grace, "floor.extend", turn=pk) == "turn.over"


def test_time_has_an_end(witness, ada, grace):
    [pk] = raised(witness, ada)
    Turn.objects.filter(pk=pk).update(seconds=Turn.LONGEST - 1)
    does(grace, "floor.extend", witness.room, turn=pk, seconds=600)
    assert Turn.objects.get(pk=pk).seconds == Turn.LONGEST


def test_another_length_counts_for_those_who_wait_as_long_as_everybody(witness, ada, ines, grace):
    [one, two] = raised(witness, ada, ines)
    witness.does(grace, "floor.extend", turn=two)
    witness.does(grace, "floor.set", turn_seconds=60)
    assert [witness.public.turns[pk]["seconds"] for pk in (one, two)] == [60, 150]
    assert witness.public.state["floor"] == {"open": True, "turn_seconds": 60}


def test_a_clock_that_is_set_back_takes_no_time_away(witness, ada, grace, clock):
    [pk] = raised(witness, ada)
    chair(witness, grace, "start", pk)
    clock.shift(-30)
    chair(witness, grace, "finish", pk)
    assert spoken(witness, pk) == 0


def test_the_end_of_the_session_ends_the_turn(witness, room, ada, ines, grace, clock):
    [one, two] = raised(witness, ada, ines)
    chair(witness, grace, "start", one)
    clock.shift(9)
    witness.does(grace, "room.state", state="ended")
    assert (states(witness, one, two), spoken(witness, one)) == (["finished", "waiting"], 9)
    assert witness.tries(grace, "floor.start", **seen(witness, two)) == "room.ended"
    assert witness.tries(grace, "floor.skip", **seen(witness, two)) == "room.ended"


# who may, and what they saw


EVERY_DEED = ["invite", "start", "pause", "resume", "finish", "skip", "no_answer", "lower", "readd", "move"]


@pytest.mark.parametrize("do", EVERY_DEED)
def test_nothing_is_done_to_what_changed_meanwhile(witness, ada, grace, aiko, do):
    [pk] = raised(witness, ada)
    witness.does(grace, "floor.extend", turn=pk)
    more = {"before": None} if do == "move" else {}
    assert witness.tries(aiko, f"floor.{do}", turn=pk, rev=1, **more) == "turn.changed"
    assert witness.tries(aiko, f"floor.{do}", turn=10**9, rev=1, **more) == "turn.unknown"


@pytest.mark.parametrize(
    ("do", "code"),
    [
        ("pause", "turn.not_speaking"), ("resume", "turn.not_paused"), ("finish", "turn.not_speaking"),
        ("no_answer", "turn.not_invited"), ("readd", "turn.listed"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_to_one_who_waits(witness, ada, grace, do, code):
    [pk] = raised(witness, ada)
    assert witness.tries(grace, f"floor.{do}", **seen(witness, pk)) == code


@pytest.mark.parametrize("do", ["invite", "start", "skip", "lower", "move"])
def test_what_cannot_be_done_to_one_who_has_spoken(witness, ada, grace, do):
    [pk] = raised(witness, ada)
    chair(witness, grace, "start", pk)
    chair(witness, grace, "finish", pk)
    more = {"before": None} if do == "move" else {}
    assert witness.tries(grace, f"floor.{do}", **seen(witness, pk), **more) == "turn.not_waiting"


WHAT = {
    **{f"floor.{do}": {"turn": 1, "rev": 1} for do in EVERY_DEED},
    "floor.move": {"turn": 1, "rev": 1, "before": None},
    "floor.extend": {"turn": 1},
    "floor.lower_all": {},
    "floor.add": {"name": "x"},
    "floor.open": {"open": False},
    "floor.set": {"turn_seconds": 60},
}


@pytest.mark.parametrize("do", WHAT)
def test_only_moderators_run_the_list(room, ada, linus, do):
    assert [refused_as(person, do, room, **WHAT[do]) for person in (ada, linus)] == ["room.not_yours"] * 2


# fairness on record


def test_another_one_than_was_suggested_is_on_record(witness, ada, ines, grace):
    [one, two] = raised(witness, ada, ines)
    assert witness.desk.state["suggestion"]["turn"] == one
    chair(witness, grace, "start", two)
    assert [witness.desk.turns[pk]["overridden"] for pk in (one, two)] == [False, True]
    chair(witness, grace, "start", one)
    assert not witness.desk.turns[one]["overridden"]


def test_what_the_chair_did_is_on_record(witness, room, ada, ines, grace):
    _, two = raised(witness, ada, ines)
    chair(witness, grace, "invite", two)
    witness.does(grace, "floor.open", open=False)
    acts = [data for event, data in heard(room.desk, 0) if event == "floor.act"]
    by = {"id": grace.pk, "name": grace.name}
    assert acts == [
        {"what": "invited", "by": by, "turn": 2, "suggested": 1},
        {"what": "closed", "by": by, "turn": None, "suggested": None},
    ]


def test_hints_and_the_suggestion_follow_who_was_heard(witness, ada, ines, layla, grace, clock):
    [one, two, three] = raised(witness, ada, ines, layla)
    chair(witness, grace, "start", one)
    clock.shift(60)
    chair(witness, grace, "finish", one)
    [four] = raised(witness, ada)
    hints = {pk: [hint["what"] for hint in witness.desk.turns[pk]["hints"]] for pk in (two, three, four)}
    assert hints == {
        two: ["first_time", "region", "waiting"],
        three: ["first_time", "region", "stakeholder", "waiting"],
        four: ["spoken"],
    }
    assert witness.desk.turns[four]["spoken_before"] == 60
    assert witness.desk.state["suggestion"]["turn"] == three


def test_backstage_sees_the_list_without_what_is_to_be_read(room, ada, grace):
    pk = does(ada, "hand.raise", room, in_writing="Water is life.")["id"]
    [told] = [data for event, data in heard(room.backstage, 0) if event == "turn"]
    assert [told] == as_json(backstage.picture(room.backstage)["turns"])
    assert (told["id"], told["region"], "text" in told) == (pk, "africa", False)


def test_a_crowd_raising_hands_takes_no_more_queries_each(room, django_assert_max_num_queries):
    crowd = Person.objects.bulk_create([Person(email=f"{n}@crowd.example", name=f"Person {n}") for n in range(12)])
    for person in crowd[:10]:
        does(person, "hand.raise", room)
    with django_assert_max_num_queries(34):
        does(crowd[10], "hand.raise", room)


@pytest.mark.parametrize(("do", "with_"), [("floor.lower_all", {}), ("floor.set", {"turn_seconds": 90})])
def test_what_is_done_to_all_is_weighed_once(room, grace, django_assert_max_num_queries, do, with_):
    for number in range(1, 31):
        room.turns.create(number=number, kind=Turn.Kind.HAND, name=f"{number}", seconds=120, raised_at=room.live_at)
    with django_assert_max_num_queries(30 + 25):
        does(grace, do, room, **with_)


def test_hands_that_were_lowered_are_not_weighed(room, ada, grace):
    for _ in range(2):
        does(ada, "hand.raise", room)
        does(ada, "hand.lower", room)
    does(ada, "hand.raise", room)
    assert room.turns.weighed().count() == 1


def test_somebody_registered_is_announced_under_their_own_name(witness, layla, grace):
    [announced] = witness.does(grace, "floor.add", person=layla.pk, name="Somebody Else", organisation="Elsewhere")[
        "done"
    ]
    turn = Turn.objects.get(pk=announced)
    assert (turn.person, turn.name) == (layla, layla.name)
