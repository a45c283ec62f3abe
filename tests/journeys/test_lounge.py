"""Six strangers, three rounds, and a browser that is gone in the middle of one."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests import chromium

from .company import gather
from .conftest import continue_as
from .evening import Evening, Guest, crash

NAMES = ("Ada", "Ines", "Mallory", "Kofi", "Linh", "Noor")

Pairs = set[frozenset[str]]


@pytest.fixture
def fragile(browser: Browser) -> Iterator[Browser]:
    """A browser that nobody else needs."""
    launched = browser.browser_type.launch(executable_path=chromium.path(), args=chromium.FLAGS)
    yield launched
    launched.close()


@pytest.fixture
def guests(forum, page_for, fragile) -> list[Guest]:
    """The last one's browser is the fragile one."""
    *them, last = gather(forum, "the lounge", *NAMES).values()
    return [*(Guest(page_for(full), full, pk) for full, pk in them), Guest(opened(fragile, forum, last[0]), *last)]


def opened(browser: Browser, forum, person: str) -> Page:
    page = browser.new_context(base_url=forum.address).new_page()
    continue_as(page, person)
    return page


def meet(guests: list[Guest], come_in: Callable[[Guest], None] = Guest.is_in) -> Pairs:
    """They all go to their rooms, where two by two they see each other; who was with whom."""
    rooms = defaultdict(list)
    for guest in guests:
        guest.goes_to_their_room()
        come_in(guest)
        rooms[guest.room].append(guest)
    for one, two in rooms.values():
        for guest, partner in ((one, two), (two, one)):
            guest.has_read_of(partner.name)
            guest.sees(partner.name)
    return {frozenset(guest.name for guest in two) for two in rooms.values()}


def test_three_rounds_of_six_and_a_browser_that_is_killed(forum, page_for, guests, fragile):
    evening = Evening(forum, "Six strangers")
    for guest in guests:
        guest.enters(evening)

    evening.begins()
    first = meet(guests, Guest.comes_in)
    assert len(first) == 3
    evening.round_ends()

    # Nobody is asked again how they come in.
    second = meet(guests)
    assert len(second) == 3
    assert not first & second

    *others, killed = guests
    [left_alone] = [guest for guest in others if {guest.name, killed.name} in second]
    crash(fragile)
    left_alone.is_told(f"{killed.name} has left.")
    for guest in others:
        if guest is not left_alone:
            guest.is_in()
    evening.round_ends()

    # Who waits now has not waited before, and nobody is sent to the one who is gone.
    [waiting] = [guest for guest in others if guest.waits()]
    third = meet([guest for guest in others if guest is not waiting])
    assert len(third) == 2
    assert not third & (first | second)

    again = page_for(killed.name, "/lounge/")
    Guest(again, killed.name, killed.pk).finds_their_place(evening)
