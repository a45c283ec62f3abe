"""The processes of a bench: each on its core, none outlives the bench. Linux only."""

import atexit
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from leash import on_leash

HOUSE = Path(__file__).resolve().parents[1]
BACKLOG = 4096
KEENNESS = -19  # nice; only root may
MOST_FILES = 20_000
SESSION = Path("/proc/self/autogroup")
CORES = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = CORES[0], CORES[-1]


def take_place(core: int) -> None:
    """Keeps this process on a core and ahead of others, with enough files for a crowd."""
    os.sched_setaffinity(0, {core})
    if os.geteuid() == 0:
        os.setpriority(os.PRIO_PROCESS, 0, KEENNESS)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(MOST_FILES, hard)), hard))


def settle_in() -> None:
    """To be said first by a bench: it takes its place, and when asked to stop it tidies up."""
    take_place(CLIENT)
    if os.geteuid() == 0 and SESSION.exists():
        take_session_along()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def take_session_along() -> None:
    """Until the end: Linux weighs sessions against each other before it looks at how keen their processes are."""
    before = SESSION.read_text().split()[-1]
    SESSION.write_text(f"{KEENNESS}")
    atexit.register(SESSION.write_text, before)


def placed(core: int) -> Callable[[], None]:
    attach = on_leash()

    def place() -> None:
        attach()
        take_place(core)

    return place


class Server:
    """A program that serves a socket which it is given as `--fd`, started again as often as you like."""

    def __init__(self, *command: str, environment: Mapping[str, str], log: Path, core: int = SERVER):
        self.command, self.environment, self.log, self.core = command, environment, log, core
        self.door = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self.port: int = self.door.getsockname()[1]

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command, "--fd", str(self.door.fileno())],
                cwd=HOUSE,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[self.door.fileno()],
                preexec_fn=placed(self.core),
            )
        self.seen = psutil.Process(self.process.pid)

    def await_answer(self, within: float = 60) -> None:
        """Returns once it answers something, whatever it is."""
        with socket.create_connection(("127.0.0.1", self.port), within) as line:
            line.sendall(b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
            line.sendall(b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n")
            while not self._readable(line):
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.command} ended: {self.log.read_text()[-3000:]}")
            line.recv(64)

    def _readable(self, line: socket.socket) -> bool:
        line.settimeout(0.2)
        try:
            return bool(line.recv(1, socket.MSG_PEEK))
        except TimeoutError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        times = self.seen.cpu_times()
        return times.user + times.system


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    server.start()
    try:
        server.await_answer()
        yield server
    finally:
        server.stop()
        server.door.close()
