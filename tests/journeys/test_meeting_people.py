"""Strangers at a forum: found, asked, talked with, met, and in touch afterwards; and who is to be kept away."""

import re

import pytest
from playwright.sync_api import expect

from .company import Member, bring_forward, gather


@pytest.fixture
def cast_of(forum, page_for):
    """People of a story of their own, each at a browser."""

    def make(story, *names, **options):
        them = gather(forum, story, *names)
        return [Member(page_for(full, **options), full, pk) for full, pk in them.values()]

    return make


def test_strangers_meet(cast_of, forum):
    ada, ines = cast_of("night flow", "Ada", "Ines", permissions=["camera", "microphone"])

    ada.finds(ines.name)
    ada.asks_to_talk("I run the pipes of Ngor. You opened your data and survived; how?")
    ines.has_unread(1)
    ines.opens_conversation_with(ada.name)
    ines.reads("You opened your data and survived")
    ines.accepts_request()

    ines.writes("Survived is the word. Gladly.")
    ada.reads("Survived is the word.")
    ada.writes("Shall we talk?")
    ines.reads("Shall we talk?")

    ada.proposes(ines.pk, times=2, note="About article 4")
    number = ada.meeting
    ines.page.goto(f"/meetings/{number}/")
    ines.counters(times=2)
    ada.page.goto(f"/meetings/{number}/")
    ada.accepts_meeting()
    for one, other in ((ada, ines), (ines, ada)):
        one.has_in_schedule(other.name)
        [event] = [it for it in one.calendar().walk("VEVENT") if other.name in str(it.get("summary"))]
        assert event.decoded("dtstart").tzinfo is not None
        assert f"/meetings/{number}/" in str(event) or "/pair/" in str(event.to_ical())

    bring_forward(forum, number)
    for one, other in ((ada, ines), (ines, ada)):
        one.is_called_to_meet(other.name)


def test_not_now_is_all_that_is_told(cast_of):
    ada, ines = cast_of("not now", "Ada", "Ines")
    ada.finds(ines.name)
    ada.asks_to_talk("May I ask you about pumps?")
    ines.opens_conversation_with(ada.name)
    ines.declines_request()
    ada.page.reload()
    expect(ada.page.get_by_role("main")).to_contain_text("now")
    expect(ada.field).to_have_count(0)


def test_who_is_blocked_finds_nobody(cast_of):
    ada, mallory = cast_of("kept away", "Ada", "Mallory")
    mallory.finds(ada.name)
    mallory.asks_to_talk("Buy my meters!")
    thread = mallory.page.url
    ada.page.goto(f"/person/{mallory.pk}/")
    ada.page.get_by_text("Not comfortable?").click()
    ada.page.get_by_role("button", name="Block").click()
    expect(ada.page.get_by_role("main")).to_contain_text(mallory.name)
    for door in ("", "write", "meet", "card.vcf"):
        assert mallory.page.request.get(f"/person/{ada.pk}/{door}").status in (403, 404), door
    mallory.page.goto(f"/people/?q={ada.name}")
    expect(mallory.page.locator(".directory").get_by_text(ada.name)).to_have_count(0)
    mallory.page.goto(thread)
    expect(mallory.field).to_have_count(0)


def test_what_two_write_nobody_else_reads(cast_of):
    ada, ines, mallory = cast_of("between two", "Ada", "Ines", "Mallory")
    ada.finds(ines.name)
    ada.asks_to_talk("Between you and me.")
    assert mallory.page.goto(ada.page.url).status in (403, 404)


def test_by_keyboard_alone(cast_of, forum):
    ada, ines = cast_of("keys alone", "Ada", "Ines", permissions=["camera", "microphone"])
    ada.page.goto("/people/")
    ada.walks_to(ada.page.get_by_role("searchbox"))
    ada.page.keyboard.type(ines.name)
    ada.press("Enter")
    ada.follows(ada.page.locator(".directory").get_by_role("link", name=ines.name, exact=True))
    ada.follows(ada.page.get_by_role("link", name=re.compile("^(Send a message|Write)")).first)
    ada.walks_to(ada.page.get_by_label("Your message"))
    ada.page.keyboard.type("Written with keys.")
    ada.follows(ada.page.get_by_role("button", name="Send"))
    ada.reads("Written with keys.")

    ines.page.goto("/messages/")
    ines.follows(ines.page.locator(".inbox").get_by_role("link", name=re.compile(re.escape(ada.name))))
    ines.follows(ines.page.get_by_role("button", name="Accept", exact=True))
    ines.walks_to(ines.field)
    ines.page.keyboard.type("And answered.")
    ines.press("Enter")
    ada.reads("And answered.")

    ada.page.goto(f"/person/{ines.pk}/meet")
    ada.walks_to(ada.page.locator(".slots input[type=checkbox]").first)
    ada.press("Space")
    ada.follows(ada.page.get_by_role("button", name="Propose these times"))
    expect(ada.page.get_by_role("heading", name=re.compile("^Meeting with"))).to_be_visible()
    ines.page.goto(ada.page.url)
    ines.walks_to(ines.page.locator(".proposal input[type=radio]").first)
    ines.press("Space")
    ines.follows(ines.page.get_by_role("button", name="Accept", exact=True))
    expect(ines.page.get_by_role("button", name="Accept", exact=True)).to_have_count(0)
    ines.has_in_schedule(ada.name)

    bring_forward(forum, ada.meeting)
    for one, other in ((ada, ines), (ines, ada)):
        one.is_called_to_meet(other.name)
        one.follows(one.page.get_by_role("button", name="Come in", exact=True))
    for one in (ada, ines):
        one.follows(one.page.get_by_role("link", name="Shared notes"))
        one.follows(one.page.get_by_role("button", name="Leave", exact=True))
        expect(one.page.get_by_role("button", name="Come in", exact=True)).to_be_visible()


def test_without_a_script(cast_of):
    """The directory, a profile, one's schedule and a conversation are forms and links."""
    ada, ines = cast_of("plain pages", "Ada", "Ines", java_script_enabled=False)
    ada.finds(ines.name)
    ada.asks_to_talk("Written without a script.")
    ines.opens_conversation_with(ada.name)
    ines.page.get_by_role("button", name="Accept", exact=True).click()
    ines.field.fill("And answered without one.")
    ines.page.get_by_role("button", name="Send").click()
    ada.page.reload()
    ada.reads("And answered without one.")
    ada.page.goto("/")
    ada.page.locator("form[data-star] button").first.click()
    ada.page.goto("/schedule/")
    expect(ada.page.locator("form[data-star] button[aria-pressed=true]").first).to_be_visible()
    ada.proposes(ines.pk, times=1, note="Plain")
    ines.page.goto(ada.page.url)
    ines.accepts_meeting()
    ines.has_in_schedule(ada.name)
