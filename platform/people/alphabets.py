"""The letters people leaf through a directory by: those of the page's language; pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .folding import folded

LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HAN = "字"
OTHER = "other"
ALPHABETS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "es": "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ",
    "ru": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ",
    "zh": HAN + LATIN,
}


@dataclass(frozen=True)
class Letter:
    """`value` is the letter itself, or OTHER for everything that is not of this alphabet."""

    value: str
    count: int

    @property
    def is_other(self) -> bool:
        return self.value == OTHER


def letter_of(name: str) -> str:
    """What a name stands under in its own script; "" if it has no letter."""
    first = next((sign for sign in unicodedata.normalize("NFC", name) if sign.isalpha()), "")
    is_han = unicodedata.name(first, "").startswith("CJK") if first else False
    return HAN if is_han else first.upper()[:4]


def alphabet_of(language: str) -> str:
    return ALPHABETS.get(language.partition("-")[0], LATIN)


def place_of(letter: str, alphabet: str) -> str:
    """Where the letter stands in an alphabet: Å under A, but Ñ under Ñ where that is a letter of its own."""
    plain = folded(letter).upper()[:1]
    return next((found for found in (letter, plain) if found and found in alphabet), OTHER)


def letters(counts: Mapping[str, int], alphabet: str) -> list[Letter]:
    """Every letter of the alphabet with how many names stand under it; OTHER last, if anybody does."""
    places = dict.fromkeys([*alphabet, OTHER], 0)
    for letter, count in counts.items():
        places[place_of(letter, alphabet)] += count
    return [Letter(*place) for place in places.items() if place[0] != OTHER or place[1]]


def under(place: str, known: Iterable[str], alphabet: str) -> list[str]:
    """Which of the known letters stand in a place."""
    return [letter for letter in known if place_of(letter, alphabet) == place]
