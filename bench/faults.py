"""Web processes and Valkey are killed (SIGKILL) while 200 people ask and vote; then everything is counted.

Two web processes share one database and one Valkey; the pages are spread over both. A page keeps what is not
acknowledged, comes back with jitter, sends it again under the same ref and enters with `since`, as a browser does.
At the end, with Valkey away, every acknowledged question and vote must be in the database exactly once, nothing must
be there that nobody sent, all pages must show the room that a newcomer sees, and the record must verify. On SQLite and
on PostgreSQL.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from . import forum
from .crowd import Crowd, Lost, Visit, now
from .figures import Target, conclude, named, options
from .page import Note, Page, note
from .servers import CLIENT, Server, serving, settle_in

SAME_WITHIN = 10.0  # seconds
CALM = 2.0  # seconds at least between everybody being back and the next fault
NOTHING = ["lost", "doubled", "unsent", "refused", "miscounted", "different", "broken_record", "unanswered"]
TARGETS = [Target(f"{database}_{figure}", at_most=0) for database in forum.DATABASES for figure in NOTHING]
TARGETS += [
    Target(f"{database}_{figure}", at_most=SAME_WITHIN)
    for database in forum.DATABASES
    for figure in ("back_after_s", "same_after_s")
]
ASKS_PER_S, VOTES_PER_S = 15, 200
TEXT = "%s Will the slides be shared after the keynote, and where can we find the paper?"


class Fault(NamedTuple):
    what: str
    happens: Callable[[], None]


class Meeting:
    """200 pages open on the same room, asking and voting."""

    def __init__(self, place: forum.Forum, webs: Sequence[Server]):
        self.place, self.webs = place, webs
        self.crowd = Crowd(note, self.hear, self.lose)
        self.pages: list[Page] = []
        self.holder: dict[int, int] = {}  # member of the crowd -> page
        self.member: dict[int, int] = {}  # page -> member of the crowd
        self.comes_back: dict[int, float] = {}  # page without a line -> when it tries again
        self.questions: dict[str, str] = {}  # ref -> text
        self.votes: dict[str, tuple[int, int]] = {}  # ref -> (question, person)
        self.cast: set[tuple[int, int]] = set()
        self.tried = 0
        self.began = 0.0

    # lines

    def add_page(self) -> Page:
        number = len(self.pages)
        self.pages.append(Page(self.place.room, lambda payload: self.send(number, payload)))
        self.connect(number)
        return self.pages[-1]

    def connect(self, number: int) -> None:
        self.holder[len(self.crowd)] = number
        self.member[number] = len(self.crowd)
        visit = Visit(self.place.path(number), self.pages[number].opening())
        self.crowd.open(self.webs[number % len(self.webs)].port, visit)

    def send(self, number: int, payload: bytes) -> None:
        try:
            self.crowd.say(self.member[number], payload)
        except (OSError, Lost):
            self.pages[number].is_in = False  # the line is about to be found dead

    def hear(self, member: int, notes: Sequence[Note], _at: float) -> None:
        page = self.pages[self.holder[member]]
        for each in notes:
            page.hear(each)

    def lose(self, member: int, _why: str) -> None:
        number = self.holder[member]
        self.comes_back[number] = now() + self.pages[number].lose_line()

    def listen(self) -> None:
        self.crowd.listen(0.005)
        for number in [number for number, when in self.comes_back.items() if when <= now()]:
            del self.comes_back[number]
            self.connect(number)

    def listen_until(self, done: Callable[[], bool], within: float) -> float:
        """Seconds that it took; the given ones if it was in vain."""
        begin = now()
        while not done() and now() < begin + within:
            self.listen()
        return round(now() - begin, 1)

    # people

    def ask(self) -> None:
        ref = f"ask {len(self.questions)}"
        self.questions[ref] = TEXT % ref
        random.choice(self.pages).do("question.ask", ref, text=self.questions[ref])

    def vote(self) -> None:
        self.tried += 1
        number = random.randrange(len(self.pages))
        page, person = self.pages[number], self.place.people[number]
        open_to_them = [pk for pk in self._some(page) if (pk, person) not in self.cast]
        if open_to_them:
            ref, question = f"vote {len(self.votes)}", open_to_them[0]
            self.cast.add((question, person))
            self.votes[ref] = (question, person)
            page.do("question.vote", ref, question=question, up=True)

    def _some(self, page: Page) -> list[int]:
        return random.sample(list(page.questions), min(5, len(page.questions)))

    def meet(self, faults: Sequence[Fault]) -> float:
        """People ask and vote while one fault follows another. Returns the longest time that somebody was cut off."""
        self.began = now()
        self.go_on(CALM)
        return max(self.suffer(fault) for fault in faults)

    def suffer(self, fault: Fault) -> float:
        before, at = self.acknowledged, now()
        fault.happens()
        self.go_on(0.1)
        while not self.is_everybody_in() and now() < at + 3 * SAME_WITHIN:
            self.go_on(0.1)
        back = round(now() - at, 1)
        self.go_on(CALM)
        news = f"everybody is back after {back} s, {self.acknowledged - before} more acknowledged"
        print(f"  {at - self.began:4.1f} s  {fault.what}: {news}", flush=True)
        return back

    def go_on(self, seconds: float) -> None:
        end = now() + seconds
        while now() < end:
            while len(self.questions) < (now() - self.began) * ASKS_PER_S:
                self.ask()
            while self.tried < (now() - self.began) * VOTES_PER_S:
                self.vote()
            self.listen()

    def is_everybody_in(self) -> bool:
        return all(page.is_in for page in self.pages)

    # reckoning

    @property
    def acknowledged(self) -> int:
        return sum(len(page.acknowledged) for page in self.pages)

    def is_answered(self) -> bool:
        return not any(page.waiting for page in self.pages)

    def is_same(self, newcomer: Page) -> bool:
        return not self.different(newcomer)

    def different(self, newcomer: Page) -> int:
        """Pages that do not show what a newcomer is shown."""
        return sum(page.shows() != newcomer.shows() for page in self.pages)


def measure(database: str, given: argparse.Namespace) -> dict[str, Any]:
    print(f"{database}: {given.people} people ask and vote", flush=True)
    with forum.opened(database, people=given.people + 1) as place, two_webs(place) as webs:
        meeting = Meeting(place, webs)
        with meeting.crowd:
            for _ in range(given.people):
                meeting.add_page()
            meeting.listen_until(meeting.is_everybody_in, 30)
            back = meeting.meet(faults(place, webs))
            answered = meeting.listen_until(meeting.is_answered, 60)
            newcomer = meeting.add_page()
            same = meeting.listen_until(lambda: newcomer.is_in and meeting.is_same(newcomer), SAME_WITHIN + 1)
            different = meeting.different(newcomer)
        figures = reckon(meeting, place)
    return figures | {"back_after_s": back, "answered_after_s": answered, "same_after_s": same, "different": different}


@contextmanager
def two_webs(place: forum.Forum) -> Iterator[list[Server]]:
    with serving(place.web()) as one, serving(place.web(CLIENT)) as two:
        yield [one, two]


def faults(place: forum.Forum, webs: Sequence[Server]) -> list[Fault]:
    one, two = webs

    def kill_both() -> None:
        kill(one)
        kill(two)

    def kill_all() -> None:
        kill_both()
        place.valkey.kill()

    return [
        Fault("one web process is killed", lambda: kill(one)),
        Fault("Valkey is killed", place.valkey.kill),
        Fault("the other web process is killed", lambda: kill(two)),
        Fault("Valkey is there again", place.valkey.start),
        Fault("both web processes are killed", kill_both),
        Fault("all three are killed, Valkey for good", kill_all),
    ]


def kill(web: Server) -> None:
    """As its supervisor does, starts it again at once."""
    web.kill()
    web.start()


def reckon(meeting: Meeting, place: forum.Forum) -> dict[str, Any]:
    stored, votes = Counter(place.inside("questions")["texts"]), place.inside("votes")
    cast = {(question, person) for question, person in votes["cast"]}
    acknowledged = set().union(*(page.acknowledged for page in meeting.pages))
    refused = Counter(code for page in meeting.pages for code in page.refused.values())
    if refused:
        print(f"  refused: {dict(refused)}", flush=True)
    asked = [text for ref, text in meeting.questions.items() if ref in acknowledged]
    voted = [vote for ref, vote in meeting.votes.items() if ref in acknowledged]
    return {
        "sent": len(meeting.questions) + len(meeting.votes),
        "acknowledged": len(acknowledged),
        "found": stored.total() + len(cast),
        "seen": min(page.sees() for page in meeting.pages),
        "resent": sum(page.resent for page in meeting.pages),
        "lost": sum(text not in stored for text in asked) + sum(vote not in cast for vote in voted),
        "doubled": sum(count - 1 for count in stored.values()) + len(votes["cast"]) - len(cast),
        "unsent": len(stored.keys() - set(meeting.questions.values())) + len(cast - set(meeting.votes.values())),
        "refused": refused.total(),
        "miscounted": votes["miscounted"],
        "broken_record": len(place.inside("faults_in_record")),
        "unanswered": sum(len(page.waiting) for page in meeting.pages),
    }


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="to choose the same people and questions again")
    parser.add_argument("--database", choices=forum.DATABASES, action="append", help="only on this one")
    given = parser.parse_args()
    random.seed(given.seed)
    settle_in()
    figures: dict[str, Any] = {"bench": "faults"}
    for database in given.database or forum.DATABASES:
        found = measure(database, given)
        print(f"  {found}", flush=True)
        figures |= named(database, found)
    conclude(figures, [target for target in TARGETS if target.figure in figures], given.judge)


if __name__ == "__main__":
    main()
