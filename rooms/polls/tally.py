"""What a poll can ask, which answers fit, and what they come to. Pure."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Choices = Sequence[int]  # of options or steps, counted from 0
Words = Sequence[str]

OPTIONS = range(2, 21)
STEPS = range(2, 11)
WORDS = range(1, 4)
SHOWN = 60  # words of a cloud; thousands would be neither seen nor sent in time


class Ballots(NamedTuple):
    """The same answer, given by `people` of them."""

    answer: Choices | Words
    people: int


class Tally(NamedTuple):
    """How many voted; for each option or step, how many chose it; or the words, most frequent first.

    `more` tells how many different words are not among `words`.
    """

    voted: int
    counts: tuple[int, ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    more: int = 0


def is_complete(kind: str, options: Sequence[str], most: int) -> bool:
    """A poll of this kind can be held: with `options`, or with two labels of `most` steps, or for `most` words."""
    if kind == "rating":
        return len(options) == 2 and most in STEPS
    if kind == "words":
        return not options and most in WORDS
    different = len({folded(option) for option in options}) == len(options)
    return different and len(options) in OPTIONS and (2 <= most <= len(options) if kind == "multiple" else most == 1)


def size(kind: str, options: Sequence[str], most: int) -> int:
    """How many choices there are."""
    return most if kind == "rating" else len(options)


def picks(kind: str, most: int) -> int:
    """How many of them, or how many words, one person may give."""
    return most if kind in ("multiple", "words") else 1


def fits(choices: Choices, size: int, picks: int) -> bool:
    return len(set(choices)) == len(choices) and 1 <= len(choices) <= picks and all(0 <= it < size for it in choices)


def folded(word: str) -> str:
    """What is the same word: however it is spaced, in capitals or not."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def spaced(word: str) -> str:
    return " ".join(word.split())


def different(words: Words) -> list[str]:
    """Each word once, as it was written first."""
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(folded(word), spaced(word))
    return list(first.values())


def of_choices(ballots: Iterable[Ballots], size: int) -> Tally:
    counts, voted = [0] * size, 0
    for answer, people in ballots:
        voted += people
        for choice in answer:
            counts[int(choice)] += people
    return Tally(voted, counts=tuple(counts))


def of_words(ballots: Iterable[Ballots], struck: Iterable[str] = (), most: int | None = SHOWN) -> Tally:
    """Words are counted folded and shown as most people wrote them; those in `struck`, folded, are left out."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    voted = 0
    for answer, people in ballots:
        voted += people
        for word in answer:
            spellings[folded(str(word))][str(word)] += people
    words = sorted((_as_shown(spellings[word]) for word in spellings.keys() - set(struck)), key=_most_first)
    shown = words[:most]
    return Tally(voted, words=tuple(shown), more=len(words) - len(shown))


def _as_shown(written: Counter[str]) -> tuple[str, int]:
    word, _ = min(written.items(), key=_most_first)
    return word, written.total()


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    word, people = counted
    return -people, word


def mean(counts: Sequence[int]) -> float | None:
    """Of a rating whose steps are called 1, 2, 3 …; None while nobody has voted."""
    voted = sum(counts)
    return sum(step * people for step, people in enumerate(counts, 1)) / voted if voted else None
