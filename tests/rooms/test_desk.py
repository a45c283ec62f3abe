"""What moderators do with questions, and that nobody overwrites anybody unseen."""

import pytest

from live.log import seqs
from rooms import places
from rooms.models import Question, Step
from rooms.questions import desk

from .witness import Witness, asks, does, public_frames, refused_as

TEXTS = ["Which hydrants came first?", "Who pays afterwards?", "Will the data stay open?", "水费由谁支付？"]


@pytest.fixture
def questions(room, ada, ines):
    """Four, in review; Ada's and Ines's in turn."""
    return [asks((ada, ines)[at % 2], room, text).pk for at, text in enumerate(TEXTS)]


@pytest.fixture
def witness(room, questions, ada, ines, grace, linus):
    return Witness(room, ada, ines, grace, linus)


@pytest.fixture
def opened(witness, grace, questions):
    witness.does(grace, "desk.approve", questions=[[pk, 1] for pk in questions])
    return questions


@pytest.fixture
def queued(witness, grace, opened):
    witness.does(grace, "desk.next", questions=[[pk, 2] for pk in opened])
    return opened


def state(witness, pk):
    return witness.desk.questions[pk]["state"]


def rev(witness, pk):
    return witness.desk.questions[pk]["rev"]


def queue(witness):
    waiting = [it for it in witness.public.questions.values() if it["state"] == "next"]
    return [it["id"] for it in sorted(waiting, key=lambda it: it["position"])]


def steps(witness, person, pk):
    return [step["what"] for step in witness.own[person.pk].questions[pk]["steps"]]


def test_the_whole_way_to_an_answer(witness, ada, grace, questions):
    pk = questions[0]
    witness.does(grace, "desk.approve", questions=[[pk, 1]])
    witness.does(grace, "desk.next", questions=[[pk, 2]])
    witness.does(grace, "desk.now", question=pk, rev=3)
    assert witness.public.questions[pk]["state"] == "now"
    witness.does(grace, "desk.answered", question=pk, rev=4)
    assert witness.public.questions[pk]["state"] == "answered"
    assert steps(witness, ada, pk) == ["submitted", "approved", "next", "now", "answered"]


def test_several_at_once_each_with_its_own_result(witness, grace, questions):
    one, two, three, _ = questions
    witness.does(grace, "desk.approve", questions=[[two, 1]])
    reply = witness.does(grace, "desk.approve", questions=[[one, 1], [two, 1], [three, 9], [10**9, 1]])
    assert reply == {
        "done": [one],
        "refused": [
            {"question": two, "refused": "question.changed"},
            {"question": three, "refused": "question.changed"},
            {"question": 10**9, "refused": "question.unknown"},
        ],
    }


def test_refused_when_not_one_can_be_done(witness, grace, questions):
    assert witness.tries(grace, "desk.approve", questions=[[questions[0], 7]]) == "question.changed"


EVERY_COMMAND = [
    ("desk.approve", {"questions": []}),
    ("desk.dismiss", {"questions": [], "reason": "no_time"}),
    ("desk.next", {"questions": []}),
    ("desk.edit", {"text": "Other words?"}),
    ("desk.merge", {"into": 0}),
    ("desk.label", {"labels": ["Money"]}),
    ("desk.assign", {"to": None}),
    ("desk.move", {"before": None}),
    ("desk.now", {}),
    ("desk.answered", {}),
    ("desk.written", {}),
    ("desk.reopen", {}),
    ("desk.undo", {}),
]


@pytest.mark.parametrize(("do", "more"), EVERY_COMMAND)
def test_nothing_is_done_to_what_changed_meanwhile(witness, grace, aiko, queued, do, more):
    """Aiko acts on what she saw before Grace was faster."""
    pk, other = queued[:2]
    witness.does(grace, "desk.label", question=pk, rev=3, labels=["Mine"])
    given = {"questions": [[pk, 3]]} if "questions" in more else {"question": pk, "rev": 3}
    more = {name: other if name == "into" else value for name, value in more.items() if name != "questions"}
    before = Step.objects.count()
    assert witness.tries(aiko, do, **given, **more) == "question.changed"
    assert Step.objects.count() == before


