"""A web process and media workers as they run in earnest, on the tests' database and Valkey."""

import asyncio
import select
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from django.conf import settings
from django.test import Client as Browser

from tests.live import line
from tests.media.client import Client, audio, video

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds: the machine may be busy
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
RECEIVING = (audio("recvonly"), video("recvonly"))


def environment(**more: str) -> dict[str, str]:
    own = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(settings.DATA_DIR), "LOG_LEVEL": "WARNING"}
    return line.environment() | own | {"DEBUG": "", "MEDIA_BIND": "127.0.0.1"} | more


class Worker:
    """`python -m rooms.media`"""

    def __init__(self):
        command = [sys.executable, "-m", "rooms.media"]
        self.process = subprocess.Popen(
            command, cwd=HOUSE, env=environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self.name = self._said().split()[3]

    def _said(self) -> str:
        assert select.select([self.process.stdout], [], [], PATIENCE)[0], "the media worker is not ready"
        return self.process.stdout.readline()

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Web:
    """`platform/serve.py`, without limits of haste."""

    def __init__(self, **more: str):
        self.port = line.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "platform/serve.py", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=HOUSE, env=environment(BENCH="1", **more))
        line.wait_for(self.port, self.process)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


class Guest:
    """Somebody's browser at the doors of one room: by cookie, by token, or unknown."""

    def __init__(self, web: Web, http: aiohttp.ClientSession, room: str, headers: dict[str, str]):
        """`room` is the path of one: /room/4821/"""
        self.web, self.http, self.room, self.headers = web, http, room, headers
        self.clients: list[Client] = []

    def at(self, path: str) -> str:
        return self.web.address + (path if path.startswith("/") else f"{self.room}{path}")

    async def ask(self, method: str, path: str, body: str = "", **headers: str) -> aiohttp.ClientResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.http.request(method, self.at(path), data=body or None, headers=self.headers | named)
        await answer.read()
        return answer

    async def publishes(self, kind: str = "camera") -> aiohttp.ClientResponse:
        client = self.client()
        sends = (audio("sendonly", 11), video("sendonly", 12, 13)) if kind == "camera" else (video("sendonly", 14, 15),)
        return await self.ask("POST", f"whip?kind={kind}", client.offer(*sends), Content_Type=SDP)

    async def watches(self, place: str = "live") -> aiohttp.ClientResponse:
        return await self.ask("POST", f"whep?place={place}", self.client().offer(*RECEIVING), Content_Type=SDP)

    def client(self) -> Client:
        self.clients.append(Client())
        return self.clients[-1]

    async def connected(self, answer: aiohttp.ClientResponse) -> Client:
        """The newest client, once its media flow."""
        assert answer.status == 201, await answer.text()
        await self.clients[-1].connect(await answer.text())
        return self.clients[-1]

    async def leave(self) -> None:
        for client in self.clients:
            client.vanish()


def cookie_of(person) -> str:
    browser = Browser()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


@asynccontextmanager
async def guest(
    web: Web, code: str, person=None, token: str = "", of: str = "room", **headers: str
) -> AsyncIterator[Guest]:
    own = {name.replace("_", "-"): value for name, value in headers.items()}
    if person:
        own = {"Cookie": await line.looked(cookie_of, person), "Origin": web.address} | own
    if token:
        own["Authorization"] = f"Bearer {token}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        somebody = Guest(web, http, f"/{of}/{code}/", own)
        try:
            yield somebody
        finally:
            await somebody.leave()


async def until(look, *args, within: float = PATIENCE):
    """The first true thing that `look` finds; it may be a coroutine function."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = look(*args)
        found = await found if asyncio.iscoroutine(found) else found
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{look} found nothing")
