"""Thousands of websockets held by one thread, in plain Python: what the benches load a server with.

What makes it fast enough to outrun the servers it measures: members of a room get the same bytes, so what was read
from one socket is parsed once and recognised on the others by comparing bytes. Nothing is sampled. Linux only (epoll).
"""

import base64
import gc
import os
import select
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
MOST_READ = 64 * 1024
MOST_KNOWN = 20_000
LONGEST_KNOWN = 16 * 1024

Note = Any
now = time.monotonic


class Lost(Exception):
    """The server closed a socket, refused to open it, or does not read what is sent to it."""


def lost(member: int, why: str) -> None:
    raise Lost(f"member {member}: {why}")


class Visit(NamedTuple):
    """A socket to open: the path with its ticket, and what to say as soon as it is open."""

    path: str
    words: tuple[bytes, ...] = ()


class Heard(NamedTuple):
    """What a piece of a socket's stream holds: notes of its text frames, and what needs doing about it."""

    notes: tuple[Note, ...]
    pings: tuple[bytes, ...]
    closed: bytes | None  # a close frame's payload
    rest: bytes  # the beginning of a frame whose end has not come yet


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A client's frame: masked, as the protocol wants it, but with zeros, so that nothing needs computing."""
    size = len(payload)
    if size < 126:
        return bytes([0x80 | opcode, 0x80 | size, 0, 0, 0, 0]) + payload
    return bytes([0x80 | opcode, 0xFE]) + size.to_bytes(2, "big") + bytes(4) + payload


def frames(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """A server's whole frames in `data` as (opcode, payload), and what is left over."""
    found, at, end = [], 0, len(data)
    while end - at >= 2:
        size, head = data[at + 1], 2
        if size >= 126:
            head = 4 if size == 126 else 10
            size = int.from_bytes(data[at + 2 : at + head], "big")
        after = at + head + size
        if end - at < head or after > end:
            break
        found.append((data[at] & 15, data[at + head : after]))
        at = after
    return found, data[at:]


def upgrade(path: str, port: int) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    ).encode()


