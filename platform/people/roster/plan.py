"""What a table would do, line by line, and doing it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..access import look_again
from ..listing import relist
from ..models import Person
from .columns import MANY, Column, Given, chunks, columns
from .table import Line, Problem, Unreadable, lines, text_of

OPENS_DOORS = {"groups", "roles"}


@dataclass
class Entry:
    """What one line would do: a person as they would be, which columns change, and what is kept elsewhere."""

    line: int
    person: Person
    new: bool
    changes: list[str] = field(default_factory=list)
    elsewhere: dict[str, Any] = field(default_factory=dict)

    def note(self, name: str, column: Column, value: Any) -> None:
        if not self.new and column.now and column.now(self.person) == value:
            return
        self.changes.append(name)
        if column.write:
            self.elsewhere[name] = value
        else:
            setattr(self.person, name, value)


@dataclass
class Report:
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def new(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.new]

    @property
    def changed(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.changes and not entry.new]

    @property
    def same(self) -> int:
        return len(self.entries) - len(self.new) - len(self.changed)


def people_at(emails: list[str]) -> dict[str, Person]:
    with_the_rest = Person.objects.prefetch_related("languages", "groups_in", "interests")
    return {person.email: person for some in chunks(emails) for person in with_the_rest.filter(email__in=some)}


class Planning:
    """Goes through all lines and collects what is wrong instead of stopping at it."""

    def __init__(self, found: list[Line], known: dict[str, Column]):
        self.columns = known
        self.people = people_at([line.cells.get("email", "").lower() for line in found])
        self.seen: dict[str, int] = {}
        self.report = Report()
        for line in found:
            self.take(line)

    def take(self, line: Line) -> None:
        values, reasons = self.read(line)
        reasons += self.objections(line, values.get("email"))
        self.report.problems += [Problem(line.number, reason) for reason in reasons]
        if not reasons:
            self.report.entries.append(self.entry(line, values))

    def read(self, line: Line) -> tuple[dict[str, Any], list[str]]:
        values, reasons = {}, []
        for name, cell in line.cells.items():
            try:
                if cell:
                    values[name] = self.columns[name].read(cell)
            except ValidationError as error:
                reasons.append(f"{name}: {' '.join(error.messages)}")
        return values, reasons

    def objections(self, line: Line, email: str | None) -> Iterator[str]:
        if not line.cells.get("email"):
            yield _("There is no e-mail.")
        elif email in self.seen:
            yield _("The same e-mail stands in line %(line)s.") % {"line": self.seen[email]}
        elif email and email not in self.people and not line.cells.get("name"):
            yield _("Somebody new needs a name.")
        self.seen.setdefault(email or "", line.number)

    def entry(self, line: Line, values: dict[str, Any]) -> Entry:
        known = self.people.get(values["email"])
        entry = Entry(line.number, known or Person(), new=known is None)
        for name, value in values.items():
            entry.note(name, self.columns[name], value)
        return entry


def plan(text: str, known: dict[str, Column]) -> Report:
    """What a table's text would do now; a file that can't be read at all is one problem."""
    try:
        return Planning(list(lines(text, known)), known).report
    except Unreadable as error:
        return Report(problems=[error.problem])


def report_on(text: str) -> Report:
    return plan(text, columns())


def create(entries: list[Entry]) -> None:
    for entry in entries:
        entry.person.set_unusable_password()
    Person.objects.bulk_create([entry.person for entry in entries], batch_size=MANY)


def update(entries: list[Entry], known: dict[str, Column]) -> None:
    fields = {name for entry in entries for name in entry.changes if not known[name].write}
    if fields:
        Person.objects.bulk_update([entry.person for entry in entries], fields, batch_size=MANY)


def write_elsewhere(entries: list[Entry], known: dict[str, Column]) -> None:
    for name, column in known.items():
        given: Given = [(entry.person, entry.elsewhere[name]) for entry in entries if name in entry.elsewhere]
        if given and column.write:
            column.write(given)


def with_new_doors(entries: Iterable[Entry]) -> list[int]:
    """Who was here before and may now enter other sessions than before."""
    return [entry.person.pk for entry in entries if not entry.new and OPENS_DOORS & set(entry.changes)]


@transaction.atomic
def take_in(text: str, by: int = 0) -> Report:
    """Write the whole table, on behalf of the person `by`. If the report has problems, nothing was written."""
    known = columns()
    report = plan(text, known)
    if not report.problems:
        create(report.new)
        update(report.changed, known)
        write_elsewhere(report.entries, known)
        relist(entry.person.pk for entry in report.changed)
        look_again(by, with_new_doors(report.entries))
    return report


def of_file(content: bytes, do: Callable[[str], Report]) -> Report:
    """`report_on` or `take_in` for an uploaded file; what is no text is one problem."""
    try:
        return do(text_of(content))
    except Unreadable as error:
        return Report(problems=[error.problem])
