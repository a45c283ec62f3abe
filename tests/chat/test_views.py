"""The chat's pages: earlier messages, and writing without a script."""

import uuid

import pytest
from django.urls import reverse

from chat.models import Message

from .talk import says, told


@pytest.fixture
def page(client, ada):
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


def say(page, conversation, **form):
    return page.post(reverse("chat-say", args=[conversation.pk]), {"back": "/room/4711/#chat", **form})


def older(page, conversation, **query):
    return page.get(reverse("chat-older", args=[conversation.pk]), query)


def test_the_form_says_it_and_leads_back(page, conversation):
    with told(conversation) as heard:
        answer = say(page, conversation, text="Hello", ref=str(uuid.uuid4()))
    assert (answer.status_code, answer["Location"]) == (302, "/room/4711/#chat")
    assert [data["text"] for _, data in heard] == ["Hello"]


def test_the_form_sent_twice_says_it_once(page, conversation):
    ref = str(uuid.uuid4())
    for _ in range(2):
        assert say(page, conversation, text="Hello", ref=ref).status_code == 302
    assert conversation.messages.count() == 1


def test_what_could_not_be_said_is_not_lost(page, conversation):
    conversation.is_open = False
    conversation.save()
    answer = say(page, conversation, text="Long <thought>", ref=str(uuid.uuid4()))
    assert answer.status_code == 403
    assert "Long &lt;thought&gt;</textarea>" in answer.content.decode()
    assert "The chat is closed" in answer.content.decode()


def test_too_long_is_a_sentence_and_not_an_error(page, conversation):
    assert say(page, conversation, text="x" * 1001).status_code == 403
    assert not Message.objects.exists()


def test_an_endless_number_replies_to_nothing(page, conversation):
    assert say(page, conversation, text="Hello", reply="9" * 5000).status_code == 302


def test_two_a_second(page, conversation):
    answers = [say(page, conversation, text=str(n)).status_code for n in range(4)]
    assert answers[:2] == [302, 302]
    assert 429 in answers[2:]


def test_it_leads_back_to_this_forum_only(page, conversation):
    assert say(page, conversation, text="Hello", back="https://elsewhere.example/")["Location"] == "/"


def test_signed_out_people_are_asked_to_sign_in(client, conversation):
    assert say(client, conversation, text="Hello").status_code == 302
    assert not Message.objects.exists()


def test_outsiders_find_no_such_conversation(client, mallory, ada, conversation):
    conversation.session.groups.create(name="Mayors", slug="mayors").people.add(ada)
    client.force_login(mallory, backend="django.contrib.auth.backends.ModelBackend")
    assert older(client, conversation).status_code == 404
    assert say(client, conversation, text="Hello").status_code == 403
    assert not Message.objects.exists()


def test_older_messages_page_by_page(page, ada, conversation):
    Message.objects.bulk_create(
        Message(conversation=conversation, author=ada, number=n, text=str(n)) for n in range(1, 251)
    )
    pages = [older(page, conversation, before=n).json() for n in (151, 51)]
    assert [m["number"] for m in pages[0]["messages"]] == list(range(51, 151))
    assert [m["number"] for m in pages[1]["messages"]] == list(range(1, 51))
    assert [p["more"] for p in pages] == [True, False]


@pytest.mark.parametrize("before", ["x", "-1", "1e9", "9" * 5000])
def test_before_is_a_number(page, conversation, before):
    assert older(page, conversation, before=before).status_code == 400


def test_a_huge_number_is_just_the_newest(page, ada, conversation):
    says(ada, conversation, "Hello")
    assert len(older(page, conversation, before="9" * 30).json()["messages"]) == 1
