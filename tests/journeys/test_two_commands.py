"""`make run` as somebody at a terminal sees it."""

import os
import signal
import time
import urllib.request

import pytest

from tests.forum import await_end, forum, start


def answers(address: str) -> bool:
    with urllib.request.urlopen(f"{address}/health", timeout=10) as page:
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
    assert len(processes) == 3
    running.supervisor.send_signal(number)
    running.supervisor.wait(30)
    for process in processes:
        await_end(process)


def test_the_second_start_is_quick(folder):
    # The best of three: a machine may be busy with something else for a moment.
    assert min(time_to_start(folder) for _ in range(3)) < 5


def time_to_start(folder) -> float:
    began = time.monotonic()
    with forum(folder) as running:
        took = time.monotonic() - began
        assert answers(running.address)
    return took


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
        assert len(running.processes()) == 3
