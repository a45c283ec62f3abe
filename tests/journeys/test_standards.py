"""Programs that are not ours send to a room and play from it: npm's `whip-whep`, by an author of RFC 9725.

They run in a page of another site, with nothing but a bearer token.
"""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.forum import Forum, own_address
from tests.forum import forum as running

from .stage import Place, bring_up, set_stage

CLIENTS = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "whip-whep"
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
BLANK = "<!doctype html><title>A studio elsewhere</title><script type=module src=/clients.js></script>"
EXPOSED = """
import { WHIPClient } from "./whip.js"
import { WHEPClient } from "./whep.js"
Object.assign(window, { WHIPClient, WHEPClient })
"""
PUBLISH = """async ([url, token]) => {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360 } })
    const line = window.sending = new RTCPeerConnection({ bundlePolicy: "max-bundle" })
    media.getTracks().forEach((track) => line.addTransceiver(track, { direction: "sendonly", streams: [media] }))
    window.publisher = new WHIPClient()
    await publisher.publish(line, url, token)
    return publisher.resourceURL.href
}"""
PLAY = """async ([url, token]) => {
    const line = window.playing = new RTCPeerConnection({ bundlePolicy: "max-bundle" })
    line.addTransceiver("audio", { direction: "recvonly" })
    line.addTransceiver("video", { direction: "recvonly" })
    line.ontrack = ({ track }) => {
        const element = document.body.appendChild(document.createElement(track.kind))
        element.srcObject = new MediaStream([track])
        element.muted = track.kind === "video"
        element.play()
    }
    window.player = new WHEPClient()
    await player.view(line, url, token)
    return player.resourceURL.href
}"""
HEARD = """async () => {
    const told = { frames: 0, energy: 0 }
    for (const each of (await playing.getStats()).values()) {
        if (each.type !== "inbound-rtp") continue
        if (each.kind === "video") told.frames += each.framesDecoded
        else told.energy += each.totalAudioEnergy
    }
    return told
}"""
MORE_FRAMES = f"async (frames) => (await ({HEARD})()).frames > frames + 20"
MORE_SOUND = f"async (energy) => (await ({HEARD})()).energy > energy"


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    """One with a single address: at a restart the client strings several candidates together with commas."""
    with running(tmp_path_factory.mktemp("forum"), DEMO="1", MEDIA_PUBLIC_IP=own_address()) as started:
        yield started


@pytest.fixture(scope="module")
def place(forum: Forum) -> Place:
    place = set_stage(forum, "Sent from a studio")
    bring_up(forum, place, "Grace Otieno")
    return place


FILES = {
    "/": ("text/html", BLANK.encode()),
    "/clients.js": ("text/javascript", EXPOSED.encode()),
    "/whip.js": ("text/javascript", (CLIENTS / "whip.js").read_bytes()),
    "/whep.js": ("text/javascript", (CLIENTS / "whep.js").read_bytes()),
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = FILES.get(self.path, ("text/plain", b""))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of another site, which the forum knows nothing of."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def studio(context_for: Callable[..., BrowserContext], elsewhere: str) -> Page:
    """A page of it."""
    page = context_for(permissions=["camera", "microphone"]).new_page()
    page.goto(elsewhere)
    page.wait_for_function("'WHEPClient' in window")
    return page


@pytest.fixture
def pass_of(page_for: Callable[..., Page], place: Place) -> Callable[[str], dict[str, str]]:
    """What somebody reads off their page for the program they use: {"token", "whip", "whep"}."""
    return lambda person: page_for(person, place.room).evaluate(
        f"fetch('/room/{place.number}/media/token').then((answer) => answer.json())"
    )


def answer(page: Page, method: str, url: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    """What a page elsewhere gets: {"status", "headers", "text"}."""
    return page.evaluate(
        """async ([method, url, body, headers]) => {
            const got = await fetch(url, { method, body, headers })
            return { status: got.status, headers: Object.fromEntries(got.headers), text: await got.text() }
        }""",
        [method, url, body, {name.replace("_", "-"): value for name, value in headers.items()}],
    )


def plays_on(page: Page) -> None:
    """Pictures advance and sound arrives, from now on."""
    before = page.evaluate(HEARD)
    page.wait_for_function(MORE_FRAMES, arg=before["frames"])
    page.wait_for_function(MORE_SOUND, arg=before["energy"])


def test_a_client_that_is_not_ours_sends_and_another_plays(studio, pass_of, place):
    patches: list[tuple[int, str | None]] = []

    def note(response) -> None:
        if response.request.method == "PATCH":
            patches.append((response.status, response.request.headers.get("if-match")))

    studio.on("response", note)
    grace, ada = pass_of("Grace Otieno"), pass_of(place.ada)

    resource = studio.evaluate(PUBLISH, [grace["whip"], grace["token"]])
    studio.wait_for_function("sending.connectionState === 'connected'")
    played = studio.evaluate(PLAY, [ada["whep"], ada["token"]])
    plays_on(studio)

    # Candidates were trickled under the session's ETag, and taken.
    assert any(status == 204 and tag and tag != "*" for status, tag in patches)

    studio.evaluate("publisher.restart()")
    studio.evaluate("player.restart()")
    assert [status for status, tag in patches if tag == "*"] == [200, 200]
    studio.wait_for_function("sending.iceConnectionState !== 'checking'")
    plays_on(studio)

    studio.evaluate("publisher.stop()")
    studio.evaluate("player.stop()")
    for gone, whose in ((resource, grace), (played, ada)):
        told = answer(studio, "DELETE", gone, Authorization=f"Bearer {whose['token']}")
        assert told["status"] == 404


def test_whoever_asks_wrongly_is_told_what_was_wrong(studio, pass_of, place):
    grace, mallory = pass_of("Grace Otieno"), pass_of(place.ada)
    mine = {"Authorization": f"Bearer {grace['token']}"}

    def status(method: str, url: str, body: str | None = None, **headers: str) -> int:
        return answer(studio, method, url, body, **headers)["status"]

    assert status("POST", grace["whip"], "v=0", Content_Type=SDP) == 401
    assert status("POST", grace["whip"], "v=0", Content_Type=SDP, Authorization="Bearer forged") == 401
    may_not = {"Authorization": f"Bearer {mallory['token']}"}
    assert status("POST", mallory["whip"], "v=0", Content_Type=SDP, **may_not) == 403
    assert status("POST", grace["whip"], "v=0", Content_Type="text/plain", **mine) == 415
    assert status("POST", grace["whip"], "not SDP", Content_Type=SDP, **mine) == 400
    assert status("GET", grace["whip"], **mine) == 405

    resource = studio.evaluate(PUBLISH, [grace["whip"], grace["token"]])
    fragment = "a=ice-ufrag:other\r\na=ice-pwd:a-password-of-some-length\r\n"
    patch = {"Content_Type": FRAGMENT, **mine}
    assert status("PATCH", resource, fragment, **patch) == 428
    assert status("PATCH", resource, fragment, If_Match='"of another time"', **patch) == 412
    assert status("PATCH", resource, fragment, If_Match="*", Content_Type=SDP, **mine) == 415
    assert status("PATCH", resource, "no fragment at all", If_Match="*", **patch) in {400, 422}
    assert status("GET", resource, **mine) == 405
    assert status("DELETE", resource, **may_not) == 404
    assert status("DELETE", resource, **mine) == 200
    assert status("DELETE", resource, **mine) == 404
