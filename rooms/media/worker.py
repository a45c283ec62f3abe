"""Everything that one media process holds: the port, the rooms, the peers in them, and who waits to join."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol

from . import ice, metrics, stats
from .aiortc_seam import Certificate
from .bell import Bell
from .metrics import Mishaps
from .mux import UdpMux
from .offers import Offer, fingerprints
from .peer import Peer
from .plans import Kind, Place, Plan
from .settings import Settings

logger = logging.getLogger(__name__)

TICK = 0.05  # seconds
SWEEP = 20  # ticks between two looks for peers and rooms that are gone
LONGEST_QUEUE = 30.0  # seconds of joins; who comes after that is asked to come again
VACANCY = 600  # seconds that a room without peers is kept


class Room(Protocol):
    """What room.Room offers."""

    @property
    def peers(self) -> Iterable[Peer]: ...
    @property
    def plan(self) -> Plan | None: ...
    def apply(self, plan: Plan) -> None: ...
    def publish(self, offer: Offer, person: int, kind: Kind) -> Peer: ...
    def watch(self, offer: Offer, place: Place, person: int | None) -> Peer: ...
    def audience(self) -> set[int]: ...
    def screens(self) -> set[int]: ...
    def see_out(self, person: int) -> None: ...
    def tick(self, now: float) -> None: ...
    def stats(self, now: float) -> dict: ...
    def close(self) -> None: ...


class Unknown(Exception):
    """No such room or resource here."""


class Busy(Exception):
    """`seconds` until it makes sense to come again."""

    def __init__(self, seconds: float):
        super().__init__(f"come again in {seconds:.0f} seconds")
        self.seconds = seconds


class Joins:
    """Handshakes one after the other: each keeps the loop, and with it all streams, from work for some milliseconds."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic):
        self.gap = 1 / per_second
        self.clock = clock
        self.next_free = 0.0
        self._queue = asyncio.Lock()

    async def turn(self, urgent: bool = False) -> None:
        """Who gives up before it comes has taken nothing from those behind them."""
        if urgent:
            # Somebody urgent goes at once, and those who wait all wait a little longer.
            self.next_free = max(self.next_free, self.clock()) + self.gap
            return
        async with self._queue:
            came = self.clock()
            while (wait := self.next_free - self.clock()) > 0:
                await asyncio.sleep(wait)
            # Counted from when it was free, not from when the timer woke up: late timers don't make the queue slower.
            self.next_free = max(self.next_free, came) + self.gap


