"""2,000 people write to each other in pairs, over real sockets, and the web process is killed (SIGKILL) on the way.

Three parts in one run. First everybody writes again as soon as their last message is acknowledged: how many a second
are on disk. Then 150 a second, as people write: how long an acknowledgement takes. Then, while they go on, the web
process is killed and started again, as its supervisor does; a page keeps what is not acknowledged, comes back with
jitter, sends it again under the same ref and enters with `since`, as a browser does. Every page follows its
conversation and its person's inbox. At the end every acknowledged message must be in the database exactly once and in
its author's order, numbers without a gap, and both pages of every conversation must show all of it. On SQLite and on
PostgreSQL.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from . import forum, page, wire
from .crowd import Crowd, now
from .faults import Meeting, kill
from .figures import Target, conclude, ms, named, options, percentile
from .page import Note, Page, Reply
from .servers import Server, serving, settle_in

PER_S = 150  # messages, all together, while it goes quietly
AT_ONCE = 100  # pages opened in one go
BACK_WITHIN = 45.0  # seconds, for all 2,000 and on two cores
NOTHING = ["lost", "doubled", "unsent", "refused", "out_of_order", "gaps", "different", "broken_record", "unanswered"]
TARGETS = [Target(f"{database}_{figure}", at_most=0) for database in forum.DATABASES for figure in NOTHING]
TARGETS += [Target(f"{database}_back_after_s", at_most=BACK_WITHIN) for database in forum.DATABASES]
TARGETS += [Target(f"{database}_p99_ms", at_most=500) for database in forum.DATABASES]
TEXT = "%s Article 4 est exactement ce qu’il nous manquait. On se parle ?"


class Inbox(NamedTuple):
    """One's own inbox was told anew."""


def note(payload: bytes) -> Note | Inbox | None:
    told = wire.read(payload)
    if told.on is not None and told.on.startswith("person."):
        return Inbox() if told.event == "inbox" else None
    return page.note(payload)


class Writer(Page):
    """One person's page: a conversation and the inbox beside it."""

    def __init__(self, topic: str, person: int, send: Callable[[bytes], None]):
        super().__init__(topic, send)
        self.person = person
        self.said: list[str] = []
        self.shown: dict[int, str] = {}  # number -> text

    def opening(self) -> tuple[bytes, ...]:
        return (*super().opening(), wire.enter(f"person.{self.person}"))

    def draw(self, snapshot: page.Snapshot) -> None:
        self.seq = snapshot.seq
        self.shown |= {message["number"]: message["text"] for message in snapshot.data["messages"]}

    def apply(self, event: str, data: Any) -> None:
        if event == "message":
            self.shown[data["number"]] = data["text"]


class Letters(Meeting):
    """Everybody with their page."""

    def __init__(self, place: forum.Forum, web: Server, topics: Sequence[str]):
        super().__init__(place, [web])
        self.crowd = Crowd(note, self.hear, self.lose)
        self.topics = topics
        self.pages: list[Writer] = []  # type: ignore[assignment]  # writers are pages
        self.sent: dict[str, float] = {}
        self.late: list[float] = []
        self.told = 0
        self.ends = 0.0

    def open_all(self, count: int) -> None:
        for at in range(0, count, AT_ONCE):
            for number in range(at, min(at + AT_ONCE, count)):
                self.open(number)
            self.listen_until(self.is_everybody_in, 60)

    def open(self, number: int) -> None:
        person = self.place.people[number]
        self.pages.append(Writer(self.topics[number], person, lambda payload: self.send(number, payload)))
        self.connect(number)

    def hear(self, member: int, notes: Sequence[Any], at: float) -> None:
        number = self.holder[member]
        for each in notes:
            if isinstance(each, Inbox):
                self.told += 1
                continue
            self.pages[number].hear(each)
            if isinstance(each, Reply) and each.ref in self.sent and each.ref not in self.pages[number].waiting:
                self.answered(number, at - self.sent.pop(each.ref), at)

    def answered(self, number: int, late: float, at: float) -> None:
        self.late.append(late)
        if at < self.ends:
            self.write(number)

    def write(self, number: int) -> None:
        writer = self.pages[number]
        ref = f"{number}.{len(writer.said)}"
        writer.said.append(TEXT % ref)
        self.sent[ref] = now()
        writer.do("chat.say", ref, text=writer.said[-1])

    def everybody_writes(self, seconds: float) -> dict[str, float]:
        """Each again as soon as the last is acknowledged."""
        self.late.clear()
        begin = now()
        self.ends = begin + seconds
        for number in range(len(self.pages)):
            self.write(number)
        self.listen_until(lambda: now() > self.ends and not self.sent, seconds + 60)
        took = now() - begin
        return {"durable_per_s": round(len(self.late) / took), "busy_p99_ms": ms(percentile(self.late, 0.99))}

    def some_write(self, seconds: float) -> None:
        """PER_S all together; nobody writes before their last message is acknowledged."""
        begin, before = now(), self.tried
        while now() < begin + seconds:
            while self.tried - before < (now() - begin) * PER_S:
                self.tried += 1
                if not self.pages[number := self.tried % len(self.pages)].waiting:
                    self.write(number)
            self.listen()

    def quietly(self, seconds: float) -> dict[str, float]:
        self.late.clear()
        self.some_write(seconds)
        self.listen_until(lambda: not self.sent, 30)
        return {"p50_ms": ms(percentile(self.late, 0.5)), "p99_ms": ms(percentile(self.late, 0.99))}

    def under_fire(self, web: Server) -> dict[str, float]:
        """Seconds until everybody has a line again."""
        self.some_write(2)
        at = now()
        kill(web)
        self.some_write(0.3)
        while now() < at + BACK_WITHIN and (self.comes_back or not self.is_everybody_in()):
            self.some_write(0.2)
        back = round(now() - at, 1)
        self.some_write(3)
        self.listen_until(lambda: not self.sent and self.is_answered(), 180)
        return {"back_after_s": back, "resent": sum(writer.resent for writer in self.pages)}


