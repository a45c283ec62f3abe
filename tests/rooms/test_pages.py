"""The room without a script: the same snapshot, the same verbs, by forms."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rooms.models import Question, Room, Segment
from rooms.states import prepare

from .witness import asks, does

AT = "/room/4821/"


def page_of(person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def opened(room, grace):
    does(grace, "room.set", room, moderation=False)
    return Room.objects.get(pk=room.pk)


def embedded(answer, name):
    found = re.search(
        rf'<script id="{name}" type="application/json">(.*?)</script>', answer.content.decode(), re.DOTALL
    )
    return json.loads(found.group(1))


def test_somebody_not_signed_in_is_sent_to_sign_in(room):
    answer = Client().get(AT)
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('sign-in')}?next={AT}"


def test_the_short_address_leads_to_the_room(room):
    assert Client().get("/r/4821")["Location"] == AT


def test_the_page_and_its_island_have_the_same(opened, ada, grace):
    question = asks(ada, opened, "Who pays?")
    does(grace, "question.vote", opened, question=question.pk, up=True)
    answer = page_of(ada).get(AT)
    text = answer.content.decode()
    assert 'id="q1"' in text
    assert "1 vote for question 1" in text
    told = embedded(answer, "room-snapshot")
    assert told["data"]["questions"][0]["text"] == "Who pays?"
    assert told["snapshot"] == 3
    assert embedded(answer, "room-mine")["questions"][0]["mine"]
    assert embedded(answer, "chat-snapshot") == {"snapshot": 0, "data": {"messages": [], "open": True}}
    assert embedded(answer, "ticket")
    assert f'data-room="{opened.pk}" data-conversation="{opened.conversation_id}" data-me="{ada.pk}"' in text


def test_asking_by_form(opened, ada):
    page, ref = page_of(ada), str(uuid.uuid4())
    for _ in range(2):
        answer = page.post(f"{AT}ask/", {"text": "Who pays?\r\nReally?", "ref": ref, "anonymous": "on"})
        assert (answer.status_code, answer["Location"]) == (302, f"{AT}?o=top#questions")
    assert list(opened.questions.values_list("text", "anonymous")) == [("Who pays?\nReally?", True)]


def test_what_was_refused_is_kept_beside_its_reason(opened, ada, grace):
    does(grace, "room.set", opened, anonymity=False)
    answer = page_of(ada).post(f"{AT}ask/", {"text": "Who <b>pays</b>?", "anonymous": "on"})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "In this room questions carry a name." in text
    assert "Who &lt;b&gt;pays&lt;/b&gt;?</textarea>" in text


def test_the_limit_counts_for_forms_too(opened, ada):
    page = page_of(ada)
    codes = [page.post(f"{AT}ask/", {"text": f"Question {n}?"}).status_code for n in range(4)]
    assert codes == [302, 302, 302, 429]


@pytest.mark.parametrize(
    ("where", "fields"),
    [
        ("ask/", {"text": "x" * 501}),
        ("ask/", {}),
        ("vote/", {"up": "one"}),
        ("vote/", {}),
        ("edit/", {"question": "1"}),
        ("withdraw/", {"question": "-1"}),
    ],
)
def test_broken_forms_are_refused(opened, ada, where, fields):
    answer = page_of(ada).post(AT + where, fields)
    assert answer.status_code == 403
    assert not Question.objects.exists()


def test_endless_numbers_choose_nothing(opened, ada):
    page, endless = page_of(ada), "9" * 5000
    assert page.post(f"{AT}edit/", {"question": endless, "text": "?"}).status_code == 403
    assert page.get(AT, {"edit": endless}).status_code == 200


def test_no_two_forms_of_a_page_are_taken_for_one(room, ada):
    """A receipt of one would be the answer to the other, and what it asks for would not be done."""
    asks(ada, room, "Mine")
    page = page_of(ada)
    forms = "".join(page.get(AT, {doing: Question.objects.get().pk}).content.decode() for doing in ("edit", "withdraw"))
    kinds = set(re.findall(r'name="ref" value="[0-9a-f-]{36}([^"]*)"', forms))
    assert kinds == {"", "-ask", "-edit", "-withdraw", "-hand", "-text"}


def test_voting_and_taking_it_back_by_form(opened, ada, ines):
    pk = asks(ada, opened, "Who pays?").pk
    page = page_of(ines)
    assert page.post(f"{AT}vote/", {"up": pk})["Location"] == f"{AT}?o=top#q1"
    assert 'name="down"' in page.get(AT).content.decode()
    page.post(f"{AT}vote/", {"down": pk})
    assert Question.objects.get(pk=pk).votes == 0


def test_a_vote_that_was_refused_says_why(opened, ada, ines, grace):
    pk = asks(ada, opened, "Who pays?").pk
    does(grace, "room.set", opened, votes_open=False)
    answer = page_of(ines).post(f"{AT}vote/", {"up": pk})
    assert answer.status_code == 403
    assert "Voting is closed at the moment." in answer.content.decode()


def test_editing_and_withdrawing_by_form(room, ada):
    pk = asks(ada, room, "Who pays?").pk
    page = page_of(ada)
    assert 'id="edit"' in page.get(f"{AT}?edit={pk}").content.decode()
    page.post(f"{AT}edit/", {"question": pk, "rev": 1, "text": "Who pays for it?"})
    assert Question.objects.get(pk=pk).text == "Who pays for it?"
    stale = page.post(f"{AT}edit/", {"question": pk, "rev": 1, "text": "Mine & yours"})
    assert "Somebody changed this question" in stale.content.decode()
    assert "Mine &amp; yours</textarea>" in stale.content.decode()
    assert "cannot be undone" in page.get(f"{AT}?withdraw={pk}").content.decode()
    page.post(f"{AT}withdraw/", {"question": pk})
    assert Question.objects.get(pk=pk).state == "withdrawn"


def test_the_order_is_a_link(opened, ada, ines):
    first, second = asks(ada, opened, "First?"), asks(ines, opened, "Second?")
    does(ines, "question.vote", opened, question=first.pk, up=True)
    page = page_of(ada)

    def order(by):
        return re.findall(r'class="question" .*?id="q(\d)"', page.get(f"{AT}?o={by}").content.decode())

    assert order("top") == ["1", "2"]
    assert order("new") == ["2", "1"]
    assert order("mine") == ["1"]
    assert order("done") == []
    assert order("nonsense") == ["1", "2"]
    assert second.number == 2


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def test_nothing_people_write_becomes_markup(opened, ada, grace, linus):
    ada.name = grace.organisation = HOSTILE
    ada.save()
    question = asks(ada, opened, HOSTILE)
    does(grace, "desk.assign", opened, question=question.pk, rev=1, to=linus.pk)
    does(grace, "desk.label", opened, question=question.pk, rev=2, labels=[HOSTILE[:40]])
    does(linus, "question.answer", opened, question=question.pk, text=HOSTILE)
    for person, where in [(ada, ""), (ada, "?o=done"), (grace, "desk"), (linus, "speaker"), (linus, "projector")]:
        text = page_of(person).get(AT + where).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_a_room_opens_by_itself(session, ada):
    room = prepare(session)
    assert room.state == "scheduled"
    page_of(ada).get(f"/room/{room.code}/")
    room.refresh_from_db()
    assert room.state == "open"
    assert room.opened_at


def test_before_it_opens_people_read_when(session, ada):
    session.starts_at, session.ends_at = (timezone.now() + timedelta(hours=hours) for hours in (2, 3))
    session.save()
    room = prepare(session)
    text = page_of(ada).get(f"/room/{room.code}/").content.decode()
    assert "when the room opens" in text
    assert 'data-until="' in text
    assert '<textarea id="q"' not in text


def test_a_session_that_nobody_has_entered_gets_its_room(session, ada):
    answer = page_of(ada).get("/session/leaks/enter")
    assert answer["Location"] == f"/room/{Room.objects.get(session=session).code}/"


def test_an_ended_room_is_a_record(opened, ada, grace):
    asks(ada, opened, "Who pays?")
    does(grace, "room.state", opened, state="ended")
    text = page_of(ada).get(AT).content.decode()
    assert "This session has ended" in text
    assert "Who pays?" in text
    assert "<textarea" not in text


def test_the_running_order_knows_where_it_is(opened, session, ada):
    over, on = session.starts_at + timedelta(minutes=20), session.starts_at + timedelta(minutes=21)
    run = [("Opening", 20, session.starts_at, over), ("Questions", 30, on, None), ("Closing", 25, None, None)]
    for position, (title, minutes, started, ended) in enumerate(run):
        Segment.objects.create(
            room=opened,
            position=position,
            kind="other",
            title=title,
            minutes=minutes,
            started_at=started,
            ended_at=ended,
        )
    text = page_of(ada).get(AT).content.decode()
    assert re.search(
        r'data-state="now" aria-current="step">\s*<time[^>]*>[^<]*</time>\s*<div><b dir="auto">Questions', text
    )
    assert "21 minutes left" in text
    assert "1 minute late" in text


def test_the_desk_without_a_script(room, ada, grace):
    pk = asks(ada, room, "Who pays?").pk
    page = page_of(grace)
    for deed, state in [
        ("approve", "open"),
        ("next", "next"),
        ("now", "now"),
        ("answered", "answered"),
        ("reopen", "open"),
    ]:
        question = Question.objects.get(pk=pk)
        answer = page.post(f"{AT}desk/do", {"do": deed, "question": pk, "rev": question.revision})
        assert (answer.status_code, Question.objects.get(pk=pk).state) == (302, state)
    assert "Who pays?" in page.get(f"{AT}desk").content.decode()
    page.post(f"{AT}desk/do", {"do": "dismiss", "question": pk, "rev": 6, "reason": "no_time"})
    page.post(f"{AT}desk/do", {"do": "undo"})
    assert Question.objects.get(pk=pk).state == "open"
    page.post(f"{AT}desk/do", {"do": "set", "questions_open": "on"})
    assert not Room.objects.get(pk=room.pk).votes_open
    page.post(f"{AT}desk/do", {"do": "state", "state": "ended"})
    assert Room.objects.get(pk=room.pk).state == "ended"


def test_the_desk_says_what_it_refused(room, ada, grace):
    pk = asks(ada, room, "Who pays?").pk
    answer = page_of(grace).post(f"{AT}desk/do", {"do": "approve", "question": pk, "rev": 9})
    assert answer.status_code == 403
    assert "Somebody changed this question" in answer.content.decode()
    assert page_of(grace).post(f"{AT}desk/do", {"do": "dance"}).status_code == 403


def test_the_speakers_page(opened, ada, grace, linus):
    one, two = asks(ada, opened, "Who pays?"), asks(ada, opened, "Until when?")
    does(grace, "desk.assign", opened, question=one.pk, rev=1, to=linus.pk)
    does(grace, "desk.now", opened, question=two.pk, rev=1)
    page = page_of(linus)
    text = page.get(f"{AT}speaker").content.decode()
    assert "Until when?" in text
    assert "Answer in writing" in text
    page.post(f"{AT}speaker/answer", {"question": one.pk, "text": "The city."})
    assert Question.objects.get(pk=one.pk).answer == "The city."
    refused = page.post(f"{AT}speaker/answer", {"question": two.pk, "text": "My words"})
    assert refused.status_code == 403


def test_the_projector_leads_here(opened, ada, grace):
    question = asks(ada, opened, "Who pays?")
    does(grace, "desk.now", opened, question=question.pk, rev=1)
    text = page_of(ada).get(f"{AT}projector").content.decode()
    assert "--chars: 24" in text
    assert ">4821</b>" in text
    assert "QR code to join this room" in text
    assert re.search(r'<style nonce="[^"]{16,}">\.projector', text)


@pytest.mark.parametrize("where", ["", "desk", "speaker", "projector"])
def test_pages_speak_arabic(opened, grace, where):
    page = page_of(grace)
    page.cookies["language"] = "ar"
    text = page.get(AT + where).content.decode()
    assert '<html lang="ar" dir="rtl"' in text


def standing(room, person, number):
    now = timezone.now()
    Question.objects.create(room=room, number=number, author=person, text="?", state="open", asked_at=now, since=now)


@pytest.mark.parametrize("where", ["", "desk", "speaker", "projector"])
def test_a_page_takes_as_many_queries_however_many_ask(opened, ada, grace, where):
    page = page_of(grace)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            page.get(AT + where)
        return len(seen)

    for number in (1, 2):
        standing(opened, (ada, grace)[number % 2], number)
    few = queries()
    for number in range(3, 20):
        standing(opened, (ada, grace)[number % 2], number)
    assert queries() == few <= 64
