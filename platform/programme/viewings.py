"""How many have looked at a session's page: each person, or browser nobody signed in with, once."""

import re
import secrets

from django.conf import settings

from .models import Session, Viewing

COOKIE = "browser"
MACHINES = re.compile(
    r"bot\b|crawl|spider|slurp|preview|facebookexternalhit|monitor|curl|wget|python|httpx|java/|go-http", re.IGNORECASE
)


def is_somebody(request) -> bool:
    """A page that a person opened: no robot, no browser guessing ahead."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and not ahead and not MACHINES.search(request.headers.get("User-Agent", ""))


def browser_of(request) -> str | None:
    return request.get_signed_cookie(COOKIE, default=None, salt=COOKIE)


def viewers(request, browser: str | None) -> list[str]:
    """Under which names this reader may be counted already; the first is the one to count under."""
    person = [f"person:{request.user.pk}"] if request.user.is_authenticated else []
    return person + ([f"browser:{browser}"] if browser else [])


def look(session: Session, viewers: list[str]) -> None:
    """Counts the reader unless one of their names is counted; two pages opened at once count once."""
    if not session.viewings.filter(viewer__in=viewers).exists():
        Viewing.objects.bulk_create([Viewing(session=session, viewer=viewers[0])], ignore_conflicts=True)


def count(request, session: Session) -> str | None:
    """Counts this request's reader; returns the name to give to a browser that has none yet."""
    if not is_somebody(request):
        return None
    browser = browser_of(request)
    fresh = None if browser or request.user.is_authenticated else secrets.token_urlsafe(16)
    look(session, viewers(request, browser or fresh))
    return fresh


def remember(response, browser: str | None) -> None:
    if browser:
        response.set_signed_cookie(
            COOKIE,
            browser,
            salt=COOKIE,
            max_age=365 * 86400,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
