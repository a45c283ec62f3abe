"""Whose turn would be fair: hints, the suggestion that explains itself, and speaking time."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from rooms.floor import fairness
from rooms.floor.fairness import WEIGHTS, Entry, weigh

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def turn(pk, name="Ada", region="africa", stakeholder="government", minute=0, **more) -> Entry:
    """Waiting, unless more is said."""
    fields = {"is_point_of_order": False, "is_waiting": True, "is_heard": False, "spoken": 0.0} | more
    return Entry(pk, (None, name), name, region, stakeholder, NOON + timedelta(minutes=minute), **fields)


def spoke(pk, seconds=60.0, **more) -> Entry:
    return turn(pk, is_waiting=False, is_heard=True, spoken=seconds, **more)


def whats(hints) -> list[str]:
    return [hint["what"] for hint in hints]


def test_each_weight_is_more_than_all_that_follow():
    weights = list(WEIGHTS.values())
    for at, weight in enumerate(weights):
        assert weight > sum(weights[at + 1 :])


def test_nobody_waits():
    assert weigh([]) == fairness.Balance({}, {}, None, {"people": [], "regions": [], "stakeholders": []})
    assert weigh([spoke(1)]).suggestion is None


def test_whoever_has_not_spoken_comes_first():
    balance = weigh([spoke(1), turn(2, minute=1), turn(3, name="Ines", minute=2)])
    assert balance.suggestion == (3, [{"what": "first_time", "say": {}}])
    assert whats(balance.hints[2]) == ["waiting", "spoken"]
    assert balance.before == {2: 60, 3: 0}


def test_then_a_region_that_was_not_heard():
    balance = weigh([spoke(1, name="Grace"), turn(2, minute=1), turn(3, "Layla", "asia_pacific", minute=2)])
    assert balance.suggestion.turn == 3
    assert balance.suggestion.why[1] == {"what": "region", "say": {"region": "asia_pacific"}}


def test_then_the_type_that_was_heard_least():
    entries = [
        spoke(1, 90, name="Grace"),
        spoke(2, 30, name="Linus", stakeholder="academia"),
        turn(3, "Ada"),
        turn(4, "Ayesha", stakeholder="academia", minute=1),
    ]
    balance = weigh(entries)
    assert balance.suggestion.turn == 4
    assert balance.suggestion.why[1] == {"what": "stakeholder", "say": {"stakeholder": "academia"}}
    assert whats(balance.hints[3]) == ["first_time", "waiting"]


def test_then_whoever_waits_longest():
    balance = weigh([turn(1, "Ada", minute=5), turn(2, "Ines", minute=3), turn(3, "Layla", minute=4)])
    assert balance.suggestion.turn == 2
    assert balance.suggestion.why[-1] == {"what": "waiting", "say": {"since": "2026-11-23T12:03:00+00:00"}}


def test_of_equals_the_chairs_first():
    balance = weigh([turn(7, "Ines"), turn(3, "Ada")])
    assert balance.suggestion.turn == 7


def test_nothing_speaks_for_the_only_one_but_the_order():
    balance = weigh([spoke(1), turn(2)])
    assert balance.suggestion == (2, [{"what": "order", "say": {}}])


def test_a_point_of_order_before_everything():
    balance = weigh([spoke(1), turn(2, is_point_of_order=True), turn(3, "Layla", "asia_pacific")])
    assert balance.suggestion == (2, [{"what": "point_of_order", "say": {}}])


def test_who_has_no_country_and_no_type_has_no_such_hints():
    balance = weigh([spoke(1), turn(2, "Ines", "", "")])
    assert whats(balance.hints[2]) == ["first_time"]


def test_all_types_heard_the_same_speak_for_nobody():
    entries = [spoke(1, 30, name="Grace"), turn(2, "Ada"), turn(3, "Ines")]
    assert "stakeholder" not in whats(weigh(entries).hints[2])


def test_somebody_without_an_account_is_known_by_name():
    mayor = [spoke(1, name="Mayor of Bari"), turn(2, "Mayor of Bari"), turn(3, "Mayor of Tirana")]
    assert weigh(mayor).before == {2: 60, 3: 0}


def test_speaking_time_by_person_region_and_type():
    entries = [
        spoke(1, 29.6),
        spoke(2, 60, name="Layla", region="asia_pacific", stakeholder="civil_society"),
        spoke(3, 40),
        spoke(4, 0.2, name="Ines"),
        turn(5, "Grace"),
    ]
    assert weigh(entries).totals == {
        "people": [["Ada", 70], ["Layla", 60]],
        "regions": [["africa", 70], ["asia_pacific", 60]],
        "stakeholders": [["government", 70], ["civil_society", 60]],
    }


@pytest.mark.parametrize("missing", ["region", "stakeholder"])
def test_time_of_nobody_in_particular_is_told_apart(missing):
    entries = [spoke(1, 60, **{missing: ""})]
    assert weigh(entries).totals[f"{missing}s"] == [["", 60]]


entries = st.lists(
    st.builds(
        lambda pk, name, region, kind, minute, order, state, spoken: Entry(
            pk,
            (None, name),
            name,
            region,
            kind,
            NOON + timedelta(minutes=minute),
            is_point_of_order=order,
            is_waiting=state == "waiting",
            is_heard=state == "heard",
            spoken=spoken if state == "heard" else 0.0,
        ),
        st.integers(1, 10**6),
        st.sampled_from(["Ada", "Ines", "Layla", "Grace"]),
        st.sampled_from(["", "africa", "asia_pacific", "latin_america"]),
        st.sampled_from(["", "government", "academia"]),
        st.integers(0, 5),
        st.booleans(),
        st.sampled_from(["waiting", "waiting", "heard", "gone"]),
        st.floats(0, 600),
    ),
    unique_by=lambda entry: entry.id,
    max_size=8,
)


@given(entries)
def test_somebody_is_suggested_whenever_somebody_waits(turns):
    balance, waiting = weigh(turns), [turn for turn in turns if turn.is_waiting]
    assert (balance.suggestion is not None) == bool(waiting)
    assert balance.hints.keys() == balance.before.keys() == {turn.id for turn in waiting}
    if balance.suggestion:
        assert balance.suggestion.turn in balance.hints
        assert balance.suggestion.why


@given(entries)
def test_points_of_order_are_never_passed_over(turns):
    urgent = [turn.id for turn in turns if turn.is_waiting and turn.is_point_of_order]
    if urgent:
        assert weigh(turns).suggestion == (urgent[0], [{"what": "point_of_order", "say": {}}])


@given(entries)
def test_nobody_who_spoke_goes_before_somebody_who_has_not(turns):
    balance = weigh(turns)
    first_timers = [pk for pk, hints in balance.hints.items() if "first_time" in whats(hints)]
    if first_timers and whats(balance.suggestion.why) != ["point_of_order"]:
        assert balance.suggestion.turn in first_timers


@given(entries, st.randoms(use_true_random=False))
def test_the_order_in_which_others_spoke_makes_no_difference(turns, random):
    waiting = [turn for turn in turns if turn.is_waiting]
    others = [turn for turn in turns if not turn.is_waiting]
    shuffled = random.sample(others, len(others))
    one, other = weigh([*others, *waiting]), weigh([*waiting, *shuffled])
    assert (one.hints, one.before, one.suggestion) == (other.hints, other.before, other.suggestion)


@given(entries)
def test_every_second_is_counted_once_in_each_table(turns):
    heard = fairness.heard_in(turns)
    spoken = sum(turn.spoken for turn in turns)
    for table in heard:
        assert sum(table.values()) == pytest.approx(spoken)
