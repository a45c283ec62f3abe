"""Real people at real browsers, before a forum that runs as `make run` starts it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import chromium
from tests.forum import Forum
from tests.forum import forum as running

pytest_plugins = ["tests.no_skips"]

# How fast a page is, the benches say; here a busy machine must not look like a broken page.
expect.set_options(timeout=20_000)

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WHAT_AXE_FOUND = "async () => (await axe.run()).violations.map(v => `${v.id}: ${v.nodes.map(n => n.target).join(' ')}`)"


@pytest.fixture(scope="session")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    """A forum with the sample's people and sessions, shared by all journeys."""
    with running(tmp_path_factory.mktemp("forum"), DEMO="1") as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context_for(browser: Browser, forum: Forum) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser of one's own: `context_for(color_scheme="dark", locale="ar")`."""
    opened: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"base_url": forum.address, **options})  # type: ignore[arg-type]
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page_for(context_for: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Opens `path` in a new browser as one of the sample's people: `page_for("Ada Ndiaye", "/me/")`."""

    def open_page(person: str, path: str = "/", **options: object) -> Page:
        page = context_for(**options).new_page()
        continue_as(page, person)
        page.goto(path)
        return page

    return open_page


def continue_as(page: Page, person: str) -> None:
    page.goto(f"/demo/?{urlencode({'q': person})}")
    page.get_by_role("button", name=person, exact=False).first.click()
    page.wait_for_load_state()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fails with what axe finds on a page."""

    def look(page: Page) -> None:
        page.evaluate(AXE.read_text())
        assert page.evaluate(WHAT_AXE_FOUND) == []

    return look
