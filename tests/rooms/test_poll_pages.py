"""Polls without a script, and what moderators take home of them."""

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.models import Receipt
from rooms.models import Ballot, Poll
from rooms.polls import page as poll_page

from .test_pages import AT, page_of
from .test_polls import WORDS, made, moved, opened
from .witness import does


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_voting_by_a_form(room, ada, grace):
    poll = opened(room, grace)
    page = page_of(ada)
    assert 'name="choices" value="1" required' in text_of(page.get(AT))
    answer = page.post(f"{AT}poll/", {"poll": poll.pk, "choices": ["1"]})
    assert answer["Location"] == f"{AT}?o=top#polls"
    assert Ballot.objects.get().answer == [1]
    text = text_of(page.get(AT))
    assert 'value="1" checked' in text
    assert "Change my vote" in text
    assert '<th scope="row"><span dir="auto">By ferry</span>' in text


def test_a_form_leaves_no_receipt(room, ada, grace):
    poll = opened(room, grace)
    before = Receipt.objects.count()
    page_of(ada).post(f"{AT}poll/", {"poll": poll.pk, "choices": ["1"], "ref": "mine"})
    assert Ballot.objects.count() == 1
    assert Receipt.objects.count() == before


def test_several_choices_and_words_by_forms(room, ada, grace):
    several = opened(room, grace, kind="multiple", most=2)
    cloud = opened(room, grace, **WORDS, options=[])
    page_of(ada).post(f"{AT}poll/", {"poll": several.pk, "choices": ["2", "0"]})
    page_of(ada).post(f"{AT}poll/", {"poll": cloud.pk, "words": ["2027", "Trust", ""]})
    assert list(Ballot.objects.order_by("poll").values_list("answer", flat=True)) == [[0, 2], ["2027", "Trust"]]
    assert '<ul class="cloud"' in text_of(page_of(ada).get(AT))


@pytest.mark.parametrize(
    ("fields", "say"),
    [
        pytest.param({}, "This answer does not fit the poll.", id="nothing chosen"),
        pytest.param({"choices": ["many"]}, "Plenary did not understand that.", id="no number"),
        pytest.param({"choices": ["9"]}, "This answer does not fit the poll.", id="not there"),
    ],
)
def test_what_is_wrong_is_said_beside_the_polls(room, ada, grace, fields, say):
    poll = opened(room, grace)
    answer = page_of(ada).post(f"{AT}poll/", {"poll": poll.pk, **fields})
    assert answer.status_code == 403
    assert say in text_of(answer)
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("results", ["live", "after_vote", "after_close"])
def test_pages_hold_nothing_that_may_not_be_seen(room, ada, ines, grace, results):
    poll = opened(room, grace, results=results)
    does(ada, "poll.vote", room, poll=poll.pk, choices=[1])
    seen = {"live": {"ada", "ines"}, "after_vote": {"ada"}, "after_close": set()}[results]
    for name, person in [("ada", ada), ("ines", ines)]:
        text = text_of(page_of(person).get(AT))
        assert ('"counts"' in text) == (name in seen)
        assert ("<progress max" in text) == (name in seen)
    projector = text_of(page_of(ada).get(f"{AT}projector"))
    assert ("<progress max" in projector) == (results == "live")
    moved(room, grace, poll, "close", *([] if results == "live" else ["show"]))
    assert "<progress max" in text_of(page_of(ines).get(f"{AT}projector"))


def test_the_desk_without_a_script(room, grace):
    desk = page_of(grace)
    about = {
        "do": "poll-add",
        "kind": "multiple",
        "question": "What next?",
        "options": "Tea\r\n\r\nCoffee",
        "most": "2",
    }
    assert desk.post(f"{AT}desk/do", {**about, "results": "live", "named": "on"}).status_code == 302
    poll = Poll.objects.get()
    assert (poll.options, poll.most, poll.named, poll.results) == (["Tea", "Coffee"], 2, True, "live")
    for rev, (step, state) in enumerate(
        [("open", "open"), ("close", "shown"), ("hide", "closed"), ("show", "shown")], 1
    ):
        assert f"poll-{step}" in text_of(desk.get(f"{AT}desk"))
        desk.post(f"{AT}desk/do", {"do": f"poll-{step}", "poll": poll.pk, "rev": rev})
        poll.refresh_from_db()
        assert poll.state == state
    draft = made(room, grace)
    desk.post(f"{AT}desk/do", {"do": "poll-remove", "poll": draft.pk, "rev": 1})
    assert Poll.objects.count() == 1


def test_a_screen_shows_what_was_opened_or_shown_last():
    polls = [
        {"number": number, "state": state, "since": since}
        for number, state, since in [(1, "shown", "14:02"), (2, "open", "14:01"), (3, "closed", "14:03")]
    ]
    assert poll_page.projected(polls)["number"] == 1
    assert poll_page.projected(polls[1:])["number"] == 2
    assert poll_page.projected(polls[2:]) is None
    assert poll_page.projected(polls, since="14:03") is None


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_the_words_of_a_cloud_have_five_sizes(people, more):
    assert 1 <= poll_page.size(people, people + more) <= poll_page.size(people + more, people + more) == 5


# The record handed out.


@pytest.fixture
def held(room, ada, ines, grace):
    """A named poll, an anonymous one, a cloud with a word struck; and a draft."""
    named, secret = opened(room, grace, named=True), opened(room, grace)
    cloud = opened(room, grace, **WORDS, options=[])
    for person, choice in [(ada, 0), (ines, 1)]:
        does(person, "poll.vote", room, poll=named.pk, choices=[choice])
        does(person, "poll.vote", room, poll=secret.pk, choices=[choice])
    does(ada, "poll.vote", room, poll=cloud.pk, words=["Trust", "=SUM(A1)"])
    does(grace, "poll.strike", room, poll=cloud.pk, word="trust")
    made(room, grace, question="Not yet")
    return room


def test_the_table_of_polls(held, grace):
    answer = page_of(grace).get(f"{AT}polls.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="polls-4821.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    said = [(row["Poll"], row["Answer"], row["Votes"], row["Who"], row["Struck out"]) for row in rows]
    assert said[:6] == [
        ("1", "By train", "1", "Ada Ndiaye", "0"),
        ("1", "By ferry", "1", "Inês Carvalho", "0"),
        ("1", "On foot", "0", "", "0"),
        ("2", "By train", "1", "", "0"),
        ("2", "By ferry", "1", "", "0"),
        ("2", "On foot", "0", "", "0"),
    ]
    assert sorted(said[6:]) == [("3", "'=SUM(A1)", "1", "", "0"), ("3", "Trust", "1", "", "1")]


def test_everything_about_polls_as_json(held, grace):
    told = json.loads(page_of(grace).get(f"{AT}polls.json").content)
    named, secret, cloud = told["polls"]
    assert [(it["by"], it["answer"]) for it in named["ballots"]] == [
        ("Ada Ndiaye", ["By train"]),
        ("Inês Carvalho", ["By ferry"]),
    ]
    assert secret["ballots"] is cloud["ballots"] is None
    assert secret["answers"][0] == {"answer": "By train", "votes": 1, "struck": False}
    assert "Ada" not in json.dumps([secret, cloud])


@pytest.mark.parametrize("where", ["polls.csv", "polls.json"])
def test_only_moderators_take_it_home(held, ada, linus, where):
    for person in (ada, linus):
        assert page_of(person).get(f"{AT}{where}").status_code == 403
