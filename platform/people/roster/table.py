"""Reading a table: bytes to numbered lines of named cells. Knows nothing of people."""

import csv
import io
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

BYTES = 5 * 1024 * 1024
LINES = 20_000
ALIASES = {
    "e_mail": "email",
    "mail": "email",
    "organization": "organisation",
    "title": "job_title",
    "stakeholder_type": "stakeholder",
    "time_zone": "zone",
    "group": "groups",
    "role": "roles",
}


class Problem(NamedTuple):
    """Why a line can't be taken; line 1 names the columns."""

    line: int
    reason: str


class Line(NamedTuple):
    number: int
    cells: dict[str, str]


class Unreadable(Exception):
    """The file as a whole can't be taken."""

    def __init__(self, line: int, reason: str):
        super().__init__(reason)
        self.problem = Problem(line, reason)


def text_of(content: bytes) -> str:
    """Raises Unreadable."""
    if len(content) > BYTES:
        raise Unreadable(0, _("The file is larger than 5 MB. Please divide it."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, _("This is not UTF-8. Please save the table as “CSV UTF-8”.")) from None


def divider(first: str) -> str:
    return max(",;\t", key=first.count)


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Number of the line where each row begins, and its cells. Raises Unreadable."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider(text.partition("\n")[0]), strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, [cell.strip() for cell in cells]
            before = reader.line_num
    except csv.Error:
        raise Unreadable(before + 1, _("This line is not written as CSV: look at its quotation marks.")) from None


def column_name(cell: str) -> str:
    name = cell.casefold().replace(" ", "_").replace("-", "_")
    return ALIASES.get(name, name)


def check_header(names: list[str], columns: Collection[str]) -> None:
    unknown = [name for name in names if name not in columns]
    if unknown:
        known = ", ".join(columns)
        raise Unreadable(
            1, _("There is no column “%(name)s”. Known are: %(known)s.") % {"name": unknown[0], "known": known}
        )
    if len(set(names)) < len(names):
        raise Unreadable(1, _("A column stands there twice."))
    if "email" not in names:
        raise Unreadable(1, _("There is no column “email”."))


def lines(text: str, columns: Collection[str]) -> Iterator[Line]:
    """Raises Unreadable."""
    found = rows(text)
    _first, header = next(found, (1, []))
    names = [column_name(cell) for cell in header]
    check_header(names, columns)
    for count, (number, cells) in enumerate(found, 1):
        if count > LINES:
            raise Unreadable(number, _("The file has more than %(count)s people. Please divide it.") % {"count": LINES})
        if len(cells) > len(names):
            raise Unreadable(number, _("This line has more cells than the first one has columns."))
        yield Line(number, dict(zip(names, cells, strict=False)))
