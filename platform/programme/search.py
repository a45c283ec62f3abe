"""What a reader asks the programme for, and which sessions answer; pure."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from people.audience import shown_to_everybody
from people.models import Person

from .models import Appearance, Session

LONGEST = 100
SHOWN_AT_ONCE = 12


@dataclass(frozen=True)
class Entry:
    """A session as one reader finds it now."""

    session: Session
    stage: Session.Stage
    admits: bool  # whether the reader may enter, as far as groups decide
    here: int = 0  # people in its room
    starred: bool = False  # stands in the reader's own schedule


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool
    language: str = ""


@dataclass(frozen=True)
class Facet:
    name: str
    legend: str
    options: list[Option]

    @property
    def is_long(self) -> bool:
        return len(self.options) > SHOWN_AT_ONCE

    @property
    def is_used(self) -> bool:
        return any(option.chosen for option in self.options)


@dataclass(frozen=True)
class Wish:
    """The filters of the programme; empty ones let everything pass."""

    words: str = ""
    open: bool = False
    starred: bool = False
    chosen: dict[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.words or self.open or self.starred or any(self.chosen.values()))

    @property
    def count(self) -> int:
        return int(self.open) + int(self.starred) + sum(map(len, self.chosen.values()))


def wish_of(query) -> Wish:
    """From the address's parameters (a QueryDict); what is unknown is ignored."""
    chosen = {name: frozenset(query.getlist(name)) - {""} for name in VALUES}
    words = query.get("q", "").strip()[:LONGEST]
    return Wish(words, query.get("open") == "1", query.get("starred") == "1", chosen)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """For comparing: without case, accents and vowel signs."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def by_part(session: Session) -> list[Appearance]:
    """Chair and moderators before speakers, each in the order of the programme."""
    return sorted(session.appearances.all(), key=lambda one: one.role not in Appearance.RUNNING)


def named(speaker: Person) -> str:
    return f"{speaker.name} {speaker.organisation}" if "organisation" in shown_to_everybody(speaker) else speaker.name


def wording(session: Session) -> str:
    track = session.track.name if session.track else ""
    people = (named(one.person) for one in session.appearances.all())
    themes = (f"{theme.code} {theme.name}" for theme in session.themes.all())
    return folded(" ".join([session.title, session.subtitle, session.abstract, track, *people, *themes]))


def has_words(session: Session, words: str) -> bool:
    return all(word in wording(session) for word in folded(words).split())


class Value(NamedTuple):
    """Something to choose a session by; values are offered in the order of their rank, then of their label."""

    value: str
    label: str
    rank: tuple[str | int, ...] = ()
    language: str = ""


def track_of(session: Session) -> list[Value]:
    track = session.track
    return [Value(track.slug, track.name, (track.position,))] if track else []


def languages_of(session: Session) -> list[Value]:
    return [Value(one.code, one.name, language=one.code) for one in session.languages.all()]


def participation_of(session: Session) -> list[Value]:
    rank = Session.Participation.values.index(session.participation)
    return [Value(session.participation, session.get_participation_display(), (rank,))]


def themes_of(session: Session) -> list[Value]:
    return [Value(one.code, theme_name(one), (one.kind, one.position)) for one in session.themes.all()]


def theme_name(theme) -> str:
    return str(theme.name) if theme.kind == theme.Kind.TAG else f"{theme.code} {theme.name}"


VALUES: dict[str, Callable[[Session], list[Value]]] = {
    "track": track_of,
    "participation": participation_of,
    "language": languages_of,
    "theme": themes_of,
}
LEGENDS = {
    "track": _("Track"),
    "participation": _("Taking part"),
    "language": _("Language"),
    "theme": _("Action Lines, goals and topics"),
}


def chooses(entry: Entry, name: str, chosen: frozenset[str]) -> bool:
    return not chosen or any(one.value in chosen for one in VALUES[name](entry.session))


def answers(entry: Entry, wish: Wish, besides: str = "") -> bool:
    """Whether a session is wished for; `besides` names a filter to leave out."""
    return (
        (not wish.open or besides == "open" or entry.admits)
        and (not wish.starred or besides == "starred" or entry.starred)
        and all(chooses(entry, name, chosen) for name, chosen in wish.chosen.items() if name != besides)
        and (not wish.words or has_words(entry.session, wish.words))
    )


def facet(name: str, entries: Iterable[Entry], wish: Wish) -> Facet:
    """Every value there is, with how many sessions choosing it would show, the other filters standing."""
    chosen = wish.chosen.get(name, frozenset())
    counts: Counter[Value] = Counter()
    for entry in entries:
        passes = answers(entry, wish, besides=name)
        for value in VALUES[name](entry.session):
            counts[value] += passes
    ordered = sorted(counts.items(), key=lambda item: (item[0].rank, item[0].label))
    options = [Option(one.value, one.label, count, one.value in chosen, one.language) for one, count in ordered]
    return Facet(name, str(LEGENDS[name]), options)


def facets(entries: list[Entry], wish: Wish) -> list[Facet]:
    """Those filters that could make a difference."""
    offered = (facet(name, entries, wish) for name in VALUES)
    return [one for one in offered if len(one.options) > 1 or wish.chosen.get(one.name)]
