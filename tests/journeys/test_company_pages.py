"""Every page where people meet: nothing for axe to find, nothing wider than a phone, in both themes and directions."""

import pytest

from .test_pages import PHONE

PLACES = """
from datetime import timedelta
from django.utils import timezone
from chat import conversations
from people.models import Person
from programme.models import Session
from rooms.models import Lounge, Meeting, Pair
from rooms.pair import pairs
from live import writer

ada, ines = (Person.objects.get(name=name) for name in ("Ada Ndiaye", "Inês Carvalho"))
now = timezone.now()
thread = conversations.between(ada.pk, ines.pk)
talk = writer.do(ada.pk, conversations.encounter, ada.pk, ines.pk)
pair = writer.do(
    ada.pk, pairs.open_pair, pairs.planned(Pair.Kind.NOW, ada.pk, ines.pk, now, now + timedelta(hours=1), talk)
)
ahead = Session.objects.filter(starts_at__gt=now, cancelled=False, groups=None).first()
meeting = Meeting.objects.filter(invitee=ada).first()
print(ines.pk, thread.pk, meeting.pk, Lounge.objects.first().pk, pair.code, ahead.code)
"""
PAGES = {
    "people": "/people/?q=water",
    "person": "/person/{ines}/",
    "report": "/person/{ines}/report",
    "connections": "/connections/",
    "blocked": "/me/blocked/",
    "choices": "/me/choices/",
    "reach": "/me/reach/",
    "profile": "/me/",
    "inbox": "/messages/",
    "conversation": "/messages/{thread}/",
    "report of a message": "/messages/{thread}/report",
    "new group": "/messages/group",
    "schedule": "/schedule/",
    "meetings": "/meetings/",
    "meeting": "/meetings/{meeting}/",
    "propose": "/person/{ines}/meet",
    "free times": "/meetings/availability/",
    "delegates": "/meetings/delegates/",
    "lounges": "/lounge/",
    "lounge": "/lounge/{lounge}/",
    "meet now": "/lounge/now/",
    "room for two": "/pair/{pair}/",
    "ask before": "/session/{session}/ask",
}


@pytest.fixture(scope="module")
def places(forum):
    said = forum.manage("shell", "-v", "0", "-c", PLACES).split()
    return dict(zip(("ines", "thread", "meeting", "lounge", "pair", "session"), said, strict=True))


@pytest.fixture
def visit(page_for, places):
    def go(page: str, **options):
        return page_for("Ada Ndiaye", PAGES[page].format(**places), **options)

    return go


def settled(page) -> None:
    """Islands have taken the place of what the server drew."""
    page.wait_for_load_state("networkidle")


def is_narrow(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(page, visit, accessible):
    opened = visit(page, color_scheme="light")
    settled(opened)
    accessible(opened)
    opened.emulate_media(color_scheme="dark")
    opened.reload()
    settled(opened)
    accessible(opened)


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_shows_all_of_it(page, visit, accessible):
    opened = visit(page, locale="ar", viewport=PHONE, has_touch=True)
    settled(opened)
    assert opened.locator("html").get_attribute("dir") == "rtl"
    assert is_narrow(opened)
    accessible(opened)
    opened.context.add_cookies([{"name": "language", "value": "en", "url": opened.url}])
    opened.reload()
    settled(opened)
    assert is_narrow(opened)
