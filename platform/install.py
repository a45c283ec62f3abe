"""Brings a checkout to the point where Plenary can start: `python3 platform/install.py [--dev]`.

Needs the standard library only, since it makes the virtual environment that everything else lives in.
A step is skipped while its product is there and its inputs have the content they had when it last succeeded.
"""

import argparse
import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
VENV = HOUSE / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"
FRONTEND = HOUSE / "frontend"
LOCALE = HOUSE / "locale"
LOG = HOUSE / "var" / "install.log"
UV = "uv==0.13.9"
NOT_SOURCES = {"node_modules", "dist", "coverage"}
SIGNS_OF_NO_NETWORK = (
    "name resolution",
    "Network is unreachable",
    "dns error",
    "error sending request",
    "Failed to establish a new connection",
    "No matching distribution found for uv",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
)


class CannotInstall(Exception):
    """Something that only a person can repair; the message says what."""


@dataclass(frozen=True)
class Step:
    """One thing to install or build: `run` makes `products` out of `inputs`."""

    name: str
    doing: str
    inputs: Callable[[], Iterable[Path]]
    products: list[Path]
    run: Callable[[], None]

    @property
    def stamp(self) -> Path:
        return STAMPS / self.name

    def is_done(self) -> bool:
        made = all(product.exists() for product in self.products)
        return made and self.stamp.exists() and self.stamp.read_text() == fingerprint(self.inputs())

    def take(self) -> None:
        if self.is_done():
            return
        with told(self.doing):
            self.run()
        STAMPS.mkdir(exist_ok=True)
        self.stamp.write_text(fingerprint(self.inputs()))


@contextmanager
def told(doing: str) -> Iterator[None]:
    print(f"{doing} …", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except CannotInstall:
        print(flush=True)
        raise
    print(f" {time.monotonic() - started:.0f} s", flush=True)


def fingerprint(inputs: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(f"{path.relative_to(HOUSE)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files(folder: Path, pattern: str = "*") -> Iterator[Path]:
    for path in folder.glob(pattern):
        if path.name in NOT_SOURCES:
            continue
        if path.is_dir():
            yield from files(path, pattern)
        else:
            yield path


def call(*command: str | Path, otherwise: str, cwd: Path = HOUSE) -> None:
    """Runs a program quietly; when it fails, `otherwise` and the end of what it said are the error."""
    with LOG.open("a+") as log:
        begin = log.seek(0, os.SEEK_END)
        ended = subprocess.run(command, cwd=cwd, env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.seek(begin)
        said = log.read()
    if ended.returncode:
        raise CannotInstall(reason(said, otherwise))


def environment() -> dict[str, str]:
    """Ours with the virtual environment's programs first, Node included, and the machine's certificates trusted."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV), "NODE_USE_SYSTEM_CA": "1"}


def reason(said: str, otherwise: str) -> str:
    if "certificate" not in said and any(sign in said for sign in SIGNS_OF_NO_NETWORK):
        return "The first start downloads packages, and the network is away. Connect and try again."
    tail = "\n".join(f"  {line}" for line in said.strip().splitlines()[-15:])
    return f"{otherwise} The end of {LOG.relative_to(HOUSE)}:\n{tail}"


def make_venv() -> None:
    """Also replaces one whose Python is gone, as after an upgrade of the machine's."""
    if runnable(BIN / "python") and (BIN / "uv").exists():
        return
    otherwise = "python3 -m venv failed (on Debian and Ubuntu it needs the package python3-venv)."
    with told("Making the virtual environment"):
        call(sys.executable, "-m", "venv", "--clear", VENV, otherwise=otherwise)
        call(BIN / "python", "-m", "pip", "install", "--quiet", UV, otherwise="uv could not be installed.")


def runnable(python: Path) -> bool:
    return python.exists() and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def install_packages(lock: str) -> None:
    command = (
        "uv",
        "pip",
        "install",
        "--quiet",
        "--system-certs",
        "--python",
        BIN / "python",
        "--require-hashes",
        "-r",
        lock,
    )
    call(BIN / command[0], *command[1:], otherwise=f"The packages of {lock} could not be installed.")


def install_node_packages() -> None:
    # A NODE_ENV of production would leave the build tools out.
    command = ("npm", "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error")
    call(BIN / command[0], *command[1:], cwd=FRONTEND, otherwise="The front end's packages could not be installed.")


def build_frontend() -> None:
    call(BIN / "npm", "run", "build", cwd=FRONTEND, otherwise="The front-end build failed.")


def compile_messages() -> None:
    if not catalogues():
        return
    command = ("pybabel", "compile", "--directory", LOCALE, "--domain", "django")
    call(BIN / command[0], *command[1:], otherwise="The translations could not be compiled.")


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def packages(lock: str, doing: str) -> Step:
    return Step(lock, doing, lambda: [HOUSE / lock], [], lambda: install_packages(lock))


RUNTIME = packages("requirements.txt", "Installing Python packages")
DEV = packages("requirements-dev.txt", "Installing the tools of the tests")
NODE = Step(
    "node",
    "Installing the front end's packages",
    lambda: [FRONTEND / "package.json", FRONTEND / "package-lock.json"],
    [FRONTEND / "node_modules" / ".package-lock.json"],
    install_node_packages,
)


def build() -> list[Step]:
    compiled = [catalogue.with_suffix(".mo") for catalogue in catalogues()]
    manifest = FRONTEND / "dist" / "manifest.json"
    return [
        NODE,
        Step("messages", "Compiling the translations", catalogues, compiled, compile_messages),
        Step("frontend", "Building the front end", frontend_sources, [manifest], build_frontend),
    ]


def frontend_sources() -> list[Path]:
    return [*files(FRONTEND), *catalogues()]


@contextmanager
def alone() -> Iterator[None]:
    """Two commands that start at once take turns."""
    LOG.parent.mkdir(mode=0o700, exist_ok=True)
    with (LOG.parent / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(dev: bool, frontend: bool) -> None:
    with alone():
        LOG.write_text("")
        make_venv()
        for step in [RUNTIME, *([DEV] if dev else []), *(build() if frontend else [])]:
            step.take()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="the tools of the tests too")
    parser.add_argument("--no-frontend", dest="frontend", action="store_false", help="Python packages only")
    options = parser.parse_args()
    try:
        install(options.dev, options.frontend)
    except CannotInstall as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")


if __name__ == "__main__":
    main()
