"""What the audience does with questions, and what everybody hears of it."""

import pytest

from live import writer
from live.batch import together
from live.log import listening, seqs
from live.refusal import Refused
from rooms import consumers
from rooms.models import Question, Room, Vote
from rooms.questions import questions

from .witness import Witness, asks, does, public_frames, refused_as

SLIDES = "Will the slides be shared?"


@pytest.fixture
def witness(room, ada, ines, grace):
    return Witness(room, ada, ines, grace)


def opened(room, person, text=SLIDES, **more):
    """A question of this person's that everybody sees."""
    Room.objects.filter(pk=room.pk).update(moderation=False)
    question = asks(person, room, text, **more)
    Room.objects.filter(pk=room.pk).update(moderation=True)
    return question


def test_a_question_waits_for_a_moderator(witness, ada, room):
    reply = witness.does(ada, "question.ask", text=f"  {SLIDES}\n", language="en")
    assert (reply["number"], reply["state"], reply["text"], reply["mine"]) == (1, "review", SLIDES, True)
    assert [step["what"] for step in reply["steps"]] == ["submitted"]
    assert witness.public.questions == {}
    assert list(witness.desk.questions) == [reply["id"]]
    assert public_frames(room) == []


def test_without_moderation_it_opens_at_once(witness, ada, grace):
    witness.does(grace, "room.set", moderation=False)
    reply = witness.does(ada, "question.ask", text=SLIDES)
    assert reply["state"] == "open"
    assert witness.public.questions[reply["id"]]["by"] == {"id": ada.pk, "name": "Ada Ndiaye"}


def test_switching_moderation_affects_new_ones_only(witness, ada, grace):
    first = witness.does(ada, "question.ask", text=SLIDES)
    witness.does(grace, "room.set", moderation=False)
    witness.does(grace, "room.set", moderation=True)
    assert witness.desk.questions[first["id"]]["state"] == "review"


def test_numbers_never_change_and_never_repeat(ada, room):
    assert [asks(ada, room, text).number for text in ("One?", "Two?", "Three?")] == [1, 2, 3]


def test_nobody_learns_who_asks_without_a_name(witness, ada, grace):
    witness.does(grace, "room.set", moderation=False)
    reply = witness.does(ada, "question.ask", text=SLIDES, anonymous=True)
    assert witness.public.questions[reply["id"]]["by"] is None
    assert witness.desk.questions[reply["id"]]["by"] is None
    witness.does(ada, "question.edit", question=reply["id"], text="And the data?", rev=1)
    assert witness.desk.questions[reply["id"]]["last"]["by"] is None
    assert "Ada" not in str(witness.desk.questions) + str(witness.public.questions)


def test_not_without_a_name_where_that_is_off(ada, grace, room):
    does(grace, "room.set", room, anonymity=False)
    assert refused_as(ada, "question.ask", room, text=SLIDES, anonymous=True) == "questions.no_anonymity"


@pytest.mark.parametrize("text", ["", "   ", "\u200d\u200b", "\x00\x07"])
def test_a_question_says_something(witness, ada, text):
    assert witness.tries(ada, "question.ask", text=text) == "questions.empty"


def test_a_question_has_500_characters_at_most(ada, room):
    assert refused_as(ada, "question.ask", room, text="é" * 500) == ""
    assert refused_as(ada, "question.ask", room, text="é" * 501) == "command.malformed"


@pytest.mark.parametrize(
    "given",
    [{"language": "<b>"}, {"anonymous": "yes"}, {"state": "now"}, {"text": 7}, {"text": None}],
)
def test_only_what_is_declared_is_taken(ada, room, given):
    assert refused_as(ada, "question.ask", room, **{"text": SLIDES, **given}) == "command.malformed"


def test_what_people_write_is_kept_as_it_is(witness, ada):
    text = "<script>alert(1)</script> & “كيف؟” 水 \u202eevil"
    assert witness.does(ada, "question.ask", text=text)["text"] == text


@pytest.mark.parametrize(("state", "code"), [("scheduled", "room.not_open"), ("ended", "room.ended")])
def test_only_while_the_room_is_open(witness, ada, room, session, state, code):
    question = opened(room, ada)
    session.starts_at, session.ends_at = session.ends_at.replace(year=2090), session.ends_at.replace(year=2091)
    session.save()
    Room.objects.filter(pk=room.pk).update(state=state)
    witness = Witness(room, ada)
    assert witness.tries(ada, "question.ask", text=SLIDES) == code
    assert witness.tries(ada, "question.vote", question=question.pk, up=True) == code
    assert witness.tries(ada, "question.withdraw", question=question.pk) == code
    assert witness.tries(ada, "question.edit", question=question.pk, rev=1, text="?!") in (code, "questions.empty")


def test_closed_questions_and_votes(witness, ada, grace, room):
    question = opened(room, ada)
    does(grace, "room.set", room, questions_open=False, votes_open=False)
    witness = Witness(room, ada)
    assert witness.tries(ada, "question.ask", text=SLIDES) == "questions.closed"
    assert witness.tries(ada, "question.vote", question=question.pk, up=True) == "votes.closed"


