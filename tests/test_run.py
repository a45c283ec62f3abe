"""The supervisor's parts that need no running forum; the whole of it is in journeys/test_two_commands.py."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

import run
from config import valkey
from tests.forum import await_end

HOUSE = Path(run.__file__).resolve().parents[1]


@pytest.fixture
def taken():
    """A socket that listens on a port of this machine."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_picks_the_next_free_one(taken):
    with closing(run.listen("127.0.0.1", taken)) as door:
        assert taken < door.getsockname()[1] < taken + run.PORTS_TRIED


def test_a_foreign_address_is_refused_in_one_line():
    with pytest.raises(run.Trouble, match=r"^203\.0\.113\.7 is no address of this machine\.$"):
        run.listen("203.0.113.7", 8000)


def test_no_free_port_is_refused_in_one_line(taken, monkeypatch):
    monkeypatch.setattr(run, "PORTS_TRIED", 1)
    with pytest.raises(run.Trouble, match=f"No port from {taken} on is free"):
        run.listen("127.0.0.1", taken)


def test_a_folder_keeps_its_secret_to_itself(tmp_path):
    first = run.secret(tmp_path)
    assert len(first) >= 50
    assert run.secret(tmp_path) == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_a_folder_has_one_supervisor(tmp_path):
    with run.claim(tmp_path) as lock:
        lock.write("http://127.0.0.1:8123")
        lock.flush()
        with pytest.raises(run.Trouble, match=r"already runs from this folder: http://127\.0\.0\.1:8123"):
            run.claim(tmp_path)
    run.claim(tmp_path).close()


def test_a_redis_of_the_environment_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://redis.example:6379/3")
    environment = run.settings(tmp_path)
    assert environment["REDIS_URL"] == "redis://redis.example:6379/3"
    assert run.start_valkey(environment, tmp_path) == []


def test_a_long_path_leads_to_a_short_socket(tmp_path):
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    socket_path = valkey.socket_in(deep)
    assert len(os.fsencode(socket_path)) <= valkey.LONGEST_SOCKET_PATH
    assert socket_path == valkey.socket_in(deep)
    with valkey.serving(deep):
        assert valkey.answers(socket_path)


@pytest.fixture
def door():
    """The listening socket of a forum, and what a web process would be."""
    web = run.Child("web", ["sleep", "60"], os.environ)
    web.start()
    with closing(run.listen("127.0.0.1", 18500)) as listener:
        yield listener, web
    web.stop()


def answering(listener: socket.socket, answer: bytes) -> threading.Thread:
    def answer_one() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(1000)
            line.sendall(answer)

    thread = threading.Thread(target=answer_one)
    thread.start()
    return thread


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found"])
def test_a_page_that_answers_is_waited_for(door, status):
    page = answering(door[0], b"HTTP/1.1 " + status + b"\r\n\r\n")
    run.await_page(*door)
    page.join()


def test_a_page_with_an_error_is_told_in_one_line(door):
    page = answering(door[0], b"HTTP/1.1 500 Internal Server Error\r\n\r\n")
    with pytest.raises(run.Trouble, match=r"^The page answers with an error: 500 Internal Server Error\.$"):
        run.await_page(*door)
    page.join()


def test_a_web_process_that_ends_is_not_waited_for(door):
    listener, web = door
    web.stop()
    with pytest.raises(run.Trouble, match="ended before it answered"):
        run.await_page(listener, web)


def test_a_child_that_dies_is_started_again(tmp_path):
    child = run.Child("sleeping", ["sleep", "60"], os.environ)
    first = child.start()
    first.kill()
    first.wait()
    child.revive()
    try:
        assert child.process is not first
        assert child.is_running()
    finally:
        child.stop()


def test_a_child_that_does_not_stay_up_is_given_up():
    child = run.Child("hopeless", ["false"], os.environ)
    child.start()
    for _ in range(run.EARLY_DEATHS_ALLOWED - 1):
        child.process.wait()
        child.revive()
    child.process.wait()
    with pytest.raises(run.Trouble, match="The hopeless process does not stay up"):
        child.revive()


PARENT = """
import subprocess, sys, time
from leash import on_leash
child = subprocess.Popen(["sleep", "60"], preexec_fn=on_leash())
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_leashed_process_ends_with_its_parent(number):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(HOUSE / "platform")}
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.send_signal(number)
    parent.wait()
    await_end(child)
