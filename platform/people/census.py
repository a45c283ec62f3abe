"""Everybody who is listed, as numbers in memory: here it takes a millisecond to find and count by a filter, in a
database fifty.

Each process keeps a census of its own, which is at most settings.CENSUS_AGE seconds behind the directory. What is shown
of whom, the database says.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from threading import Lock
from time import monotonic
from typing import NamedTuple

import numpy as np
from django.conf import settings
from django.db.models import Count, Max

from .models import Listing, ListingTerm

COLUMNS = ("country", "stakeholder", "letter")
TERMS = ("language", "theme")
Mask = np.ndarray  # of bool, one for each person


class Column:
    """What each person has one of: `codes` are places in `values`, one for each person."""

    def __init__(self, said: list[str]):
        self.values, self.codes = coded(said)

    def counts(self, mask: Mask) -> Counter[str]:
        return counted(self.values, self.codes[mask])

    def having(self, wanted: Iterable[str]) -> Mask:
        return np.isin(self.codes, places(self.values, wanted))


class Terms:
    """What each person has any number of: `codes` as above, each of the person in that place of `whose`."""

    def __init__(self, people: int, said: list[str], whose: np.ndarray):
        self.people, self.whose = people, whose
        self.values, self.codes = coded(said)

    def counts(self, mask: Mask) -> Counter[str]:
        return counted(self.values, self.codes[mask[self.whose]])

    def having(self, wanted: Iterable[str]) -> Mask:
        mask = np.zeros(self.people, bool)
        mask[self.whose[np.isin(self.codes, places(self.values, wanted))]] = True
        return mask


def coded(said: list[str]) -> tuple[list[str], np.ndarray]:
    values = {value: code for code, value in enumerate(sorted(set(said)))}
    return list(values), np.array([values[value] for value in said], np.int32)


def counted(values: list[str], codes: np.ndarray) -> Counter[str]:
    """Without those that nobody has."""
    found = np.bincount(codes, minlength=len(values)).tolist()
    return Counter({value: count for value, count in zip(values, found, strict=True) if count})


def places(values: list[str], wanted: Iterable[str]) -> list[int]:
    wanted = set(wanted)
    return [code for code, value in enumerate(values) if value in wanted]


class Census:
    def __init__(self, listings: Collection[tuple], terms: Collection[tuple]):
        """`listings`: (person, *COLUMNS) in the order of the names; `terms`: (kind, value, person)."""
        people, *columns = zip(*listings, strict=True) if listings else [()] * (1 + len(COLUMNS))
        self.people = np.array(people, np.int64)
        self.by: dict[str, Column | Terms] = {
            name: Column(list(said)) for name, said in zip(COLUMNS, columns, strict=True)
        }
        for kind in TERMS:
            of_kind = [(value, person) for its, value, person in terms if its == kind]
            self.by[kind] = Terms(len(self.people), [value for value, _ in of_kind], self._places(of_kind))

    def _places(self, terms: list[tuple[str, int]]) -> np.ndarray:
        order = np.argsort(self.people)
        whose = np.array([person for _, person in terms], np.int64)
        return order[np.searchsorted(self.people, whose, sorter=order)]

    def everybody(self) -> Mask:
        return np.ones(len(self.people), bool)

    def among(self, people: Collection[int]) -> Mask:
        return np.isin(self.people, np.fromiter(people, np.int64, len(people)))


class Kept(NamedTuple):
    edition: tuple
    at: float
    census: Census


_kept: Kept | None = None
_lock = Lock()


def current() -> Census:
    global _kept
    with _lock:
        if _kept is None or monotonic() - _kept.at >= settings.CENSUS_AGE:
            edition = latest()
            census = _kept.census if _kept and _kept.edition == edition else take()
            _kept = Kept(edition, monotonic(), census)
        return _kept.census


def latest() -> tuple:
    """What tells one state of the directory from another: how many are in it, and the newest entry."""
    return tuple(Listing.objects.aggregate(Count("pk"), Max("made")).values())


def take() -> Census:
    """Whoever is listed between the two queries is in the next one."""
    terms = ListingTerm.objects.values_list("kind", "value", "listing")
    listings = list(Listing.objects.order_by("sorts_as", "pk").values_list("pk", *COLUMNS))
    known = {listing[0] for listing in listings}
    return Census(listings, [term for term in terms if term[2] in known])
