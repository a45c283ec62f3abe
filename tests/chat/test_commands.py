"""What a conversation understands of what comes over the line."""

import json

import pytest

import chat.consumers
from chat import words
from chat.models import Conversation
from live.commands import Malformed, envelope, find, given
from live.refusal import Refused
from tests.chat.talk import asks, says, told


def read(do: str, with_):
    asked = envelope(json.dumps({"do": do, "ref": "r", "on": "conversation.1", "with": with_}))
    return given(asked, find(asked).decoder)


@pytest.mark.parametrize(
    ("do", "with_"),
    [
        ("chat.say", {"text": "x" * 1001}),
        ("chat.say", {"text": 7}),
        ("chat.say", {"text": None}),
        ("chat.say", {}),
        ("chat.say", {"text": "Hello", "reply": 0}),
        ("chat.say", {"text": "Hello", "reply": "1"}),
        ("chat.say", {"text": "Hello", "author": 1}),
        ("chat.say", ["Hello"]),
        ("chat.edit", {"text": "Hello"}),
        ("chat.edit", {"message": -1, "text": "Hello"}),
        ("chat.delete", {"message": 1.5}),
        ("chat.remove", {"message": 1, "reason": "x"}),
        ("chat.read", {"number": -1}),
        ("chat.read", {}),
    ],
)
def test_anything_else_is_malformed(do, with_):
    with pytest.raises(Malformed):
        read(do, with_)


def test_a_thousand_characters_of_any_script_are_a_message():
    for letter in "aش字𝄞":
        assert len(read("chat.say", {"text": letter * 1000}).text) == 1000


@pytest.mark.parametrize(
    ("do", "rate"), [("chat.say", "chat"), ("chat.edit", "chat"), ("chat.delete", "chat"), ("chat.remove", "desk")]
)
def test_each_is_counted_against_its_limit(do, rate):
    asked = envelope(json.dumps({"do": do, "ref": "r", "on": "conversation.1"}))
    assert find(asked).rate == rate


def test_what_is_said_is_done_once_and_reading_bears_repetition():
    once = {
        do: find(envelope(json.dumps({"do": do, "ref": "r", "on": "conversation.1"}))).once
        for do in ("chat.say", "chat.read")
    }
    assert once == {"chat.say": True, "chat.read": False}


def test_the_limit_of_the_form_is_the_limit_of_the_line():
    assert words.tidy("x" * 1000, chat.messages.LIMIT, "chat.empty")


@pytest.mark.parametrize("on", ["room.1", "room.1.desk", "person.1"])
def test_it_is_asked_on_conversations_only(on):
    with pytest.raises(Refused, match=r"topic\.unknown"):
        find(envelope(json.dumps({"do": "chat.say", "ref": "r", "on": on})))


@pytest.mark.parametrize("topic", ["room.1", "room.1.desk", "person.1", "conversation", "conversation.x"])
def test_other_topics_are_no_conversations(db, topic):
    with pytest.raises(Refused, match=r"topic\.unknown"):
        Conversation.objects.named(topic)


def test_whoever_was_made_inactive_neither_writes_nor_moderates(conversation, ada, grace):
    message = says(ada, conversation, "Good morning")
    type(ada).objects.update(is_active=False)
    with told(conversation) as heard:
        for person, do in ((ada, "chat.delete"), (ada, "chat.read"), (grace, "chat.remove")):
            given = {"number": 1} if do == "chat.read" else {"message": message["id"]}
            with pytest.raises(Refused, match=r"^topic\.unknown$"):
                asks(person, do, conversation, **given)
    assert heard == []
