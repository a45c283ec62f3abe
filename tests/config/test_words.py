"""Whatever a person can read is in the catalogues, translated, with every place for a value where it belongs."""

import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from config import catalogue

HOME = catalogue.header("ar")
VOTES = """
#: frontend/islands/room/receipt.ts
msgid "{count} vote"
msgid_plural "{count} votes"
msgstr[0] "بلا أصوات"
msgstr[1] "صوت واحد"
msgstr[2] "صوتان"
msgstr[3] "{count} أصوات"
msgstr[4] "{count} صوتًا"
msgstr[5] "{count} صوت"
"""
ASK = """
#: rooms/templates/rooms/room.html
msgid "%(name)s asks"
msgstr "%(name)s يسأل"
"""


def words(*entries: str):
    return catalogue.parse(HOME + "".join(entries), "ar")


@pytest.fixture(scope="module")
def source():
    return catalogue.extracted()


@pytest.mark.parametrize(
    ("sentence", "file"),
    [
        ("Questions are closed at the moment.", "platform/config/refusals.py"),
        ("Skip to the content", "platform/config/templates/base.html"),
        ("What you typed is kept.", "frontend/islands/shared/LineNotice.svelte"),
        ("Question {number} approved", "frontend/islands/desk/work.svelte.ts"),
    ],
)
def test_sentences_are_found_wherever_they_are_said(source, sentence, file):
    assert file in {place for place, _ in source.get(sentence).locations}


def test_plurals_are_found_as_one(source):
    assert source.get("{count} vote").id == ("{count} vote", "{count} votes")


def test_a_complete_catalogue_has_no_fault():
    assert catalogue.faults(words(VOTES, ASK), words(VOTES, ASK)) == []


def test_what_is_new_old_or_elsewhere_is_out_of_date():
    moved = ASK.replace("room.html", "desk.html")
    assert catalogue.faults(words(), words(ASK)) == ["is not in the catalogue: '%(name)s asks'"]
    assert catalogue.faults(words(ASK), words()) == ["is not said any more: '%(name)s asks'"]
    assert catalogue.faults(words(ASK), words(moved)) == ["is said elsewhere now: '%(name)s asks'"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (ASK.replace("%(name)s يسأل", ""), "is not translated"),
        (ASK.replace("msgid", "#, fuzzy\nmsgid", 1), "is fuzzy"),
        (ASK.replace("%(name)s يسأل", "يسأل"), "lacks ['%(name)s']"),
        (ASK.replace("%(name)s يسأل", "%(nom)s %(name)s"), "has places its source lacks, ['%(nom)s']"),
        (VOTES.replace("صوتان", ""), "is not translated"),
        (VOTES.replace("{count} صوت", "صوت"), "lacks ['{count}']"),
    ],
)
def test_every_fault_is_named(entry, fault):
    [found] = catalogue.faults(words(entry), words(entry))
    assert fault in found


def test_renewing_keeps_translations_and_drops_what_is_not_said():
    template = words(VOTES.replace("بلا أصوات", ""))
    renewed = catalogue.renew(words(ASK, VOTES), template)
    assert renewed.get("{count} vote").string[0] == "بلا أصوات"
    assert renewed.get("%(name)s asks") is None


def test_islands_get_their_own_words_and_the_forms_of_the_language(tmp_path: Path):
    """The script runs beside a catalogue as it does beside ours."""
    script = tmp_path / "frontend" / "catalogues.mjs"
    script.parent.mkdir()
    script.write_text((settings.HOUSE / "frontend" / "catalogues.mjs").read_text())
    locale = tmp_path / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    locale.parent.mkdir(parents=True)
    locale.write_text(HOME + ASK + VOTES)
    subprocess.run(["node", script], check=True)
    [written] = (tmp_path / "frontend" / "dist" / "locale").glob("ar-*.json")
    told = json.loads(written.read_text())
    assert list(told["messages"]) == ["{count} vote"]
    assert told["forms"] == {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 4, "other": 5}
