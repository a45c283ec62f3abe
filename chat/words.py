"""What people type, made fit to be kept."""

import re
import unicodedata

from live.refusal import Refused

# Control characters say nothing and PostgreSQL refuses NUL; lone surrogates have no UTF-8.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
DIGITS = 40
BLANK_LINES = re.compile(r"\n{3,}")


def number(text: str) -> int | None:
    """A number as a form or an address gives it; None for anything else. Python reads no 4,300 digits."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def _shows(character: str) -> bool:
    """Neither a space nor something that only steers others, such as a zero-width joiner."""
    return unicodedata.category(character)[0] not in "ZC"


def tidy(text: str, limit: int, empty: str) -> str:
    """Composed (NFC), trimmed, without control characters; Refused(empty), or too large past `limit` characters."""
    text = unicodedata.normalize("NFC", UNPRINTABLE.sub("", text.replace("\r\n", "\n")))
    text = BLANK_LINES.sub("\n\n", text).strip()
    if not any(map(_shows, text)):
        raise Refused(empty)
    if len(text) > limit:
        raise Refused("command.too_large")
    return text


def one_line(text: str) -> str:
    """Printable and on one line: a name, a title."""
    return " ".join(UNPRINTABLE.sub("", text).split())
