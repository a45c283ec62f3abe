"""`make run` as somebody at a terminal sees it."""

import os
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.forum import await_end, forum, start

PROCESSES = ("supervisor", "Valkey", "web", "media")


def answers(address: str) -> bool:
    with urllib.request.urlopen(f"{address}/health", timeout=60) as page:
        return page.status == 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data folder that has seen a first start."""
    folder = tmp_path_factory.mktemp("terminal")
    with forum(folder):
        pass
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_outlives_the_supervisor(folder, number):
    running = start(folder)
    processes = running.processes()
    assert len(processes) == len(PROCESSES)
    running.supervisor.send_signal(number)
    running.supervisor.wait(30)
    for process in processes:
        await_end(process)


def test_the_second_start_is_quick(folder):
    # Its steps follow one another: what they take of a processor is what an idle machine's clock would show.
    assert min(seconds_to_start(folder) for _ in range(3)) < 5


def seconds_to_start(folder) -> float:
    with forum(folder) as running:
        assert answers(running.address)
        return sum(processor_seconds(process) for process in running.processes())


def processor_seconds(pid: int) -> float:
    """Of a process and of those it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def test_a_second_forum_takes_another_port(folder, tmp_path):
    with forum(folder) as one, forum(tmp_path, PORT=one.address.rsplit(":", 1)[1], DEMO="0") as other:
        assert one.address != other.address
        assert answers(one.address)
        assert answers(other.address)


def test_a_web_process_that_dies_comes_back(folder):
    with forum(folder) as running:
        _, *children = running.processes()
        for child in children:
            os.kill(child, signal.SIGKILL)
            await_end(child)
        # The supervisor holds the listening socket: who comes meanwhile waits in line.
        assert answers(running.address)
        assert len(running.processes()) == len(PROCESSES)
