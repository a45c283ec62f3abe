"""Signing in without a password: who gets mail at an address proves it by a code or a link."""

import hashlib
import secrets
import unicodedata
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from live.refusal import Refused

from .models import Person, SignIn, SignIns

KEPT = 24 * 3600  # seconds; longer than every rate of settings.SIGN_IN_RATES looks back


class Begun(NamedTuple):
    """A sign-in and its two secrets, which are kept nowhere."""

    sign_in: SignIn
    code: str
    token: str


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def code_digest(code: str, link_digest: str) -> str:
    """Keyed, since a plain hash of six digits is undone by trying them all."""
    return salted_hmac(f"people.sign_in.{link_digest}", code, algorithm="sha256").hexdigest()


def household(address: str) -> str:
    """An IPv4 address as it is; of an IPv6 one its /64, since who has one address of that has all of them.

    What is no address (a unix socket's visitor, a proxy's nonsense) counts as one household of its own.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address[:100]
    four = found if found.version == 4 else found.ipv4_mapped
    return str(four or ip_network(f"{found}/64", strict=False))


def address_digest(address: str) -> str:
    return salted_hmac("people.address", household(address), algorithm="sha256").hexdigest()


def digits(typed: str) -> str:
    """The digits of what was typed, in whichever script: ٤٨٢ ١١٩ is 482119."""
    return "".join(str(unicodedata.decimal(sign)) for sign in typed if sign.isdecimal())


def insist(rate: str, counted: int) -> None:
    if counted >= settings.SIGN_IN_RATES[rate][0]:
        raise Refused("sign_in.often")


def lately(rate: str, **whose: str) -> SignIns:
    return SignIn.objects.since(settings.SIGN_IN_RATES[rate][1]).filter(**whose)


def insist_not_too_often(email: str, address: str) -> None:
    insist("email", lately("email", email=email).count())
    insist("address", lately("address", address_digest=address).count())
    between = lately("email_and_address", email=email, address_digest=address)
    insist("email_and_address", between.count())


def guesses(sign_ins: SignIns) -> int:
    return sign_ins.aggregate(all=Sum("tries", default=0))["all"]


def insist_few_guesses(sign_in: SignIn) -> None:
    """Five tries a code are no limit for somebody who asks for many codes, or guesses at many people's."""
    insist("guesses_at_email", guesses(lately("guesses_at_email", email=sign_in.email)))
    here = lately("guesses_from_address", address_digest=sign_in.address_digest)
    insist("guesses_from_address", guesses(here))


def begin(email: str, address: str, onward: str = "/") -> Begun:
    """Note that somebody at the network address `address` wants in with `email`; `onward` is where they go then.

    The same for everybody, known or not. Raises Refused("sign_in.often").
    """
    email, address = email.lower(), address_digest(address)
    insist_not_too_often(email, address)
    SignIn.objects.exclude(pk__in=SignIn.objects.since(KEPT)).delete()
    code, token = f"{secrets.randbelow(1_000_000):06}", secrets.token_urlsafe(24)
    link = digest(token)
    sign_in = SignIn.objects.create(
        email=email, code_digest=code_digest(code, link), link_digest=link, address_digest=address, next=onward
    )
    return Begun(sign_in, code, token)


def is_expected(email: str) -> bool:
    """Whether proving this address leads anywhere: to a person, or to becoming one."""
    person = Person.objects.filter(email=email).first()
    return person.is_active if person else settings.REGISTRATION_OPEN


def spent(sign_in: SignIn) -> SignIn:
    if not SignIn.objects.fresh().filter(pk=sign_in.pk).update(used_at=timezone.now()):
        raise Refused("sign_in.expired")
    return sign_in


def count_a_try(sign_in: SignIn) -> None:
    """In the database before comparing, so that guessing in parallel gains nothing."""
    if not SignIn.objects.filter(pk=sign_in.pk, tries__lt=SignIn.TRIES).update(tries=F("tries") + 1):
        raise Refused("sign_in.tries")


def by_code(pk: int | None, typed: str) -> SignIn:
    """The sign-in `pk`, used up, if `typed` is its code.

    Raises Refused: "sign_in.expired", "sign_in.tries", "sign_in.often", "sign_in.wrong_code".
    """
    sign_in = SignIn.objects.fresh().filter(pk=pk or 0).first()
    if sign_in is None:
        raise Refused("sign_in.expired")
    insist_few_guesses(sign_in)
    count_a_try(sign_in)
    if not constant_time_compare(code_digest(digits(typed), sign_in.link_digest), sign_in.code_digest):
        raise Refused("sign_in.wrong_code")
    return spent(sign_in)


def of_link(token: str) -> SignIn:
    """The sign-in this link belongs to, not yet used up. Raises Refused("sign_in.expired")."""
    sign_in = SignIn.objects.fresh().filter(link_digest=digest(token)).first()
    if sign_in is None:
        raise Refused("sign_in.expired")
    return sign_in


def by_link(token: str) -> SignIn:
    return spent(of_link(token))


def person_of(sign_in: SignIn) -> Person | None:
    """Who has proven themselves; None for somebody new. Raises Refused("sign_in.unknown") if they may not come in."""
    if not is_expected(sign_in.email):
        raise Refused("sign_in.unknown")
    return Person.objects.filter(email=sign_in.email).first()


def proven(pk: int | None) -> SignIn:
    """A sign-in that was used within the hour. Raises Refused("sign_in.expired")."""
    an_hour_ago = timezone.now() - timedelta(hours=1)
    sign_in = SignIn.objects.filter(pk=pk or 0, used_at__gt=an_hour_ago).first()
    if sign_in is None:
        raise Refused("sign_in.expired")
    return sign_in


def register(sign_in: SignIn, name: str, language: str) -> Person:
    """A new person for a proven address. Raises Refused("sign_in.expired") if another tab was quicker."""
    try:
        with transaction.atomic():
            return Person.objects.create_user(sign_in.email, name=name, language=language)
    except IntegrityError:
        raise Refused("sign_in.expired") from None
