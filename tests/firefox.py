"""The Firefox that one journey drives, over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/).

Playwright only drives a Firefox of its own build, which not every machine can fetch.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.chromium import quietly, starts

NAMES = ("firefox-esr", "firefox")
PATIENCE = 60  # seconds
PREFERENCES: dict[str, Any] = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": True,
    "toolkit.telemetry.enabled": False,
}


def path() -> str:
    """A Firefox that starts; exits with a sentence when none can be had."""
    for way in (installed, from_debian):
        found = way()
        if found and starts(found):
            return found
    sys.exit("There is no Firefox for the journeys and none can be installed: install one.")


def installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def from_debian() -> str | None:
    if not shutil.which("apt-get"):
        return None
    quietly("apt-get", "update")
    quietly("apt-get", "install", "-y", "--no-install-recommends", "firefox-esr")
    return installed()


class Failed(Exception):
    """What Firefox said of a command it refused, or what a script threw."""


class Page:
    """One tab."""

    def __init__(self, line: ClientConnection):
        self.line = line
        self.numbers = count(1)
        self.ask("session.new", capabilities={})
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        self.line.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self.line.recv(PATIENCE))).get("id") != number:
            pass
        if "error" in answer:
            raise Failed(answer["message"])
        return answer["result"]

    def prepare(self, script: str) -> None:
        """Runs it in every page from now on, before the page's own scripts."""
        self.ask("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def goto(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def wait_for(self, script: str) -> Any:
        """What the expression is worth, once that is truthy."""
        deadline = time.monotonic() + PATIENCE
        while not (worth := self.evaluate(script)):
            if time.monotonic() > deadline:
                raise Failed(f"it did not come true: {script}")
            time.sleep(0.2)
        return worth

    def evaluate(self, script: str) -> Any:
        """What the expression is worth, or its promise, as JSON carries it."""
        told = self.ask(
            "script.evaluate",
            expression=f"Promise.resolve({script}).then(JSON.stringify)",
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        if told["type"] == "exception":
            raise Failed(told["exceptionDetails"]["text"])
        return json.loads(told["result"].get("value", "null"))


@contextmanager
def page(folder: Path) -> Iterator[Page]:
    """A tab of a new Firefox that keeps its things in `folder`."""
    program = start(folder)
    try:
        with connect(address(program), max_size=None) as line:
            yield Page(line)
    finally:
        program.terminate()
        program.wait(PATIENCE)


def start(folder: Path) -> subprocess.Popen:
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join(lines))
    command = [path(), "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def address(program: subprocess.Popen) -> str:
    assert program.stderr
    for line in program.stderr:
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            return f"{found[1]}/session"
    raise Failed("Firefox did not start.")
