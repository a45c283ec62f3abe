"""Asking before the session: into its queue, of one speaker, looked at first as everything else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from live import writer
from live.refusal import Refused
from people.models import Block, Group
from rooms import pictures, states
from rooms.early import views
from rooms.models import Question, Room
from tests.rooms.witness import does, heard, refused_as

PAGE = "/session/leaks/ask"
TEXT = "Who pays for listening at night?"


@pytest.fixture
def session(session):
    """Tomorrow."""
    session.starts_at = timezone.now() + timedelta(days=1)
    session.ends_at = session.starts_at + timedelta(hours=1)
    session.save()
    return session


@pytest.fixture
def room(session) -> Room:
    return states.prepare(session, code="4821")


def ask(client, person, to, text: str = TEXT, **more):
    client.force_login(person)
    return client.post(PAGE, {"to": to.pk, "text": text} | more)


class TestAsking:
    def test_it_waits_in_the_queue_for_whom_it_is(self, client, room, ada, linus):
        assert ask(client, ada, linus).status_code == 302
        [question] = Question.objects.all()
        assert (question.early, question.to, question.state, question.text) == (True, linus, "review", TEXT)
        [(event, told)] = heard(room.desk, 0)
        assert (event, told["early"], told["to"]["name"]) == ("question", True, "Linus Heikkilä")
        assert heard(room.topic, 0) == []

    def test_open_at_once_where_nothing_is_reviewed(self, client, room, ada, linus):
        Room.objects.update(moderation=False)
        ask(client, ada, linus)
        assert [event for event, _ in heard(room.topic, 0)] == ["question"]

    def test_it_makes_the_room_if_nobody_has(self, client, session, ada, linus):
        ask(client, ada, linus)
        assert Question.objects.get().room.session == session

    def test_nameless_if_the_room_allows_it(self, client, room, ada, linus):
        ask(client, ada, linus, anonymous="on")
        assert pictures.desk_picture(room.desk)["questions"][0]["by"] is None
        Room.objects.update(anonymity=False)
        assert ask(client, ada, linus, anonymous="on").status_code == 403

    def test_sent_twice_it_is_asked_once(self, client, room, ada, linus):
        for _ in range(2):
            ask(client, ada, linus, ref="once")
        assert Question.objects.count() == 1

    def test_the_page_shows_what_one_asked_and_takes_it_back(self, client, room, ada, linus, ines):
        ask(client, ada, linus)
        shown = client.get(PAGE).content.decode()
        assert TEXT in shown
        assert "To Linus Heikkilä" in shown
        client.post(PAGE, {"withdraw": Question.objects.get().pk})
        assert Question.objects.get().state == "withdrawn"
        assert TEXT not in client.get(PAGE).content.decode()
        client.force_login(ines)
        assert TEXT not in client.get(PAGE).content.decode()

    def test_the_speaker_is_chosen_by_the_address(self, client, room, ada, linus):
        client.force_login(ada)
        assert f'value="{linus.pk}" selected' in client.get(f"{PAGE}?to={linus.pk}").content.decode()


class TestRefused:
    def test_not_of_somebody_who_does_not_speak(self, client, room, ada, ines):
        assert ask(client, ada, ines).status_code == 403
        assert not Question.objects.exists()

    def test_not_of_whoever_blocked_them_and_the_page_does_not_offer_it(self, client, room, ada, linus):
        Block.objects.create(by=linus, of=ada)
        assert ask(client, ada, linus).status_code == 403
        assert "Linus" not in client.get(PAGE).content.decode().partition("<form")[2]

    def test_three_at_most_until_one_is_withdrawn(self, client, room, ada, linus, settings):
        settings.LIVE_RATES = settings.LIVE_RATES | {"ask": (100, 1)}
        for number in range(4):
            ask(client, ada, linus, f"{TEXT} {number}")
        assert Question.objects.count() == 3
        client.post(PAGE, {"withdraw": Question.objects.first().pk})
        assert ask(client, ada, linus).status_code == 302

    def test_not_too_fast(self, client, room, ada, linus):
        answers = [ask(client, ada, linus, f"{TEXT} {number}").status_code for number in range(4)]
        assert answers[-1] == 429

    def test_not_whoever_may_not_enter(self, client, session, mallory, linus):
        session.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
        assert ask(client, mallory, linus).status_code == 404

    def test_not_when_questions_are_closed(self, client, room, ada, linus):
        Room.objects.update(questions_open=False)
        answer = ask(client, ada, linus)
        assert (answer.status_code, Question.objects.count()) == (403, 0)
        assert "Questions are closed" in answer.content.decode()

    @pytest.mark.parametrize("text", ["", "  ", "x" * 501], ids=["nothing", "blank", "too long"])
    def test_only_what_a_question_is(self, client, room, ada, linus, text):
        assert ask(client, ada, linus, text).status_code == 403

    def test_what_was_typed_stays(self, client, room, ada, ines):
        assert TEXT in ask(client, ada, ines).content.decode()

    def test_nobody_withdraws_anothers(self, client, room, ada, mallory, linus):
        ask(client, ada, linus)
        client.force_login(mallory)
        client.post(PAGE, {"withdraw": Question.objects.get().pk})
        assert Question.objects.get().state == "review"

    def test_once_the_room_is_open_one_asks_there(self, client, room, ada, linus):
        writer.do(linus.pk, states.change, Room.objects.named(room.topic), "open")
        assert ask(client, ada, linus).url == "/room/4821/"
        with pytest.raises(Refused, match=r"early\.over"):
            writer.do(ada.pk, views.ask, ada.pk, room.topic, views.Ask(linus.pk, TEXT))

    def test_only_when_signed_in(self, client, room):
        assert client.get(PAGE).status_code == 302


class TestAfterwards:
    @pytest.fixture
    def asked(self, client, room, ada, linus, grace) -> Question:
        ask(client, ada, linus)
        writer.do(grace.pk, states.change, Room.objects.named(room.topic), "live")
        return Question.objects.get()

    def test_it_is_a_question_like_any_other(self, asked, room, grace, ines):
        does(grace, "desk.approve", room, questions=[[asked.pk, asked.revision]])
        assert refused_as(ines, "question.vote", room, question=asked.pk, up=True) == ""

    def test_desk_room_and_projector_say_whence_it_is(self, client, asked, room, grace):
        client.force_login(grace)
        assert "From before the session" in client.get("/room/4821/desk").content.decode()
        does(grace, "desk.approve", room, questions=[[asked.pk, asked.revision]])
        asked.refresh_from_db()
        does(grace, "desk.now", room, question=asked.pk, rev=asked.revision)
        for page in ("", "projector"):
            shown = client.get(f"/room/4821/{page}").content.decode()
            assert "asked before the session" in shown
            assert "Linus" in shown