def test_the_asker_edits_until_it_is_approved(witness, ada):
    pk = witness.does(ada, "question.ask", text=SLIDES)["id"]
    reply = witness.does(ada, "question.edit", question=pk, text="Will the data be shared?", rev=1)
    assert (reply["state"], reply["rev"], reply["original"]) == ("review", 2, None)
    assert not witness.desk.questions[pk]["edited"]


def test_a_moderator_sees_first_what_is_edited_later(witness, ada, grace):
    pk = witness.does(ada, "question.ask", text=SLIDES)["id"]
    witness.does(grace, "desk.approve", questions=[[pk, 1]])
    witness.does(ada, "question.edit", question=pk, text="Will the data be shared?", rev=2)
    assert pk not in witness.public.questions
    assert witness.desk.questions[pk]["state"] == "review"
    assert witness.desk.questions[pk]["edited"]
    witness.does(grace, "desk.approve", questions=[[pk, 3]])
    assert witness.public.questions[pk]["text"] == "Will the data be shared?"
    assert not witness.desk.questions[pk]["edited"]


def test_without_moderation_an_edit_shows_at_once(witness, ada, grace):
    witness.does(grace, "room.set", moderation=False)
    pk = witness.does(ada, "question.ask", text=SLIDES)["id"]
    witness.does(ada, "question.edit", question=pk, text="Will the data be shared?", rev=1)
    assert witness.public.questions[pk]["text"] == "Will the data be shared?"


def test_only_the_asker_edits_and_withdraws(witness, ada, ines, room):
    hidden, seen = asks(ada, room, "Hidden?"), opened(room, ada)
    witness = Witness(room, ada, ines)
    for pk, code in [(hidden.pk, "question.unknown"), (seen.pk, "question.not_yours"), (10**9, "question.unknown")]:
        assert witness.tries(ines, "question.edit", question=pk, text="Mine!", rev=1) == code
        assert witness.tries(ines, "question.withdraw", question=pk) == code


def test_an_edit_of_what_changed_meanwhile_is_refused(witness, ada, grace):
    pk = witness.does(ada, "question.ask", text=SLIDES)["id"]
    witness.does(grace, "desk.edit", question=pk, rev=1, text="Slides?")
    assert witness.tries(ada, "question.edit", question=pk, text="Data?", rev=1) == "question.changed"


def test_withdrawing(witness, ada, room, grace):
    pk = witness.does(ada, "question.ask", text=SLIDES)["id"]
    witness.does(grace, "desk.approve", questions=[[pk, 1]])
    reply = witness.does(ada, "question.withdraw", question=pk)
    assert reply["state"] == "withdrawn"
    assert pk not in witness.public.questions
    assert "text" not in public_frames(room)[-1][1]
    assert SLIDES not in str(public_frames(room))
    assert witness.tries(ada, "question.withdraw", question=pk) == "question.wrong_state"


def test_withdrawing_lets_go_of_what_was_joined(witness, ada, ines, grace):
    kept = witness.does(ada, "question.ask", text=SLIDES)["id"]
    open_before = witness.does(ines, "question.ask", text="Slides?")["id"]
    unseen = witness.does(ines, "question.ask", text="slides")["id"]
    witness.does(grace, "desk.approve", questions=[[kept, 1], [open_before, 1]])
    witness.does(grace, "desk.merge", question=open_before, rev=2, into=kept)
    witness.does(grace, "desk.merge", question=unseen, rev=1, into=kept)
    witness.does(grace, "question.vote", question=kept, up=True)
    witness.does(ada, "question.withdraw", question=kept)
    assert witness.desk.questions[kept]["votes"] == 1
    assert witness.public.questions[open_before]["into"] is None
    assert witness.desk.questions[unseen]["state"] == "review"


def test_votes_are_given_once_and_taken_back(witness, ada, ines, room):
    pk = opened(room, ada).pk
    witness = Witness(room, ada, ines)
    assert witness.does(ines, "question.vote", question=pk, up=True) == {"votes": 1}
    assert witness.does(ines, "question.vote", question=pk, up=True) == {"votes": 1}
    assert witness.does(ada, "question.vote", question=pk, up=True) == {"votes": 2}
    assert witness.does(ines, "question.vote", question=pk, up=False) == {"votes": 1}
    assert witness.own[ada.pk].voted(witness.public) == {pk}
    assert [data for event, data in public_frames(room) if event == "votes"] == [
        {"counts": [[pk, 1]]},
        {"counts": [[pk, 2]]},
        {"counts": [[pk, 1]]},
    ]


def test_many_votes_are_one_frame(room, ada, ines, linus, grace, aiko):
    one, two = opened(room, ada).pk, opened(room, ines, "Data?").pk
    seq = seqs([room.topic])[room.topic]
    votes = [
        (person.pk, consumers.Vote(question, up))
        for person in (ada, ines, linus, grace)
        for question, up in ((one, True), (two, True), (two, False), (one, True))
    ]
    replies = writer.do(0, consumers.vote, room.topic, votes)
    assert replies == [{"votes": votes} for votes in (4, 0, 0, 4)] * 4
    assert public_frames(room, seq) == [("votes", {"counts": [[one, 4]]})]
    assert Vote.objects.count() == 4


