"""Finding people in the directory: by words, by what they have in common, by letter."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import alphabets, census, countries
from .folding import asked
from .models import Block, Language, Listing, Person, Theme

LONGEST = 100  # signs of a question
CHOSEN_AT_MOST = 20  # values of one filter
SHOWN_AT_ONCE = {"stakeholder": 7, "language": 6, "country": 6, "theme": 6}
OPTIONS_AT_MOST = 250  # tags are free: there may be thousands
FILTERS = ("stakeholder", "language", "country", "theme")


# The words of the listings. Every word of a question has to be the beginning of one of them.


def having(words: list[str]) -> list[int]:
    """Ids of the listings that have all of the folded words; none without words."""
    if not words:
        return []
    return _by_lexemes(words) if connection.vendor == "postgresql" else _by_words(words)


def _by_lexemes(words: list[str]) -> list[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        # Else it reads the whole table, four times as slow: it does not know what unpacking the lexemes costs.
        cursor.execute("SET LOCAL enable_seqscan = off")
        question = " & ".join(f"'{word}':*" for word in words)
        cursor.execute("SELECT person_id FROM people_listing WHERE lexemes @@ %s::tsquery", [question])
        return [pk for (pk,) in cursor.fetchall()]


def _by_words(words: list[str]) -> list[int]:
    with connection.cursor() as cursor:
        question = " AND ".join(f'"{word}" *' for word in words)
        cursor.execute("SELECT rowid FROM people_listing_words WHERE people_listing_words MATCH %s", [question])
        return [pk for (pk,) in cursor.fetchall()]


def forget(ids: list[int]) -> None:
    """After these listings were taken out. PostgreSQL keeps its index itself."""
    if connection.vendor != "postgresql":
        _many("DELETE FROM people_listing_words WHERE rowid = %s", [[pk] for pk in ids])


def index(listings: list[Listing]) -> None:
    """After these listings were written; whoever was erased since may have left words under a number used again."""
    if connection.vendor != "postgresql":
        rows = [[listing.pk, listing.words] for listing in listings]
        _many("INSERT OR REPLACE INTO people_listing_words (rowid, words) VALUES (%s, %s)", rows)


def _many(statement: str, rows: list[list]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; empty filters let everybody pass."""

    words: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    letter: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.letter or self.count)

    @property
    def count(self) -> int:
        return sum(map(len, self.chosen.values()))


def wish_of(query, alphabet: str) -> Wish:
    """From the address's parameters (a QueryDict); what is unknown is ignored, as are letters of another alphabet."""
    chosen = {name: frozenset(filter(_is_value, query.getlist(name)[:CHOSEN_AT_MOST])) for name in FILTERS}
    letter = query.get("letter", "")
    known = letter in (*alphabet, alphabets.OTHER)
    return Wish(query.get("q", "").strip()[:LONGEST], chosen, letter if known else "")


def _is_value(text: str) -> bool:
    """PostgreSQL takes no NUL, and no value is longer than a tag."""
    return 0 < len(text) <= 64 and text.isprintable()


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool
    language: str = ""


class Facet(NamedTuple):
    """`first` are those with most people and those chosen; `rest` are folded away."""

    name: str
    legend: str
    first: list[Option]
    rest: list[Option]
    more: str

    @property
    def is_used(self) -> bool:
        return any(option.chosen for option in self.first)


class Directory:
    """Who may be found by one viewer with one wish, and how many there would be with others."""

    def __init__(self, viewer: Person, wish: Wish, alphabet: str):
        self.wish, self.alphabet = wish, alphabet
        self.apart = Block.objects.apart_from(viewer.pk)
        self.census = census.current()

    def ids(self) -> list[int]:
        """In the order of the names."""
        return self.census.people[np.logical_and.reduce(list(self.admitted.values()))].tolist()

    @cached_property
    def chosen(self) -> dict[str, Collection[str]]:
        """Values of each filter that is used; the letter is one of them."""
        chosen: dict[str, Collection[str]] = {name: values for name, values in self.wish.chosen.items() if values}
        if self.wish.letter:
            chosen["letter"] = alphabets.under(self.wish.letter, self.census.by["letter"].values, self.alphabet)
        return chosen

    @cached_property
    def admitted(self) -> dict[str, census.Mask]:
        """Whom each part of the wish lets pass."""
        admitted = {"": self.census.everybody()}
        if self.apart:
            admitted["apart"] = ~self.census.among(self.apart)
        if self.wish.words:
            admitted["words"] = self.census.among(having(asked(self.wish.words)))
        return admitted | {name: self.census.by[name].having(values) for name, values in self.chosen.items()}

    def counts(self, name: str) -> Counter[str]:
        """How many people each value of a filter would show, the others standing."""
        others = [mask for part, mask in self.admitted.items() if part != name]
        return self.census.by[name].counts(np.logical_and.reduce(others))

    def letters(self) -> list[alphabets.Letter]:
        return alphabets.letters(self.counts("letter"), self.alphabet)

    def facets(self) -> list[Facet]:
        """Those filters that could make a difference."""
        every = (self.facet(name) for name in FILTERS)
        return [one for one in every if len(one.first) > 1 or one.is_used]

    def facet(self, name: str) -> Facet:
        chosen, counts = self.wish.chosen.get(name, frozenset()), self.counts(name)
        told = KNOWN[name](counts.keys() | chosen)
        options = [Option(one.value, one.label, counts[one.value], one.value in chosen, one.language) for one in told]
        most = sorted(options, key=lambda option: (not option.chosen, -option.count))
        shown = SHOWN_AT_ONCE[name]
        rest = set(most[shown:OPTIONS_AT_MOST])
        folded_away = [option for option in options if option in rest]
        return Facet(name, str(LEGENDS[name]), most[:shown], folded_away, more(name, len(folded_away)))


# What the values are called, in the order in which they are offered.


class Value(NamedTuple):
    value: str
    label: str
    language: str = ""


def stakeholders(values: Iterable[str]) -> list[Value]:
    return [Value(value, str(label)) for value, label in Person.Stakeholder.choices if value in values]


def named_countries(values: Iterable[str]) -> list[Value]:
    return [Value(code, name) for code, name in countries.names().items() if code in values]


def languages(values: Iterable[str]) -> list[Value]:
    return [Value(one.code, one.name, one.code) for one in Language.objects.filter(code__in=values)]


def themes(values: Iterable[str]) -> list[Value]:
    return [Value(one.code, theme_name(one)) for one in Theme.objects.filter(code__in=values)]


def theme_name(theme: Theme) -> str:
    return theme.name if theme.kind == Theme.Kind.TAG else f"{theme.short} {theme.title}"


KNOWN: dict[str, Callable[[Iterable[str]], list[Value]]] = {
    "stakeholder": stakeholders,
    "language": languages,
    "country": named_countries,
    "theme": themes,
}
LEGENDS = {
    "stakeholder": _("Works in"),
    "language": _("Speaks"),
    "country": _("Country"),
    "theme": _("Interests"),
}


def more(name: str, count: int) -> str:
    """What the values that are folded away hide behind."""
    said = {
        "stakeholder": ngettext("%(count)s more", "%(count)s more", count),
        "language": ngettext("%(count)s more language", "%(count)s more languages", count),
        "country": ngettext("%(count)s more country", "%(count)s more countries", count),
        "theme": ngettext("%(count)s more interest", "%(count)s more interests", count),
    }
    return said[name] % {"count": count}
