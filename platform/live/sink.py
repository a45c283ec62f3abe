"""One socket to write to. The only file that knows private names of Twisted (pinned; tests/live/test_sink.py)."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from . import frames

SEND_BUFFER = 64 * 1024
MOST = 256 * 1024  # bytes that may wait for a slow reader
PATIENCE = 5.0  # seconds that they may wait
LITTLE = 4 * 1024  # bytes waiting that are the pulse of the line rather than slowness
SLOWEST = 20_000  # bytes a second granted to what a reader asked for, such as a snapshot
TOO_SLOW = 4408  # code of closing, where the line cannot simply be cut
SILENT = 15_000  # milliseconds without a sign of life before the kernel gives the line up

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Sink(Protocol):
    """Takes WebSocket frames and never blocks. Who does not read them loses the line."""

    def write(self, wire: bytes) -> None:
        """What everybody is told."""

    def give(self, wire: bytes) -> None:
        """What this reader asked for: it may be large without counting as slowness."""

    def abort(self) -> None:
        """Cut the line."""


def sink(scope: dict[str, Any], send: Send) -> Sink:
    """The fastest way to this socket: straight into it under our server, else through the ASGI `send`."""
    transport = _reachable(scope.get("extensions", {}).get("live.protocol"))
    return QueuedSink(send) if transport is None else DirectSink(transport)


def _reachable(protocol: Any) -> Any:
    """The plain TCP or unix transport of a protocol. TLS has to be spoken by Twisted itself."""
    if protocol is None:
        return None
    from twisted.internet import tcp

    transport = protocol.transport
    plain = isinstance(transport, tcp.Connection) and not transport.TLS
    return transport if plain and all(hasattr(transport, name) for name in PRIVATE) else None


PRIVATE = ("_tempDataLen", "dataBuffer", "offset", "connected", "socket")


class DirectSink:
    """Writes into the socket itself, past the frameworks; what the socket does not take, Twisted keeps."""

    __slots__ = ("deadline", "most", "send", "transport")

    def __init__(self, transport: Any):
        self.transport = transport
        self.send = transport.socket.send
        self.most = MOST
        self.deadline = 0.0
        _shorten_buffers(transport.socket)

    def write(self, wire: bytes) -> None:
        if self._backlog():
            self._queue(wire)
        elif self.transport.connected:
            self._send(wire)

    def give(self, wire: bytes) -> None:
        if backlog := self._backlog():
            self._be_patient_with(backlog + len(wire))
        self.write(wire)

    def abort(self) -> None:
        self.transport.abortConnection()

    def _backlog(self) -> int:
        transport = self.transport
        return transport._tempDataLen + len(transport.dataBuffer) - transport.offset

    def _send(self, wire: bytes) -> None:
        try:
            sent = self.send(wire)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # the line is broken: the reactor notices by itself
        if sent < len(wire):
            self._fall_behind(wire[sent:])

    def _fall_behind(self, rest: bytes) -> None:
        self._be_patient_with(len(rest))
        self.transport.write(rest)

    def _be_patient_with(self, size: int) -> None:
        self.most = size + MOST
        self.deadline = time.monotonic() + PATIENCE + size / SLOWEST

    def _queue(self, wire: bytes) -> None:
        backlog = self._backlog()
        if backlog < LITTLE:
            self._be_patient_with(backlog)
        if backlog + len(wire) > self.most or time.monotonic() > self.deadline:
            self.abort()
        else:
            self.transport.write(wire)


def _shorten_buffers(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if line.family in (socket.AF_INET, socket.AF_INET6) and hasattr(socket, "TCP_USER_TIMEOUT"):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT)


class QueuedSink:
    """Goes through ASGI's `send`, for servers that do not let us at their sockets."""

    def __init__(self, send: Send):
        self.send = send
        self.waiting: deque[bytes] = deque()
        self.size = 0
        self.most = MOST
        self.task: asyncio.Task[None] | None = None
        self.aborted = False

    def write(self, wire: bytes) -> None:
        self.size += len(wire)
        if self.size > self.most:
            self.abort()
        elif not self.aborted:
            self.waiting.append(wire)
            self.task = self.task or asyncio.ensure_future(self._send_all())

    def give(self, wire: bytes) -> None:
        self.most += len(wire)
        self.write(wire)

    def abort(self) -> None:
        if not self.aborted:
            self.aborted = True
            self.waiting.clear()
            self.closing = asyncio.ensure_future(self.send({"type": "websocket.close", "code": TOO_SLOW}))

    async def _send_all(self) -> None:
        try:
            while self.waiting:
                await self._send_next(self.waiting.popleft())
            self.size, self.most = 0, MOST
        finally:
            self.task = None

    async def _send_next(self, wire: bytes) -> None:
        for payload in frames.payloads(wire):
            await self.send({"type": "websocket.send", "text": payload.decode()})
        self.size -= len(wire)
