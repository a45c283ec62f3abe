"""Every page: nothing for axe to find, nothing wider than a phone, in both themes and both directions of writing."""

import pytest
from playwright.sync_api import expect

from .stage import set_stage

PAGES = ["agenda", "session", "room", "desk", "speaker", "projector", "profile", "demo"]
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def addresses(forum):
    place = set_stage(forum, "Looked at from all sides")
    return {
        "agenda": "/", "session": place.page, "room": place.room, "desk": place.desk, "speaker": place.speaker,
        "projector": place.projector, "profile": "/me/", "demo": "/demo/",
    }  # fmt: skip


@pytest.fixture
def visit(page_for, addresses):
    def go(page: str, **options):
        opened = page_for("Grace Otieno", addresses[page], **options)
        if page in ("room", "desk"):
            expect(opened.locator(".masthead .line b")).to_be_attached()  # a phone has no room to show it
        return opened

    return go


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(page, theme, visit, accessible):
    accessible(visit(page, color_scheme=theme))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_the_door(theme, context_for, accessible):
    page = context_for(color_scheme=theme).new_page()
    for address in ("/sign-in/", "/"):
        page.goto(address)
        accessible(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_shows_all_of_it_in_arabic(page, visit, accessible):
    opened = visit(page, locale="ar", viewport=PHONE, has_touch=True)
    assert opened.locator("html").get_attribute("dir") == "rtl"
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    accessible(opened)


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_shows_all_of_it(page, visit):
    opened = visit(page, viewport=PHONE, has_touch=True)
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_language_is_switched_on_the_page(page_for, addresses):
    page = page_for("Ada Ndiaye", addresses["session"])
    page.locator(".masthead .menu summary").click()
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert page.url.endswith(addresses["session"])
