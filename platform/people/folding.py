"""Words as they are compared: whatever case, accents, vowel signs or forms of letters they are written in; pure.

What is indexed (`indexed`) holds more forms of a word than what is asked for (`asked`), so that each of them is found.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

LONGEST = 40  # signs of a word that count
MOST = 8  # words of a question that count

# Letters that Unicode does not take apart, though people look for them under the plain one.
PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
        "ə": "e",
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        # Arabic as typed in a hurry, and the Persian and Urdu forms of the same letters
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ے": "ي",
        "ک": "ك",
        "ة": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ـ": "",
    }
)
APOSTROPHES = re.compile("['’‘`´ʹ-ʿˈ׳]")
# Scripts that put no space between words: of 林美玲 also 美玲 is looked for.
UNDIVIDED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
ARTICLE = "ال"


def _plain(sign: str) -> str:
    if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf" or APOSTROPHES.match(sign):
        return ""
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Without case, accents, vowel signs and stretching; every digit is one of 0 to 9. Folding twice changes nothing.

    Taken apart until nothing changes: what one step yields (a capital in a ligature) the next may fold.
    """
    once = _fold(text)
    return once if once == text else folded(once)


def _fold(text: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(PLAIN)
    return "".join(map(_plain, apart))


def _is_of_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"


def _divided(text: str) -> list[str]:
    """Its runs of letters, marks and digits, in one form of writing each."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(sign if _is_of_word(sign) else " " for sign in composed).split()


def _words(text: str) -> Iterator[str]:
    """Folded words. A fold can fall apart again (½ is 1⁄2), and then is several."""
    for word in _divided(text):
        yield from _divided(folded(word))


def _without_article(word: str) -> str:
    stem = word.removeprefix(ARTICLE)
    return stem if len(stem) >= 3 else word


def asked(text: str) -> list[str]:
    """The words of a question, each at most once. Apostrophes join: O’Brien is asked for as obrien."""
    words = (_without_article(word)[:LONGEST] for word in _words(APOSTROPHES.sub("", text)))
    return list(dict.fromkeys(words))[:MOST]


def indexed(texts: Iterable[str]) -> set[str]:
    """Every word under which one of these texts is to be found by its beginning."""
    return {form for text in texts for form in _forms(text)}


@lru_cache(maxsize=8192)
def _forms(text: str) -> frozenset[str]:
    runs = {*_divided(text), *_divided(APOSTROPHES.sub("", text)), *_joined(text)}
    words = {word for run in runs for tail in _tails(run) for word in _words(tail)}
    return frozenset(form[:LONGEST] for word in words for form in (word, _without_article(word)))


def _joined(text: str) -> Iterator[str]:
    """Jeanpaul for Jean-Paul."""
    for run in re.findall(r"\w+(?:[-‐‑]\w+)+", text):
        yield re.sub("[-‐‑]", "", run)


def _tails(run: str) -> Iterator[str]:
    yield run
    for at in range(1, min(len(run), LONGEST)):
        if UNDIVIDED.match(run[at]):
            yield run[at:]
