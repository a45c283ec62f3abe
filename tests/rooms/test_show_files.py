"""A run of show as a file: in, out, and in again; what is bad changes nothing."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given

from people import cells
from programme.models import Document
from rooms import exports
from rooms.models import Room, Segment
from rooms.show import files as show_files
from rooms.show.files import BadFile, read
from rooms.stage import backstage

from .test_pages import AT, page_of
from .witness import Witness, does, refused_as

DIALOGUE = (Path(__file__).parent / "data" / "dialogue.json").read_bytes()
KINDS = [
    "opening", "presentation", "presentation", "flow", "talk", "talk", "talk", "talk", "talk", "talk", "talk", "talk",
    "questions",
]  # fmt: skip


@pytest.fixture
def afternoon(room, session):
    """The room, in a session from 14:30 to 16:15 in Geneva."""
    session.starts_at = datetime(2027, 5, 25, 14, 30, tzinfo=ZoneInfo("Europe/Zurich"))
    session.ends_at = session.starts_at + timedelta(minutes=105)
    session.save()
    session.event.zone = "Europe/Zurich"
    session.event.save()
    Room.objects.filter(pk=room.pk).update(state=Room.State.OPEN)
    return Room.objects.select_related("session__event").get(pk=room.pk)


def imports(person, data: bytes | str, name: str = "run.json"):
    file = SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)
    return page_of(person).post(f"{AT}show/import", {"file": file})


def plan_of(room: Room) -> list[dict]:
    """All but what happened."""
    told = show_files.rows(Room.objects.select_related("session__event").get(pk=room.pk))
    return [{name: value for name, value in it.items() if name not in show_files.TIMES} for it in told]


def as_file(**entry) -> str:
    return json.dumps({"run_of_show": [{"kind": "talk", "minutes": 5, **entry}]})


# a real one


def test_a_dialogue_as_its_organisers_wrote_it(afternoon, grace):
    assert imports(grace, DIALOGUE).status_code == 302
    run = list(afternoon.segments.order_by("position"))
    assert [it.kind for it in run] == KINDS
    assert [it.minutes for it in run] == [5] * 12 + [45]
    assert [it.position for it in run] == list(range(1, 14))
    assert [n for n, it in enumerate(run, 1) if it.remote] == [3, 6, 8, 10, 11]
    assert [it.who for it in run if not it.confirmed] == ["Open Sensors Forum, Switzerland"]
    assert (run[3].title, run[4].title, run[4].who[:24]) == ("Panel opens", "Talk", "Permanent Representative")


def test_its_interventions_stand_in_the_speakers_list(afternoon, grace):
    imports(grace, DIALOGUE)
    turns = list(afternoon.turns.order_by("number"))
    assert [(it.kind, it.state, it.country) for it in turns] == [
        ("announced", "waiting", country) for country in ("IT", "IR", "MG", "AL")
    ]
    imports(grace, DIALOGUE)
    assert afternoon.turns.count() == 4, "announced once, however often the file is read"
    assert afternoon.segments.count() == 13


def test_it_is_run_to_its_end_with_a_late_speaker(afternoon, grace, ada, monkeypatch):
    """Five minutes each; the fifth speaks for eleven. What is proposed is accepted, and the session ends on time."""
    imports(grace, DIALOGUE)
    present = afternoon.session.starts_at
    monkeypatch.setattr(timezone, "now", lambda: present)
    witness = Witness(afternoon, ada, grace)
    witness.does(grace, "room.state", state="live")
    drifts = []
    while (current := witness.public.state["show"]["current"]) is not None:
        on = witness.public.segments[current]
        present += timedelta(seconds=660 if on["position"] == 5 else on["seconds"])
        witness.does(grace, "show.next", **{"from": current})
        drifts.append(witness.public.state["show"]["drift"])
        if proposed := backstage.picture(afternoon.backstage)["proposal"]:
            assert (proposed["late"], proposed["left"]) == (360, 0)
            assert proposed["changes"] == [[max(witness.public.segments), 2700, 2340, "discussion"]]
            witness.does(grace, "show.accept", proposal=proposed["id"])
            assert witness.public.state["show"]["ends"] == afternoon.session.ends_at.astimezone(UTC).isoformat()
    assert drifts == [0] * 4 + [360] * 7 + [0] * 2
    assert present == afternoon.session.ends_at
    witness.does(grace, "room.state", state="ended")
    assert [it["ended"] is not None for it in show_files.rows(afternoon)[:13]] == [True] * 13


def test_whoever_has_a_part_is_found_by_name(afternoon, grace, linus):
    entries = [
        {"kind": "talk", "minutes": 5, "who": "Dr Grace OTIENO and the hall"},
        {"kind": "talk", "minutes": 5, "people": ["linus heikkilä", "Mary Stranger"], "who": "By video"},
    ]
    imports(grace, json.dumps(entries))
    one, two = afternoon.segments.all()
    assert list(one.people.all()) == [grace]
    assert list(two.people.all()) == [linus]
    assert two.who == "By video, Mary Stranger"


# out and in again


@pytest.fixture
def written(afternoon, grace, linus, session):
    """With everything that a part can have."""
    paper = Document.objects.create(session=session, title="=Figures|2027", url="https://figures.example/")
    first = {"kind": "opening", "title": "Welcome, “all”", "minutes": 5, "notes": "Thank the mayor;\nthen wait\n\n=1"}
    does(grace, "show.add", afternoon, **first)
    more = {"people": [grace.pk, linus.pk], "remote": True, "confirmed": False, "who": "=cmd()"}
    second = does(grace, "show.add", afternoon, kind="panel", title="'=Panel", minutes=50, **more)
    does(grace, "show.add", afternoon, kind="break", title="Pause", minutes=10, documents=[paper.pk])
    does(grace, "show.edit", afternoon, **second, skipped=True)
    does(grace, "floor.add", afternoon, name="Mayor of Ferrara", organisation="+ ANCI", country="IT", text="-1\nline")
    paper.title = "=Figures"
    paper.save()
    return afternoon


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_was_written_is_read_again(written, grace, form):
    before = plan_of(written)
    file = page_of(grace).get(f"{AT}show.{form}")
    written.segments.all().delete()
    written.turns.all().delete()
    assert imports(grace, file.content, f"x.{form}").status_code == 302
    assert plan_of(written) == before
    assert len(before) == 4


def test_one_form_becomes_the_other(written, grace):
    page, before = page_of(grace), plan_of(written)
    imports(grace, page.get(f"{AT}show.csv").content)
    imports(grace, page.get(f"{AT}show.json").content)
    assert plan_of(written) == before


def test_the_file_tells_how_it_went(written, grace):
    does(grace, "room.state", written, state="live")
    does(grace, "show.next", written, **{"from": written.segments.get(title__startswith="Welcome").pk})
    told = json.loads(page_of(grace).get(f"{AT}show.json").content)
    assert (told["start"], told["end"], told["time_zone"]) == ("14:30", "16:15", "Europe/Zurich")
    first = told["run_of_show"][0]
    assert first["started"] < first["ended"]
    assert first["starts"] == "2027-05-25T12:30:00+00:00"
    assert exports.as_json(written)["run_of_show"][0]["title"] == first["title"]


def test_no_cell_is_a_formula(written, grace):
    lines = csv.reader(io.StringIO(page_of(grace).get(f"{AT}show.csv").content.decode("utf-8-sig"), newline=""))
    assert not [cell for line in lines for cell in line if cell.startswith(cells.FORMULA)]


@given(st.text())
def test_a_cell_gives_back_what_it_was_given(text):
    assert cells.uncell(cells.cell(text)) == text
    assert not cells.cell(text).startswith(cells.FORMULA)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_tables_as_spreadsheets_write_them(delimiter):
    lines = [["Kind", "Title", "Minutes", "Remote"], ["talk", "Night, or day; flow", "5", "yes"], ["", "", "", ""]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    [item] = read(b"\xef\xbb\xbf" + out.getvalue().encode(), "16:15").items
    assert (item.fields["title"], item.fields["minutes"], item.fields["remote"]) == ("Night, or day; flow", 5, True)


def test_the_last_one_lasts_until_the_end():
    run = [
        {"kind": "talk", "at": "23:50"},
        {"kind": "talk", "at": "0:10", "minutes": 7},
        {"kind": "photo", "at": "0:30"},
    ]
    assert [it.fields["minutes"] for it in read(json.dumps(run).encode(), "00:45").items] == [20, 7, 15]
    told = {"end": "00:40", "run_of_show": run}
    assert [it.fields["minutes"] for it in read(json.dumps(told).encode(), "00:45").items] == [20, 7, 10]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Questions and Answers", "questions"),
        ("Thematic presentation", "presentation"),
        ("TALK", "talk"),
        ("Remarks between", "remarks"),
        ("Juggling", "other"),
    ],
)
def test_kinds_are_what_people_call_them(said, kind):
    [item] = read(as_file(kind=said).encode(), "16:15").items
    assert item.fields["kind"] == kind


# bad ones


BAD = {
    "nothing": ("", "There is no run of show in this file."),
    "not json": ('{"run_of_show": [\n{"kind" "talk"}]}', "Line 2: this is not JSON."),
    "deep": ("[" * 100_000, "This is not JSON that can be read."),
    "a long number": ('{"run_of_show": [{"minutes": ' + "9" * 5000 + "}]}", "This is not JSON that can be read."),
    "no list": ('{"programme": []}', "There is no list called “run_of_show” in this file."),
    "an empty list": ("[]", "There is no run of show in this file."),
    "a number for a part": ("[1]", "Entry 1: this is not a part of a run of show."),
    "no time": ('[{"kind": "talk"}]', "Entry 1: it says neither “minutes” nor “at”."),
    "no end": (
        '[{"kind": "talk", "at": "14:30"}, {"kind": "talk", "minutes": 5}]',
        "Entry 1: it does not say how many minutes it takes, nor does the next one when it begins.",
    ),
    "no such time": (as_file(at="25:00"), "Entry 1: “at” is a time such as 14:30."),
    "no minutes": (as_file(minutes=0), "Entry 1: it takes between 1 and 600 minutes."),
    "many minutes": (as_file(minutes=601), "Entry 1: it takes between 1 and 600 minutes."),
    "a truth for minutes": (as_file(minutes=True), "Entry 1: it takes between 1 and 600 minutes."),
    "backwards": (
        '[{"kind": "talk", "at": "15:00"}, {"kind": "talk", "at": "14:00"}]',
        "Entry 1: it takes between 1 and 600 minutes.",
    ),
    "a number for a title": (as_file(title=7), "Entry 1: “title” is not a text."),
    "a long title": (as_file(title="x" * 201), "Entry 1: “title” is longer than 200 letters."),
    "neither": ('[{"minutes": 5}]', "Entry 1: it has neither a “title” nor a “kind”."),
    "a word for a truth": (as_file(remote="perhaps"), "Entry 1: “remote” is neither yes nor no."),
    "a name for names": (as_file(people="Ada"), "Entry 1: “people” is not a list of names."),
    "no such document": (as_file(documents=["X"]), "Entry 1: this session has no document called “X”."),
    "many names": (as_file(people=["x" * 150, "y" * 150]), "Entry 1: there are too many names."),
    "nobody": ('[{"kind": "intervention"}]', "Entry 1: an intervention needs to say “who”."),
    "many parts": (json.dumps([{"kind": "talk", "minutes": 1}] * 101), "A run of show has 100 parts at most."),
    "no columns": ("a,b\n1,2", "Line 1: the first line names the columns, “kind” or “title” among them."),
    "a column twice": ("kind,kind\ntalk,talk", "Line 1: there are two columns of the same name."),
    "more cells": ("kind,minutes\ntalk,5\ntalk,5,6", "Line 3: there are more cells than columns."),
    "a torn cell": ('kind,minutes\ntalk,"5', "Line 2: this is not a line of a table."),
    "a table's words": ("kind,minutes\ntalk,five", "Line 2: it takes between 1 and 600 minutes."),
    "a table's truth": ("kind,minutes,remote\n\ntalk,5,maybe", "Line 3: “maybe” is neither yes nor no."),
    "a large one": (" " * (256 * 1024 + 1), "The file is larger than 256 KB."),
}


@pytest.mark.parametrize(("data", "why"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_line_and_reason_and_changes_nothing(afternoon, grace, data, why):
    does(grace, "show.add", afternoon, kind="talk", title="It stays", minutes=5)
    answer = imports(grace, data)
    assert (answer.status_code, why in answer.content.decode()) == (400, True)
    assert [it.title for it in afternoon.segments.all()] == ["It stays"]


def test_a_file_in_another_encoding_is_not_guessed(afternoon, grace):
    assert "UTF-8" in imports(grace, "kind,minutes\nÉtat,5".encode("latin-1")).content.decode()
    assert imports(grace, b"").status_code == 400


def outcome(data: bytes) -> str:
    try:
        return f"{len(read(data, '16:15').items)} parts"
    except BadFile as no:
        return str(no)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_comes_is_read_or_refused(data):
    assert outcome(data)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner)))
def test_whatever_stands_in_an_entry_is_read_or_refused(value):
    for name in show_files.COLUMNS:
        assert outcome(json.dumps([{"kind": "talk", "minutes": 5, name: value}]).encode())


def test_interventions_alone_leave_the_rest_as_it_is(afternoon, grace):
    does(grace, "show.add", afternoon, kind="talk", title="It stays", minutes=5)
    imports(grace, '[{"kind": "intervention", "who": "Mayor of Ferrara"}]')
    assert (afternoon.segments.count(), afternoon.turns.get().name) == (1, "Mayor of Ferrara")


# when, and by whom


def test_what_has_begun_is_not_replaced(afternoon, grace):
    does(grace, "show.add", afternoon, kind="talk", title="On", minutes=5)
    does(grace, "room.state", afternoon, state="live")
    assert imports(grace, DIALOGUE).status_code == 403
    assert [it.title for it in afternoon.segments.all()] == ["On"]
    does(grace, "room.state", afternoon, state="ended")
    assert imports(grace, DIALOGUE).status_code == 403


@pytest.mark.parametrize("who", ["ada", "linus"])
def test_files_are_the_moderators(afternoon, request, who):
    person = request.getfixturevalue(who)
    page = page_of(person)
    assert page.get(f"{AT}show.json").status_code == page.get(f"{AT}show.csv").status_code == 403
    assert imports(person, DIALOGUE).status_code == 403
    assert not Segment.objects.exists()


def test_a_title_has_letters_and_no_steering(afternoon, grace):
    new = {"kind": "talk", "minutes": 5}
    assert refused_as(grace, "show.add", afternoon, title=" \n ", **new) == "show.no_title"
    does(grace, "show.add", afternoon, title="Night\x00 flow", notes="\x00one\r\ntwo ", who="\x07Ada", **new)
    it = afternoon.segments.get()
    assert (it.title, it.notes, it.who) == ("Night flow", "one\ntwo", "Ada")


def test_names_have_no_steering_either(afternoon, grace):
    entry = {"title": "Night flow", "minutes": 5, "people": ["A\x00da", "\ud800Bo"]}
    assert imports(grace, json.dumps([entry]).encode()).status_code == 302
    assert afternoon.segments.get().who == "Ada, Bo"