def measure(database: str, given: argparse.Namespace) -> dict[str, Any]:
    print(f"{database}: {given.people} people write in pairs", flush=True)
    with forum.opened(database, people=given.people) as place:
        topics = place.inside("pair_up")
        with serving(place.web()) as web, (letters := Letters(place, web, topics)).crowd:
            letters.open_all(given.people)
            figures = letters.everybody_writes(given.seconds)
            figures |= letters.quietly(given.seconds)
            print(f"  {figures}", flush=True)
            figures |= letters.under_fire(web)
            letters.listen_until(lambda: not differing(letters.pages), 20)
        return figures | reckon(letters, place)


def differing(pages: Sequence[Writer]) -> int:
    """Pages that do not show what the other one in the same conversation shows."""
    return sum(mine.shown != other.shown for mine, other in zip(pages[::2], pages[1::2], strict=True))


def reckon(letters: Letters, place: forum.Forum) -> dict[str, Any]:
    stored: dict[str, list[list[Any]]] = place.inside("letters")
    texts = Counter(text for said in stored.values() for _number, _author, text in said)
    acknowledged = {ref for writer in letters.pages for ref in writer.acknowledged}
    refused = Counter(code for writer in letters.pages for code in writer.refused.values())
    if refused:
        print(f"  refused: {dict(refused)}", flush=True)
    sent = {text for writer in letters.pages for text in writer.said}
    return {
        "sent": len(sent),
        "acknowledged": len(acknowledged),
        "found": texts.total(),
        "told_inboxes": letters.told,
        "lost": sum(TEXT % ref not in texts for ref in acknowledged),
        "doubled": texts.total() - len(texts),
        "unsent": len(texts.keys() - sent),
        "refused": refused.total(),
        "out_of_order": sum(not is_in_order(writer, stored.get(writer.room, [])) for writer in letters.pages),
        "gaps": sum([number for number, *_ in said] != list(range(1, len(said) + 1)) for said in stored.values()),
        "different": sum(not is_shown(writer, stored.get(writer.room, [])) for writer in letters.pages),
        "broken_record": len(place.inside("faults_in_record")),
        "unanswered": sum(len(writer.waiting) for writer in letters.pages),
    }


def is_in_order(writer: Writer, said: list[list[Any]]) -> bool:
    """What this person wrote stands as they wrote it."""
    return [text for _number, author, text in said if author == writer.person] == writer.said


def is_shown(writer: Writer, said: list[list[Any]]) -> bool:
    return writer.shown == {number: text for number, _author, text in said}


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=10, help="of each part")
    parser.add_argument("--database", choices=forum.DATABASES, action="append", help="only on this one")
    given = parser.parse_args()
    settle_in()
    figures: dict[str, Any] = {"bench": "conversations", "people": given.people}
    for database in given.database or forum.DATABASES:
        found = measure(database, given)
        print(f"  {found}", flush=True)
        figures |= named(database, found)
    conclude(figures, [target for target in TARGETS if target.figure in figures], given.judge)


if __name__ == "__main__":
    main()
