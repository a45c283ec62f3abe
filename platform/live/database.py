"""Telling a passing trouble of the database from a bug, and mending the line to it."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from django.db import Error, connection

T = TypeVar("T")

DEADLOCK, SERIALIZATION = "40P01", "40001"
LINE_LOST, SERVER_GOING = "08", "57"
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def is_passing(problem: Error) -> bool:
    """True for what the same work, done again, may be spared: deadlocks, locks, a lost line."""
    cause = problem.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    return (
        state in (DEADLOCK, SERIALIZATION)
        or state[:2] in (LINE_LOST, SERVER_GOING)
        or getattr(cause, "sqlite_errorcode", 0) & 0xFF in BUSY
        or not is_connected()
    )


def is_connected() -> bool:
    return connection.connection is not None and connection.is_usable()


def mend() -> None:
    """Drop a line that is of no use any more; the next query opens a new one."""
    if not connection.in_atomic_block and not is_connected():
        connection.close()


def looked(look: Callable[..., T], *args) -> T:
    """What `look` reads, once more over a new line if the old one had been lost."""
    try:
        return look(*args)
    except Error as problem:
        if not is_passing(problem):
            raise
        mend()
        return look(*args)


def hang_up() -> None:
    """Close the line of the thread that calls this."""
    connection.close()
