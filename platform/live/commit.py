"""Group commit: one transaction for a batch of jobs. Runs in the thread that writes."""

import logging
import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import Error, connection, transaction
from django.utils import timezone

from . import batch, database, log
from .frames import Frame
from .jobs import Done, Job, Result, again
from .models import Receipt
from .refusal import Refused

logger = logging.getLogger(__name__)

PATIENCE = 8.0  # seconds of trying again
RECEIPTS = timedelta(days=2)  # a client that comes back later has forgotten what it asked
STUMBLED, LATER = Refused("server.stumbled"), Refused("try.again")

Perform = Callable[[Job], Result]


class WroteThenRefused(Exception):
    """The plain run cannot undo one job alone."""


def commit(jobs: Sequence[Job]) -> tuple[list[Result], list[Frame]]:
    """Do all jobs in one transaction. Returns the outcome of each, and the frames to send.

    At first plainly. Only if a job fails after it wrote are all rolled back and done again, each behind a
    savepoint of its own, so that it fails alone. Passing trouble of the database is tried again for a while.
    """
    try:
        return _attempt(jobs, _plainly)
    except Exception as problem:  # noqa: BLE001 -- done again below, where each failure finds its job
        _note(jobs, problem)
    return _fenced_until(time.monotonic() + PATIENCE, jobs)


def _fenced_until(deadline: float, jobs: Sequence[Job]) -> tuple[list[Result], list[Frame]]:
    pause = 0.005
    while time.monotonic() < deadline:
        try:
            return _attempt(jobs, _fenced)
        except Error as problem:
            _note(jobs, problem)
            time.sleep(random.random() * pause)
            pause = min(2 * pause, 1)
    return [LATER] * len(jobs), []


def _note(jobs: Sequence[Job], problem: Exception) -> None:
    logger.warning("%d jobs are done again: %r", len(jobs), problem)
    database.mend()


def _attempt(jobs: Sequence[Job], perform: Perform) -> tuple[list[Result], list[Frame]]:
    topics = {job.on for job in jobs if job.on}
    with transaction.atomic(), log.listening() as said, batch.together(_people(jobs), topics):
        log.lock()
        before = _receipts(jobs)
        outcomes = _perform_once(jobs, dict(before), perform)
        _keep_receipts({key: it for key, it in outcomes.items() if isinstance(key, tuple) and key not in before})
        log.settle()
        frames = log.append(said) if said else []
    return [outcomes[_key(job)] for job in jobs], frames


def _people(jobs: Iterable[Job]) -> set[int]:
    return {person for job in jobs for person in job.people}


def _key(job: Job) -> Any:
    return job.receipt or id(job)


def _perform_once(jobs: Sequence[Job], outcomes: dict[Any, Result], perform: Perform) -> dict[Any, Result]:
    for job in jobs:
        if _key(job) not in outcomes:
            outcomes[_key(job)] = perform(job)
    return outcomes


def _plainly(job: Job) -> Result:
    """Whoever wrote and is then refused, or has a bug, spoils this run."""
    with _watching() as writes:
        try:
            with log.unsaid_on_failure():
                return job.work()
        except Refused as no:
            batch.forget()
            if writes:
                raise WroteThenRefused(job.name) from no
            return no


def _fenced(job: Job) -> Result:
    """Whatever goes wrong undoes this job only."""
    try:
        with transaction.atomic(), log.unsaid_on_failure():
            outcome = job.work()
            log.settle()
            return outcome
    except Refused as no:
        batch.forget()
        return no
    except Exception as problem:
        if isinstance(problem, Error) and database.is_passing(problem):
            raise
        batch.forget()
        logger.exception("%s failed", job.name)
        return STUMBLED


@contextmanager
def _watching():
    """A list of what is written inside of the block; reads leave it empty."""
    writes: list[str] = []

    def watch(execute, sql, params, many, context):
        if not sql.startswith("SELECT"):
            writes.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield writes


def _receipts(jobs: Iterable[Job]) -> dict[tuple[int, str], Done]:
    wanted = {job.receipt for job in jobs if job.receipt}
    if not wanted:
        return {}
    rows = Receipt.objects.filter(ref__in={ref for _, ref in wanted}).values_list("person", "ref", "reply")
    return {(person, ref): again(reply) for person, ref, reply in rows if (person, ref) in wanted}


def _keep_receipts(outcomes: dict[tuple[int, str], Result]) -> None:
    done = {key: outcome for key, outcome in outcomes.items() if isinstance(outcome, Done)}
    Receipt.objects.bulk_create(
        [Receipt(person=person, ref=ref, reply=outcome.wire.decode()) for (person, ref), outcome in done.items()]
    )


def forget_receipts() -> None:
    """Throw away those that nobody will ask for any more."""
    Receipt.objects.filter(at__lt=timezone.now() - RECEIPTS).delete()
