"""How alike two questions are, in any script. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ALIKE = 0.5  # from here on a moderator is asked whether they are the same
NOT_A_LETTER = re.compile(r"[\W_]+")
IDEOGRAPHS = "\u2e80"  # from here on Unicode has the scripts of East Asia
MARKS = ("Mn", "Cf")  # accents and vowel signs, joiners


def plain(text: str) -> str:
    """Lower case, without accents, vowel signs and punctuation; words a space apart."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) not in MARKS)
    return NOT_A_LETTER.sub(" ", bare).strip()


@lru_cache(maxsize=4096)
def traits(text: str) -> frozenset[str]:
    """Pairs and triples of letters, and whole words; a character that is a word is one by itself."""
    words = plain(text)
    if not words:
        return frozenset()
    framed = f" {words} "
    pairs = {framed[at : at + 2] for at in range(len(framed) - 1)}
    triples = {framed[at : at + 3] for at in range(len(framed) - 2)}
    whole = {f"{word}." for word in words.split() if len(word) > 3} | {
        letter for letter in words if letter > IDEOGRAPHS
    }
    return frozenset(pairs | triples | whole)


def similarity(one: str, other: str) -> float:
    """From 0, nothing in common, to 1, the same but for case, accents and punctuation (Dice's coefficient)."""
    ours, theirs = traits(one), traits(other)
    if not ours or not theirs:
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def nearest(text: str, others: Iterable[tuple[int, str]]) -> int | None:
    """The number of the most similar of `others`, (number, text) each, if it is alike enough; the older wins."""
    ranked = [(-similarity(text, other), number) for number, other in others]
    best = min(ranked, default=(0.0, 0))
    return best[1] if -best[0] >= ALIKE else None
