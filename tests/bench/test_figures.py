import json

import pytest

from bench.figures import Target, conclude, medians, percentile


def test_percentile():
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(1000), 0.99) == 990
    assert percentile([7], 0.99) == 7


def test_medians_of_rounds():
    assert medians([{"per_s": 1, "p99_ms": 9}, {"per_s": 3, "p99_ms": 1}, {"per_s": 2, "p99_ms": 5}]) == {
        "per_s": 2,
        "p99_ms": 5,
    }


@pytest.mark.parametrize(
    ("figures", "judge", "code"),
    [
        ({"ratio": 6, "p99_ms": 200}, True, 0),
        ({"ratio": 5.9, "p99_ms": 200}, True, 1),
        ({"ratio": 6, "p99_ms": 200.1}, True, 1),
        ({"ratio": 1, "p99_ms": 999}, False, 0),
    ],
)
def test_a_missed_target_ends_with_an_error_and_the_figures_are_last(figures, judge, code, capsys):
    with pytest.raises(SystemExit) as ended:
        conclude(figures, [Target("ratio", at_least=6), Target("p99_ms", at_most=200)], judge)
    assert ended.value.code == code
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == figures
