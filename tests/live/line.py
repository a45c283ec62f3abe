"""A browser's side of a socket, and the server process at the other end."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import websockets
from django.conf import settings
from django.db import connection

from live.tickets import ticket

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds: the machine may be busy


class Line:
    """One open socket. Frames come in the order of the line; `until` looks for one and keeps all that came."""

    def __init__(self, socket: websockets.ClientConnection):
        self.socket = socket
        self.heard: list[dict[str, Any]] = []

    async def say(self, do: str, on: str | None = None, ref: str | None = None, **given) -> str:
        ref = ref or str(uuid.uuid4())
        asked = {"do": do, "ref": ref, "with": given} | ({"on": on} if on else {})
        await self.socket.send(msgspec.json.encode(asked).decode())
        return ref

    async def ask(self, do: str, on: str | None = None, ref: str | None = None, **given) -> dict[str, Any]:
        ref = await self.say(do, on, ref, **given)
        return await self.until(re=ref)

    async def enter(self, topic: str, **given) -> dict[str, Any]:
        await self.say("enter", topic, **given)
        return await self.until("entered", on=topic)

    async def hear(self) -> dict[str, Any]:
        self.heard.append(msgspec.json.decode(await asyncio.wait_for(self.socket.recv(), PATIENCE)))
        return self.heard[-1]

    async def until(self, *keys: str, **values) -> dict[str, Any]:
        """The next frame that has these keys and these values."""
        while True:
            frame = await self.hear()
            if all(key in frame for key in keys) and values.items() <= frame.items():
                return frame

    async def closed(self) -> int:
        """The code that the server closes with."""
        try:
            while True:
                await self.hear()
        except websockets.ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006

    def events(self, topic: str) -> list[dict[str, Any]]:
        return [frame for frame in self.heard if frame.get("on") == topic and "event" in frame]


class Served:
    """A server process of its own on the tests' database and Valkey."""

    def __init__(self, port: int | None = None):
        self.port = port or free_port()
        self.process = self._start()

    def _start(self) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.served", str(self.port)], cwd=HOUSE, env=environment()
        )
        wait_for(self.port, process)
        return process

    def open(self, person: int, language: str = "en", **options):
        return self.knock(f"ticket={ticket(person, language)}", **options)

    def knock(self, query: str, **options):
        address = f"ws://127.0.0.1:{self.port}/live?{query}"
        return websockets.connect(address, proxy=None, max_size=None, compression=None, **options)

    @contextmanager
    def _ended_by(self, number: int):
        self.process.send_signal(number)
        yield
        self.process.wait(PATIENCE)

    def kill(self) -> None:
        with self._ended_by(signal.SIGKILL):
            pass

    def stop(self) -> None:
        with self._ended_by(signal.SIGTERM):
            pass

    def start_again(self) -> None:
        self.process = self._start()


def environment() -> dict[str, str]:
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.live.served",
        "PYTHONPATH": f"{HOUSE}{os.pathsep}{HOUSE / 'platform'}",
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1 localhost",
        "PGOPTIONS": "",
    }
    return os.environ | own


def database_url() -> str:
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    host = {"host": at["HOST"]} if at["HOST"] else {}
    options = "&".join(f"{key}={value}" for key, value in (host | at["OPTIONS"]).items() if isinstance(value, str))
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@:{at['PORT']}/{at['NAME']}?{options}"


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server process ended"
        try:
            return socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server process does not listen")


async def looked(look, *args):
    """What `look` reads or does with the database, in a thread whose connection is closed again."""

    def run():
        try:
            return look(*args)
        finally:
            connection.close()

    return await asyncio.to_thread(run)
