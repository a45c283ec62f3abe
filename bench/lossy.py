"""A watch page on a bad line: does sound go on, do pictures come back, does quality follow the line?

A forum runs as `make run` starts it. Linus publishes three layers of noise, which fill their bitrates, from Chromium on
a good line; Ada
watches on the room's own page in another Chromium, whose packets go through a relay (bench/relay.py) that loses 2, 5
and 10 % of them and delays each by 100 ms, both ways, and at last lets only 500 kbit/s through to her. Twice a second
her page is asked for what its decoders did. `gap` is the longest time without new sound (concealed sound does not
count as sound), `frozen` the longest time without a new picture, both in seconds; `concealed` is the share of sound
that was made up. The page is never reloaded.
"""

import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.forum import Forum
from tests.forum import forum as running
from tests.journeys.conftest import continue_as
from tests.journeys.panel import COLLECT
from tests.journeys.stage import Place, bring_up, set_stage

from .figures import Target, conclude, named, options
from .relay import CLEAN, Line, Relay

DELAY = 0.1
CONDITIONS = {
    "loss_2": Line(0.02, DELAY),
    "loss_5": Line(0.05, DELAY),
    "loss_10": Line(0.10, DELAY),
}
NARROW = Line(0.0, DELAY, 500_000)
LONG_ENOUGH, SETTLING = 20.0, 4.0  # seconds
PATIENCE = 60.0  # seconds for a layer to go or to come
FULL = 640  # pixels: no smaller layer is that wide
EVERY = 0.5
TARGETS = [
    *(Target(f"{name}_gap", at_most=1.0) for name in (*CONDITIONS, "narrow")),
    *(Target(f"{name}_frozen", at_most=3.0) for name in CONDITIONS),
    Target("layers_down_after", at_most=20.0),
    Target("layers_back_after", at_most=PATIENCE),
]

PUBLISH = """async (number) => {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true })
    const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 })
    const pen = canvas.getContext("2d"), grain = pen.createImageData(160, 90)
    setInterval(() => {
        for (let at = 0; at < grain.data.length; at++) grain.data[at] = at % 4 === 3 ? 255 : Math.random() * 255
        pen.putImageData(grain, 0, 0)
        pen.drawImage(canvas, 0, 0, 160, 90, 0, 0, 1280, 720)
    }, 66)
    canvas.captureStream(15).getTracks().forEach((track) => media.addTrack(track))
    const line = new RTCPeerConnection({ bundlePolicy: "max-bundle" })
    const [sound] = media.getAudioTracks(), [picture] = media.getVideoTracks()
    line.addTransceiver(sound, { direction: "sendonly", streams: [media] })
    line.addTransceiver(picture, { direction: "sendonly", streams: [media], sendEncodings: [
        { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150000 },
        { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500000 },
        { rid: "f", maxBitrate: 1500000 },
    ] })
    await line.setLocalDescription(await line.createOffer())
    const headers = { "Content-Type": "application/sdp" }
    const answer = await fetch(`/room/${number}/whip`, { method: "POST", headers, body: line.localDescription.sdp })
    await line.setRemoteDescription({ type: "answer", sdp: await answer.text() })
}"""
WATCH = """async () => {
    const told = { sound: 0, concealed: 0, frames: 0, width: 0, repaired: 0, freezes: 0 }
    for (const line of window.lines ?? []) {
        if (line.connectionState === "closed") continue
        for (const each of (await line.getStats()).values()) {
            if (each.type !== "inbound-rtp") continue
            if (each.kind === "audio") {
                told.sound += each.totalSamplesReceived - each.concealedSamples
                told.concealed += each.concealedSamples - (each.silentConcealedSamples ?? 0)
            } else {
                told.frames += each.framesDecoded ?? 0
                told.freezes += each.freezeCount ?? 0
                told.repaired += each.retransmittedPacketsReceived ?? 0
                told.width = Math.max(told.width, each.frameWidth ?? 0)
            }
        }
    }
    return told
}"""


class Look(NamedTuple):
    """What her decoders have done by now."""

    at: float
    sound: int
    concealed: int
    frames: int
    width: int
    repaired: int
    freezes: int


def look(page: Page) -> Look:
    return Look(at=time.monotonic(), **page.evaluate(WATCH))


