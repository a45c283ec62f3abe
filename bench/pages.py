"""How long pages take in a forum of full size: 160 sessions, 846 speakers, 15,000 people.

A signed-in person asks for one page after another, on one connection: the agenda's first page, a session's page, a live
room's page. No targets: a page is drawn by Django as usual.
"""

import argparse
import http.client
from collections.abc import Iterator
from contextlib import contextmanager

from . import forum
from .crowd import Lost, now
from .figures import conclude, ms, options, percentile
from .servers import serving, settle_in


class Browser:
    def __init__(self, port: int, cookie: str):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Cookie": cookie}

    def load(self, path: str) -> tuple[float, int]:
        """Seconds until the page is there, and its size in bytes."""
        begin = now()
        self.line.request("GET", path, headers=self.headers)
        answer = self.line.getresponse()
        page = answer.read()
        if answer.status != 200:
            raise Lost(f"{path} answered {answer.status}")
        return now() - begin, len(page)


@contextmanager
def full_forum() -> Iterator[forum.Forum]:
    with forum.opened() as place:
        place.manage("sample_forum", "--full")
        yield place


def measure(given: argparse.Namespace) -> dict[str, float]:
    figures: dict[str, float] = {}
    with full_forum() as place, serving(place.web()) as server:
        attendee = place.inside("attendee")
        browser = Browser(server.port, attendee["cookie"])
        for name, path in attendee["paths"].items():
            loads = [browser.load(path) for _ in range(given.times + 5)][5:]
            times = [seconds for seconds, _ in loads]
            figures[f"{name}_p50_ms"], figures[f"{name}_p99_ms"] = (
                ms(percentile(times, 0.5)),
                ms(percentile(times, 0.99)),
            )
            figures[f"{name}_kb"] = round(loads[-1][1] / 1024)
    return figures


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--times", type=int, default=100, help="each page is loaded")
    given = parser.parse_args()
    settle_in()
    conclude({"bench": "pages", **measure(given)}, [], given.judge)


if __name__ == "__main__":
    main()
