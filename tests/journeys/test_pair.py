"""Two people in a room of their own: every way there is between them, and what goes on when there is none."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import coturn
from tests.forum import Forum, own_address
from tests.forum import forum as running

from .conftest import continue_as
from .crossing import BOARD, Crossing
from .pair import Partner, Stranger, room_for


@pytest.fixture
def crossing() -> Crossing:
    return Crossing()


@pytest.fixture
def partner(context_for: Callable[..., BrowserContext], crossing: Crossing) -> Callable[..., Page]:
    """A page of somebody with a camera and a microphone, whose packets all go by the ferry."""

    def open_page(person: str, path: str, **options: object) -> Page:
        context = context_for(permissions=["camera", "microphone"], **options)
        context.expose_function("ferry", crossing.ferry)
        context.add_init_script(BOARD)
        page = context.new_page()
        continue_as(page, person)
        page.goto(path)
        return page

    return open_page


def test_two_people_meet_and_nobody_else(forum, partner, page_for, crossing):
    room = room_for(forum, "Fatou of Two", "Rui of Two")
    fatou, rui = Partner(partner("Fatou of Two", room)), Partner(partner("Rui of Two", room))
    stranger = Stranger(page_for("Linus Heikkilä"))

    fatou.comes_in()
    fatou.is_told("Rui of Two isn’t here yet")
    rui.comes_in()
    for each in (fatou, rui):
        each.talks_by("direct")
    stranger.is_refused_everywhere(room)

    # Both write in one text, at the same time.
    for each in (fatou, rui):
        each.turns_to_the_notes()
    fatou.notes_down("Pilot in Ngor\n")
    rui.finds_noted("Pilot in Ngor")
    fatou.notes_down("Forty loggers")
    rui.notes_down("Clause 14\n")
    for each in (fatou, rui):
        each.finds_noted("Pilot in Ngor", "Forty loggers", "Clause 14")

    # No packet of theirs passes any more, neither to each other nor to the forum: words do.
    crossing.peers = crossing.server = False
    for each in (fatou, rui):
        each.is_told("There is no way for voice and picture")
    fatou.writes("Can you read this?")
    rui.reads("Can you read this?")
    crossing.peers = crossing.server = True
    for each in (fatou, rui):
        each.line_says("encrypted")
        each.sees_the_other()
        each.hears_the_other()
        each.is_not_told("There is no way")

    # One's wish is nobody's business until the other has the same.
    fatou.would_stay_in_touch()
    rui.is_not_in_touch_yet()
    rui.would_stay_in_touch()
    for each in (fatou, rui):
        each.is_in_touch()

    fatou.leaves()
    rui.is_told("Fatou of Two has left.")


def test_without_a_direct_way_the_forum_carries_it_until_there_is_one(forum, partner, crossing):
    room = room_for(forum, "Fatou of Walls", "Rui of Walls")
    crossing.peers = False
    fatou, rui = Partner(partner("Fatou of Walls", room)), Partner(partner("Rui of Walls", room))
    for each in (fatou, rui):
        each.comes_in()
    for each in (fatou, rui):
        each.talks_by("server")

    crossing.peers = True
    for each in (fatou, rui):
        each.talks_by("direct")


@pytest.fixture
def behind_walls(tmp_path: Path) -> Iterator[tuple[Forum, coturn.Relay]]:
    """A forum of its own that has a relay, as deployments are told to set it up."""
    for folder in ("relay", "forum"):
        (tmp_path / folder).mkdir()
    with (
        coturn.relaying(tmp_path / "relay", own_address()) as relay,
        running(tmp_path / "forum", DEMO="1", TURN_URL=relay.url, TURN_SECRET=relay.secret) as started,
    ):
        yield started, relay


def test_without_a_direct_way_a_relay_carries_it_and_without_the_relay_the_forum(behind_walls, partner, crossing):
    forum, relay = behind_walls
    room, here = room_for(forum, "Fatou of Relays", "Rui of Relays"), {"base_url": forum.address}
    crossing.peers = False
    fatou, rui = Partner(partner("Fatou of Relays", room, **here)), Partner(partner("Rui of Relays", room, **here))
    for each in (fatou, rui):
        each.comes_in()
    for each in (fatou, rui):
        each.talks_by("relay")
    assert re.search(r"user <\d+:\d+>: .* ALLOCATE processed, success", relay.said)

    relay.stop()
    for each in (fatou, rui):
        each.talks_by("server")


def test_one_of_them_in_text_by_choice(forum, partner):
    room = room_for(forum, "Fatou of Words", "Rui of Words")
    fatou, rui = Partner(partner("Fatou of Words", room)), Partner(partner("Rui of Words", room))
    for each in (fatou, rui):
        each.comes_in()
    rui.sees_the_other()
    fatou.presses("Text only")
    rui.is_told("Fatou of Words takes part in text only.")
    rui.writes("That is fine.")
    fatou.reads("That is fine.")
    fatou.presses("Picture and voice")
    for each in (fatou, rui):
        each.sees_the_other()
        each.hears_the_other()


def test_a_reload_and_a_second_page(forum, partner):
    room = room_for(forum, "Fatou of Pages", "Rui of Pages")
    fatou, rui = Partner(partner("Fatou of Pages", room)), Partner(partner("Rui of Pages", room))
    for each in (fatou, rui):
        each.comes_in()
    rui.sees_the_other()

    # Nobody is asked for their devices again.
    fatou.page.reload()
    for each in (fatou, rui):
        each.sees_the_other()
        each.hears_the_other()

    second = Partner(fatou.page.context.new_page())
    second.page.goto(room)
    for each in (second, rui):
        each.sees_the_other()
    fatou.is_told("You are in this room on another page.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_state_of_it_is_accessible(forum, partner, accessible, scheme, width):
    name = f"{scheme.title()} of {width}"
    room = room_for(forum, f"Fatou in {name}", f"Rui in {name}")
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    fatou, rui = Partner(partner(f"Fatou in {name}", room, **look)), Partner(partner(f"Rui in {name}", room))
    expect(fatou.page.get_by_role("button", name="Come in", exact=True)).to_be_visible()
    accessible(fatou.page)
    fatou.comes_in()
    fatou.is_told("isn’t here yet")
    accessible(fatou.page)
    rui.comes_in()
    fatou.sees_the_other()
    accessible(fatou.page)
    assert fatou.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    fatou.presses("Leave")
    expect(fatou.page.get_by_role("button", name="Come in", exact=True)).to_be_visible()


def test_who_is_early_is_let_in_when_it_opens(forum, partner):
    room = room_for(forum, "Fatou of Mornings", "Rui of Mornings", begins=5.75)
    fatou = Partner(partner("Fatou of Mornings", room))
    fatou.is_told("The room opens in")
    fatou.is_told("You meet Rui of Mornings at")
    fatou.page.get_by_role("button", name="Come in", exact=True).click()
    expect(fatou.page.get_by_role("button", name="You come in when it opens")).to_be_disabled()
    expect(fatou.controls).to_be_visible(timeout=60_000)


def test_a_screen_is_shared_and_both_stay_on(forum, partner):
    room = room_for(forum, "Fatou of Hours", "Rui of Hours", begins=-12, minutes=15)
    fatou, rui = Partner(partner("Fatou of Hours", room)), Partner(partner("Rui of Hours", room))
    for each in (fatou, rui):
        each.comes_in()
    for each in (fatou, rui):
        each.sees_the_other()
    rui.presses("Share screen")
    fatou.sees_their_screen()
    fatou.hears_the_other()
    rui.presses("Stop sharing")
    fatou.sees_no_screen()
    fatou.sees_the_other()

    before = rui.minutes_left
    fatou.page.get_by_role("button", name=re.compile("^Ask for")).click()
    fatou.is_told("has been asked for more time")
    rui.is_told("Fatou of Hours would like")
    rui.page.get_by_role("button", name="Stay on").click()
    for each in (fatou, rui):
        each.waits(lambda each=each: each.minutes_left > before + 3)
        each.sees_the_other()


def test_a_block_ends_it_for_both(forum, partner):
    room = room_for(forum, "Fatou of Blocks", "Rui of Blocks")
    fatou, rui = Partner(partner("Fatou of Blocks", room)), Partner(partner("Rui of Blocks", room))
    for each in (fatou, rui):
        each.comes_in()
    fatou.blocks("Not what we agreed to talk about.")
    expect(rui.page.locator(".seen")).to_contain_text(re.compile("is over|is closed"))
    assert rui.page.reload().status == 404
