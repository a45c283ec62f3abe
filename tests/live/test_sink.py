"""What the kernel relies on in Twisted's private fields, and what it does where it cannot."""

import asyncio
import socket

import pytest
from twisted.internet import tcp

from live import frames, sink
from live.sink import LITTLE, MOST, PATIENCE, PRIVATE, DirectSink, QueuedSink


class Protocol:
    """Twisted's side of a connection."""

    def __init__(self, transport):
        self.transport = transport


class Reactor:
    """As much of a reactor as a transport needs to be written to."""

    def __init__(self):
        self.writers: set = set()
        self.later: list = []

    def addReader(self, reader):
        pass

    removeReader = addReader

    def addWriter(self, writer):
        self.writers.add(writer)

    def removeWriter(self, writer):
        self.writers.discard(writer)

    def callLater(self, seconds, work, *args, **named):
        self.later.append(lambda: work(*args, **named))


class Ends:
    """A real TCP connection: Twisted's transport at our end, a bare socket at the other."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.theirs = socket.create_connection(door.getsockname(), timeout=10)
            ours, peer = door.accept()
        for end in (ours, self.theirs):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ours.setblocking(False)
        self.reactor = Reactor()
        self.transport = tcp.Server(ours, Protocol(None), peer, None, 1, self.reactor)
        self.transport.startReading()

    def flush(self):
        """What the reactor does when the socket can be written to."""
        while self.transport in self.reactor.writers:
            self.transport.doWrite()

    def received(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            if self.transport in self.reactor.writers:
                self.transport.doWrite()
            got += self.theirs.recv(65536)
        return got

    def is_aborted(self) -> bool:
        return bool(self.transport.disconnecting) or bool(self.reactor.later)


@pytest.fixture
def ends():
    ends = Ends()
    yield ends
    ends.theirs.close()
    ends.transport.socket.close()


@pytest.fixture
def direct(ends):
    return DirectSink(ends.transport)


def test_twisted_still_has_the_fields_we_use(ends):
    assert [name for name in PRIVATE if not hasattr(ends.transport, name)] == []
    assert ends.transport.TLS is False
    ends.transport.write(b"12345")
    assert (ends.transport._tempDataLen, len(ends.transport.dataBuffer), ends.transport.offset) == (5, 0, 0)


def test_the_fields_say_how_much_is_waiting(ends, direct):
    ends.transport.write(b"x" * 6_000_000)
    assert direct._backlog() == 6_000_000
    ends.transport.doWrite()
    assert 0 < direct._backlog() < 6_000_000
    ends.received(6_000_000)
    assert direct._backlog() == 0


def test_a_frame_goes_straight_into_the_socket(ends, direct):
    direct.write(b"frame")
    assert ends.transport not in ends.reactor.writers
    assert ends.received(5) == b"frame"


def test_frames_stay_in_order_whoever_wrote_them(ends, direct):
    ends.transport.write(b"pong,")
    direct.write(b"first,")
    ends.flush()
    direct.write(b"second")
    assert ends.received(17) == b"pong,first,second"


def test_a_large_snapshot_arrives_whole_with_what_follows(ends, direct):
    snapshot = bytes(range(256)) * 20_000
    direct.give(snapshot)
    direct.write(b"after")
    assert not ends.is_aborted()
    assert ends.received(len(snapshot) + 5) == snapshot + b"after"


def test_a_backlog_that_grows_too_large_ends_the_line(ends, direct):
    written = 0
    while not ends.is_aborted():
        direct.write(b"x" * 50_000)
        written += 50_000
        assert written < 20_000_000
    assert direct._backlog() <= MOST + 100_000


def test_a_backlog_that_lasts_too_long_ends_the_line(ends, direct, monkeypatch):
    now = 100.0
    monkeypatch.setattr(sink.time, "monotonic", lambda: now)
    while direct._backlog() < LITTLE:
        direct.write(b"x" * 20_000)
    now += PATIENCE - 1
    direct.write(b"still patient")
    assert not ends.is_aborted()
    now += 10
    direct.write(b"no more")
    assert ends.is_aborted()


def test_who_was_slow_once_is_not_cut_off_for_a_pulse_later(ends, direct, monkeypatch):
    now = 100.0
    monkeypatch.setattr(sink.time, "monotonic", lambda: now)
    direct.give(b"x" * 6_000_000)
    ends.received(6_000_000)
    now += 1000
    ends.transport.write(b"ping")
    direct.write(b"frame")
    assert not ends.is_aborted()


def test_a_broken_line_is_nobodys_problem(ends, direct):
    ends.theirs.close()
    for _ in range(3):
        direct.write(b"frame")


def test_a_line_under_tls_is_not_reached_into(ends):
    scope = {"extensions": {"live.protocol": Protocol(ends.transport)}}
    assert isinstance(sink.sink(scope, print), DirectSink)
    ends.transport.TLS = True
    assert isinstance(sink.sink(scope, print), QueuedSink)
    assert isinstance(sink.sink({}, print), QueuedSink)


# where ASGI's `send` is all there is


class Server:
    def __init__(self):
        self.sent: list[dict] = []
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message: dict) -> None:
        await self.open.wait()
        self.sent.append(message)


async def test_frames_go_one_by_one_through_send():
    server = Server()
    queued = QueuedSink(server.send)
    queued.write(frames.text(b"1") + frames.text(b"2"))
    queued.give(frames.text(b"3"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [message["text"] for message in server.sent] == ["1", "2", "3"]
    assert queued.size == 0


async def test_a_queue_that_grows_too_large_ends_the_line():
    server = Server()
    queued = QueuedSink(server.send)
    queued.give(frames.text(b"x" * 1_000_000))
    assert not queued.aborted
    server.open.clear()
    for _ in range(40):
        queued.write(frames.text(b"x" * 10_000))
    assert queued.aborted
    server.open.set()
    await asyncio.sleep(0.01)
    assert server.sent[-1] == {"type": "websocket.close", "code": 4408}
