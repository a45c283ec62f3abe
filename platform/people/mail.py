"""E-mail to one person, in their language, as text and as simple HTML."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from live.refusal import Refused

logger = logging.getLogger(__name__)

Letter = TypeVar("Letter")
FOR_GOOD = 500  # SMTP's replies from here on say that it is no use to try again (RFC 5321, section 4.2.1)


class Left(NamedTuple, Generic[Letter]):
    """What was not taken: what is worth another try, and what the mail server will never take."""

    later: list[Letter]
    never: list[Letter]


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
    with trouble_said():
        hand_over(name, to, language, request, connection, **given)


def hand_over(name: str, to: str, language: str, request, connection=None, headers=None, **given) -> None:
    """Raises what smtplib does."""
    with translation.override(language):
        made = letter(name, to, request, **given)
    made.connection, made.extra_headers = connection, headers or {}
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


async def posted(letters: Collection[Letter], write: Callable[[Letter, BaseEmailBackend], None]) -> list[Letter]:
    """Beside the event loop. Returns what is worth another try."""
    later, never = await asyncio.to_thread(post, letters, write) if letters else ([], [])
    if never:
        logger.warning("%d letters were refused for good", len(never))
    if later:
        logger.warning("%d letters were not taken; they are tried again later", len(later))
    return later


def post(letters: Iterable[Letter], write: Callable[[Letter, BaseEmailBackend], None]) -> Left[Letter]:
    """All over one line, each by `write`, which raises what smtplib does. An address that is refused stops no other."""
    waiting, left = deque(letters), Left[Letter]([], [])
    try:
        with line() as open_line, trouble_said():
            while waiting:
                _post(waiting[0], write, open_line, left)
                waiting.popleft()
    except Refused:
        left.later.extend(waiting)
    return left


def _post(letter: Letter, write: Callable[[Letter, BaseEmailBackend], None], line, left: Left[Letter]) -> None:
    try:
        write(letter, line)
    except (SMTPRecipientsRefused, SMTPDataError) as problem:
        (left.never if _code(problem) >= FOR_GOOD else left.later).append(letter)


def _code(problem: SMTPRecipientsRefused | SMTPDataError) -> int:
    if isinstance(problem, SMTPDataError):
        return problem.smtp_code
    return max(code for code, _said in problem.recipients.values())
