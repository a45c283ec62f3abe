"""`python -m rooms.media`, from outside."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from aiohttp import ClientSession
from django.conf import settings
from msgspec import json

from rooms.media.settings import bearer

HOUSE = Path(__file__).resolve().parents[2]
SECRET = "s" * 40
READY = re.compile(r"The media worker (\w{8}) is ready: UDP port (\d+), its door at (http://\S+)$")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": f"{HOUSE / 'platform'}:{HOUSE}",
    "SECRET_KEY": SECRET,
    "REDIS_URL": settings.REDIS_URL,
    "MEDIA_BIND": "127.0.0.1",
}


def start(**given: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "rooms.media"],
        cwd=HOUSE,
        env=ENVIRONMENT | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def process():
    one = start()
    yield one
    if one.poll() is None:
        one.kill()
    one.communicate()


def leases() -> list[dict]:
    with redis.Redis.from_url(settings.REDIS_URL) as there:
        return [json.decode(there.get(key)) for key in there.keys("media:worker:*")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_when_it_is_ready_and_ends_cleanly(process, number):
    said = re.match(
        r"The media worker (\w{8}) is ready: UDP port (\d+), its door at (http://\S+)$", process.stdout.readline()
    )
    assert said
    [lease] = [lease for lease in leases() if lease["name"] == said[1]]
    assert lease["http"] == said[3]
    key = {"Authorization": f"Bearer {bearer(SECRET)}"}
    async with ClientSession() as http, http.get(f"{said[3]}/stats", headers=key) as response:
        assert (await response.json())["udp"] == int(said[2])
    process.send_signal(number)
    rest, complaints = process.communicate(timeout=20)
    assert (process.returncode, rest, complaints) == (0, "", "")
    assert not [lease for lease in leases() if lease["name"] == said[1]]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({"SECRET_KEY": "short"}, "The media process can't start: SECRET_KEY must be", id="short secret"),
        pytest.param({"MEDIA_BIND": "203.0.113.77"}, "The media process can't listen:", id="foreign address"),
        pytest.param({"MEDIA_HTTP": "203.0.113.77:1"}, "The media process can't listen:", id="foreign door"),
    ],
)
def test_what_keeps_it_from_starting_is_told_in_one_line(given, told):
    process = start(**given)
    _, complaints = process.communicate(timeout=20)
    assert process.returncode == 1
    assert complaints.startswith(told)
    assert complaints.count("\n") == 1
