"""A bad line, between browsers and a media worker: a UDP relay that loses, delays and throttles what it passes on.

What it does to a browser's packets is said by `Relay.impair`; each browser has its own line through it.
"""

import asyncio
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

Address = tuple[str, int]

QUEUE = 0.5  # seconds of waiting packets that a narrow line holds; what comes when it is full is lost
BUFFER = 4 << 20  # bytes


class Line(NamedTuple):
    """`loss` from 0 to 1 and `delay` in seconds each way; `rate` in bits per second, down to the browser."""

    loss: float = 0.0
    delay: float = 0.0
    rate: float = 0.0  # 0 is as fast as it goes


CLEAN = Line()


@dataclass
class Way:
    """One direction of one browser's line."""

    deliver: Callable[[bytes], None]
    line: Line = CLEAN
    free_at: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)

    def carry(self, packet: bytes, loop: asyncio.AbstractEventLoop) -> None:
        self.counts["packets"] += 1
        if random.random() < self.line.loss:
            self.counts["lost"] += 1
            return
        wait = self.line.delay + self._queued(len(packet), loop.time())
        if wait < self.line.delay:
            self.counts["dropped"] += 1
        elif wait:
            loop.call_later(wait, self.deliver, packet)
        else:
            self.deliver(packet)

    def _queued(self, size: int, now: float) -> float:
        """Seconds until a packet has gone through a narrow line, or a negative number if the queue is full."""
        if not self.line.rate:
            return 0.0
        starts = max(now, self.free_at)
        if starts - now > QUEUE:
            return -1.0
        self.free_at = starts + size * 8 / self.line.rate
        return self.free_at - now


@dataclass
class Browser:
    up: Way
    down: Way


class Relay:
    """Runs in a thread of its own until `stop`; `port` is where browsers send to."""

    def __init__(self, worker: Address):
        self.worker = worker
        self.browsers: dict[Address, Browser] = {}
        self.newcomers = CLEAN
        self.front = bound()
        self.port: int = self.front.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Relay":
        self.thread.start()
        return self

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def impair(self, line: Line, browsers: set[Address]) -> None:
        """From now on these have this line; and so have those who come."""
        self.loop.call_soon_threadsafe(self._impair, line, browsers)

    def _impair(self, line: Line, browsers: set[Address]) -> None:
        self.newcomers = line
        for address in browsers & self.browsers.keys():
            its = self.browsers[address]
            its.down.line, its.up.line = line, line._replace(rate=0.0)

    def _run(self) -> None:
        self.loop.add_reader(self.front.fileno(), self._from_browsers)
        self.loop.run_forever()

    def _from_browsers(self) -> None:
        for packet, address in received(self.front):
            browser = self.browsers.get(address) or self._welcome(address)
            browser.up.carry(packet, self.loop)

    def _welcome(self, address: Address) -> Browser:
        back = bound()
        up = Way(lambda packet: send(back, packet, self.worker), self.newcomers._replace(rate=0.0))
        down = Way(lambda packet: send(self.front, packet, address), self.newcomers)
        self.browsers[address] = Browser(up, down)
        self.loop.add_reader(back.fileno(), self._from_worker, back, down)
        return self.browsers[address]

    def _from_worker(self, back: socket.socket, down: Way) -> None:
        for packet, _ in received(back):
            down.carry(packet, self.loop)


def bound() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    one.setblocking(False)
    for way in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        one.setsockopt(socket.SOL_SOCKET, way, BUFFER)
    return one


def received(line: socket.socket) -> list[tuple[bytes, Address]]:
    """All that waits there."""
    packets: list[tuple[bytes, Address]] = []
    while len(packets) < 256:
        try:
            packets.append(line.recvfrom(2048))
        except BlockingIOError:
            break
    return packets


def send(line: socket.socket, packet: bytes, to: Address) -> None:
    try:
        line.sendto(packet, to)
    except BlockingIOError:
        return
