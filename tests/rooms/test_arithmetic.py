"""What needs no database: families of questions, likeness, the order of a page, QR codes."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from people import qr
from rooms import page
from rooms.models import Family
from rooms.questions.similarity import ALIKE, nearest, similarity
from rooms.templatetags.room import drifted, headline, initials, ordinal, stages

trees = st.integers(1, 12).flatmap(
    lambda size: st.tuples(*(st.none() | st.integers(0, child - 1) if child else st.none() for child in range(size)))
)


@given(trees)
def test_everything_joined_is_found_from_its_root(parents):
    family = Family({child: parent for child, parent in enumerate(parents) if parent is not None})
    for child in range(len(parents)):
        assert family.way(child)[-1] == family.root(child)
        assert family.root(child) not in family.into
        for upper in family.way(child)[1:]:
            assert child in family.joined(upper)
    roots = {family.root(child) for child in range(len(parents))}
    assert sum(1 + len(family.joined(root)) for root in roots) == len(parents)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Who pays for the loggers once the money is gone?", "who will pay for loggers when the money's gone"),
        ("Will the slides be shared?", "Will you share the slides?"),
        ("学生毕业以后，模型由谁维护？", "学生毕业之后模型谁来维护"),
        ("كيف أقنعتم شركات المياه بنشر أرقام الفاقد؟", "كيف اقنعتم شركة المياه بنشر ارقام الفاقد"),
        ("Сколько ложных тревог было в первый год?", "сколько было ложных тревог за первый год"),
        ("¿Qué pasó con los barrios sin medidores?", "QUE PASO CON LOS BARRIOS SIN MEDIDORES"),
    ],
)
def test_the_same_question_in_other_words(one, other):
    assert similarity(one, other) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Will the slides be shared?", "Are the loggers safe from theft?"),
        ("学生毕业以后，模型由谁维护？", "水费由谁支付？"),
        ("Who chose the first forty hydrants?", "When is lunch?"),
        ("كيف أقنعتم شركات المياه؟", "متى تنتهي الجلسة؟"),
        ("?!", "…"),
        ("", "Anything"),
    ],
)
def test_other_questions(one, other):
    assert similarity(one, other) < ALIKE


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_has_no_direction_and_is_a_share(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1


def test_the_nearest_and_of_equals_the_older():
    others = [(3, "Will the slides be shared?"), (1, "Will the slides be shared?"), (2, "When is lunch?")]
    assert nearest("will the slides be shared", others) == 1
    assert nearest("Who pays?", others) is None
    assert nearest("Who pays?", []) is None


def told(pk, state="open", votes=0, position=None, **more):
    return {
        "id": pk,
        "number": pk,
        "state": state,
        "votes": votes,
        "position": position,
        "joined": [],
        "since": "",
        **more,
    }


def test_the_queue_is_as_they_would_be_taken():
    questions = [
        told(1, votes=3),
        told(2, "next", position=20),
        told(3, votes=9),
        told(4, "next", position=-5),
        told(5, "now"),
    ]
    assert [it["id"] for it in page.queue(questions)] == [4, 2, 3, 1]
    assert page.current(questions)["id"] == 5
    assert page.current([]) is None


def test_what_only_this_person_sees():
    picture = {"questions": [told(1, joined=[7]), told(2)], "room": {"votes_open": True, "state": "live"}}
    mine = {"questions": [{**told(2), "root": None}], "votes": [7], "silenced": False}
    shown = page.questions_shown(picture, mine, "top")["questions"]
    assert [(it["voted"], it["mine"], it["place"], it["votable"]) for it in shown] == [
        (True, False, 1, True),
        (False, True, 2, True),
    ]
    silenced = page.questions_shown(picture, mine | {"silenced": True}, "top")["questions"]
    assert not any(it["votable"] for it in silenced)


def test_the_desks_lanes():
    lanes = page.lanes(
        [told(1, "review"), told(2, "merged", since="1"), told(3, "review"), told(4, "answered", since="2")]
    )
    assert {name: [it["id"] for it in them] for name, them in lanes.items()} == {
        "review": [3, 1],
        "open": [],
        "next": [],
        "now": [],
        "done": [4, 2],
    }


NOON = datetime(2027, 5, 25, 12, tzinfo=UTC)


def part(minutes: int, **more) -> dict:
    """Ten minutes from so many minutes after noon on."""
    at = (NOON + timedelta(minutes=minutes)).isoformat()
    untold = {"started": None, "ended": None, "skipped": False}
    return {"starts": at, "expected": at, "seconds": 600, **untold, **more}


def run(*parts: dict, state: str = "live", minute: float = 0, due: int = 10) -> list[dict]:
    show = {"due": (NOON + timedelta(minutes=due)).isoformat(), "drift": 60}
    picture = {"room": {"state": state}, "show": show, "segments": parts}
    return page.segments_at(picture, NOON + timedelta(minutes=minute))


def test_where_the_running_order_is():
    over = part(-10, started=NOON.isoformat(), ended=NOON.isoformat())
    on, skipped, ahead = part(0, started=NOON.isoformat()), part(10, skipped=True), part(10)
    told = run(over, on, skipped, ahead, minute=4)
    assert [it["state"] for it in told] == ["done", "now", "skipped", ""]
    assert (told[1]["left"], told[1]["over"], told[1]["percent"]) == (6, 0, 40)
    assert told[3]["at"] == ahead["expected"]


def test_whoever_speaks_on_delays_what_follows():
    told = run(part(0, started=NOON.isoformat()), part(10), minute=13)
    assert (told[0]["left"], told[0]["over"], told[0]["percent"]) == (0, 3, 100)
    assert told[1]["at"] == (NOON + timedelta(minutes=13)).isoformat()


@pytest.mark.parametrize(("state", "minutes"), [("live", 4), ("open", 1), ("ended", 1)])
def test_drift_grows_while_somebody_speaks_on(state, minutes):
    assert page.drift({"due": NOON.isoformat(), "drift": 60}, state, NOON + timedelta(minutes=3)) == minutes


@pytest.mark.parametrize(
    ("state", "minute", "end"), [("live", 0, None), ("live", 2, 22), ("live", 0.5, None), ("open", 2, None)]
)
def test_a_late_end_is_said(state, minute, end):
    ends = (NOON + timedelta(minutes=20)).isoformat()
    picture = {"room": {"state": state, "ends": ends}, "show": {"due": NOON.isoformat(), "ends": ends}}
    told = page.late_end(picture, NOON + timedelta(minutes=minute))
    assert told == (end and (NOON + timedelta(minutes=end)).isoformat())


def test_nothing_is_to_come_once_it_is_over():
    told = run(part(0, started=NOON.isoformat()), part(10), state="ended", minute=13)
    assert [it["state"] for it in told] == ["done", "done"]


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "On time"), (1, "1 minute late"), (4, "4 minutes late"), (-2, "2 minutes early")]
)
def test_how_late_it_is_in_words(minutes, said):
    assert drifted(minutes) == said


def test_what_the_asker_is_told_about_places():
    assert headline(told(1, place=3)) == "Your question is third in the queue"
    assert headline(told(1, place=12)) == "Your question is number 12 in the queue"
    assert (ordinal(1), ordinal(9)) == ("First", "Number 9")
    assert stages(told(1, "next", place=3)) == [
        ("Asked", "done"),
        ("Approved", "done"),
        ("Third", "current"),
        ("Now", ""),
        ("Answered", ""),
    ]
    assert stages(told(1, "dismissed")) == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Ndiaye", "AN"), ("د. ليلى حدّاد", "لح"), ("林美玲", "林"), ("Inês", "I"), ("", "·"), ("42", "·")],
)
def test_letters_for_a_face(name, letters):
    assert initials(name) == letters


def test_a_qr_code_has_white_around_it():
    drawing = qr.drawing("https://forum.example/r/4821")
    modules = [tuple(map(int, it.split("h")[0].split())) for it in drawing.path.split("M")[1:]]
    assert min(map(min, modules)) == qr.QUIET
    assert max(map(max, modules)) == drawing.size - qr.QUIET - 1
