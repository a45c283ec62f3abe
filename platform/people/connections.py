"""Staying in touch: secret until both wish it."""

from django.utils import timezone

from live.access import recheck
from live.refusal import Refused

from .blocks import insist_not_apart, when_blocked
from .models import Connection, Person


def stay_in_touch(owner: int, other: int) -> bool:
    """Whether both wish it now. Nobody learns of a wish that is not returned."""
    if owner == other or not Person.objects.filter(pk=other, is_active=True).exists():
        raise Refused("person.unknown")
    insist_not_apart(owner, other)
    Connection.objects.get_or_create(owner_id=owner, other_id=other)
    return are_connected(owner, other) or _met(owner, other)


def _met(one: int, other: int) -> bool:
    wishes = between(one, other)
    if wishes.count() < 2:
        return False
    wishes.update(since=timezone.now())
    recheck(one)
    recheck(other)
    return True


def between(one: int, other: int):
    return Connection.objects.filter(owner__in=[one, other], other__in=[one, other])


def let_go(owner: int, other: int) -> None:
    """For both: what was shown to connections only is hidden again. Of a wish that was not returned nobody hears."""
    were_connected = are_connected(owner, other)
    Connection.objects.filter(owner=owner, other=other).delete()
    Connection.objects.filter(owner=other, other=owner).update(since=None)
    if were_connected:
        recheck(owner)
        recheck(other)


@when_blocked
def part(by: int, of: int) -> None:
    between(by, of).delete()


def are_connected(one: int, other: int) -> bool:
    return Connection.objects.of(one).filter(other=other).exists()


def connected_to(person: int) -> set[int]:
    """Ids of those this person is in touch with, as far as they still take part."""
    return set(Connection.objects.of(person).filter(other__is_active=True).values_list("other", flat=True))


def own(owner: int, other: int) -> Connection:
    found = Connection.objects.of(owner).filter(other=other).first()
    if found is None:
        raise Refused("person.unknown")
    return found


def note(owner: int, other: int, text: str, tags: list[str]) -> None:
    it = own(owner, other)
    it.note, it.tags = text, tags
    it.save(update_fields=["note", "tags"])


def wishes(owner: int, other: int) -> bool:
    """Whether this person has said so, whatever the other says."""
    return Connection.objects.filter(owner=owner, other=other).exists()