def test_other_words_keep_the_askers_own(witness, ada, grace, questions):
    pk = questions[0]
    witness.does(grace, "desk.edit", question=pk, rev=1, text="Which forty came first?")
    witness.does(grace, "desk.edit", question=pk, rev=2, text="Which forty hydrants came first?")
    assert witness.desk.questions[pk]["original"] == TEXTS[0]
    assert witness.own[ada.pk].questions[pk]["original"] == TEXTS[0]
    witness.does(grace, "desk.edit", question=pk, rev=3, text=TEXTS[0])
    assert witness.desk.questions[pk]["original"] is None


def test_dismissed_with_a_reason_that_the_asker_reads(witness, ada, grace, opened):
    pk = opened[0]
    witness.does(grace, "desk.dismiss", questions=[[pk, 2]], reason="answered_before", note="At 15:12.")
    assert pk not in witness.public.questions
    own = witness.own[ada.pk].questions[pk]
    assert (own["state"], own["reason"], own["note"]) == ("dismissed", "answered_before", "At 15:12.")


def test_what_never_was_public_leaves_no_trace_there(witness, room, grace, questions):
    before = public_frames(room)
    witness.does(grace, "desk.dismiss", questions=[[questions[0], 1]], reason="unsuitable")
    assert public_frames(room) == before == []


def test_reasons_are_a_list(grace, room, questions):
    given = {"questions": [[questions[0], 1]], "reason": "because"}
    assert refused_as(grace, "desk.dismiss", room, **given) == "command.malformed"


def test_joining_unites_voters_and_counts_nobody_twice(witness, ada, ines, grace, linus, opened):
    one, two = opened[:2]
    for person, pk in [(ada, one), (ines, one), (ines, two), (linus, two)]:
        witness.does(person, "question.vote", question=pk, up=True)
    witness.does(grace, "desk.merge", question=two, rev=2, into=one)
    assert witness.public.questions[one]["votes"] == 3
    assert witness.public.questions[one]["joined"] == [two]
    own = witness.own[ines.pk].questions[two]
    assert (own["into"], own["votes"], own["root"]["number"]) == (1, 2, 1)
    assert witness.own[linus.pk].voted(witness.public) == {one}
    witness.does(linus, "question.vote", question=one, up=True)
    assert witness.public.questions[one]["votes"] == 3
    witness.does(linus, "question.vote", question=one, up=False)
    assert witness.public.questions[one]["votes"] == 2


def test_joining_again_and_again(witness, ada, ines, grace, linus, opened):
    one, two, three, four = opened
    for person, pk in [(ada, one), (ines, two), (linus, three), (ada, three), (grace, four)]:
        witness.does(person, "question.vote", question=pk, up=True)
    witness.does(grace, "desk.merge", question=three, rev=2, into=two)
    witness.does(grace, "desk.merge", question=two, rev=rev(witness, two), into=one)
    assert witness.public.questions[one]["votes"] == 3
    assert witness.public.questions[one]["joined"] == [two, three]
    witness.does(grace, "desk.undo", question=two)
    assert witness.public.questions[one]["votes"] == 1
    assert witness.public.questions[two]["votes"] == 3
    witness.does(grace, "desk.merge", question=two, rev=rev(witness, two), into=one)
    witness.does(grace, "desk.undo", question=three)
    assert witness.desk.questions[two]["joined"] == []
    assert witness.public.questions[one]["votes"] == 2


def test_a_late_vote_for_what_was_joined_counts_where_it_went(witness, grace, linus, opened):
    one, two = opened[:2]
    witness.does(grace, "desk.merge", question=two, rev=2, into=one)
    does(linus, "question.vote", witness.room, question=two, up=True)
    witness.own[linus.pk].votes.add(one)
    witness.listen()
    witness.check()
    assert witness.public.questions[one]["votes"] == 1


def test_joined_with_itself_or_with_what_is_gone(witness, grace, opened):
    one, two, three, _ = opened
    witness.does(grace, "desk.merge", question=three, rev=2, into=two)
    assert witness.tries(grace, "desk.merge", question=one, rev=2, into=one) == "question.into_itself"
    assert witness.tries(grace, "desk.merge", question=one, rev=2, into=three) == "question.wrong_state"
    assert witness.tries(grace, "desk.merge", question=one, rev=2, into=10**9) == "question.unknown"


