"""Measures everything and writes what came out into docs/performance.md: `make bench NAME=report`.

Takes an hour on an idle machine, which is what it needs: two free cores. `python -m bench.report media lossy` measures
these alone and leaves what is written of the others.
"""

import importlib
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from .figures import Target
from .servers import CORES, HOUSE

BENCHES = ["fanout", "asks", "votes", "entry", "faults", "pages", "media", "lossy", "media_faults", "directory"]
BENCHES += ["conversations", "matching"]
PAGE = HOUSE / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"


def figures_of(bench: str) -> dict[str, Any]:
    print(f"{bench} …", flush=True)
    command = [sys.executable, "-m", f"bench.{bench}", "--no-judge"]
    done = subprocess.run(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True, check=True)
    print(done.stdout, flush=True)
    return json.loads(done.stdout.splitlines()[-1])


def targets_of(bench: str) -> list[Target]:
    return getattr(importlib.import_module(f"bench.{bench}"), "TARGETS", [])


def table(figures: Mapping[str, Any], targets: Sequence[Target]) -> str:
    asked = {target.figure: target.asked() for target in targets}
    rows = (f"| `{name}` | {said(value)} | {asked.get(name, '')} |" for name, value in flat(figures) if name != "bench")
    return "\n".join(["| figure | measured | asked for |", "|---|---:|---:|", *rows])


def said(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def flat(figures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Figures of a point, such as {"points": {"6x30": {"p99_ms": …}}}, by a name for each: `6x30_p99_ms`."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from flat(value, "" if name == "points" else f"{prefix}{name}_")
        else:
            yield f"{prefix}{name}", value


def machine() -> str:
    return f"{len(CORES)} cores, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"


def section(bench: str, figures: Mapping[str, Any]) -> str:
    day, load = datetime.now(UTC).date(), os.getloadavg()[2]
    when = f"Measured on {day} on {machine()}; load average of the last quarter of an hour {load:.1f}."
    return f"### {bench}\n\n{when}\n\n{table(figures, targets_of(bench))}\n\n"


def sections(text: str) -> dict[str, str]:
    """What is written of each bench."""
    return {part.split()[1]: part for part in re.split(r"(?=^### )", text, flags=re.M) if part.startswith("### ")}


def write(measured: Mapping[str, Mapping[str, Any]]) -> None:
    """In the order of BENCHES; those that were not measured stay as they are."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    text, _, after = rest.partition(END)
    known = sections(text) | {bench: section(bench, figures) for bench, figures in measured.items()}
    written = "".join(known[bench] for bench in BENCHES if bench in known)
    PAGE.write_text(f"{before}{BEGIN}\n{written}{END}{after}")


def main() -> None:
    for bench in sys.argv[1:] or BENCHES:
        write({bench: figures_of(bench)})


if __name__ == "__main__":
    main()
