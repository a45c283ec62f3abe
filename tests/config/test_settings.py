"""Settings that would fail in somebody's face later fail at the start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLATFORM = Path(__file__).resolve().parents[2] / "platform"


def started(folder, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", "DATA_DIR": str(folder)}
    command = [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"]
    return subprocess.run(command, cwd=PLATFORM, env=environment | given, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("url", "secret", "works"),
    [
        pytest.param("turn:relay.example:3478", "", False, id="relay without its secret"),
        pytest.param("turns:relay.example:443?transport=tcp", "s", True, id="relay"),
        pytest.param("stun:relay.example:3478", "", True, id="stun has no secret"),
    ],
)
def test_relays_share_a_secret(tmp_path, url, secret, works):
    ran = started(tmp_path, TURN_URL=url, TURN_SECRET=secret)
    assert (ran.returncode == 0) is works, ran.stderr
    assert ("TURN_SECRET must be set" in ran.stderr) is not works