def test_who_was_joined_hears_what_becomes_of_it(witness, ines, grace, opened):
    one, two = opened[:2]
    witness.does(grace, "desk.merge", question=two, rev=2, into=one)
    witness.does(grace, "desk.now", question=one, rev=3)
    assert witness.own[ines.pk].questions[two]["root"]["state"] == "now"
    witness.does(grace, "desk.answered", question=one, rev=4)
    assert witness.own[ines.pk].questions[two]["root"]["state"] == "answered"


def test_labels_are_the_moderators_own(witness, ada, grace, room, opened):
    pk = opened[0]
    witness.does(grace, "desk.label", question=pk, rev=2, labels=["Money", "Data", "Money"])
    assert witness.desk.questions[pk]["labels"] == ["Money", "Data"]
    assert "Money" not in str(public_frames(room)) + str(witness.own[ada.pk].questions)
    assert steps(witness, ada, pk) == ["submitted", "approved"]


@pytest.mark.parametrize("labels", [[""], ["x" * 41], ["a", "b", "c", "d", "e", "f", "g", "h", "i"], "Money"])
def test_labels_have_limits(grace, room, questions, labels):
    assert refused_as(grace, "desk.label", room, question=questions[0], rev=1, labels=labels) == "command.malformed"


def test_only_those_who_speak_can_be_given_a_question(witness, ada, grace, linus, opened):
    pk = opened[0]
    assert witness.tries(grace, "desk.assign", question=pk, rev=2, to=ada.pk) == "person.unknown"
    witness.does(grace, "desk.assign", question=pk, rev=2, to=linus.pk)
    assert witness.public.questions[pk]["to"] == {"id": linus.pk, "name": "Linus Heikkilä"}
    witness.does(grace, "desk.assign", question=pk, rev=3, to=None)
    assert witness.public.questions[pk]["to"] is None


def test_the_queue_is_moved_about(witness, grace, queued):
    one, two, three, four = queued
    witness.does(grace, "desk.move", question=four, rev=3, before=one)
    assert queue(witness) == [four, one, two, three]
    witness.does(grace, "desk.move", question=one, rev=3, before=None)
    assert queue(witness) == [four, two, three, one]
    witness.does(grace, "desk.move", question=one, rev=4, before=three)
    assert queue(witness) == [four, two, one, three]
    assert witness.tries(grace, "desk.move", question=two, rev=3, before=two) == "question.wrong_state"


def test_there_is_always_room_between_two(witness, grace, queued):
    one, two, three, four = queued
    witness.suspicious = False
    for _ in range(20):
        first, second = [pk for pk in queue(witness) if pk in (two, three)]
        witness.does(grace, "desk.move", question=four, rev=rev(witness, four), before=second)
        witness.does(grace, "desk.move", question=second, rev=rev(witness, second), before=four)
        assert queue(witness) == [one, first, second, four]
    assert Step.objects.filter(what="moved", by=None).exists()
    witness.check()


def test_taking_the_next_ends_the_present_one(witness, grace, queued):
    one, two, *_ = queued
    witness.does(grace, "desk.now", question=one, rev=3)
    witness.does(grace, "desk.now", question=two, rev=3)
    assert [state(witness, one), state(witness, two)] == ["answered", "now"]


def test_the_present_one_goes_back_to_the_front(witness, grace, queued):
    one, two, three, four = queued
    witness.does(grace, "desk.now", question=three, rev=3)
    witness.does(grace, "desk.now", question=one, rev=3, then="next")
    assert queue(witness) == [three, two, four]
    witness.does(grace, "desk.next", questions=[[one, 4]])
    assert queue(witness) == [one, three, two, four]


def test_answered_and_take_the_first_of_the_queue(witness, grace, queued):
    one, two, *_ = queued
    witness.does(grace, "desk.now", question=one, rev=3)
    witness.does(grace, "desk.answered", question=one, rev=4, take=True)
    assert [state(witness, one), state(witness, two)] == ["answered", "now"]


def test_back_from_the_queue_and_from_the_done(witness, grace, queued, ada):
    one, two, three, four = queued
    witness.does(grace, "desk.reopen", question=one, rev=3)
    witness.does(grace, "desk.answered", question=two, rev=3)
    witness.does(grace, "desk.reopen", question=two, rev=4)
    witness.does(grace, "desk.written", question=three, rev=3)
    witness.does(grace, "desk.reopen", question=three, rev=4)
    witness.does(grace, "desk.merge", question=four, rev=3, into=one)
    witness.does(grace, "desk.reopen", question=four, rev=4)
    assert [state(witness, pk) for pk in queued] == ["open"] * 4
    assert steps(witness, ada, one) == ["submitted", "approved", "next", "back"]


