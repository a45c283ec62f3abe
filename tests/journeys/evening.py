"""What people do in a lounge, round by round, in the words of the story."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, expect

from tests.forum import Forum

from .company import Member

MAKE = """
from datetime import timedelta
from django.utils import timezone
from programme.context import current_event
from rooms.models import Lounge

starts_at = timezone.now() + timedelta(minutes=5)
Lounge.objects.create(event=current_event(), title={title!r}, starts_at=starts_at, rounds={rounds}, seconds=600)
"""
# A round is minutes long, and ends when the story has been told.
BEGIN = """
from datetime import timedelta
from django.utils import timezone
from rooms.models import Lounge

Lounge.objects.filter(title={title!r}).update(starts_at=timezone.now() + timedelta(seconds=8))
"""
END = """
from django.utils import timezone
from live import writer
from rooms.models import Lounge, Pair
from rooms.models.lounge import GOODBYE
from rooms.pair import pairs

lounge, now = Lounge.objects.get(title={title!r}), timezone.now()
Lounge.objects.filter(pk=lounge.pk).update(round_ends_at=now)
for pair in Pair.objects.running().filter(match__lounge=lounge):
    writer.do(0, pairs.move, pair, pair.starts_at, now + GOODBYE)
"""
# Some words stand there for seconds only: by then the page itself has kept them.
READER = """
    const read = (selector) => [...document.querySelectorAll(selector)].map((line) => line.textContent)
    const keep = (name, lines) => lines.length && sessionStorage.setItem(name, JSON.stringify(lines))
    new MutationObserver(() => {
        keep("meeting", read("#lounge .chapter:has(.why) :is(.lead, .why)"))
        if (read(".seen .notice").some((line) => line.includes("say goodbye"))) keep("goodbye", [location.pathname])
    }).observe(document, { childList: true, subtree: true, characterData: true })
"""
ALONE = "there is nobody left for you"
PAIR = re.compile(r"/pair/[^/]+/\Z")


@dataclass
class Evening:
    """A lounge of the story's own, and its clock."""

    forum: Forum
    title: str
    rounds: int = 3

    def __post_init__(self):
        self._does(MAKE)

    def begins(self) -> None:
        self._does(BEGIN)

    def round_ends(self) -> None:
        """For everybody, with the time there is for a goodbye."""
        self._does(END)

    def _does(self, script: str) -> None:
        self.forum.manage("shell", "-v", "0", "-c", script.format(title=self.title, rounds=self.rounds))


@dataclass
class Guest(Member):
    """Somebody in the lounge, without camera and microphone."""

    room: str = ""

    def enters(self, evening: Evening) -> None:
        self.page.add_init_script(READER)
        self.page.goto("/lounge/")
        self.page.get_by_role("link", name=evening.title).click()
        self.page.get_by_role("button", name="Take a place").click()
        self.is_told("You have a place.")

    def is_told(self, text: str) -> None:
        expect(self.page.get_by_role("main").first).to_contain_text(text)

    def goes_to_their_room(self) -> None:
        """By itself: from the last one, if there was one, by way of the lounge."""
        last, self.room = self.room, ""
        self.page.wait_for_url(lambda url: is_room(url, other_than=last), timeout=90_000)
        self.room = urlsplit(self.page.url).path
        assert self.kept("goodbye") == ([last] if last else [])

    def comes_in(self) -> None:
        self.page.get_by_role("button", name="Text only").click()
        self.is_in()

    def is_in(self) -> None:
        expect(self.page.get_by_role("button", name="Leave", exact=True)).to_be_visible()

    def kept(self, name: str) -> list[str]:
        return json.loads(self.page.evaluate("(name) => sessionStorage.getItem(name)", name) or "[]")

    def has_read_of(self, partner: str) -> None:
        """In the lounge: whom they meet, and why."""
        whom, why = self.kept("meeting")
        assert partner in whom, whom
        assert "English" in why, why

    def sees(self, partner: str) -> None:
        """The other is here as well."""
        expect(self.page.locator(".masthead h1")).to_contain_text(partner)
        expect(self.page.locator(".seen .tile:not(.me)")).to_be_visible()

    def waits(self) -> bool:
        """Back from their room: whether the next round began without them."""
        self.page.wait_for_url(lambda url: urlsplit(url).path != self.room, timeout=90_000)
        lounge, room = self.page.locator("#lounge .chapter"), self.page.locator("#pair")
        expect(lounge.or_(room)).to_contain_text(re.compile(f"{ALONE}|and you"), timeout=40_000)
        return lounge.filter(has_text=ALONE).count() > 0

    def finds_their_place(self, evening: Evening) -> None:
        self.page.get_by_role("link", name=evening.title).click()
        self.is_told("You are away. Your place is kept.")
        expect(self.page.get_by_role("button", name="Come back")).to_be_visible()


def is_room(url: str, other_than: str) -> bool:
    path = urlsplit(url).path
    return PAIR.match(path) is not None and path != other_than


def crash(browser: Browser) -> None:
    """The whole program is gone at once: no page says anything any more."""
    line = browser.new_browser_cdp_session()
    with suppress(Error):
        line.send("Browser.crash")
