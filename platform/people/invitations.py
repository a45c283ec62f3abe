"""Personal links that sign somebody in, once per device."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from live.refusal import Refused

from . import mail
from .models import Invitation, Person
from .signing_in import digest


def invite(person: Person) -> tuple[Invitation, str]:
    """A new invitation and the secret of its link, which is kept nowhere."""
    token = secrets.token_urlsafe(24)
    until = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    return person.invitations.create(digest=digest(token), expires_at=until), token


def send_one(person: Person, request, line) -> None:
    invitation, token = invite(person)
    link = mail.address(request, "invitation", token)
    language = person.language or get_language()
    given = {"person": person, "invitation": invitation, "link": link}
    try:
        mail.hand_over("invitation", person.email, language, request, line, **given)
    except (SMTPException, OSError):
        invitation.delete()
        raise


def send(people: Iterable[Person], request) -> mail.Left[Person]:
    """Invite by e-mail; who could not be sent one."""
    return mail.post(people, lambda person, line: send_one(person, request, line))


def withdraw(invitations: Iterable[Invitation]) -> int:
    """How many were withdrawn now."""
    chosen = Invitation.objects.filter(pk__in=[invitation.pk for invitation in invitations], withdrawn_at=None)
    return chosen.update(withdrawn_at=timezone.now())


def find(token: str, device: str | None) -> Invitation:
    """The invitation of a link, if this device may still use it.

    Raises Refused: "invitation.unknown" (also when expired or withdrawn), "invitation.used".
    """
    invitation = Invitation.objects.standing().filter(digest=digest(token)).select_related("person").first()
    if invitation is None:
        raise Refused("invitation.unknown")
    if device and invitation.uses.filter(device=device).exists():
        raise Refused("invitation.used")
    return invitation


def accept(token: str, device: str) -> Person:
    """Use a link up on a device. Raises Refused as `find` does."""
    invitation = find(token, device)
    _use, first = invitation.uses.get_or_create(device=device)
    if not first:
        raise Refused("invitation.used")
    return invitation.person
