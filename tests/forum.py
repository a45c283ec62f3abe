"""A whole Plenary as `make run` starts it, on a data folder of its own, for tests that look at it from outside."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "DATABASE_URL")


@dataclass
class Forum:
    address: str
    folder: Path
    supervisor: subprocess.Popen
    environment: dict[str, str] = field(repr=False)

    def manage(self, *arguments: str) -> str:
        """What one of Django's commands says, run beside the forum with the same settings."""
        command = [*RUN, "manage", *arguments]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    def processes(self) -> list[int]:
        """The supervisor and all that descends from it."""
        return [self.supervisor.pid, *descendants(self.supervisor.pid)]

    def stop(self) -> int:
        self.supervisor.send_signal(signal.SIGTERM)
        return self.supervisor.wait(30)


def own_address() -> str:
    """That of this machine, or loopback where it has no other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))  # nothing is sent (RFC 5737)
        except OSError:
            return "127.0.0.1"
        return line.getsockname()[0]


RUN = [sys.executable, str(HOUSE / "platform" / "run.py")]


@contextmanager
def forum(folder: Path, **environment: str) -> Iterator[Forum]:
    """Starts it on a free port and waits for its page; `environment` comes on top."""
    started = start(folder, **environment)
    try:
        yield started
    finally:
        started.stop()


def start(folder: Path, **given: str) -> Forum:
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= {"DATA_DIR": str(folder), "PORT": "18000", **given}
    supervisor = subprocess.Popen(RUN, env=environment, stdout=subprocess.PIPE, text=True)
    return Forum(printed_address(supervisor), folder, supervisor, environment)


def printed_address(supervisor: subprocess.Popen) -> str:
    assert supervisor.stdout
    said = []
    for line in supervisor.stdout:
        said.append(line)
        if found := re.match(r"Plenary is at (http://\S+)/$", line):
            return found[1]
    raise AssertionError(f"Plenary did not start: {''.join(said)}")


def descendants(pid: int) -> list[int]:
    children = [
        int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()
    ]
    return children + [grandchild for child in children for grandchild in descendants(child)]


def await_end(pid: int, within: float = 5) -> None:
    """Fails unless the process is gone, or a zombie that its new parent has yet to collect."""
    deadline = time.monotonic() + within
    while alive(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
