import pytest
from msgspec import Struct

from live import commands
from live.commands import Malformed, command
from live.refusal import Refused


class Shape(Struct, forbid_unknown_fields=True):
    n: int


@pytest.fixture(autouse=True)
def table(monkeypatch):
    monkeypatch.setattr(commands, "_table", {})


def found(text: str):
    asked = commands.envelope(text)
    row = commands.find(asked)
    return row, commands.given(asked, row.decoder)


def test_a_command_is_found_with_its_arguments():
    @command("try.it", Shape)
    def verb(person, on, given):
        """Never called here."""

    row, given = found('{"do":"try.it","ref":"1","on":"room.7","with":{"n":3}}')
    assert (row.verb, given) == (verb, Shape(3))


NO_TOPICS = ["room", "room.", "7", "room.7.8", "Room.7", "room.7.", "room.x", "room.7\\n", "room.-1", "room.07"]


@pytest.mark.parametrize("on", NO_TOPICS)
def test_what_is_no_topic_is_malformed(on):
    with pytest.raises(Malformed):
        commands.envelope(f'{{"do":"try.it","ref":"1","on":"{on}"}}')


@pytest.mark.parametrize("ref", ["", "x" * 65])
def test_a_ref_has_a_sensible_length(ref):
    with pytest.raises(Malformed):
        commands.envelope(f'{{"do":"try.it","ref":"{ref}"}}')


def test_a_command_of_another_kind_of_topic_is_refused():
    command("try.it", Shape, kind="room.desk")(lambda person, on, given: None)
    with pytest.raises(Refused, match=r"topic\.unknown"):
        found('{"do":"try.it","ref":"1","on":"room.7","with":{"n":3}}')
    found('{"do":"try.it","ref":"1","on":"room.7.desk","with":{"n":3}}')


def test_the_table_has_each_name_once():
    command("try.it", Shape)(print)
    with pytest.raises(ValueError, match=r"try\.it"):
        command("try.it", Shape)(print)


def test_what_is_gathered_keeps_no_receipts():
    with pytest.raises(ValueError, match="once=False"):
        command("try.it", Shape, gathered=True)


def test_a_rate_has_to_be_among_the_settings():
    with pytest.raises(ValueError, match="LIVE_RATES"):
        command("try.it", Shape, rate="unheard of")
