"""Whatever people do in their conversations, in whatever order: what pages were told equals what a newcomer is told."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat import conversations, wire
from chat.models import Conversation
from live import limits, log
from people import blocks
from people.models import Person

from .letters import Tab, asks, does, refused_as, talking

DEEDS = (
    "say",
    "reply",
    "edit",
    "delete",
    "react",
    "read",
    "mute",
    "hide",
    "leave",
    "accept",
    "decline",
    "ignore",
    "title",
    "add",
)
BESIDE = ("write", "block", "unblock")

deeds = st.tuples(
    st.integers(0, 2),  # who
    st.sampled_from(DEEDS + BESIDE),
    st.integers(0, 1),  # in which conversation, or with whom
    st.integers(1, 6),  # which message
    st.booleans(),
)


def with_of(what: str, conversation: Conversation, number: int, on: bool, people: list[Person]) -> dict:
    message = conversation.messages.filter(number=number).values_list("pk", flat=True).first() or 1
    given: dict[str, dict] = {
        "say": {"text": f"Line {number}"},
        "reply": {"text": "So it is", "reply": message},
        "edit": {"message": message, "text": f"Better {number}"},
        "delete": {"message": message},
        "react": {"message": message, "sign": wire.SIGNS[number - 1], "on": on},
        "read": {"number": number},
        "mute": {"on": on},
        "hide": {"on": on},
        "title": {"title": f"Title {number}"},
        "add": {"people": [person.pk for person in people]},
    }
    return given.get(what, {})


def happens(people: list[Person], there: list[Conversation], deed: tuple) -> str:
    """The code of the refusal; "" if it was done."""
    who, what, where, number, on = deed
    person, other = people[who], people[(who + where + 1) % 3]
    if what == "write":
        return refused_as(does, person, conversations.write, person.pk, other.pk, f"Line {number}")
    if what in BESIDE:
        return refused_as(does, person, getattr(blocks, what), person.pk, other.pk)
    do = "chat.say" if what == "reply" else f"chat.{what}"
    return refused_as(asks, person, do, there[where], **with_of(what, there[where], number, on, people))


@pytest.mark.parametrize("shares", [True, False], ids=["reading shown", "one hides it"])
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deeds, min_size=5, max_size=30))
def test_pages_that_listen_show_what_a_newcomer_sees(shares, ada, ines, mallory, story):
    people = [ada, ines, mallory]
    Conversation.objects.all().delete()
    ada.blocks.all().delete()
    ines.blocks.all().delete()
    mallory.blocks.all().delete()
    log.Topic.objects.all().delete()
    log.Entry.objects.all().delete()
    limits.forgive()
    Person.objects.update(takes_messages=True)
    Person.objects.filter(pk=ines.pk).update(shares_read=shares)
    pair = talking(ada, ines)
    group = does(ada, conversations.start_group, ada.pk, [ines.pk], "Night flow")
    tabs = [Tab(person, it) for person in people for it in (pair, group)]
    for deed in story:
        happens(people, [pair, group], deed)
    for tab in tabs:
        tab.check()
    for topic in log.Topic.objects.values_list("name", flat=True):
        assert log.verify(topic) == []
