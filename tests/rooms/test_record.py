"""The record handed out, and the proof that nobody tampered with it."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from chat import messages
from chat.models import Message
from live import writer
from live.models import Entry, Topic
from people.cells import FORMULA
from people.cells import cell as as_cell
from rooms import exports, record
from rooms.models import Question, Room, Step, Vote

from .test_pages import page_of
from .witness import asks, does


@pytest.fixture
def told(room, ada, ines, grace, linus):
    """A room in which something happened: three questions, one joined with another, votes, labels, chat."""
    one, two, three = (asks(person, room, text).pk for person, text in ((ada, "Who pays?"), (ines, "Who?"), (ada, "x")))
    does(ada, "question.ask", room, text="=cmd|' /C calc'!A0", anonymous=True)
    does(grace, "desk.approve", room, questions=[[one, 1], [two, 1]])
    does(ines, "question.vote", room, question=two, up=True)
    does(linus, "question.vote", room, question=one, up=True)
    does(grace, "desk.merge", room, question=two, rev=2, into=one)
    does(grace, "desk.label", room, question=three, rev=1, labels=["Money", "@home"])
    does(grace, "desk.dismiss", room, questions=[[three, 2]], reason="not_a_question", note="- see above")
    does(grace, "desk.undo", room)
    writer.do(ada.pk, messages.say, room.conversation, ada, "The plumbers knew.")
    return Room.objects.get(pk=room.pk)


def cells(room) -> list[dict[str, str]]:
    text = exports.as_csv(room)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_the_table_has_every_column(told):
    first = cells(told)[0]
    assert (first["Number"], first["State"], first["Question"], first["Asked by"]) == (
        "1",
        "open",
        "Who pays?",
        "Ada Ndiaye",
    )
    assert (first["Votes"], first["Organisation"], first["Country"]) == ("2", "City of Dakar", "SN")
    assert cells(told)[1]["Joined with"] == "1"


def test_the_table_has_every_step(told, grace):
    steps = cells(told)[2]["Steps"].split("; ")
    assert [step.partition(" ")[2] for step in steps] == [
        "labelled by Grace Otieno (Money, @home)",
        "dismissed by Grace Otieno (- see above) [undone]",
        "undone by Grace Otieno (dismissed)",
    ]


def test_no_cell_is_a_formula(told):
    for line in cells(told):
        assert not any(value.startswith(FORMULA) for value in line.values())
    assert cells(told)[3]["Question"] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", ["=1", "b"]])
def test_what_a_spreadsheet_would_calculate_is_marked_as_words(value):
    assert as_cell(value).startswith("'")


@pytest.mark.parametrize(("value", "cell"), [(None, ""), (-3, "-3"), (0, "0"), (True, "1"), ("a=b", "a=b"), ([], "")])
def test_other_cells_are_as_they_are(value, cell):
    assert as_cell(value) == cell


def test_who_asks_without_a_name_has_none_in_the_record_either(told, ada):
    does(ada, "question.edit", told, question=Question.objects.get(number=4).pk, rev=1, text="Why?")
    line = exports.row(Question.objects.get(number=4))
    assert (line["by"], line["organisation"], line["country"], line["anonymous"]) == ("", "", "", True)
    assert line["steps"][0]["by"] == ""
    assert "Ada" not in str(line)


def test_moderators_take_the_record_home(told, grace):
    answer = page_of(grace).get("/room/4821/export.json")
    assert answer["Content-Disposition"] == 'attachment; filename="questions-4821.json"'
    data = json.loads(answer.content)
    assert [it["number"] for it in data["questions"]] == [1, 2, 3, 4]
    assert data["session"]["title"] == "Water that reports its own leaks"
    assert page_of(grace).get("/room/4821/export.csv").content.decode().startswith("\ufeffNumber,")


def verified() -> str:
    out = io.StringIO()
    call_command("verify_record", "4821", stdout=out)
    return out.getvalue()


def test_a_whole_record(told):
    assert record.findings(told) == []
    assert "The record of room 4821 is whole." in verified()
    assert f"{told.topic} " in verified()


def test_people_may_change_their_names(told, ada, grace):
    for person in (ada, grace):
        person.name = "Somebody else"
        person.save()
    messages_by_her = Message.objects.filter(author=ada)
    assert messages_by_her.exists()
    assert record.findings(told) == []


def test_an_unknown_room(db):
    with pytest.raises(CommandError, match=r"^There is no room 4821\.$"):
        verified()


def entry(topic, seq):
    return Entry.objects.filter(topic=topic, seq=seq)


TAMPERINGS = {
    "an entry was rewritten": (
        lambda room: entry(room.desk, 1).update(data=entry(room.desk, 1).get().data.replace("pays", "prays")),
        "room.{0}.desk 1: this entry was changed after it was said.",
    ),
    "an entry was taken out": (lambda room: entry(room.desk, 2).delete(), "room.{0}.desk 2: this entry is missing."),
    "the end was cut off": (
        lambda room: entry(room.topic, Topic.objects.get(name=room.topic).seq).delete(),
        "this entry and what followed was cut off.",
    ),
    "a question was rewritten": (
        lambda room: room.questions.filter(number=1).update(text="Who cares?"),
        'question 1: text is "Who cares?", but "Who pays?" was said (room.{0}.desk ',
    ),
    "another asker": (
        lambda room: room.questions.filter(number=2).update(author=room.questions.get(number=1).author),
        "question 2: by is ",
    ),
    "another state": (
        lambda room: room.questions.filter(number=1).update(state="answered"),
        'question 1: state is "answered", but "open" was said',
    ),
    "a question disappeared": (
        lambda room: room.questions.filter(number=3).delete(),
        "question 3: it is on record (room.{0}.desk ",
    ),
    "a question was slipped in": (
        lambda room: slip_in(room),
        "question 99: it is there but was never said on room.{0}.desk.",
    ),
    "votes were added": (
        lambda room: Vote.objects.create(
            question=room.questions.get(number=1), person=room.questions.get(number=3).author
        ),
        "question 1: votes is 2, but 3 voted.",
    ),
    "the count was raised": (
        lambda room: room.questions.filter(number=1).update(votes=99),
        "question 1: votes is 99, but 2 voted.",
    ),
    "votes and count": (
        lambda room: raise_both(room),
        "question 1: 3 voted, but 2 were told (room.{0} ",
    ),
    "a step was removed": (
        lambda room: Step.objects.filter(what="dismissed").delete(),
        'question 3: the step {{"what": "dismissed"',
    ),
    "a message was rewritten": (
        lambda room: room.conversation.messages.update(text="The plumbers slept."),
        'message 1: text is "The plumbers slept.", but "The plumbers knew." was said',
    ),
}


def slip_in(room):
    question = room.questions.get(number=1)
    question.pk, question.number = None, 99
    question.save()


def raise_both(room):
    Vote.objects.create(question=room.questions.get(number=1), person=room.questions.get(number=3).author)
    room.questions.filter(number=1).update(votes=3)


@pytest.mark.parametrize("how", TAMPERINGS)
def test_tampering_is_found_and_named(told, how):
    tamper, finding = TAMPERINGS[how]
    tamper(told)
    assert finding.format(told.pk) in "\n".join(str(found) for found in record.findings(told))
    with pytest.raises(CommandError, match="was tampered with in"):
        verified()