class Crowd:
    """Its members are numbered 0, 1, 2 … in the order they arrive.

    `note(payload)` says what matters in a text frame (None: nothing); it is asked once per distinct frame.
    `hear(member, notes, at)` is told what a member's socket gave, `at` in seconds of the monotonic clock.
    `lose(member, why)` is told when a member's socket has closed; by default that is an error.
    """

    def __init__(
        self,
        note: Callable[[bytes], Note],
        hear: Callable[[int, Sequence[Note], float], None],
        lose: Callable[[int, str], None] = lost,
    ):
        self.note, self.hear, self.lose = note, hear, lose
        self.poll = select.epoll()
        self.sockets: list[socket.socket] = []
        self.came: list[float] = []  # when each member began to open its socket
        self.member: dict[int, int] = {}
        self.shaking: dict[int, Visit] = {}
        self.pending: dict[int, bytes] = {}
        self.known: dict[bytes, Heard] = {}
        self.noted: dict[bytes, Note] = {}

    def __enter__(self):
        gc.collect()
        gc.disable()
        return self

    def __exit__(self, *_):
        gc.enable()
        self.poll.close()
        for line in self.sockets:
            line.close()

    def __len__(self):
        return len(self.sockets)

    # arriving

    def arrive(self, port: int, visits: Iterable[Visit], at_once: int = 200, within: float = 60) -> range:
        """Opens a socket for each, at most `at_once` of them shaking hands; returns the new members' numbers."""
        waiting, first, deadline = list(reversed(list(visits))), len(self), now() + within
        while waiting or self.shaking:
            while waiting and len(self.shaking) < at_once:
                self.open(port, waiting.pop())
            self.listen(0.1)
            if now() > deadline:
                raise Lost(f"{len(waiting) + len(self.shaking)} sockets did not open within {within:.0f} s")
        return range(first, len(self))

    def open(self, port: int, visit: Visit) -> None:
        self.came.append(now())
        line = socket.create_connection(("127.0.0.1", port), 10)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.setblocking(False)
        line.send(upgrade(visit.path, port))
        self.member[line.fileno()] = len(self.sockets)
        self.sockets.append(line)
        self.shaking[line.fileno()] = visit
        self.pending[line.fileno()] = b""
        self.poll.register(line, select.EPOLLIN)

    def _shaken(self, fd: int, data: bytes) -> bytes:
        """What follows the answer to the handshake; nothing while that is not complete."""
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            self.pending[fd] = data
            return b""
        if not head.startswith(b"HTTP/1.1 101"):
            self._close(fd, head.partition(b"\r\n")[0].decode())
            return b""
        self.sockets[self.member[fd]].send(b"".join(frame(words) for words in self.shaking.pop(fd).words))
        return rest

    # speaking

    def say(self, member: int, payload: bytes) -> None:
        whole = frame(payload)
        if self.sockets[member].send(whole) != len(whole):
            raise Lost("the server does not read any more")

    # listening

    def listen(self, patience: float) -> int:
        """Hears what has arrived, waiting for it at most `patience` seconds. Returns how many sockets had something."""
        read, known, pending, member, hear, clock = os.read, self.known, self.pending, self.member, self.hear, now
        ready = self.poll.poll(patience, 512)
        for fd, _ in ready:
            try:
                data = read(fd, MOST_READ)
            except ConnectionError:
                data = b""
            if not data:
                self._close(fd, "the server closed the connection")
                continue
            if fd in pending and not (data := self._joined(fd, data)):
                continue
            heard = known.get(data) or self._learn(data)
            if heard.notes:
                hear(member[fd], heard.notes, clock())
            if heard.rest or heard.pings or heard.closed is not None:
                self._attend(fd, heard)
        return len(ready)

    def catch_up(self) -> None:
        """Hears what came while nobody listened. A server gives up those who do not answer its pings for 30 s."""
        while self.listen(0):
            pass

    def listen_for(self, seconds: float) -> None:
        end = now() + seconds
        while (left := end - now()) > 0:
            self.listen(left)

    def listen_until(self, done: Callable[[], Any], within: float = 30) -> None:
        end = now() + within
        while not done():
            self.listen(0.05)
            if now() > end:
                raise Lost(f"what was waited for did not happen within {within:.0f} s")

    def _joined(self, fd: int, data: bytes) -> bytes:
        data = self.pending.pop(fd) + data
        return self._shaken(fd, data) if fd in self.shaking else data

    def _learn(self, data: bytes) -> Heard:
        whole, rest = frames(data)
        heard = Heard(
            tuple(note for op, text in whole if op == TEXT and (note := self._note_of(text)) is not None),
            tuple(payload for op, payload in whole if op == PING),
            next((payload for op, payload in whole if op == CLOSE), None),
            rest,
        )
        if len(data) <= LONGEST_KNOWN:
            remember(self.known, data, heard)
        return heard

    def _note_of(self, text: bytes) -> Note:
        if text not in self.noted:
            remember(self.noted, text, self.note(text))
        return self.noted[text]

    def _attend(self, fd: int, heard: Heard) -> None:
        if heard.rest:
            self.pending[fd] = heard.rest
        for payload in heard.pings:
            self.sockets[self.member[fd]].send(frame(payload, PONG))
        if heard.closed is not None:
            self._close(fd, f"closed with {int.from_bytes(heard.closed[:2], 'big')} {heard.closed[2:].decode()}")

    def _close(self, fd: int, why: str) -> None:
        self.poll.unregister(fd)
        self.shaking.pop(fd, None)
        self.pending.pop(fd, None)
        member = self.member.pop(fd)
        self.sockets[member].close()
        self.lose(member, why)


def remember(known: dict, key: bytes, what: Any) -> None:
    if len(known) >= MOST_KNOWN:
        known.clear()
    known[key] = what