class Worker:
    def __init__(
        self,
        settings: Settings,
        open_room: Callable[[int, "Worker"], Room],
        clock: Callable[[], float] = time.monotonic,
    ):
        """Binds the port, so it raises OSError when that is taken."""
        self.settings = settings
        self.open_room = open_room
        self.clock = clock
        self.name = ice.random_letters(8).lower()
        self.counters: Counter[str] = Counter()
        self.mishaps = Mishaps(self.counters, clock)
        self.certificate: Certificate = Certificate.generateCertificate()
        self.mux = UdpMux(self.counters, self.mishaps, settings.bind, settings.port, clock)
        self.candidates = ice.candidates(self.advertised())
        self.joins = Joins(settings.joins_per_second, clock)
        self.rooms: dict[int, Room] = {}
        self.peers: dict[str, Peer] = {}
        self.connected: dict[str, Peer] = {}
        self.vacant_since: dict[int, float] = {}
        self.bell = Bell(settings.redis_url)
        self.ticks = 0
        self._ticker: asyncio.Task[None] | None = None
        self._farewells: set[asyncio.Task[None]] = set()

    def advertised(self) -> list[tuple[str, int]]:
        """Where browsers are told to send."""
        if self.settings.advertise:
            return list(self.settings.advertise)
        return [(host, self.mux.port) for host in self.settings.public] or self.mux.own_addresses()

    async def start(self) -> None:
        self.mux.start(asyncio.get_running_loop())
        self._ticker = asyncio.ensure_future(self._tick_for_ever())

    async def stop(self) -> None:
        """Says goodbye to everybody, and leaves no socket, task or address behind."""
        if self._ticker:
            self._ticker.cancel()
        for peer in list(self.peers.values()):
            peer.close("shutdown")
        for room in self.rooms.values():
            room.close()
        if self._farewells:
            await asyncio.wait(self._farewells)
        self.mux.close()
        await self.bell.close()

    # What the door asks for.

    def plan(self, plan: Plan) -> None:
        room = self.rooms.get(plan.room)
        if room is None:
            room = self.rooms[plan.room] = self.open_room(plan.room, self)
        self.vacant_since[plan.room] = self.clock()
        room.apply(plan)

    def publish(self, room: int, offer: Offer, person: int, kind: Kind) -> Peer:
        """Raises Unknown, Busy, plans.Forbidden, offers.Unusable."""
        return self._admit(offer, lambda: self.room(room).publish(offer, person, kind))

    def watch(self, room: int, offer: Offer, place: Place, person: int | None) -> Peer:
        """Raises the same."""
        return self._admit(offer, lambda: self.room(room).watch(offer, place, person))

    def forget(self, room: int) -> None:
        """Ends all who are in it."""
        self.vacant_since.pop(room, None)
        if gone := self.rooms.pop(room, None):
            for peer in list(gone.peers):
                peer.close("room_closed")
            gone.close()

    def room(self, number: int) -> Room:
        if number not in self.rooms:
            raise Unknown(f"there is no room {number} here: tell its plan first")
        return self.rooms[number]

    def peer(self, number: str) -> Peer:
        if number not in self.peers:
            raise Unknown("there is no such resource")
        return self.peers[number]

    def _admit(self, offer: Offer, make: Callable[[], Peer]) -> Peer:
        prints = fingerprints(offer)
        waiting = (len(self.peers) - len(self.connected)) * self.joins.gap
        if waiting > LONGEST_QUEUE:
            self.counters["dropped_busy"] += 1
            raise Busy(waiting - LONGEST_QUEUE + 1)
        peer = make()
        self.peers[peer.id] = peer
        peer.open(offer.ufrag, prints)
        return peer

    # What peers tell.

    def joined(self, peer: Peer) -> None:
        self.connected[peer.id] = peer

    def left(self, peer: Peer) -> None:
        self.peers.pop(peer.id, None)
        self.connected.pop(peer.id, None)

    def farewell(self, last_words: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(last_words)
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    def ring(self, topic: str, event: str, data: dict) -> None:
        self.bell.ring(topic, event, data)

    # Time.

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self.tick(self.clock())

    def tick(self, now: float) -> None:
        """Peers with a longer period are spread evenly over it, so that their reports do not go out in one burst."""
        self.ticks += 1
        for n, peer in enumerate(list(self.connected.values())):
            if (self.ticks + n) % max(1, round(peer.tick_every / TICK)) == 0:
                self._safely("tick", peer.tick, now)
        for room in self.rooms.values():
            self._safely("room", room.tick, now)
        if self.ticks % SWEEP == 0:
            self._safely("sweep", self.sweep, now)

    def _safely(self, where: str, do: Callable[[float], None], now: float) -> None:
        try:
            do(now)
        except Exception:  # noqa: BLE001 -- whatever fails for one must go on for the others
            self.mishaps.note(where)

    def sweep(self, now: float) -> None:
        """Ends peers that are silent and rooms that are empty."""
        for peer in list(self.peers.values()):
            if peer.silence(now) > (self.settings.patience if peer.address is None else self.settings.idle):
                peer.close("no_show" if peer.address is None else "idle")
        for number, room in list(self.rooms.items()):
            if any(True for _ in room.peers):
                self.vacant_since[number] = now
            elif now - self.vacant_since.get(number, now) > VACANCY:
                self.forget(number)

    # Figures.

    def stats(self) -> dict:
        now = self.clock()
        return {
            "name": self.name,
            "cpu": time.process_time(),
            "at": now,
            "udp": self.mux.port,
            "sockets": len(self.mux.sockets),
            "peers": len(self.peers),
            "connected": len(self.connected),
            "addresses": len(self.mux.by_address),
            "ufrags": len(self.mux.by_ufrag),
            "tasks": len(asyncio.all_tasks()),
            **self.counters,
            "rooms": {str(number): room.stats(now) for number, room in self.rooms.items()},
        }

    def metrics(self) -> str:
        gauges = {
            "cpu_seconds": time.process_time(),
            "rooms": len(self.rooms),
            "peers": len(self.peers),
            "peers_connected": len(self.connected),
            "viewers": self.viewers,
        }
        now = self.clock()
        rooms = {number: room.stats(now) for number, room in self.rooms.items()}
        return metrics.text(self.counters, gauges) + stats.prometheus(rooms)

    @property
    def viewers(self) -> int:
        return sum(not peer.urgent for peer in self.connected.values())
