"""A dialogue is run by its file: a speaker takes too long, Plenary says what to shorten, and it ends on time."""

import json
import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.forum import Forum

from .actors import Actor
from .panel import Chair
from .stage import Place, set_stage

DIALOGUE = Path(__file__).resolve().parents[1] / "rooms" / "data" / "dialogue.json"
BEFORE, TALK = 4, 5  # parts of five minutes before the talk that takes longer; what it was given
OVER = 4  # minutes that it has taken too long
# The journey does not wait for half an hour: what was pressed now, has been pressed when it was planned.
AS_PLANNED = """
from datetime import timedelta
from rooms.models import Room

room = Room.objects.get(code={number!r})
at = room.session.starts_at
Room.objects.filter(pk=room.pk).update(live_at=at)
for segment in room.segments.exclude(started_at=None).order_by("position"):
    segment.started_at = at
    at += timedelta(minutes=segment.minutes)
    segment.ended_at = segment.ended_at and at
    segment.save()
"""


class RunningOrder(Actor):
    """As it stands beside a stage."""

    @property
    def list(self) -> Locator:
        return self.page.locator("#running, #show")

    def is_at(self, title: str) -> None:
        expect(self.list.locator("[aria-current=step]")).to_contain_text(title)

    def says(self, text: str) -> None:
        expect(self.list).to_contain_text(text)


class ChairOfShow(Chair):
    @property
    def show(self) -> RunningOrder:
        return RunningOrder(self.page)

    def imports(self, file: Path) -> None:
        self.page.locator("#show summary", has_text="file").click()
        self.page.locator("#show input[type=file]").set_input_files(file)
        self.page.locator("#show form").get_by_role("button").last.click()
        self.page.wait_for_load_state()

    def moves_on(self, times: int = 1) -> None:
        for _ in range(times):
            now = self.page.locator(".running [aria-current=step]").first
            was = now.inner_text()
            self.press(".")
            expect(now).not_to_have_text(was, use_inner_text=True)

    @property
    def proposal(self) -> Locator:
        return self.page.locator(".changes")


def test_a_speaker_takes_too_long_and_the_session_ends_on_time(forum: Forum, page_for):
    place = set_stage(forum, "Rivers that cities share", state="open", ago=BEFORE * TALK + TALK + OVER, minutes=105)
    grace = ChairOfShow(page_for("Grace Otieno", place.desk))
    grace.imports(DIALOGUE)
    ada = RunningOrder(page_for(place.ada, place.room))
    linus = RunningOrder(page_for("Linus Heikkilä", place.speaker))

    grace.goes_live()
    ada.is_at("Opening")
    grace.moves_on(BEFORE)
    ada.is_at("Jinja")
    linus.is_at("Jinja")

    # The talk was given five minutes and has taken nine.
    forum.manage("shell", "-v", "0", "-c", AS_PLANNED.format(number=place.number))
    grace.moves_on()
    for each in (ada, linus, grace.show):
        each.is_at("Tomar")
        each.says(f"{OVER} minutes late")

    expect(grace.proposal).to_contain_text("instead of 45 min")
    grace.proposal.get_by_role("button", name="Use these times").click()
    expect(grace.proposal).to_have_count(0)
    for each in (ada, linus, grace.show):
        each.says("shortened")

    grace.moves_on(6)
    ada.is_at("Open Sensors Forum")
    grace.moves_on()
    grace.press(".")
    grace.ends()
    expect(ada.page.get_by_text("This session has ended", exact=True)).to_be_visible()
    took_part(grace, place)


def took_part(grace: ChairOfShow, place: Place) -> None:
    """The record says when each part began and ended."""
    taken_home = grace.page.request.get(f"/room/{place.number}/show.json")
    text = json.dumps(taken_home.json())
    assert re.search("Tomar", text)
    assert text.count('"started": "') >= 12
