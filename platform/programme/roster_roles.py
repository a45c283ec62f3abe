"""The column `roles` of a table of people: `moderator` at the whole event, `speaker@water-loss` in one session."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from people.models import Person
from people.roster.columns import Column, Given, chunks, column, no_such, parts

from .context import current_event
from .models import Event, Role, Session

Part = tuple[str, int | None]  # a role, and the id of its session


def part(written: str, sessions: dict[str, int]) -> Part:
    """Raises ValidationError."""
    role, at, code = written.casefold().partition("@")
    if role not in Role.Kind.values or (at and code not in sessions):
        raise no_such(written)
    return role, sessions.get(code)


def standing(event: Event) -> dict[int, frozenset[Part]]:
    found: defaultdict[int, set[Part]] = defaultdict(set)
    for person, role, session in Role.objects.filter(event=event).values_list("person", "role", "session"):
        found[person].add((role, session))
    return {person: frozenset(those) for person, those in found.items()}


def replace(event: Event, given: Given) -> None:
    for some in chunks(given):
        Role.objects.filter(event=event, person__in=[person.pk for person, _parts in some]).delete()
        Role.objects.bulk_create(
            Role(person=person, event=event, role=role, session_id=session)
            for person, those in some
            for role, session in those
        )


def nowhere(_cell: str):
    raise ValidationError(_("There is no event yet that somebody could have a role at."))


@column("roles")
def roles() -> Column:
    event = current_event()
    if event is None:
        return Column(nowhere)
    sessions = {code.casefold(): pk for code, pk in Session.objects.filter(event=event).values_list("code", "pk")}
    there = standing(event)

    def now(person: Person) -> frozenset[Part]:
        return there.get(person.pk, frozenset())

    return Column(
        lambda cell: frozenset(part(written, sessions) for written in parts(cell)),
        now,
        lambda given: replace(event, given),
    )
