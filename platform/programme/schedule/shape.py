"""What a schedule file says, whatever format it is in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MOST_FAULTS = 50


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a file, and where: a line (from 1), the place's name such as `days[0].rooms["Hall"][3].date`."""

    line: int
    place: str
    reason: str

    def __str__(self):
        return f"{self.place}: {self.reason}" if self.place else self.reason


class BadSchedule(Exception):
    """The file cannot be taken in; `faults` says why, first line first, never empty."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(faults)
        super().__init__("; ".join(map(str, self.faults)))


@dataclass(frozen=True)
class Speaker:
    """A person on the programme; the keys are all that files call them by: guid:…, code:…, mail:…, id:…, name:…"""

    name: str
    keys: tuple[str, ...]
    biography: str = ""

    def key(self, kind: str) -> str | None:
        return next((key.partition(":")[2] for key in self.keys if key.startswith(f"{kind}:")), None)


@dataclass(frozen=True)
class Paper:
    url: str
    title: str


@dataclass(frozen=True)
class Place:
    """A venue; real files give several the same guid, so the name tells them apart."""

    name: str
    guid: UUID
    description: str = ""
    capacity: int | None = None


@dataclass(frozen=True)
class Strand:
    name: str
    slug: str = ""


@dataclass(frozen=True)
class Talk:
    """A session. Times carry their offset; an empty place, strand or kind means none."""

    guid: UUID
    title: str
    starts: datetime
    ends: datetime
    place: str = ""
    subtitle: str = ""
    abstract: str = ""
    description: str = ""
    strand: str = ""
    kind: str = ""
    languages: tuple[str, ...] = ()
    recorded: bool = True
    slug: str = ""
    url: str = ""
    speakers: tuple[Speaker, ...] = ()
    papers: tuple[Paper, ...] = ()
    number: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Schedule:
    """A whole programme. `zone` is an IANA name or empty; talks stand in the order of time, place, guid;
    `notes` say where the file contradicts itself and what was made of it."""

    acronym: str
    title: str
    first_day: date
    last_day: date
    zone: str = ""
    version: str = ""
    base_url: str = ""
    places: tuple[Place, ...] = ()
    strands: tuple[Strand, ...] = ()
    talks: tuple[Talk, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)


def in_order(talks: Iterable[Talk]) -> tuple[Talk, ...]:
    return tuple(sorted(talks, key=lambda talk: (talk.starts, talk.place, talk.guid)))
