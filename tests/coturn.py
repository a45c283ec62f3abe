"""The coturn that the relay ladder is tried with: found, or had from Debian. `python -m tests.coturn` says where."""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket
from typing import NamedTuple

from tests.chromium import quietly

UNPACKED = Path(__file__).resolve().parents[1] / "var" / "coturn"
PATIENCE = 60  # seconds
RELAYED = 200  # ports for relayed media


class Relay(NamedTuple):
    """A running one: its address as TURN_URL has it, and the secret that it shares with us."""

    url: str
    secret: str
    log: Path
    program: subprocess.Popen

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        self.program.terminate()
        self.program.wait(PATIENCE)


def path() -> str:
    """A coturn that starts; exits with a sentence when none can be had."""
    for way in WAYS:
        found = way()
        if found and starts(found):
            return found
    sys.exit("There is no coturn for the tests and none can be installed: install one.")


def starts(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], env=libraries(), capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def installed() -> str | None:
    return shutil.which("turnserver")


def unpacked_before() -> str | None:
    program = UNPACKED / "usr" / "bin" / "turnserver"
    return str(program) if program.exists() else None


def from_debian() -> str | None:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return None
    quietly("apt-get", "update")
    quietly("apt-get", "install", "-y", "--no-install-recommends", "coturn")
    return installed()


def unpacked() -> str | None:
    """Anybody may download packages, and those that it needs are few. Nothing of the machine's own is changed."""
    if not shutil.which("apt-get"):
        return None
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with (UNPACKED / "lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not unpacked_before():
            _unpack()
    return unpacked_before()


def _unpack() -> None:
    subprocess.run(["apt-get", "download", *needed()], cwd=UNPACKED, stdout=sys.stderr)
    for package in sorted(UNPACKED.glob("*.deb"), key=lambda package: package.name.startswith("coturn")):
        subprocess.run(["dpkg", "-x", package, UNPACKED], stdout=sys.stderr)


def needed() -> list[str]:
    """coturn, and what this machine lacks for it."""
    plan = subprocess.run(
        ["apt-get", "install", "--simulate", "--no-install-recommends", "coturn"], capture_output=True, text=True
    )
    return [line.split()[1] for line in plan.stdout.splitlines() if line.startswith("Inst ")] or ["coturn"]


def libraries() -> dict[str, str]:
    """Where what was unpacked finds its own."""
    found = [str(folder) for folder in (UNPACKED / "usr" / "lib").glob("*-linux-gnu*")]
    return os.environ | {"LD_LIBRARY_PATH": os.pathsep.join([*found, os.environ.get("LD_LIBRARY_PATH", "")])}


WAYS: tuple[Callable[[], str | None], ...] = (installed, unpacked_before, unpacked, from_debian)


@contextmanager
def relaying(folder: Path, host: str = "127.0.0.1") -> Iterator[Relay]:
    """One of its own on free ports of `host`, which keeps its things in `folder`."""
    secret, port, log = secrets.token_urlsafe(24), free_port(host), folder / "coturn.log"
    with log.open("wb") as said:
        program = subprocess.Popen(
            [path(), *options(folder, host, port, secret)], env=libraries(), stdout=said, stderr=subprocess.STDOUT
        )
    try:
        relay = Relay(f"turn:{host}:{port}", secret, log, program)
        wait_for(host, port, relay)
        yield relay
    finally:
        program.terminate()
        program.wait(PATIENCE)


def options(folder: Path, host: str, port: int, secret: str) -> list[str]:
    """Nothing from the system's configuration; only what deployments are told to set (docs/operations.md)."""
    lowest = free_port(host)
    return [
        "-n",
        "--use-auth-secret",
        f"--static-auth-secret={secret}",
        "--realm=plenary",
        f"--listening-ip={host}",
        f"--relay-ip={host}",
        f"--listening-port={port}",
        f"--min-port={min(lowest, 65535 - RELAYED)}",
        f"--max-port={min(lowest + RELAYED, 65535)}",
        "--no-tls",
        "--no-dtls",
        "--no-cli",
        "--allow-loopback-peers",
        "--log-file=stdout",
        "--simple-log",
        "--verbose",
        f"--pidfile={folder / 'coturn.pid'}",
        f"--userdb={folder / 'coturn.sqlite'}",
    ]


def free_port(host: str) -> int:
    with socket(AF_INET, SOCK_DGRAM) as line:
        line.bind((host, 0))
        return line.getsockname()[1]


BINDING = bytes.fromhex("000100002112a442") + b"are you here"  # RFC 8489, 5: a request, no attributes


def wait_for(host: str, port: int, relay: Relay) -> None:
    deadline = time.monotonic() + PATIENCE
    with socket(AF_INET, SOCK_DGRAM) as line:
        line.settimeout(0.2)
        while time.monotonic() < deadline:
            assert relay.program.poll() is None, relay.said
            line.sendto(BINDING, (host, port))
            try:
                line.recv(2048)
            except OSError:
                continue
            return
    raise AssertionError(f"coturn does not answer: {relay.said}")


if __name__ == "__main__":
    sys.stdout.write(path() + "\n")
