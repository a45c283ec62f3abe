"""Debian's Janus for a side-by-side run: one event loop, its video room, spoken to by HTTP."""

import asyncio
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp

from .servers import SERVER, placed

ROOM = 1234
MAIN = """general: {{
  plugins_folder = "{libraries}/plugins"
  transports_folder = "{libraries}/transports"
  debug_level = 2
  event_loops = 1
  session_timeout = 0
  server_name = "bench"
}}
media: {{ no_media_timer = 60 }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
HTTP = 'general: {{\n base_path = "/janus"\n http = true\n port = {port}\n ip = "127.0.0.1"\n https = false\n}}\n'
VIDEO_ROOM = f'room-{ROOM}: {{\n description = "bench"\n publishers = 12\n bitrate = 0\n fir_freq = 0\n}}\n'


class Far(NamedTuple):
    """Where the other side is reached, and which part of the DTLS handshake is ours."""

    ufrag: str
    pwd: str
    fingerprint: str
    address: tuple[str, int]
    role: str


def libraries() -> Path:
    [found] = Path("/usr/lib").glob("*/janus")
    return found


def others(folder: Path, but: str) -> str:
    return ",".join(sorted(path.name for path in folder.glob("*.so") if but not in path.name))


def configure(folder: Path, port: int) -> None:
    at = libraries()
    main = MAIN.format(
        libraries=at,
        plugins=others(at / "plugins", "videoroom"),
        transports=others(at / "transports", "libjanus_http"),
    )
    (folder / "janus.jcfg").write_text(main)
    (folder / "janus.transport.http.jcfg").write_text(HTTP.format(port=port))
    (folder / "janus.plugin.videoroom.jcfg").write_text(VIDEO_ROOM)


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen]:
    if not shutil.which("janus"):
        sys.exit("JANUS=1 measures beside Janus, which is not here: apt-get install janus")
    configure(folder, port)
    command = ["janus", "--configs-folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=placed(SERVER))
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


class Handle:
    """One session with one handle on the video room."""

    def __init__(self, http: aiohttp.ClientSession, port: int):
        self.http, self.root = http, f"http://127.0.0.1:{port}/janus"
        self.session = self.handle = 0

    async def attach(self) -> "Handle":
        self.session = (await self._ask("", janus="create"))["data"]["id"]
        attached = await self._ask(f"/{self.session}", janus="attach", plugin="janus.plugin.videoroom")
        self.handle = attached["data"]["id"]
        return self

    async def message(self, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        extra = {"jsep": jsep} if jsep else {}
        await self._ask(f"/{self.session}/{self.handle}", janus="message", body=body, **extra)
        return await self._event()

    async def _ask(self, path: str, **what: Any) -> dict[str, Any]:
        body = {**what, "transaction": secrets.token_hex(8)}
        async with self.http.post(self.root + path, json=body) as answer:
            return await answer.json(content_type=None)

    async def _event(self) -> dict[str, Any]:
        while True:
            async with self.http.get(f"{self.root}/{self.session}?maxev=1") as answer:
                event = await answer.json(content_type=None)
            if event.get("janus") in {"event", "error"}:
                return event


async def answering(port: int) -> None:
    """Returns once the interface answers."""
    async with aiohttp.ClientSession() as http:
        for _ in range(100):
            try:
                async with http.get(f"http://127.0.0.1:{port}/janus/info"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    sys.exit("Janus did not start.")


def far(sdp: str) -> Far:
    def one(pattern: str) -> str:
        found = re.search(pattern, sdp)
        assert found, pattern
        return found[1]

    candidates = [line.split() for line in re.findall(r"a=candidate:(.*)\r\n", sdp)]
    host = next(it for it in candidates if it[2].lower() == "udp" and it[7] == "host" and ":" not in it[4])
    role = "server" if "a=setup:active" in sdp else "client"
    return Far(
        one(r"a=ice-ufrag:(\S+)"),
        one(r"a=ice-pwd:(\S+)"),
        one(r"a=fingerprint:sha-256 (\S+)"),
        (host[4], int(host[5])),
        role,
    )


async def publish(handle: Handle, offer: str) -> tuple[Far, int]:
    """Where to send, and the publisher's number."""
    joined = await handle.message({"request": "join", "ptype": "publisher", "room": ROOM})
    number = joined["plugindata"]["data"]["id"]
    answer = await handle.message(
        {"request": "configure", "audio": True, "video": True}, {"type": "offer", "sdp": offer}
    )
    return far(answer["jsep"]["sdp"]), number


async def subscribe(handle: Handle, feeds: list[int]) -> str:
    """Janus' offer of those feeds."""
    streams = [{"feed": feed} for feed in feeds]
    offered = await handle.message({"request": "join", "ptype": "subscriber", "room": ROOM, "streams": streams})
    return offered["jsep"]["sdp"]


async def start(handle: Handle, answer: str) -> None:
    await handle.message({"request": "start"}, {"type": "answer", "sdp": answer})
