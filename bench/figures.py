"""From measurements to one line of JSON, and whether it is good enough."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple


class Target(NamedTuple):
    figure: str
    at_least: float | None = None
    at_most: float | None = None

    def asked(self) -> str:
        return f"≥ {self.at_least:,}" if self.at_least is not None else f"≤ {self.at_most:,}"

    def missed_by(self, figures: Mapping[str, Any]) -> str | None:
        """The sentence that says so."""
        value = figures[self.figure]
        if self.at_least is not None and value < self.at_least:
            return f"{self.figure} is {value}, should be at least {self.at_least}"
        if self.at_most is not None and value > self.at_most:
            return f"{self.figure} is {value}, should be at most {self.at_most}"
        return None


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all (0 … 1) do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Of each figure its median over the rounds."""
    return {figure: round(median(each[figure] for each in rounds), 2) for figure in rounds[0]}


def named(prefix: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}_{name}": value for name, value in figures.items()}


def options(about: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-judge", dest="judge", action="store_false", help="only print the figures")
    return parser


def conclude(figures: Mapping[str, Any], targets: Sequence[Target], judge: bool = True) -> None:
    """Prints the figures as the last line; ends the program with an error if a target is missed."""
    missed = [sentence for target in targets if (sentence := target.missed_by(figures))]
    for sentence in missed:
        print(f"MISSED: {sentence}", flush=True)
    print(json.dumps(figures), flush=True)
    sys.exit(1 if missed and judge else 0)
