"""Several at the same moment, each over a line of their own to the database: threads here, processes in life."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from live import writer
from live.log import verify
from live.refusal import Refused
from people.models import Person
from rooms import consumers
from rooms.models import Question, Turn, Vote

from .witness import asks, does, public_frames

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*doings):
    """All begin together. What each returned, or the code it was refused with."""
    gate = Barrier(len(doings))

    def begin(doing):
        gate.wait()
        try:
            return doing()
        except Refused as no:
            return no.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(begin, doings))


def cast(room, people, question):
    votes = [(person.pk, consumers.Vote(question, True)) for person in people]
    return lambda: writer.do(0, consumers.vote, room.topic, votes)


def test_nobodys_vote_is_missed(room, ada, grace):
    does(grace, "room.set", room, moderation=False)
    question = asks(ada, room, "Who pays?").pk
    crowd = Person.objects.bulk_create([Person(email=f"{n}@crowd.example", name=f"Person {n}") for n in range(60)])
    at_once(*(cast(room, crowd[at : at + 20], question) for at in (0, 20, 40)))
    assert Vote.objects.filter(question=question).count() == Question.objects.get(pk=question).votes == 60
    assert public_frames(room)[-1] == ("votes", {"counts": [[question, 60]]})
    assert verify(room.topic) == []


def test_two_moderators_and_one_question(room, ada, grace, aiko):
    pk = asks(ada, room, "Who pays?").pk
    results = at_once(
        lambda: does(grace, "desk.approve", room, questions=[[pk, 1]]),
        lambda: does(aiko, "desk.dismiss", room, questions=[[pk, 1]], reason="no_time"),
    )
    assert sorted(map(str, results)) == ["question.changed", str({"done": [pk], "refused": []})]
    assert Question.objects.get(pk=pk).revision == 2


def test_only_one_becomes_the_present_one(room, ada, grace, aiko):
    does(grace, "room.set", room, moderation=False)
    one, two = (asks(ada, room, text).pk for text in ("One?", "Two?"))
    at_once(
        lambda: does(grace, "desk.now", room, question=one, rev=1, then="next"),
        lambda: does(aiko, "desk.now", room, question=two, rev=1, then="next"),
    )
    assert sorted(Question.objects.values_list("state", flat=True)) == ["next", "now"]


def test_numbers_are_counted_by_the_database(room, ada, ines, linus):
    at_once(*(lambda person=person: asks(person, room, f"{person}?") for person in (ada, ines, linus)))
    assert sorted(Question.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_only_one_has_the_floor(room, ada, ines, grace, aiko):
    one, two = (does(person, "hand.raise", room)["id"] for person in (ada, ines))
    at_once(
        lambda: does(grace, "floor.start", room, turn=one, rev=1),
        lambda: does(aiko, "floor.start", room, turn=two, rev=1),
    )
    assert sorted(Turn.objects.values_list("state", flat=True)) == ["finished", "speaking"]


def test_two_chairs_and_one_turn(room, ada, grace, aiko):
    pk = does(ada, "hand.raise", room)["id"]
    results = at_once(
        lambda: does(grace, "floor.start", room, turn=pk, rev=1),
        lambda: does(aiko, "floor.skip", room, turn=pk, rev=1),
    )
    assert sorted(map(str, results)) == ["turn.changed", str({"done": [pk]})]


def test_hands_raised_together_have_a_place_each(room, ada, ines, linus):
    at_once(*(lambda person=person: does(person, "hand.raise", room) for person in (ada, ines, linus, ada)))
    assert sorted(Turn.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert len(set(Turn.objects.values_list("position", flat=True))) == 3
