import pytest

from bench import wire
from bench.page import Beat, Entered, Happening, Page, Reply, Snapshot, note

ROOM = {"rev": 1, "state": "live"}


def question(pk, rev=1, votes=0):
    return {"id": pk, "rev": rev, "votes": votes, "text": f"Question {pk}"}


@pytest.fixture
def sent():
    return []


@pytest.fixture
def page(sent):
    """In the room at seq 10, with question 1."""
    page = Page("room.7", sent.append)
    page.hear(Snapshot(10, {"room": ROOM, "questions": [question(1)]}))
    page.hear(Entered(10))
    return page


def test_it_shows_what_happens(page):
    page.hear(Happening(11, "question", question(2)))
    page.hear(Happening(12, "votes", {"counts": [[1, 3], [2, 1]]}))
    page.hear(Happening(13, "question", question(1, rev=2, votes=3)))
    page.hear(Happening(14, "room", ROOM | {"state": "ended"}))
    assert page.shows() == (ROOM | {"state": "ended"}, {1: question(1, 2, 3), 2: question(2, votes=1)})
    assert page.sees() == 2 + 4


def test_what_was_heard_before_changes_nothing(page):
    page.hear(Happening(10, "votes", {"counts": [[1, 9]]}))
    assert page.questions[1]["votes"] == 0


@pytest.mark.parametrize("later", [Happening(12, "votes", {"counts": [[1, 9]]}), Beat(11)])
def test_a_gap_is_asked_for(page, sent, later):
    page.hear(later)
    assert sent == [wire.enter("room.7", 10)]
    assert page.questions[1]["votes"] == 0


def test_what_is_not_acknowledged_is_sent_again(page, sent):
    page.do("question.vote", "a", question=1, up=True)
    page.do("question.vote", "b", question=1, up=True)
    page.hear(Reply("a", None))
    page.lose_line()
    assert page.opening() == (wire.enter("room.7", 10),)
    page.do("question.vote", "c", question=1, up=True)
    sent.clear()
    page.hear(Entered(10))
    assert sent == [page.waiting["b"], page.waiting["c"]]
    assert page.acknowledged == {"a"}


def test_it_tries_again_when_told_to_and_remembers_refusals(page, sent):
    page.do("question.ask", "a", text="Why?")
    page.hear(Reply("a", "try.again"))
    assert sent == [page.waiting["a"]] * 2
    page.hear(Reply("a", "questions.closed"))
    assert (page.waiting, page.acknowledged, page.refused) == ({}, set(), {"a": "questions.closed"})


def test_a_past_that_is_not_complete_begins_anew(page, sent):
    page.lose_line()
    page.hear(Entered(15))
    assert sent == [wire.enter("room.7")]
    assert not page.is_in


def test_notes_of_frames():
    assert note(b'{"re":"a","ok":{"id":1}}') == Reply("a", None)
    assert note(b'{"re":"a","refused":"slow.down","say":"\\u2026"}') == Reply("a", "slow.down")
    assert note(b'{"on":"room.7","snapshot":3,"data":{"room":{}}}') == Snapshot(3, {"room": {}})
    assert note(b'{"on":"room.7","entered":3}') == Entered(3)
    assert note(b'{"on":"room.7","beat":3}') == Beat(3)
    assert note(b'{"on":"room.7","seq":4,"event":"votes","data":{"counts":[]}}') == Happening(
        4, "votes", {"counts": []}
    )
    assert note(b'{"on":"room.7","here":2000}') is None


def test_mending_does_not_send_commands_twice(page, sent):
    page.do("question.ask", "a", text="Why?")
    page.hear(Beat(11))
    page.hear(Happening(11, "votes", {"counts": []}))
    page.hear(Entered(11))
    assert sent == [page.waiting["a"], wire.enter("room.7", 10)]
