"""Tables that a spreadsheet may open, and what stands in them."""

import csv
import io
from collections.abc import Iterable
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(titles: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """CSV (RFC 4180), with a byte order mark, by which spreadsheets know the encoding."""
    out = io.StringIO()
    out.write("\ufeff")
    lines = csv.writer(out)
    lines.writerow([str(title) for title in titles])
    lines.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """Words that a spreadsheet would take for a formula are marked as words."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return cell("; ".join(said(each) for each in value))
    text = "" if value is None else str(value)
    return f"'{text}" if is_marked(text) and not isinstance(value, int) else text


def uncell(text: str) -> str:
    """The text that `cell` was given."""
    return text[1:] if text.startswith("'") and is_marked(text) else text


def is_marked(text: str) -> bool:
    return text.lstrip("'").startswith(FORMULA)


def said(value: Any) -> str:
    """A step in one line: when, what, by whom, with which note."""
    if not isinstance(value, dict):
        return str(value)
    by, note = value["by"] and f" by {value['by']}", value["note"] and f" ({value['note']})"
    return f"{value['at']} {value['what']}{by}{note}{' [undone]' if value['undone'] else ''}"
