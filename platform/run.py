"""Runs a whole Plenary on one data folder: Valkey, migrations, the sample forum, the web and the media process.

`python platform/run.py` is the one owner of those processes: it restarts one that dies, and takes all of them along
when it ends, even by SIGKILL. `python platform/run.py manage …` runs one of Django's commands with the same settings.
"""

import argparse
import errno
import fcntl
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, TextIO

from config import valkey
from leash import follow_parent, on_leash

HOUSE = Path(__file__).resolve().parents[1]
PLATFORM = HOUSE / "platform"
PORTS_TRIED = 50
BACKLOG = 4096
PATIENCE = 120
GRACE = 10
EARLY_DEATH = 5
EARLY_DEATHS_ALLOWED = 3


class Trouble(Exception):
    """Something that only a person can repair; the message is one line."""


class Stopped(BaseException):
    """Somebody asked Plenary to stop."""


@dataclass
class Child:
    """A process that is to be there for as long as this one."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    inherited: tuple[int, ...] = ()
    output: Path | None = None
    started: float = 0
    early_deaths: int = 0
    process: subprocess.Popen | None = field(default=None, repr=False)

    def start(self) -> subprocess.Popen:
        self.started = time.monotonic()
        with opened(self.output) as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=HOUSE,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                pass_fds=self.inherited,
                preexec_fn=on_leash(),
                # Ctrl-C reaches the supervisor alone, which then ends its children in order.
                process_group=0,
            )
        return self.process

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self) -> None:
        if self.is_running():
            return
        self.count_death()
        print(f"The {self.name} process ended; starting it again.", file=sys.stderr, flush=True)
        self.start()

    def count_death(self) -> None:
        early = time.monotonic() - self.started < EARLY_DEATH
        self.early_deaths = self.early_deaths + 1 if early else 0
        if self.early_deaths >= EARLY_DEATHS_ALLOWED:
            raise Trouble(f"The {self.name} process does not stay up; what it said is above.")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def opened(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    with path.open("a") as file:
        yield file


def private_folder(at: Path) -> Path:
    at.mkdir(mode=0o700, parents=True, exist_ok=True)
    return at.resolve()


def claim(folder: Path) -> TextIO:
    """The lock that keeps two supervisors off one folder, for as long as the file is open."""
    lock = (folder / "running").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        address = lock.read().strip() or "soon"
        raise Trouble(
            f"Plenary already runs from this folder: {address} (another one needs its own DATA_DIR)."
        ) from None
    lock.truncate(0)
    return lock


def address_of(folder: Path) -> str:
    """Where the forum of this folder runs, or ran last; empty before its first start."""
    lock = folder / "running"
    return lock.read_text().strip() if lock.exists() else ""


def secret(folder: Path) -> str:
    """The folder's own secret key, made at the first start."""
    kept = folder / "secret"
    if not kept.exists():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return kept.read_text()


