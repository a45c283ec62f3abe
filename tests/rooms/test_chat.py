"""The chat of a room, where it meets the room's own rules."""

import pytest

from chat import messages
from live.refusal import Refused
from tests.chat.talk import asks, says

from .witness import Witness


@pytest.fixture
def said(room, ada) -> dict:
    return says(ada, room.conversation, "Buy my sensors")


def test_who_is_silenced_in_the_chat_is_silenced_at_the_desk(room, ada, grace, said):
    witness = Witness(room, ada, grace)
    with witness.watching():
        asks(grace, "chat.silence", room.conversation, message=said["id"])
    assert witness.desk.state["silenced"] == [{"id": ada.pk, "name": ada.name}]
    assert witness.own[ada.pk].state["silenced"]
    assert witness.tries(ada, "question.ask", text="And here?") == "person.silenced"
    witness.does(grace, "desk.unsilence", person=ada.pk)
    assert says(ada, room.conversation, "Sorry")["number"] == 2


def test_only_moderators_silence(room, ada, linus, said):
    witness = Witness(room, ada, linus)
    with witness.watching(), pytest.raises(Refused, match=r"room\.not_yours"):
        asks(linus, "chat.silence", room.conversation, message=said["id"])
    assert messages.silenced(room.conversation) == set()


def test_the_chat_ends_with_the_session_and_its_record_stays(room, ada, grace, said):
    witness = Witness(room, ada, grace)
    witness.does(grace, "room.set", chat_open=False)
    with pytest.raises(Refused, match=r"chat\.closed"):
        says(ada, room.conversation, "Hello?")
    witness.does(grace, "room.set", chat_open=True)
    witness.does(grace, "room.state", state="ended")
    picture = messages.picture(room.conversation.topic)
    assert not picture["open"]
    assert [it["text"] for it in picture["messages"]] == ["Buy my sensors"]
