"""What a column of the table says about a person: how a cell is read, compared and written."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .. import countries
from ..models import Group, Language, Person, Theme
from ..themes import tag_code

PLAIN = ["name", "honorific", "job_title", "organisation", "bio"]
MANY = 500

Given = list[tuple[Person, Any]]


class Column(NamedTuple):
    """`read` makes a value of a cell or raises ValidationError; `now` tells what stands there, to be compared with it.

    A value belongs in the person's own row under the column's name, unless `write` keeps it elsewhere, for many
    people at once. Without `now` every value counts as a change.
    """

    read: Callable[[str], Any]
    now: Callable[[Person], Any] | None = None
    write: Callable[[Given], None] | None = None


more_columns: dict[str, Callable[[], Column]] = {}


def column(name: str):
    """Other floors add what they know about people: the decorated function makes the Column when a file is read."""

    def add(make: Callable[[], Column]):
        more_columns[name] = make
        return make

    return add


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def no_such(what: str) -> ValidationError:
    return ValidationError(_("“%(what)s” is not known here.") % {"what": what})


def pick(known: dict[str, Any], written: str) -> Any:
    """What is known by a name, whatever its capitals. Raises ValidationError."""
    if written.casefold() not in known:
        raise no_such(written)
    return known[written.casefold()]


def pick_all(known: dict[str, Any], cell: str) -> frozenset:
    return frozenset(pick(known, part) for part in parts(cell))


def by_names(things: Iterable[Any], *names: str) -> dict[str, Any]:
    return {str(getattr(thing, name)).casefold(): thing for thing in things for name in names}


def chunks(things: list) -> Iterator[list]:
    """Few enough at a time for every database."""
    return (things[start : start + MANY] for start in range(0, len(things), MANY))


def plain(name: str, read: Callable[[str], Any] | None = None) -> Column:
    """A field of the person's row, with the field's own limits."""
    about: Any = Person._meta.get_field(name)

    @lru_cache(maxsize=4096)  # a table names the same countries again and again, and each is looked for in long lists
    def clean(cell: str) -> Any:
        return about.clean(read(cell) if read else cell, None)

    return Column(clean, attrgetter(name))


def country(cell: str) -> str:
    code = countries.code_of(cell)
    if code is None:
        raise no_such(cell)
    return code


def stakeholders() -> dict[str, str]:
    return {key.casefold(): value for value, label in Person.Stakeholder.choices for key in (value, str(label))}


def replace(field: str, given: Given) -> None:
    """Let exactly these things stand in a many-to-many field of each person."""
    about: Any = Person._meta.get_field(field)
    through, target = about.remote_field.through, f"{about.m2m_reverse_field_name()}_id"
    for some in chunks(given):
        through.objects.filter(person__in=[person.pk for person, _things in some]).delete()
        rows = (through(person_id=person.pk, **{target: thing.pk}) for person, things in some for thing in things)
        through.objects.bulk_create(rows, batch_size=MANY)


def many(field: str, known: dict[str, Any]) -> Column:
    """Things that exist already, by code or name."""
    return Column(
        partial(pick_all, known), lambda person: frozenset(getattr(person, field).all()), partial(replace, field)
    )


def interests() -> Column:
    """Action Lines and goals by code, everything else is a tag; compared by what would stand in the cell."""
    themes = list(Theme.objects.order_by("-kind"))  # so that C7 is the Action Line, whatever tags there are
    told = {theme.code.casefold(): theme.told for theme in themes}

    def read(cell: str) -> frozenset[str]:
        return frozenset(
            told.get(tag_code(part.replace("SDG ", "SDG")), part) for part in parts(cell) if tag_code(part)
        )

    def write(given: Given) -> None:
        known = {theme.told: theme for theme in themes}
        known |= {
            name: Theme.objects.tag(name) for name in {name for _p, names in given for name in names} - set(known)
        }
        replace("interests", [(person, [known[name] for name in names]) for person, names in given])

    return Column(read, lambda person: frozenset(theme.told for theme in person.interests.all()), write)


def columns() -> dict[str, Column]:
    """Every column by its name, with what is known at this moment."""
    return {
        "email": plain("email", str.lower),
        **{name: plain(name) for name in PLAIN},
        "country": plain("country", country),
        "stakeholder": plain("stakeholder", partial(pick, stakeholders())),
        "zone": plain("zone"),
        "language": plain("language"),
        "languages": many("languages", by_names(Language.objects.all(), "code", "name")),
        "groups": many("groups_in", by_names(Group.objects.all(), "slug", "name")),
        "interests": interests(),
        **{name: make() for name, make in more_columns.items()},
    }
