"""A panel with speakers on camera, from the green room to the end: in five browsers, and the watch page in Firefox."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import firefox
from tests.forum import Forum

from .conftest import continue_as
from .panel import COLLECT, GOT, PICTURES, Chair, Guest, Performer, Watcher
from .stage import bring_up, set_stage

TURN_SOUND_ON = """
    [...document.querySelectorAll("button")].find((one) => one.textContent.includes("Turn the sound on"))?.click()
"""


@pytest.fixture
def seated(context_for: Callable[..., BrowserContext]) -> Callable[[str, str], Page]:
    """A page of somebody who has a camera and a microphone, and whose lines can be looked into."""

    def open_page(person: str, path: str) -> Page:
        context = context_for(permissions=["camera", "microphone"])
        context.add_init_script(COLLECT)
        page = context.new_page()
        continue_as(page, person)
        page.goto(path)
        return page

    return open_page


def test_a_panel_from_the_green_room_to_the_end(forum, seated, page_for):
    place = set_stage(forum, "A panel from afar", state="open", speakers=("Linus Heikkilä", "Thabo Nkosi"))
    linus, thabo, grace = (
        Performer(seated(name, place.backstage)) for name in ("Linus Heikkilä", "Thabo Nkosi", "Grace Otieno")
    )
    ada, ines = Guest(seated(place.ada, place.room)), Watcher(seated("Inês Carvalho", place.room))
    chair = Chair(page_for("Grace Otieno", place.desk))

    # Behind the stage they see and hear each other; nobody else does.
    for each in (linus, thabo, grace):
        each.enters_backstage()
    linus.sees(grace.source)
    linus.hears(grace.source)
    grace.sees(thabo.source)
    assert ines.page.evaluate(GOT) == {}

    chair.goes_live()
    assert ines.page.evaluate(GOT) == {}
    chair.brings_up("Grace Otieno")
    chair.brings_up("Linus Heikkilä")
    linus.is_on_stage()

    # Whoever watches does so without installing or allowing anything; Thabo is still backstage.
    ines.sees(grace.source)
    ines.sees(linus.source)
    ines.lets_sound_play()
    ines.hears(linus.source)
    assert str(thabo.source) not in ines.page.evaluate(GOT)
    chair.brings_up("Thabo Nkosi")
    ines.sees(thabo.source)

    # Nobody else can publish.
    ada.is_refused_to_publish(place.number)
    ines.is_refused_to_publish(place.number)

    # Ada asks for the floor, is given it, and is heard and seen at once.
    ada.raises_hand()
    ada.is_told("You are next to speak")
    chair.invites(place.ada)
    ada.comes_up()
    chair.sees_speaking(place.ada)
    ines.sees(ada.source)
    ines.hears(ada.source)
    linus.sees(ada.source)
    ada.sees(linus.source)

    linus.presses("Share screen")
    ines.sees(linus.source + 1)
    grace.sees(linus.source + 1)

    chair.mutes("Linus Heikkilä")
    linus.can_press("Unmute")
    expect(ines.tile("Linus Heikkilä").first).to_contain_text("microphone off")
    linus.presses("Stop sharing")

    ada.steps_down()
    expect(ines.tile(place.ada)).to_have_count(0)
    ada.sees(grace.source)
    ada.is_refused_to_publish(place.number)

    chair.ends()
    expect(ines.page.get_by_text("This session has ended", exact=True)).to_be_visible()
    linus.is_refused_to_publish(place.number)
    linus.waits(lambda: linus.page.evaluate("lines.every((line) => line.connectionState === 'closed')"))


def test_the_watch_page_in_firefox(forum: Forum, seated, tmp_path: Path):
    place = set_stage(forum, "A panel for every browser")
    bring_up(forum, place, "Linus Heikkilä")
    linus = Performer(seated("Linus Heikkilä", place.backstage))
    linus.presses("Use this page")
    linus.can_press("Mute")

    with firefox.page(tmp_path) as page:
        page.prepare(COLLECT)
        page.goto(f"{forum.address}/demo/?{urlencode({'q': place.ada})}")
        page.evaluate("document.querySelector('#others li form button').click()")
        page.wait_for("!location.pathname.startsWith('/demo')")
        page.goto(forum.address + place.room)
        of_linus = f"({GOT})().then((got) => got[{linus.source}])"
        page.wait_for(f"{of_linus}.then((its) => its?.width)")
        frames = page.evaluate(of_linus)["frames"]
        page.wait_for(f"{of_linus}.then((its) => its.frames > {frames} + 10)")
        assert page.evaluate(f"({PICTURES})()") > 0

        page.evaluate(TURN_SOUND_ON)
        energy = page.evaluate(of_linus)["energy"]
        page.wait_for(f"{of_linus}.then((its) => its.energy > {energy})")
