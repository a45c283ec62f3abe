"""What people on, behind and before a stage do and get, in the words of the story."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect

from .actors import Actor

COLLECT = """
    const Original = RTCPeerConnection
    window.lines = []
    window.RTCPeerConnection = class extends Original {
        constructor(...given) { super(...given); window.lines.push(this) }
    }
"""
# By source, which every packet names as its contributor: pictures decoded, their width, and the energy of the sound.
GOT = """async () => {
    const got = {}
    for (const line of window.lines) {
        if (line.connectionState === "closed") continue
        for (const receiver of line.getReceivers()) {
            const from = receiver.getContributingSources()[0]?.source
            if (from === undefined) continue
            got[from] ??= { frames: 0, width: 0, energy: 0 }
            for (const each of (await receiver.getStats()).values()) {
                if (each.type !== "inbound-rtp") continue
                if (each.kind === "audio") got[from].energy += each.totalAudioEnergy
                else Object.assign(got[from], { frames: each.framesDecoded, width: each.frameWidth ?? 0 })
            }
        }
    }
    return got
}"""
PICTURES = "() => [...document.querySelectorAll('video')].filter((one) => one.videoWidth && !one.paused).length"


class Watcher(Actor):
    """Anybody whose page shows the stage."""

    @property
    def source(self) -> int:
        """What the packets of one's camera and microphone are signed with; a shared screen has the number after it."""
        return 2 * int(self.page.locator("[data-me]").first.get_attribute("data-me") or "")

    def got(self, source: int) -> dict[str, Any]:
        return self.page.evaluate(GOT).get(str(source), {"frames": 0, "width": 0, "energy": 0})

    def sees(self, source: int) -> None:
        """Pictures of it are decoded, and go on being."""
        self.waits(lambda: self.got(source)["width"] > 0)
        before = self.got(source)["frames"]
        self.waits(lambda: self.got(source)["frames"] > before + 10)
        assert self.page.evaluate(PICTURES) > 0

    def hears(self, source: int) -> None:
        before = self.got(source)["energy"]
        self.waits(lambda: self.got(source)["energy"] > before)

    def lets_sound_play(self) -> None:
        """Browsers differ in whether a page may make sound before somebody touched it."""
        asks = self.page.get_by_role("button", name="Turn the sound on")
        if asks.is_visible():
            asks.click()

    def waits(self, until: Callable[[], object], patience: float = 30) -> None:
        for _ in range(int(patience * 5)):
            if until():
                return
            self.page.wait_for_timeout(200)
        raise AssertionError("it did not happen")

    def tile(self, name: str) -> Locator:
        return self.page.locator("figure.tile").filter(has_text=name)

    def is_refused_to_publish(self, number: str) -> None:
        """Whatever a page may offer: the door looks up who may."""
        status = self.page.evaluate(
            """async (number) => {
                const line = new RTCPeerConnection()
                line.addTransceiver("audio", { direction: "sendonly" })
                await line.setLocalDescription(await line.createOffer())
                const headers = { "Content-Type": "application/sdp" }
                const body = line.localDescription.sdp
                line.close()
                return (await fetch(`/room/${number}/whip`, { method: "POST", headers, body })).status
            }""",
            number,
        )
        assert status == 403, status


class Performer(Watcher):
    """Somebody with a camera and a microphone."""

    def enters_backstage(self) -> None:
        self.page.get_by_role("button", name="Enter backstage").click()
        expect(self.mine).to_be_visible()

    @property
    def mine(self) -> Locator:
        return self.region("You on stage")

    def is_on_stage(self) -> None:
        expect(self.mine.locator(".live")).to_be_visible()

    def presses(self, name: str) -> None:
        self.mine.get_by_role("button", name=name, exact=True).click()

    def can_press(self, name: str) -> None:
        expect(self.mine.get_by_role("button", name=name, exact=True)).to_be_visible()

    def steps_down(self) -> None:
        self.presses("Step down")


class Guest(Performer):
    """Somebody of the audience, who may be asked to come up."""

    def raises_hand(self) -> None:
        self.page.get_by_role("button", name="Raise hand").click()
        expect(self.page.get_by_role("button", name="Lower hand")).to_be_visible()

    def is_told(self, text: str) -> None:
        expect(self.page.locator(".turn")).to_contain_text(text)

    def comes_up(self) -> None:
        asked = self.page.get_by_role("dialog")
        expect(asked).to_contain_text("sees and hears")
        asked.get_by_role("button", name="Come up", exact=True).click()
        self.is_on_stage()


class Chair(Actor):
    """At the desk."""

    def goes_live(self) -> None:
        self.page.get_by_role("button", name="Go live").click()
        self.page.get_by_role("dialog").get_by_role("button", name=re.compile("live", re.I)).click()
        expect(self.page.locator(".masthead .live")).to_be_visible()

    def ends(self) -> None:
        self.page.get_by_role("button", name="End session").click()
        self.page.get_by_role("dialog").get_by_role("button", name=re.compile("^End")).click()

    @property
    def stage(self) -> Locator:
        return self.page.get_by_role("list", name="On stage and backstage")

    def seat(self, name: str) -> Locator:
        return self.stage.get_by_role("listitem").filter(has_text=name)

    def brings_up(self, name: str) -> None:
        self.seat(name).get_by_role("button", name=re.compile("^Bring up")).click()
        expect(self.seat(name)).not_to_have_attribute("data-state", "backstage")

    def mutes(self, name: str) -> None:
        self.seat(name).get_by_role("button", name=f"Mute {name}").click()

    def invites(self, name: str) -> None:
        row = self.page.get_by_role("list", name="Waiting to speak").get_by_role("listitem").filter(has_text=name)
        row.get_by_role("button", name=re.compile("^(Invite|Call)")).click()

    def sees_speaking(self, name: str) -> None:
        expect(self.page.get_by_role("article", name=f"{name} has the floor")).to_be_visible()