def looks(page: Page, seconds: float) -> list[Look]:
    end, seen = time.monotonic() + seconds, [look(page)]
    while seen[-1].at < end:
        page.wait_for_timeout(1000 * EVERY)
        seen.append(look(page))
    return seen


def longest_without(seen: Sequence[Look], what: str) -> float:
    """Seconds between two looks that saw it advance."""
    last, longest = seen[0].at, 0.0
    for before, after in pairwise(seen):
        if getattr(after, what) > getattr(before, what):
            last = after.at
        longest = max(longest, after.at - last)
    return round(longest, 1)


def judged(seen: Sequence[Look]) -> dict[str, float]:
    first, last = seen[0], seen[-1]
    sound, concealed = last.sound - first.sound, last.concealed - first.concealed
    return {
        "gap": longest_without(seen, "sound"),
        "frozen": longest_without(seen, "frames"),
        "concealed": round(concealed / max(1, sound + concealed), 3),
        "frames_per_second": round((last.frames - first.frames) / (last.at - first.at), 1),
        "freezes": last.freezes - first.freezes,
        "repaired": last.repaired - first.repaired,
        "width": last.width,
    }


@contextmanager
def bad_line() -> Iterator[tuple[Forum, Relay]]:
    """A forum whose media worker is reached by way of a relay."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        worker = free.getsockname()
        free.close()
        relay = Relay(worker).start()
        advertised = {"MEDIA_PORT": str(worker[1]), "MEDIA_ADVERTISE": f"127.0.0.1:{relay.port}"}
        with running(Path(folder), DEMO="1", MEDIA_BIND="127.0.0.1", **advertised) as forum:
            yield forum, relay
        relay.stop()


@contextmanager
def browsers() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.FLAGS)
        yield browser
        browser.close()


def page_of(browser: Browser, forum: Forum, person: str, path: str) -> Page:
    context = browser.new_context(base_url=forum.address, permissions=["camera", "microphone"])
    context.add_init_script(COLLECT)
    page = context.new_page()
    continue_as(page, person)
    page.goto(path)
    return page


def watching(browser: Browser, forum: Forum, relay: Relay, place: Place) -> tuple[Page, set[tuple[str, int]]]:
    """Ada's page, once pictures come at full size; and which of the relay's lines are hers."""
    linus = page_of(browser, forum, "Linus Heikkilä", place.room)
    linus.evaluate(PUBLISH, place.number)
    linus.wait_for_timeout(3000)
    his = set(relay.browsers)
    ada = page_of(browser, forum, place.ada, place.room)
    await_width(ada, lambda width: width >= FULL)
    return ada, set(relay.browsers) - his


def await_width(page: Page, enough) -> float:
    """Seconds until the picture has such a width."""
    began = time.monotonic()
    while not enough(newest_width(page)):
        if time.monotonic() - began > PATIENCE:
            return PATIENCE + 1
        page.wait_for_timeout(1000 * EVERY)
    return round(time.monotonic() - began, 1)


def newest_width(page: Page) -> int:
    return look(page).width


def measure() -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with bad_line() as (forum, relay), browsers() as browser:
        place = set_stage(forum, "A line that is not good")
        bring_up(forum, place, "Linus Heikkilä")
        ada, hers = watching(browser, forum, relay, place)
        for name, line in CONDITIONS.items():
            relay.impair(line, hers)
            ada.wait_for_timeout(1000 * SETTLING)
            figures |= shown(name, judged(looks(ada, LONG_ENOUGH)))
        relay.impair(CLEAN, hers)
        await_width(ada, lambda width: width >= FULL)
        full = newest_width(ada)
        relay.impair(NARROW, hers)
        figures |= {"layers_down_after": await_width(ada, lambda width: 0 < width < full)}
        figures |= shown("narrow", judged(looks(ada, LONG_ENOUGH)))
        relay.impair(CLEAN, hers)
        figures |= {"layers_back_after": await_width(ada, lambda width: width >= full)}
    return figures


def shown(name: str, figures: dict[str, float]) -> dict[str, Any]:
    print(f"{name}: {figures}", flush=True)
    return named(name, figures)


def main() -> None:
    arguments = options(__doc__).parse_args()
    conclude({"bench": "lossy", **measure()}, TARGETS, arguments.judge)


if __name__ == "__main__":
    main()
