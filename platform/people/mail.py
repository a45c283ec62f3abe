"""E-mail to one person, in their language, as text and as simple HTML."""

from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPException
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from live.refusal import Refused


def address(request, name: str, token: str) -> str:
    """The whole address of a page with a secret, under the name that settings.SITE_URL gives the site."""
    return urljoin(settings.SITE_URL or request.build_absolute_uri("/"), reverse(name, args=[token]))


def letter(name: str, to: str, request, **given) -> EmailMultiAlternatives:
    """The letter `people/mail/<name>`: its subject, its text, and the same as HTML."""
    subject, text, html = (
        render_to_string(f"people/mail/{name}.{part}", given, request) for part in ("subject.txt", "txt", "html")
    )
    made = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", to=[to])
    made.attach_alternative(html, "text/html")
    return made


def send(name: str, to: str, language: str, request, connection=None, **given) -> None:
    """Raises Refused("email.not_sent") when the mail server does not take it."""
    with translation.override(language):
        made = letter(name, to, request, **given)
    made.connection = connection
    with trouble_said():
        made.send()


@contextmanager
def trouble_said() -> Iterator[None]:
    try:
        yield
    except (SMTPException, OSError):
        raise Refused("email.not_sent") from None


@contextmanager
def line() -> Iterator[BaseEmailBackend]:
    """One line to the mail server, for many letters. Raises Refused("email.not_sent")."""
    connection = get_connection()
    with trouble_said():
        connection.open()
    try:
        yield connection
    finally:
        connection.close()
