"""The Chromium that the journeys drive: found, else installed. `python -m tests.chromium` prints its path."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from install import BIN, environment

FLAGS = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream=fps=8",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--allow-loopback-in-peer-connection",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGED = Path(__file__).resolve().parents[1] / "var" / "chromium"
UNPACK = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath())"


def path() -> str:
    """A Chromium that starts; exits with a sentence when none can be had."""
    for way in WAYS:
        found = way()
        if found and starts(found):
            return found
    sys.exit("There is no Chromium for the journeys and none can be installed: install one, or set CHROMIUM.")


def starts(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def named() -> str | None:
    return os.environ.get("CHROMIUM")


def installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def from_debian() -> str | None:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return None
    quietly("apt-get", "update")
    quietly("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-core")
    return installed()


def from_npm() -> str | None:
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return None
    PACKAGED.mkdir(parents=True, exist_ok=True)
    if not quietly(
        str(BIN / "npm"), "install", "--no-audit", "--no-fund", "--prefix", str(PACKAGED), "@sparticuz/chromium"
    ):
        return None
    unpacked = subprocess.run(
        [BIN / "node", "--input-type=module", "--eval", UNPACK],
        cwd=PACKAGED,
        env=environment(),
        capture_output=True,
        text=True,
    )
    return unpacked.stdout.strip() or None


def from_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    quietly(sys.executable, "-m", "playwright", "install", "chromium")
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def quietly(*command: str) -> bool:
    print(f"Getting Chromium: {' '.join(command[:3])} …", file=sys.stderr, flush=True)
    quiet = {**environment(), "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode == 0


WAYS: tuple[Callable[[], str | None], ...] = (named, installed, from_debian, from_npm, from_playwright)


if __name__ == "__main__":
    sys.stdout.write(path() + "\n")
