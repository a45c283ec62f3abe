"""The arithmetic of polls, whatever people answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.polls import tally
from rooms.polls.tally import Ballots

choices = st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True)
words = st.lists(st.text(min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=3)


def of(answers):
    return [Ballots(answer, 1) for answer in answers]


@given(st.lists(choices))
def test_every_choice_is_counted_once(answers):
    counted = tally.of_choices(of(answers), 5)
    assert counted.voted == len(answers)
    assert counted.counts == tuple(sum(choice in answer for answer in answers) for choice in range(5))


@given(st.lists(st.tuples(choices, st.integers(1, 9))))
def test_the_same_answers_can_be_counted_at_once(counted):
    together = [Ballots(answer, people) for answer, people in counted]
    apart = [Ballots(answer, 1) for answer, people in counted for _ in range(people)]
    assert tally.of_choices(together, 5) == tally.of_choices(apart, 5)
    as_words = [Ballots([str(choice) for choice in answer], people) for answer, people in counted]
    assert tally.of_words(as_words).voted == len(apart)


@given(st.lists(words))
def test_a_cloud_does_not_depend_on_the_order_of_ballots(answers):
    assert tally.of_words(of(answers)) == tally.of_words(of(answers[::-1]))


@given(st.lists(words), st.lists(words))
def test_a_cloud_counts_people(answers, struck):
    answers = [tally.different(answer) for answer in answers]
    out = {tally.folded(word) for answer in struck for word in answer}
    counted = tally.of_words(of(answers), out)
    for word, people in counted.words:
        assert tally.folded(word) not in out
        assert people == sum(tally.folded(word) in map(tally.folded, answer) for answer in answers)
    assert len({tally.folded(word) for word, _ in counted.words}) == len(counted.words)
    assert [people for _, people in counted.words] == sorted((people for _, people in counted.words), reverse=True)
    everything = {tally.folded(word) for answer in answers for word in answer} - out
    assert len(counted.words) + counted.more == len(everything)


def test_words_are_shown_as_most_people_write_them():
    counted = tally.of_words([Ballots(["open data"], 2), Ballots(["Open  Data"], 1), Ballots(["OPEN DATA"], 3)])
    assert counted.words == (("OPEN DATA", 6),)
    assert tally.of_words(of([["Trust"], ["trust"]])).words == (("Trust", 2),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("ＩＴＵ", "itu", id="full width"),
        pytest.param(" open\tdata ", "Open Data", id="spaces"),
    ],
)
def test_what_is_the_same_word(one, other):
    assert tally.folded(one) == tally.folded(other)


@given(words)
def test_each_word_counts_once_as_it_was_written_first(given):
    kept = tally.different(given)
    assert [tally.folded(word) for word in kept] == list(dict.fromkeys(tally.folded(word) for word in given))
    assert set(kept) <= {tally.spaced(word) for word in given}


def test_a_cloud_has_an_end():
    counted = tally.of_words(of([[f"word {number}"] for number in range(tally.SHOWN + 7)]))
    assert (len(counted.words), counted.more) == (tally.SHOWN, 7)


@given(st.lists(st.integers(-3, 9)), st.integers(1, 6), st.integers(1, 6))
def test_what_fits(choices, size, picks):
    fits = tally.fits(choices, size, picks)
    assert fits == (
        0 < len(choices) <= picks and len(choices) == len(set(choices)) and set(choices) <= set(range(size))
    )


YES_NO = ["Yes", "No"]


@pytest.mark.parametrize(
    ("kind", "options", "most"),
    [
        pytest.param("single", YES_NO, 1, id="single"),
        pytest.param("single", [str(number) for number in range(20)], 1, id="twenty"),
        pytest.param("multiple", YES_NO, 2, id="multiple"),
        pytest.param("rating", ["Poor", "Good"], 2, id="two steps"),
        pytest.param("rating", ["Poor", "Good"], 10, id="ten steps"),
        pytest.param("words", [], 1, id="one word"),
        pytest.param("words", [], 3, id="three words"),
    ],
)
def test_polls_that_can_be_held(kind, options, most):
    assert tally.is_complete(kind, options, most)


@pytest.mark.parametrize(
    ("kind", "options", "most"),
    [
        pytest.param("single", ["Yes"], 1, id="no choice"),
        pytest.param("single", ["Yes", " yes "], 1, id="the same twice"),
        pytest.param("single", [str(number) for number in range(21)], 1, id="too many"),
        pytest.param("single", YES_NO, 2, id="two of a single"),
        pytest.param("multiple", YES_NO, 1, id="one of several"),
        pytest.param("multiple", YES_NO, 3, id="more than there are"),
        pytest.param("rating", ["Poor"], 5, id="one label"),
        pytest.param("rating", ["Poor", "Good"], 1, id="one step"),
        pytest.param("rating", ["Poor", "Good"], 11, id="eleven steps"),
        pytest.param("words", YES_NO, 1, id="words with options"),
        pytest.param("words", [], 4, id="four words"),
    ],
)
def test_polls_that_cannot_be_held(kind, options, most):
    assert not tally.is_complete(kind, options, most)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=10))
def test_the_mean_of_a_rating(counts):
    steps = [step for step, people in enumerate(counts, 1) for _ in range(people)]
    assert tally.mean(counts) == (pytest.approx(sum(steps) / len(steps)) if steps else None)
