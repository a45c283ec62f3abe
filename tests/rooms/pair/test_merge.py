"""What two people write at the same time: no line is lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rooms.pair.merge import change, merged

LINES = some.sampled_from(["", "Lisbon: clause 14", "Dakar: pilot", "To do", "بيانات", "a", "b", "c"])
TEXTS = some.lists(LINES, max_size=12).map("\n".join)


def new(base: str, text: str) -> Counter[str]:
    return Counter(text.split("\n")) - Counter(base.split("\n"))


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_that_somebody_wrote_is_lost(base, theirs, mine):
    stands = Counter(merged(base, theirs, mine).split("\n"))
    assert new(base, theirs) <= stands
    assert new(base, mine) <= stands


@given(TEXTS, TEXTS)
def test_what_only_one_changed_stands_as_they_changed_it(base, text):
    assert merged(base, base, text) == text
    assert merged(base, text, base) == text


@given(TEXTS, TEXTS)
def test_what_both_made_the_same_stands_once(base, text):
    assert merged(base, text, text) == text


@given(some.lists(some.integers(), unique=True), some.data())
def test_a_line_stands_if_both_kept_it(numbers, data):
    base = [str(number) for number in numbers]
    chosen = some.lists(some.sampled_from(base), unique=True) if base else some.just([])
    theirs, mine = (set(data.draw(chosen)) for _ in range(2))
    both = merged(*("\n".join(line for line in base if line in kept) for kept in (set(base), theirs, mine)))
    assert [line for line in both.split("\n") if line] == [line for line in base if line in theirs & mine]


@given(TEXTS, TEXTS)
def test_a_change_makes_one_text_of_the_other(before, after):
    at, cut, put = change(before, after)
    lines = before.split("\n")
    lines[at : at + cut] = put
    assert "\n".join(lines) == after


DISTINCT = some.lists(some.integers(0, 99), unique=True, max_size=12).map(lambda them: "\n".join(map(str, them)))


@given(DISTINCT, DISTINCT)
def test_twice_the_same_does_no_harm(base, mine):
    theirs = f"{base}\nfrom the other"
    once = merged(base, theirs, mine)
    assert merged(base, once, mine) == once


@pytest.mark.parametrize(
    ("theirs", "mine", "stands"),
    [
        ("a\nb\nc\nd", "a\nb\nc\ne", "a\nb\nc\nd\ne"),
        ("A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("A\nb\nc", "Ä\nb\nc", "A\nÄ\nb\nc"),
        ("b\nc", "a!\nb\nc", "a!\nb\nc"),
        ("", "a\nb\nc\nd", "\nd"),
    ],
    ids=["both add at the end", "different lines", "the same line", "deleted and changed", "all deleted, one added"],
)
def test_two_people_at_work(theirs, mine, stands):
    assert merged("a\nb\nc", theirs, mine) == stands


def test_texts_that_are_too_different_to_compare_lose_nothing_either():
    base = "\n".join(f"{number}" for number in range(2000))
    theirs = "\n".join(f"{number} theirs" for number in range(2000))
    mine = "\n".join(f"{number} mine" for number in range(2000))
    stands = Counter(merged(base, theirs, mine).split("\n"))
    assert new(base, theirs) + new(base, mine) == stands
