"""Assistants who answer and propose meetings for somebody, visibly so."""

from django.db.models import Q

from live.refusal import Refused
from people.audience import shown_to_everybody
from people.blocks import insist_not_apart, when_blocked
from people.connections import connected_to
from people.models import Person

from ..models import Delegation

MOST = 5


def appoint(principal: int, delegate: int) -> None:
    """Somebody whose profile the principal may see anyway: nobody learns here who is registered."""
    if delegate not in {person.pk for person in candidates(principal)}:
        raise Refused("person.unknown")
    if Delegation.objects.filter(principal=principal).exclude(delegate=delegate).count() >= MOST:
        raise Refused("delegates.too_many")
    Delegation.objects.get_or_create(principal_id=principal, delegate_id=delegate)


def dismiss(by: int, principal: int, delegate: int) -> None:
    """By either of the two."""
    if by not in (principal, delegate):
        raise Refused("person.unknown")
    Delegation.objects.filter(principal=principal, delegate=delegate).delete()


@when_blocked
def part(by: int, of: int) -> None:
    Delegation.objects.filter(principal__in=(by, of), delegate__in=(by, of)).delete()


def candidates(principal: int):
    """Those the principal is in touch with, and people of whom everybody can find that they are colleagues."""
    owner = Person.objects.get(pk=principal)
    known = Q(pk__in=connected_to(principal)) | Q(pk__in=_colleagues(owner))
    found = Person.objects.visible_to(owner).filter(known, is_active=True)
    return found.exclude(pk=principal).exclude(principals__principal=principal).order_by("name")


def _colleagues(owner: Person) -> list[int]:
    """Typing the name of an organisation tells nobody who hides that they belong to it."""
    if not owner.organisation.strip():
        return []
    same = Person.objects.listed().filter(organisation__iexact=owner.organisation.strip()).only("audiences")
    return [it.pk for it in same if "organisation" in shown_to_everybody(it)]


def principals_of(delegate: int) -> set[int]:
    found = Delegation.objects.filter(delegate=delegate, principal__is_active=True)
    return set(found.values_list("principal", flat=True))


def delegates_of(principal: int) -> set[int]:
    found = Delegation.objects.filter(principal=principal, delegate__is_active=True)
    return set(found.values_list("delegate", flat=True))


def insist_acts_for(delegate: int, principal: int) -> None:
    if principal not in principals_of(delegate):
        raise Refused("person.unknown")
    insist_not_apart(delegate, principal)
