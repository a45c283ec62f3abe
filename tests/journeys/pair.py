"""What two people do and get in a room of their own, in the words of the story."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.forum import Forum

from .actors import Actor

MAKE = """
from datetime import timedelta
from django.utils import timezone
from chat import conversations
from live import writer
from people.models import Person
from rooms.pair import pairs

now = timezone.now()
def made(name):
    email = name.lower().replace(" ", ".") + "@example.org"
    return Person.objects.get_or_create(email=email, defaults=dict(name=name))[0]
one, two = made({one!r}), made({two!r})
def make():
    talk = conversations.open_pair(one.pk, two.pk)
    starts = now + timedelta(minutes={begins})
    ends = starts + timedelta(minutes={minutes})
    return pairs.open_pair(pairs.planned("now", one.pk, two.pk, starts, ends, talk))
print(writer.do(one.pk, make).code)
"""
# Of the other's picture: pictures that were drawn. Of the lines: the energy of what was heard.
DRAWN = """() => {
    const video = document.querySelector(".seen .tile:not(.me) video")
    return video && video.videoWidth ? video.getVideoPlaybackQuality().totalVideoFrames : 0
}"""
HEARD = """async () => {
    let energy = 0
    for (const line of window.lines) {
        if (line.connectionState === "closed") continue
        for (const each of (await line.getStats()).values()) {
            if (each.type === "inbound-rtp") energy += each.totalAudioEnergy ?? 0
        }
    }
    return energy
}"""

WAYS = {
    "direct": ("Between you two", "direct", "Directly"),
    "relay": ("By a relay", "direct", "A relay (TURN)"),
    "server": ("By the forum’s server", "server", "The forum’s server"),
}


def room_for(forum: Forum, one: str, two: str, begins: float = -1, minutes: float = 30) -> str:
    """The address of a room for two that began so many minutes ago, or begins in so many."""
    said = forum.manage("shell", "-v", "0", "-c", MAKE.format(one=one, two=two, begins=begins, minutes=minutes))
    return f"/pair/{said.split()[-1]}/"


@dataclass
class Partner(Actor):
    """One of the two."""

    @property
    def name(self) -> str:
        return self.page.locator("#pair > .masthead h1").inner_text()

    def comes_in(self) -> None:
        self.page.get_by_role("button", name="Come in", exact=True).click()
        expect(self.controls).to_be_visible()

    @property
    def controls(self) -> Locator:
        return self.region("Microphone, camera and leaving")

    def presses(self, name: str) -> None:
        self.controls.get_by_role("button", name=name, exact=True).click()

    def is_told(self, text: str) -> None:
        expect(self.page.locator(".seen")).to_contain_text(text)

    def is_not_told(self, text: str) -> None:
        expect(self.page.locator(".seen")).not_to_contain_text(text)

    def sees_the_other(self) -> None:
        """Pictures are drawn, and go on being."""
        self.waits(lambda: self.page.evaluate(DRAWN) > 0)
        before = self.page.evaluate(DRAWN)
        self.waits(lambda: self.page.evaluate(DRAWN) > before + 5)

    def hears_the_other(self) -> None:
        before = self.page.evaluate(HEARD)
        self.waits(lambda: self.page.evaluate(HEARD) > before)

    def sees_their_screen(self) -> None:
        expect(self.page.locator('.seen .tile[data-kind="screen"]:not(.me) video')).to_be_visible()
        self.sees_the_other()

    def sees_no_screen(self) -> None:
        expect(self.page.locator('.seen .tile[data-kind="screen"]')).to_have_count(0)

    @property
    def minutes_left(self) -> int:
        return int(self.page.get_by_role("timer").first.inner_text().split(":")[0])

    def talks_by(self, way: str) -> None:
        """Sees and hears the other by it."""
        self.goes(way)
        self.sees_the_other()
        self.hears_the_other()

    def goes(self, way: str) -> None:
        """One of WAYS, as the line and its details have it."""
        on_the_line, rung, in_detail = WAYS[way]
        self.line_says(on_the_line)
        self.page.get_by_role("button", name="Details of the line").first.click()
        details = self.page.get_by_role("dialog")
        expect(details.locator(f'[data-way="{rung}"]')).to_have_text(in_detail)
        expect(details).to_contain_text("There and back")
        details.get_by_role("button", name="Close").click()

    def line_says(self, text: str) -> None:
        expect(self.page.locator(".masthead .line")).to_contain_text(text, timeout=60_000)

    def writes(self, text: str) -> None:
        self.page.get_by_role("link", name=re.compile("^Chat")).click()
        self.page.get_by_label(re.compile("^Write to")).fill(text)
        self.page.get_by_role("button", name="Send").click()

    def reads(self, text: str) -> None:
        self.page.get_by_role("link", name=re.compile("^Chat")).click()
        expect(self.page.locator('.message:not([data-state="waiting"])').filter(has_text=text).last).to_be_visible()

    def turns_to_the_notes(self) -> None:
        self.page.get_by_role("link", name="Shared notes").click()
        expect(self.notes).to_be_visible()

    @property
    def notes(self) -> Locator:
        return self.page.get_by_role("textbox", name="Shared notes")

    def notes_down(self, text: str) -> None:
        """At the end of what is there."""
        self.notes.focus()
        self.press("Control+End")
        self.page.keyboard.insert_text(text)

    def finds_noted(self, *lines: str) -> None:
        self.waits(lambda: set(lines) <= set(self.notes.input_value().split("\n")))

    def would_stay_in_touch(self) -> None:
        self.page.get_by_role("button", name="Exchange cards").click()

    def is_in_touch(self) -> None:
        expect(self.page.get_by_role("link", name=re.compile("^Card of"))).to_be_visible()

    def is_not_in_touch_yet(self) -> None:
        expect(self.page.get_by_role("button", name="Exchange cards")).to_be_visible()
        expect(self.page.get_by_role("link", name=re.compile("^Card of"))).to_have_count(0)

    def leaves(self) -> None:
        self.presses("Leave")

    def blocks(self, report: str) -> None:
        self.controls.get_by_label("More").click()
        self.page.get_by_role("button", name=re.compile("^Block or report")).click()
        asked = self.page.get_by_role("dialog")
        asked.get_by_role("textbox").fill(report)
        asked.get_by_role("button", name="Block and report").click()
        self.page.wait_for_url("**/messages/")

    def waits(self, until: Callable[[], object], patience: float = 90) -> None:
        for _ in range(int(patience * 5)):
            if until():
                return
            self.page.wait_for_timeout(200)
        raise AssertionError("it did not happen")


KNOCK = """async (room) => {
    const line = new RTCPeerConnection()
    line.addTransceiver("audio", { direction: "sendrecv" })
    await line.setLocalDescription(await line.createOffer())
    const body = line.localDescription.sdp
    line.close()
    const headers = { "Content-Type": "application/sdp" }
    const post = async (door) => (await fetch(room + door, { method: "POST", headers, body })).status
    const get = async (door) => (await fetch(room + door)).status
    return [await post("whip"), await post("whep"), await get("ice"), await get("notes")]
}"""


class Stranger(Actor):
    def is_refused_everywhere(self, room: str) -> None:
        """As if there were no such room."""
        answer = self.page.goto(room)
        assert answer is not None
        assert answer.status == 404
        assert self.page.evaluate(KNOCK, room) == [404, 404, 404, 404]
