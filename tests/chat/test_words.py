"""What people type, made fit to be kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.words import tidy
from live.refusal import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hello \n", "Hello"),
        ("a\r\nb", "a\nb"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("e\u0301", "é"),
        ("tab\tstays", "tab\tstays"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("<b>&amp;", "<b>&amp;"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_tidied(typed, kept):
    assert tidy(typed, 100, "chat.empty") == kept


@pytest.mark.parametrize("nothing", ["", " \n\t ", "\u200b\u200d", "\x00", "\u3000", "\u202e"])
def test_nothing_to_see_is_empty(nothing):
    with pytest.raises(Refused, match=r"chat\.empty"):
        tidy(nothing, 100, "chat.empty")


def test_composing_may_make_it_too_long():
    typed = "\u0958" * 600
    assert len(typed) == 600 < len(unicodedata.normalize("NFC", typed))
    with pytest.raises(Refused, match=r"command\.too_large"):
        tidy(typed, 1000, "chat.empty")


@given(st.text())
def test_what_is_kept_can_be_stored_sent_and_tidied_again(typed):
    try:
        kept = tidy(typed, 10_000, "chat.empty")
    except Refused:
        return
    assert kept.encode()
    assert "\x00" not in kept
    assert tidy(kept, 10_000, "chat.empty") == kept