def test_what_was_dismissed_unread_is_reviewed_again(witness, grace, questions):
    pk = questions[0]
    witness.does(grace, "desk.dismiss", questions=[[pk, 1]], reason="other")
    witness.does(grace, "desk.reopen", question=pk, rev=2)
    assert state(witness, pk) == "review"
    assert witness.desk.questions[pk]["reason"] == ""


def test_undoing_my_last_step(witness, grace, aiko, opened):
    one, two, *_ = opened
    witness.does(grace, "desk.dismiss", questions=[[one, 2]], reason="no_time")
    witness.does(aiko, "desk.next", questions=[[two, 2]])
    witness.does(grace, "desk.undo")
    assert [state(witness, one), state(witness, two)] == ["open", "next"]
    assert witness.desk.questions[one]["reason"] == ""


def test_undoing_all_that_was_done_at_once(witness, grace, queued):
    one, two, *_ = queued
    witness.does(grace, "desk.now", question=one, rev=3)
    witness.does(grace, "desk.answered", question=one, rev=4, take=True)
    assert witness.does(grace, "desk.undo") == {"done": [two, one]}
    assert [state(witness, one), state(witness, two)] == ["now", "next"]
    assert queue(witness)[0] == two
    witness.does(grace, "desk.undo")
    assert queue(witness)[:2] == [one, two]
    witness.does(grace, "desk.undo")
    assert {state(witness, pk) for pk in queued} == {"open"}


def test_undoing_is_refused_when_somebody_went_on(witness, grace, aiko, opened):
    pk = opened[0]
    witness.does(grace, "desk.next", questions=[[pk, 2]])
    witness.does(aiko, "desk.label", question=pk, rev=3, labels=["Money"])
    assert witness.tries(grace, "desk.undo") == "question.changed"
    witness.does(grace, "desk.undo", question=pk)
    assert witness.desk.questions[pk]["labels"] == []
    witness.does(grace, "desk.undo", question=pk)
    assert state(witness, pk) == "open"


def test_nothing_to_undo(witness, grace, aiko, ada, questions):
    assert witness.tries(grace, "desk.undo") == "question.nothing_to_undo"
    assert witness.tries(grace, "desk.undo", question=questions[0]) == "question.nothing_to_undo"
    witness.does(ada, "question.withdraw", question=questions[0])
    assert witness.tries(grace, "desk.undo", question=questions[0]) == "question.nothing_to_undo"


def test_undoing_does_not_take_the_place_of_the_present_one(witness, grace, queued):
    one = queued[0]
    witness.does(grace, "desk.now", question=one, rev=3)
    witness.does(grace, "desk.answered", question=one, rev=4, take=True)
    assert witness.tries(grace, "desk.undo", question=one) == "question.another_now"


def test_undoing_never_joins_two_with_each_other(witness, grace, opened):
    one, two, *_ = opened
    witness.does(grace, "desk.merge", question=one, rev=2, into=two)
    witness.does(grace, "desk.reopen", question=one, rev=3)
    witness.does(grace, "desk.merge", question=two, rev=rev(witness, two), into=one)
    assert witness.tries(grace, "desk.undo", question=one) == "question.changed"


def test_every_step_is_kept(witness, grace, aiko, opened):
    pk = opened[0]
    witness.does(grace, "desk.label", question=pk, rev=2, labels=["Money"])
    witness.does(aiko, "desk.undo", question=pk)
    kept = Step.objects.filter(question=pk).values_list("what", "by__name", "note", "undone")
    assert list(kept) == [
        ("approved", grace.name, "", False),
        ("labelled", grace.name, "Money", True),
        ("undone", aiko.name, "labelled", False),
    ]


def test_moderators_see_who_did_what(witness, aiko, questions):
    witness.does(aiko, "desk.approve", questions=[[questions[0], 1]])
    last = witness.desk.questions[questions[0]]["last"]
    assert (last["what"], last["by"]) == ("approved", {"id": aiko.pk, "name": aiko.name})


def test_what_a_moderator_has_in_hand_is_whispered(room, aiko, questions):
    before = seqs([room.desk])
    assert does(aiko, "desk.hold", room, question=questions[0]) is None
    assert does(aiko, "desk.hold", room, question=None) is None
    assert seqs([room.desk]) == before


