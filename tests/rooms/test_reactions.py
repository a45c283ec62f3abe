"""Applause and the like: counted together, told in passing, never kept."""

import pytest

from live import log, writer
from live.batch import together
from live.models import Entry, Receipt
from live.refusal import Refused
from people.models import Group, Person
from rooms.models import Room
from rooms.polls import commands as poll_commands
from rooms.reactions import REACTIONS, Reaction

from .witness import does, refused_as


def told(room: Room, *reactions: tuple[Person, Reaction]) -> list[tuple[str, str, str, bool]]:
    with log.listening() as said, together([]):
        poll_commands.react(room.topic, [(who.pk, poll_commands.React(what)) for who, what in reactions])
    return [tuple(saying) for saying in said]


def test_there_are_six():
    assert len(REACTIONS) == 6


def test_one_whisper_for_all(room, ada, ines, linus):
    said = told(room, (ada, "applause"), (ines, "applause"), (linus, "heart"))
    assert said == [(room.topic, "reactions", '{"counts":{"applause":2,"heart":1}}', False)]


def test_nobody_counts_twice_in_a_tick(room, ada):
    [(*_, counts, _)] = told(room, (ada, "applause"), (ada, "applause"), (ada, "thanks"))
    assert counts == '{"counts":{"applause":1,"thanks":1}}'


@pytest.mark.parametrize("what", REACTIONS)
def test_nothing_is_kept(room, ada, what):
    before = Entry.objects.count(), Receipt.objects.count()
    assert does(ada, "react", room, what=what) is None
    assert (Entry.objects.count(), Receipt.objects.count()) == before


def test_what_nobody_knows_is_refused(room, ada):
    with pytest.raises(Refused, match=r"^command\.malformed$"):
        does(ada, "react", room, what="boo")


def test_a_moderator_switches_them_off(room, ada, grace):
    assert does(grace, "room.set", room, reactions_open=False)["reactions_open"] is False
    assert refused_as(ada, "react", room, what="heart") == "reactions.closed"
    assert refused_as(ada, "room.set", room, reactions_open=True) == "room.not_yours"


def test_silenced_people_are_not_heard(room, ada, ines, grace):
    question = does(ada, "question.ask", room, text="Me first!")["id"]
    does(grace, "desk.silence", room, question=question)
    assert refused_as(ada, "react", room, what="heart") == "person.silenced"
    said = told(room, (ada, "heart"), (ines, "agree"))
    assert [data for *_, data, _ in said] == ['{"counts":{"agree":1}}']
    assert told(room, (ada, "heart")) == []


def test_outside_of_the_session_nobody_reacts(room, ada, grace):
    does(grace, "room.state", room, state="ended")
    assert refused_as(ada, "react", room, what="applause") == "room.ended"


def test_each_is_answered_for_themselves(room, ada, mallory, session):
    session.groups.add(Group.objects.create(name="Mayors", slug="mayors"))
    session.groups.get().people.add(ada)
    heart = poll_commands.React("heart")
    first, second = writer.do(0, poll_commands.react, room.topic, [(mallory.pk, heart), (ada.pk, heart)])
    assert isinstance(first, Refused)
    assert second is None