def listen(host: str, first: int) -> socket.socket:
    """A listening socket on `first` or the next port that is free."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        try:
            return socket.create_server((host, port), backlog=BACKLOG)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise Trouble(f"{host} is no address of this machine.") from error
    raise Trouble(f"No port from {first} on is free: set PORT to another.")


def site(door: socket.socket) -> str:
    host, port = door.getsockname()
    return f"http://{'localhost' if host == '0.0.0.0' else host}:{port}"


def settings(folder: Path) -> dict[str, str]:
    """What the children find in their environment: ours, completed for a private forum on this machine."""
    given = {name: value for name, value in os.environ.items() if value}
    return {
        "DEMO": "1",
        "SECRET_KEY": secret(folder),
        "ALLOWED_HOSTS": "localhost 127.0.0.1 [::1]",
        "LOG_LEVEL": "WARNING",
        "REDIS_URL": valkey.url(valkey.socket_in(folder)),
        **given,
        "DATA_DIR": str(folder),
        "PYTHONPATH": os.pathsep.join([str(PLATFORM), str(HOUSE)]),
        "PYTHONUNBUFFERED": "1",
    }


def manage(environment: Mapping[str, str], *arguments: str) -> int:
    command = [sys.executable, str(PLATFORM / "manage.py"), *arguments]
    return subprocess.run(command, cwd=HOUSE, env=environment, preexec_fn=on_leash()).returncode


def prepare(environment: Mapping[str, str]) -> None:
    if manage(environment, "prepare"):
        raise Trouble("The database could not be prepared; what it said is above.")


def start_valkey(environment: Mapping[str, str], folder: Path) -> list[Child]:
    """The embedded server, unless the environment names one."""
    if environment["REDIS_URL"] == os.environ.get("REDIS_URL"):
        return []
    at = Path(environment["REDIS_URL"].removeprefix("unix://"))
    server = Child("Valkey", valkey.command(at), environment, output=folder / "valkey.log")
    valkey.await_answer(at, server.start())
    return [server]


def start_web(environment: Mapping[str, str], door: socket.socket) -> Child:
    command = [sys.executable, str(PLATFORM / "serve.py"), "--fd", str(door.fileno())]
    web = Child("web", command, environment, inherited=(door.fileno(),))
    web.start()
    return web


def start_media(environment: Mapping[str, str]) -> Child:
    media = Child("media", [sys.executable, "-m", "rooms.media"], environment)
    media.start()
    return media


def await_page(door: socket.socket, web: Child) -> None:
    """One patient request: the socket listens already, so that it waits there for the web process to take it."""
    deadline = time.monotonic() + PATIENCE
    with socket.create_connection(door.getsockname()) as line:
        host = site(door).removeprefix("http://")
        line.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while not select.select([line], [], [], 0.1)[0]:
            if not web.is_running():
                raise Trouble("The web process ended before it answered; what it said is above.")
            if time.monotonic() > deadline:
                raise Trouble(f"The page did not answer within {PATIENCE} seconds.")
        insist_all_is_well(line.recv(100).decode("latin-1"))


def insist_all_is_well(answer: str) -> None:
    status = answer.split("\r\n")[0].partition(" ")[2]
    if not status.startswith(("2", "3")):
        raise Trouble(f"The page answers with an error: {status}.")


def announce(address: str, environment: Mapping[str, str]) -> None:
    print(f"\nPlenary is at {address}/")
    if environment["DEMO"] == "1":
        print(f"Continue as any of its people: {address}/demo/")
    print("Ctrl-C stops it.", flush=True)


def run(folder: Path, host: str, first_port: int) -> None:
    with claim(private_folder(folder)) as lock, listen(host, first_port) as door:
        address = site(door)
        environment = {"SITE_URL": address, **settings(folder.resolve())}
        children: list[Child] = []
        try:
            children += start_valkey(environment, folder.resolve())
            prepare(environment)
            children.append(web := start_web(environment, door))
            children.append(start_media(environment))
            await_page(door, web)
            lock.write(address)
            lock.flush()
            announce(address, environment)
            watch(children)
        finally:
            for child in reversed(children):
                child.stop()


def watch(children: list[Child]) -> NoReturn:
    while True:
        time.sleep(0.2)
        for child in children:
            child.revive()


def heed_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def stop(_number: int, _frame: object) -> NoReturn:
    # A second one does not wait for the children: it takes them along.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_DFL)
    raise Stopped


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bind", default=os.environ.get("BIND") or "127.0.0.1", help="an IPv4 address of this machine")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000", help="the first port to try")
    parser.add_argument("--data", type=Path, default=os.environ.get("DATA_DIR") or HOUSE / "var")
    parser.add_argument("--follow-parent", action="store_true", help="stop when the starting process ends")
    return parser.parse_args()


def main() -> None:
    if sys.argv[1:2] == ["manage"]:
        folder = private_folder(Path(os.environ.get("DATA_DIR") or HOUSE / "var"))
        sys.exit(manage({"SITE_URL": address_of(folder), **settings(folder)}, *sys.argv[2:]))
    options = arguments()
    heed_signals()
    if options.follow_parent:
        follow_parent(signal.SIGTERM)
    try:
        run(options.data, options.bind, options.port)
    except Stopped:
        print("Plenary has stopped.")
    except (Trouble, valkey.NoValkey) as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename or 'The data folder'}: {error.strerror}")


if __name__ == "__main__":
    main()