def test_silencing_without_naming(witness, ada, grace, room):
    pk = does(ada, "question.ask", room, text="Nobody knows me", anonymous=True)["id"]
    witness = Witness(room, ada, grace)
    witness.does(grace, "desk.silence", question=pk)
    assert witness.own[ada.pk].state["silenced"]
    assert witness.desk.state["silenced"] == []
    assert witness.desk.questions[pk]["silenced"]
    assert witness.tries(ada, "question.ask", text="And now?") == "person.silenced"
    witness.does(grace, "desk.unsilence", question=pk)
    assert witness.does(ada, "question.ask", text="Thank you!")["number"] == 6


def test_silencing_by_name(witness, ada, grace, opened, questions):
    witness.does(grace, "desk.silence", question=questions[0])
    assert witness.desk.state["silenced"] == [{"id": ada.pk, "name": ada.name}]
    assert witness.tries(ada, "question.vote", question=opened[1], up=True) == "person.silenced"
    assert witness.tries(ada, "question.edit", question=questions[0], text="Ha!", rev=2) == "person.silenced"
    assert witness.tries(grace, "desk.unsilence", person=10**9) == "person.unknown"
    witness.does(grace, "desk.unsilence", person=ada.pk)
    assert witness.desk.state["silenced"] == []
    assert not witness.desk.questions[questions[0]]["silenced"]


def test_two_without_a_name_are_not_seen_to_be_one(room, ada, grace):
    one, two = (does(ada, "question.ask", room, text=text, anonymous=True)["id"] for text in ("One?", "Two?"))
    witness = Witness(room, ada, grace)
    witness.does(grace, "desk.silence", question=one)
    witness.does(grace, "desk.silence", question=two)
    witness.does(grace, "desk.unsilence", question=one)
    assert witness.desk.questions[two]["silenced"]
    assert witness.tries(ada, "question.ask", text="And now?") == "person.silenced"
    witness.does(grace, "desk.unsilence", question=two)
    witness.does(ada, "question.ask", text="And now?")


@pytest.mark.parametrize("first", ["with", "without"])
def test_being_silenced_by_name_does_not_tell_who_asked_without_one(room, ada, grace, first):
    """The list of names is the same whatever happens to the question without one, in whatever order."""
    nameless = does(ada, "question.ask", room, text="Nobody knows me", anonymous=True)["id"]
    named = does(ada, "question.ask", room, text="Everybody does")["id"]
    witness = Witness(room, ada, grace)
    ada_alone = [{"id": ada.pk, "name": ada.name}]
    for pk in (named, nameless) if first == "with" else (nameless, named):
        witness.does(grace, "desk.silence", question=pk)
    assert witness.desk.state["silenced"] == ada_alone
    if first == "with":
        witness.does(grace, "desk.unsilence", question=nameless)
        assert witness.desk.state["silenced"] == ada_alone
        witness.does(grace, "desk.unsilence", person=ada.pk)
        assert not witness.own[ada.pk].state["silenced"]
    else:
        witness.does(grace, "desk.unsilence", person=ada.pk)
        assert witness.desk.questions[nameless]["silenced"]
        assert witness.tries(ada, "question.ask", text="And now?") == "person.silenced"
        witness.does(grace, "desk.unsilence", question=nameless)
    assert witness.desk.state["silenced"] == []
    witness.does(ada, "question.ask", text="And now?")


def test_moderators_are_not_silenced(room, grace, aiko):
    pk = asks(grace, room, "May I?").pk
    assert refused_as(aiko, "desk.silence", room, question=pk) == "person.moderates"
    assert not Question.objects.get(pk=pk).silenced


def test_the_desk_of_an_ended_session_is_read(witness, room, grace, questions):
    does(grace, "room.state", room, state="ended")
    witness = Witness(room, grace)
    assert witness.tries(grace, "desk.approve", questions=[[questions[0], 1]]) == "room.ended"
    assert witness.tries(grace, "desk.undo") == "room.ended"


def test_only_one_is_being_answered(room, grace, questions):
    from django.db import IntegrityError

    Question.objects.filter(pk=questions[0]).update(state="now")
    with pytest.raises(IntegrityError):
        Question.objects.filter(pk=questions[1]).update(state="now")


def test_places_in_an_empty_queue(room):
    assert desk.end(room) == desk.front(room) == places.GAP