def test_one_wrong_vote_hurts_no_other(room, ada, ines):
    shown, hidden = opened(room, ada).pk, asks(ada, room, "Hidden?").pk
    votes = [(ines.pk, consumers.Vote(pk, True)) for pk in (hidden, shown, 10**9)]
    no, yes, nothing = writer.do(0, consumers.vote, room.topic, votes)
    assert (no.code, yes, nothing.code) == ("question.unknown", {"votes": 1}, "question.unknown")


def test_no_votes_for_what_is_answered(witness, ada, ines, grace, room):
    pk = opened(room, ada).pk
    does(grace, "desk.answered", room, question=pk, rev=1)
    witness = Witness(room, ada, ines)
    assert witness.tries(ines, "question.vote", question=pk, up=True) == "question.wrong_state"


def test_a_question_of_another_room_cannot_be_voted_on(room, ada, ines, session):
    pk = opened(room, ada).pk
    session.pk, session.guid, session.code = None, "11111111-1111-1111-1111-111111111111", "other"
    session.save()
    other = questions_room(session)
    assert refused_as(ines, "question.vote", other, question=pk, up=True) == "question.unknown"


def questions_room(session):
    from rooms.states import prepare

    room = prepare(session)
    Room.objects.filter(pk=room.pk).update(state="live")
    return room


def test_the_speaker_it_was_given_to_answers_in_writing(witness, ada, linus, grace):
    pk = witness.does(ada, "question.ask", text=SLIDES)["id"]
    witness.does(grace, "desk.approve", questions=[[pk, 1]])
    assert witness.tries(linus, "question.answer", question=pk, text="Yes.") == "question.not_yours"
    witness.does(grace, "desk.assign", question=pk, rev=2, to=linus.pk)
    witness.does(grace, "desk.written", question=pk, rev=3)
    witness.does(linus, "question.answer", question=pk, text="Yes.\n\nUnder Documents.")
    assert witness.public.questions[pk]["answer"] == "Yes.\n\nUnder Documents."
    own = witness.own[ada.pk].questions[pk]
    assert own["state"] == "answered"
    assert [step["what"] for step in own["steps"]] == ["submitted", "approved", "assigned", "written", "replied"]


def test_a_silenced_speaker_does_not_answer(witness, ada, linus, grace, room):
    pk, own = witness.does(ada, "question.ask", text=SLIDES)["id"], asks(linus, room, "Me too?").pk
    witness.does(grace, "desk.approve", questions=[[pk, 1]])
    witness.does(grace, "desk.assign", question=pk, rev=2, to=linus.pk)
    does(grace, "desk.silence", room, question=own)
    assert witness.tries(linus, "question.answer", question=pk, text="Yes.") == "person.silenced"


def test_written_answers_come_also_after_the_session(room, ada, linus, grace):
    question = opened(room, ada)
    does(grace, "desk.assign", room, question=question.pk, rev=1, to=linus.pk)
    does(grace, "desk.written", room, question=question.pk, rev=2)
    does(grace, "room.state", room, state="ended")
    witness = Witness(room, ada)
    witness.does(linus, "question.answer", question=question.pk, text="Yes.")


def test_something_similar_is_pointed_out(witness, ada, ines):
    witness.does(ada, "question.ask", text="Who pays for the loggers once the pilot money is gone?")
    witness.does(ada, "question.ask", text="Are the loggers safe from theft?")
    reply = witness.does(ines, "question.ask", text="who will pay for loggers when the pilot's money is gone")
    assert witness.desk.questions[reply["id"]]["similar"] == 1
    assert [it["similar"] for it in witness.desk.questions.values()] == [None, None, 1]


@pytest.mark.django_db
def test_asking_takes_few_queries_and_a_crowd_few_more(room, ada, ines, django_assert_max_num_queries):
    crowd = range(1000, 1000 + questions.BUSY)

    def ask(person):
        consumers.ask(person.pk, room.topic, consumers.Ask(SLIDES))

    with listening(), together([ada.pk, ines.pk, *crowd]):
        with django_assert_max_num_queries(8):
            ask(ada)
        with django_assert_max_num_queries(2):
            ask(ines)


def test_a_rolled_back_question_tells_nobody(room, ada):
    def ask_and_stumble():
        consumers.ask(ada.pk, room.topic, consumers.Ask(SLIDES))
        raise Refused("try.again")

    with pytest.raises(Refused):
        writer.do(ada.pk, ask_and_stumble)
    assert not Question.objects.exists()
    assert seqs([room.desk]) == {}


def test_the_same_ref_is_done_once(room, ada):
    def ask():
        return writer.do(ada.pk, consumers.ask, ada.pk, room.topic, consumers.Ask(SLIDES), ref="typed-once")

    assert ask()["number"] == ask()["number"] == 1
    assert room.questions.count() == 1
