"""The names of countries in the reader’s language, and their codes."""

import unicodedata
from functools import lru_cache

import pycountry
from babel import Locale
from django.utils.translation import get_language

CODES = sorted(country.alpha_2 for country in pycountry.countries)


def in_order(word: str) -> str:
    """A key that puts Åland beside Albania."""
    return unicodedata.normalize("NFKD", word).casefold()


@lru_cache(maxsize=16)
def names_in(language: str) -> dict[str, str]:
    """Code to name of every country, in the order of the names."""
    territories = Locale.parse(language, sep="-").territories
    named = {code: territories.get(code, code) for code in CODES}
    return dict(sorted(named.items(), key=lambda item: in_order(item[1])))


def names() -> dict[str, str]:
    """In the reader's language."""
    return names_in(get_language() or "en")


def choices() -> list[tuple[str, str]]:
    return list(names().items())


@lru_cache(maxsize=1024)
def code_of(text: str) -> str | None:
    """The two-letter code for a code of two or three letters or an English name, as people write it in tables."""
    try:
        return pycountry.countries.lookup(text.strip()).alpha_2
    except LookupError:
        return next((code for code, name in names_in("en").items() if name.casefold() == text.strip().casefold()), None)
