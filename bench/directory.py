"""How long the directory takes to answer among 15,000 people: the whole page, by HTTP, to somebody signed in.

The sample's people, of whom four in five chose to be listed. One page after another on one connection: the first page,
searches as people type them (a name, a place, an interest, half a word, one letter, nothing that is there), filters,
letters, a page far behind. `search` is all that has words in it; `first` the page without a wish; `slowest` names the
question with the highest median.
"""

import argparse
from collections.abc import Mapping
from itertools import chain
from urllib.parse import urlencode

from .figures import Target, conclude, ms, named, options, percentile
from .forum import DATABASES, opened
from .pages import Browser
from .servers import serving, settle_in

TARGETS = [
    Target("sqlite_first_p99_ms", at_most=200),
    Target("sqlite_search_p99_ms", at_most=200),
    Target("postgresql_first_p99_ms", at_most=200),
    Target("postgresql_search_p99_ms", at_most=200),
]
SEARCHES = [
    {"q": "water"},
    {"q": "city"},
    {"q": "a"},
    {"q": "ndiaye"},
    {"q": "INÊS carv"},
    {"q": "ليلى"},
    {"q": "美玲"},
    {"q": "sergeeva almaty"},
    {"q": "open data senegal"},
    {"q": "government", "language": "fr"},
    {"q": "un", "stakeholder": "academia", "country": "KE"},
    {"q": "nobody is called this"},
]
FILTERS = [
    {"language": "fr"},
    {"stakeholder": "civil_society", "theme": "SDG6"},
    {"country": "JP"},
    {"letter": "M"},
    {"letter": "other"},
    {"page": "200"},
]
Times = dict[str, list[float]]


def ask(browser: Browser, wish: Mapping[str, str], times: int) -> list[float]:
    """Seconds; the first ones are left out."""
    path = f"/people/?{urlencode(wish)}"
    return [browser.load(path)[0] for _ in range(times + 3)][3:]


def measured(browser: Browser, times: int) -> dict[str, Times]:
    kinds: dict[str, list[dict[str, str]]] = {"first": [{}], "search": SEARCHES, "filter": FILTERS}
    return {kind: {urlencode(wish): ask(browser, wish, times) for wish in wishes} for kind, wishes in kinds.items()}


def figures_of(kinds: Mapping[str, Times]) -> dict[str, float | str]:
    figures: dict[str, float | str] = {}
    for kind, times in kinds.items():
        taken = list(chain.from_iterable(times.values()))
        figures |= {f"{kind}_p50_ms": ms(percentile(taken, 0.5)), f"{kind}_p99_ms": ms(percentile(taken, 0.99))}
    medians = {wish: percentile(taken, 0.5) for times in kinds.values() for wish, taken in times.items()}
    slowest = max(medians, key=medians.__getitem__)
    return figures | {"slowest": slowest, "slowest_p50_ms": ms(medians[slowest])}


def measure(database: str, times: int) -> dict[str, float | str]:
    with opened(database) as place:
        place.manage("sample_forum", "--full")
        place.inside("vacuum")
        with serving(place.web()) as server:
            attendee = place.inside("attendee")
            return figures_of(measured(Browser(server.port, attendee["cookie"]), times))


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--times", type=int, default=30, help="each question is asked")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    given: argparse.Namespace = parser.parse_args()
    settle_in()
    databases = DATABASES if given.database == "both" else [given.database]
    figures: dict[str, float | str] = {"bench": "directory", "people": 15_000}
    for database in databases:
        figures |= named(database, measure(database, given.times))
    conclude(figures, [target for target in TARGETS if target.figure in figures], given.judge)


if __name__ == "__main__":
    main()
