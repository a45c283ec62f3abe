"""The speakers' list without a script, what the pages show of it, and its record to take home."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from rooms import record
from rooms.floor import page as floor_page
from rooms.models import Question, Turn
from rooms.templatetags import floor as said

from .test_pages import AT, page_of
from .witness import asks, does

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def section(answer) -> str:
    return re.search(r'<section[^>]* id="speakers".*?</section>', text_of(answer), re.DOTALL).group()


def raised(room, *people, **more) -> list[int]:
    return [does(person, "hand.raise", room, **more)["id"] for person in people]


def gives(room, by, do, pk, **more):
    return does(by, f"floor.{do}", room, turn=pk, rev=Turn.objects.get(pk=pk).revision, **more)


# attending


def test_a_hand_raised_by_a_form_and_lowered_again(room, ada):
    page = page_of(ada)
    answer = page.post(f"{AT}hand/", {"do": "raise", "o": "top"})
    assert answer["Location"] == f"{AT}?o=top#speakers"
    shown = section(page.get(AT))
    assert "You are next to speak" in shown
    assert "Ada Ndiaye" in shown
    page.post(f"{AT}hand/", {"do": "lower", "turn": Turn.objects.get().pk})
    assert Turn.objects.get().state == "lowered"
    assert "Nobody is waiting to speak." in section(page.get(AT))


def test_ones_place_and_how_long_it_will_take(room, ada, ines, layla):
    raised(room, ines, layla, ada)
    shown = section(page_of(ada).get(AT))
    assert "You are third to speak" in shown
    assert "in about 4 minutes" in shown


def test_in_writing(room, ada, grace):
    page_of(ada).post(f"{AT}hand/", {"do": "raise", "text": "Water\r\nis life."})
    turn = Turn.objects.get()
    assert (turn.in_writing, turn.text) == (True, "Water\nis life.")
    assert "is life." not in section(page_of(grace).get(AT))
    gives(room, grace, "start", turn.pk)
    assert "Water<br>is life." in section(page_of(grace).get(AT))


def test_a_point_of_order(room, ada):
    page_of(ada).post(f"{AT}hand/", {"do": "raise", "order": "1"})
    assert Turn.objects.get().point_of_order


@pytest.mark.parametrize(
    ("fields", "say"),
    [
        pytest.param({"do": "raise"}, "The speakers’ list is closed at the moment.", id="closed"),
        pytest.param({"do": "raise", "text": " "}, "Please write first what is to be read out.", id="empty"),
        pytest.param({"do": "raise", "text": "x" * 2001}, "Plenary did not understand that.", id="too long"),
        pytest.param({"do": "lower"}, "You are not on the speakers’ list.", id="not there"),
        pytest.param({"do": "lower", "turn": "x"}, "Plenary did not understand that.", id="no turn"),
    ],
)
def test_what_is_wrong_is_said_beside_the_list(room, ada, grace, fields, say):
    does(grace, "floor.open", room, open=False)
    answer = page_of(ada).post(f"{AT}hand/", fields)
    assert answer.status_code == 403
    assert say in section(answer)
    assert not Turn.objects.exists()


def test_what_was_typed_is_not_lost(room, ada):
    raised(room, ada)
    answer = page_of(ada).post(f"{AT}hand/", {"do": "raise", "text": "Water is life."})
    assert "You are on the speakers’ list already." in section(answer)


def test_sent_twice_raised_once(room, ada):
    page, form = page_of(ada), {"do": "raise", "ref": "one-and-the-same"}
    assert [page.post(f"{AT}hand/", form).status_code for _ in range(2)] == [302, 302]
    assert Turn.objects.count() == 1


def test_a_question_to_be_said(room, ada, grace):
    does(grace, "room.set", room, moderation=False)
    page = page_of(ada)
    assert "I’d like to say it myself" in text_of(page.get(AT))
    page.post(f"{AT}ask/", {"text": "Who pays?", "aloud": "on"})
    assert Question.objects.get().aloud
    assert '<a href="#q1">Question 1</a>' in section(page.get(AT))


def test_whoever_may_not_enter_raises_no_hand(room, mallory, session):
    session.groups.create(name="Mayors", slug="mayors")
    answer = page_of(mallory).post(f"{AT}hand/", {"do": "raise"})
    assert answer.status_code == 404
    assert not Turn.objects.exists()


# the desk


def presses(by, do, **fields):
    return page_of(by).post(f"{AT}desk/do", {"do": f"floor-{do}", **fields})


def test_the_desk_runs_the_list_by_forms(room, ada, ines, grace):
    one, two = raised(room, ada, ines)
    shown = section(page_of(grace).get(f"{AT}desk"))
    assert "Suggested next: Ada Ndiaye." in shown
    assert "Nobody from African States has been heard" in shown
    for do, pk in [
        ("start", two),
        ("pause", two),
        ("resume", two),
        ("extend", two),
        ("finish", two),
        ("skip", one),
        ("readd", one),
    ]:
        answer = presses(grace, do, turn=pk, rev=Turn.objects.get(pk=pk).revision)
        assert answer["Location"] == f"{AT}desk"
    assert Turn.objects.get(pk=two).state == "finished"
    assert Turn.objects.get(pk=one).state == "waiting"
    assert "Another one was suggested" in section(page_of(grace).get(f"{AT}desk"))


def test_the_next_one_by_a_button(room, ada, ines, grace):
    one, two = raised(room, ada, ines)
    gives(room, grace, "start", one)
    presses(grace, "next", turn=one, rev=Turn.objects.get(pk=one).revision)
    assert Turn.objects.get(pk=two).state == "invited"
    presses(grace, "no_answer", turn=two, rev=Turn.objects.get(pk=two).revision)
    assert Turn.objects.get(pk=two).state == "no_answer"


def test_the_list_is_closed_and_opened_and_emptied_and_announced_by_buttons(room, ada, grace):
    raised(room, ada)
    presses(grace, "lower_all")
    presses(grace, "add", name="Deputy Mayor of Bari", organisation="")
    presses(grace, "close")
    assert [turn.state for turn in Turn.objects.all()] == ["lowered", "waiting"]
    assert "Open the list" in section(page_of(grace).get(f"{AT}desk"))
    presses(grace, "open")
    assert "Close the list" in section(page_of(grace).get(f"{AT}desk"))


def test_what_the_desk_may_not_is_said(room, ada, grace):
    [pk] = raised(room, ada)
    answer = presses(grace, "start", turn=pk, rev=7)
    assert answer.status_code == 403
    assert "Somebody changed this turn a moment ago." in text_of(answer)


# pure


def told(pk, state="waiting", **more) -> dict:
    return {
        "id": pk, "number": pk, "state": state, "point_of_order": False, "position": pk, "seconds": 120, "spoken": 0.0,
        "running_since": None, **more,
    }  # fmt: skip


def test_how_long_a_turn_has_left():
    assert floor_page.left(told(1, spoken=30.0), NOON) == 90
    running = told(1, "speaking", spoken=30.0, running_since=(NOON - timedelta(seconds=100)).isoformat())
    assert floor_page.left(running, NOON) == -10


def test_who_is_over_their_time_takes_none_from_the_others():
    turns = [told(1, "speaking", spoken=500.0), told(2), told(3)]
    waiting = floor_page.in_order(turns)
    assert floor_page.whereabouts(turns[2], turns, waiting, NOON) == {"place": 2, "minutes": 2}
    assert floor_page.whereabouts(turns[0], turns, waiting, NOON) == {"place": 0, "minutes": 0}


def test_points_of_order_stand_in_front():
    turns = [told(1), told(2, point_of_order=True), told(3, position=0)]
    assert [it["id"] for it in floor_page.in_order(turns)] == [2, 3, 1]


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"state": "waiting", "place": 1}, "You are next to speak"),
        ({"state": "waiting", "place": 4}, "You are number 4 to speak"),
        ({"state": "waiting", "place": 2, "in_writing": True}, "The chair will read yours"),
        ({"state": "invited", "place": 0}, "The chair calls you"),
        ({"state": "paused", "place": 0}, "You have the floor"),
    ],
)
def test_where_one_stands(own, sentence):
    assert said.called({"in_writing": False, **own}) == sentence


@pytest.mark.parametrize(
    ("hint", "sentence"),
    [
        ({"what": "point_of_order", "say": {}}, "Points of order come first"),
        ({"what": "first_time", "say": {}}, "Has not spoken yet"),
        ({"what": "region", "say": {"region": "africa"}}, "Nobody from African States has been heard"),
        ({"what": "stakeholder", "say": {"stakeholder": "academia"}}, "Academia least heard"),
        ({"what": "waiting", "say": {"since": "2026-11-23T12:00:00+00:00"}}, "Has waited longest"),
        ({"what": "spoken", "say": {"seconds": 125}}, "Has spoken for 2:05"),
        ({"what": "order", "say": {}}, "Is first in the list"),
    ],
)
def test_what_speaks_for_somebody(hint, sentence):
    assert said.why(hint) == sentence


# the record


@pytest.fixture
def held(room, ada, ines, grace, time_machine):
    """Two spoke, another than was suggested first; one raised a hand and lowered it."""
    time_machine.move_to(room.session.starts_at + timedelta(minutes=40), tick=False)
    one, two = raised(room, ada, ines, in_writing="=1+1")
    gives(room, grace, "start", two)
    time_machine.shift(61)
    gives(room, grace, "finish", two)
    gives(room, grace, "start", one)
    time_machine.shift(30)
    gives(room, grace, "finish", one)
    raised(room, ada)
    does(ada, "hand.lower", room)
    return room


def test_the_table_of_speakers(held, grace):
    answer = page_of(grace).get(f"{AT}speakers.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="speakers-4821.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    names = ("Number", "State", "Who", "Region", "Seconds spoken", "Another one was suggested", "Text")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("1", "finished", "Ada Ndiaye", "africa", "30", "0", "'=1+1"),
        ("2", "finished", "Inês Carvalho", "western_europe", "61", "1", "'=1+1"),
        ("3", "lowered", "Ada Ndiaye", "africa", "0", "0", ""),
    ]


def test_everything_about_speakers_as_json(held, grace):
    told = json.loads(page_of(grace).get(f"{AT}speakers.json").content)
    assert told["speaking_time"] == {
        "people": [["Inês Carvalho", 61], ["Ada Ndiaye", 30]],
        "regions": [["western_europe", 61], ["africa", 30]],
        "stakeholders": [["government", 91]],
    }
    assert [(act["what"], act["by"], act["turn"], act["suggested"]) for act in told["acts"]] == [
        ("started", "Grace Otieno", 2, 1),
        ("finished", "Grace Otieno", 2, None),
        ("started", "Grace Otieno", 1, None),
        ("finished", "Grace Otieno", 1, None),
    ]
    everything = json.loads(page_of(grace).get(f"{AT}export.json").content)
    assert everything["speakers"] == told["speakers"]


@pytest.mark.parametrize("where", ["speakers.csv", "speakers.json"])
def test_only_moderators_take_it_home(held, ada, linus, where):
    for person in (ada, linus):
        assert page_of(person).get(f"{AT}{where}").status_code == 403


def test_a_whole_record(held):
    assert record.findings(held) == []


TAMPERINGS = {
    "a longer speech": (
        lambda turns: turns.filter(number=2).update(spoken=5),
        "turn 2: spoken is 5.0, but 61.0 was said",
    ),
    "no override": (
        lambda turns: turns.filter(number=2).update(overridden=False),
        "turn 2: overridden is false, but true was said",
    ),
    "nobody spoke": (lambda turns: turns.filter(number=1).delete(), "turn 1: it is on record"),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_tampering_is_found_and_named(held, how):
    tamper, finding = TAMPERINGS[how]
    tamper(held.turns)
    assert finding in "\n".join(str(found) for found in record.findings(held))


def test_a_questions_turn_is_on_record_under_its_number(room, ada, grace):
    does(grace, "room.set", room, moderation=False)
    asks(ada, room, "Who pays?", aloud=True)
    [row] = json.loads(page_of(grace).get(f"{AT}speakers.json").content)["speakers"]
    assert (row["kind"], row["question"], row["by"]) == ("question", 1, "Ada Ndiaye")


def test_who_was_silenced_may_still_leave_the_list(room, ada, grace):
    raised(room, ada)
    does(grace, "desk.silence", room, question=asks(ada, room, "x").pk)
    assert "Lower hand" in section(page_of(ada).get(AT))
    page_of(ada).post(f"{AT}hand/", {"do": "lower"})
    shown = section(page_of(ada).get(AT))
    assert "Raise hand" not in shown


def test_after_the_end_the_list_is_read(room, ada, grace):
    raised(room, ada)
    does(grace, "room.state", room, state="ended")
    shown = section(page_of(ada).get(AT))
    assert "Ada Ndiaye" in shown
    assert "<button" not in shown
