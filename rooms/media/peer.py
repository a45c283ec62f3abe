"""One browser at the other end: its ICE credentials, its addresses, its DTLS association and SRTP sessions.

Publisher and Viewer are Peers. The worker opens a peer once its offer is answered; from then on it answers checks,
shakes hands when its turn has come, and ends by `close`, after which nothing of it is left anywhere.
"""

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from live.batches import ended

from . import answers, ice
from .aiortc_seam import Dtls, Line, OutboundSrtp, SrtpError, is_replay
from .plans import Wish

if TYPE_CHECKING:
    from .worker import Worker

logger = logging.getLogger(__name__)

Address = ice.Address

GENERATIONS = 2  # of credentials that are good at the same time: packets of before a restart are still on their way
ADDRESSES = 8  # that one peer may send from at the same time
SSRCS = 256  # that one peer may send under in its life
HANDSHAKE = 30  # seconds
# Seconds without a packet from the present address, after which a check from another one moves the peer. Browsers
# that nominate say when they move, and check their spare addresses in between.
SILENCE, SILENCE_OF_NOMINATORS = 1.0, 5.0


class Peer:
    hears_rtp = True
    urgent = False  # goes ahead of the queue of joins
    tick_every = 0.5  # seconds

    def __init__(self, worker: "Worker"):
        self.worker = worker
        self.id = f"{worker.name}.{ice.random_letters(24)}"
        self.answer = ""
        self.remote_ufrag = ""  # what the other side's ICE session is called: a new one is a restart
        self.generations = deque([ice.Credentials()], GENERATIONS)
        self.closed = False
        self.connected_at: float | None = None
        self.address: Address | None = None
        self.socket: socket.socket | None = None
        self.sockaddr = b""
        self.addresses: dict[Address, None] = {}  # oldest first
        self.ssrcs: set[bytes] = set()  # claimed
        self._heard: set[bytes] = set()
        self.nominates = False
        self.generation_in_use: ice.Credentials | None = None
        self.last_heard = self.address_heard = worker.clock()
        self.outbound: OutboundSrtp | None = None
        self._line = Line(self._send_record)
        self._dtls = Dtls(self._line, worker.certificate)
        self._checked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # What publishers and viewers do.

    def connected(self) -> None:
        """Keys are there: `send_rtp`, `send_rtcp` and `outbound` work from now on."""

    def moved(self) -> None:
        """The address to send to is another."""

    def rtp(self, data: bytes, now: float) -> None:
        """A decrypted packet."""

    def rtcp(self, data: bytes, now: float) -> None:
        """A decrypted compound packet."""

    def tick(self, now: float) -> None:
        """Every `tick_every` seconds while connected."""

    def ended(self, reason: str) -> None:
        """Called once; what is sent from here still goes out."""

    def wish(self, _wish: Wish) -> bool:
        """Whether this peer is one that can have wishes."""
        return False

    def stats(self, _now: float) -> dict:
        return {}

    # Joining.

    @property
    def credentials(self) -> ice.Credentials:
        return self.generations[-1]

    @property
    def etag(self) -> str:
        """Names the ICE session (RFC 9725, 4.3.1)."""
        return f'"{self.credentials.ufrag}"'

    @property
    def fileno(self) -> int:
        return self.socket.fileno() if self.socket else -1

    def transport(self) -> answers.Transport:
        mine, worker = self.credentials, self.worker
        return answers.Transport(mine.ufrag, mine.password, worker.certificate.sha256, worker.candidates)

    def open(self, remote_ufrag: str, fingerprints: Iterable[tuple[str, str]]) -> None:
        """From now on checks are answered; the handshake follows the first of them."""
        self.remote_ufrag = remote_ufrag
        self._admit(self.credentials)
        self.last_heard = self.worker.clock()
        self._task = asyncio.ensure_future(self._join(list(fingerprints)))

    async def _join(self, fingerprints: list[tuple[str, str]]) -> None:
        try:
            await self._checked.wait()
            await self.worker.joins.turn(self.urgent)
            await self._shake_hands(fingerprints)
        except TimeoutError:
            self.close("handshake_timeout")
        except Exception:  # noqa: BLE001 -- a peer that cannot join must not keep what it has
            self.worker.mishaps.note("join")
            self.close("mishap")

    async def _shake_hands(self, fingerprints: list[tuple[str, str]]) -> None:
        if self.closed:
            return
        async with asyncio.timeout(HANDSHAKE):
            if not await self._dtls.accept(fingerprints):
                self.close("handshake_failed")
        if not self.closed:
            self._connect()

    def _connect(self) -> None:
        self.outbound = self._dtls.outbound()
        self._dtls.when_over(lambda: self.close("left"))
        self.connected_at = self.last_heard = self.worker.clock()
        self.worker.counters["joins"] += 1
        self.worker.joined(self)
        self.connected()

    # ICE.

    def _admit(self, credentials: ice.Credentials) -> None:
        self.worker.mux.by_ufrag[credentials.ufrag] = (self, credentials)

    def restart_ice(self, remote_ufrag: str) -> answers.Transport:
        """New credentials; those before them are good until the next restart."""
        self.remote_ufrag = remote_ufrag
        if len(self.generations) == GENERATIONS:
            self.worker.mux.by_ufrag.pop(self.generations[0].ufrag, None)
        self.generations.append(ice.Credentials())
        self._admit(self.credentials)
        return self.transport()

    def take_check(
        self, credentials: ice.Credentials, nominates: bool, address: Address, one: socket.socket, now: float
    ) -> None:
        """An authentic check: its sender is heard from there, and if that is where it is now, sent to."""
        self.last_heard = now
        self.nominates |= nominates
        self.keep_address(address)
        if address == self.address:
            self.address_heard = now
        elif self._moves(credentials, nominates, now):
            self.generation_in_use = credentials
            self._move(address, one, now)

    def _moves(self, credentials: ice.Credentials, nominates: bool, now: float) -> bool:
        """Firefox does not nominate: there, that the old address is silent or the session a new one has to do."""
        if self.address is None:
            return True
        if credentials is not self.generation_in_use:
            return credentials is self.credentials
        silence = SILENCE_OF_NOMINATORS if self.nominates else SILENCE
        return nominates or now - self.address_heard > silence

    def _move(self, address: Address, one: socket.socket, now: float) -> None:
        is_first = self.address is None
        self.address, self.socket, self.address_heard = address, one, now
        self.sockaddr = ice.sockaddr(address)
        self._checked.set()
        if not is_first:
            self.worker.counters["moves"] += 1
            self.moved()

    def keep_address(self, address: Address) -> None:
        """It takes the place of the one that was used least recently, if there are many, and of another peer's."""
        known = self.worker.mux.by_address
        owner = known.get(address)
        if owner is not None and owner is not self:
            owner.addresses.pop(address, None)
        known[address] = self
        self.addresses.pop(address, None)
        self.addresses[address] = None
        if len(self.addresses) > ADDRESSES:
            self._forget(next(old for old in self.addresses if old != self.address))

    def _forget(self, address: Address) -> None:
        self.addresses.pop(address, None)
        if self.worker.mux.by_address.get(address) is self:
            del self.worker.mux.by_address[address]

    def claim(self, ssrc: int) -> None:
        """Packets with this SSRC from an unknown address may be this peer's: see UdpMux."""
        key = ssrc.to_bytes(4, "big")
        if self.worker.mux.by_ssrc.setdefault(key, self) is self:
            self.ssrcs.add(key)

    # Packets.

    def _hear(self, address: Address, now: float) -> None:
        self.last_heard = now
        if address == self.address:
            self.address_heard = now

    def take_dtls(self, data: bytes, address: Address, now: float) -> None:
        self._hear(address, now)
        if not self._line.feed(data):
            self.worker.counters["dropped_dtls_flood"] += 1

    def take_srtp(self, data: bytes, address: Address, now: float) -> bool:
        """Whether it was authentic and new."""
        counters = self.worker.counters
        if self.outbound is None or self.closed:
            counters["dropped_early"] += 1
            return False
        is_rtcp = len(data) > 1 and 192 <= data[1] <= 223
        if not (is_rtcp or self.hears_rtp):
            counters["dropped_unwanted"] += 1
            return False
        plain = self._unprotect(data, is_rtcp)
        if plain is None:
            return False
        self._hear(address, now)
        self._note_ssrc(data[4:8] if is_rtcp else data[8:12])
        counters["packets_in"] += 1
        counters["bytes_in"] += len(data)
        (self.rtcp if is_rtcp else self.rtp)(plain, now)
        return True

    def _unprotect(self, data: bytes, is_rtcp: bool) -> bytes | None:
        session = self._dtls.inbound
        try:
            return session.unprotect_rtcp(data) if is_rtcp else session.unprotect(data)
        except SrtpError as problem:
            self.worker.counters["dropped_replayed" if is_replay(problem) else "dropped_srtp_invalid"] += 1
            return None

    def _note_ssrc(self, ssrc: bytes) -> None:
        """A session remembers each SSRC for good, so somebody who goes on inventing them has to leave."""
        if ssrc not in self._heard:
            self._heard.add(ssrc)
            if len(self._heard) > SSRCS:
                self.close("too_many_ssrcs")

    def send_rtp(self, data: bytes) -> None:
        if self.outbound is not None and self._send(self.outbound.session.protect, data):
            self.worker.counters["packets_out"] += 1
            self.worker.counters["bytes_out"] += len(data)

    def send_rtcp(self, data: bytes) -> None:
        if self.outbound is not None:
            self._send(self.outbound.session.protect_rtcp, data)

    def _send(self, protect, data: bytes) -> bool:
        """One by one, for what is rare; fanout.py has the fast way."""
        if self.address is None or self.socket is None:
            return False
        try:
            protected = protect(data)
        except SrtpError:
            self.worker.counters["dropped_out_protect"] += 1
            return False
        self.worker.mux.send(protected, self.address, self.socket)
        return True

    def _send_record(self, data: bytes) -> None:
        if self.address is not None and self.socket is not None:
            self.worker.mux.send(data, self.address, self.socket)

    # The end.

    def silence(self, now: float) -> float:
        return now - self.last_heard

    def close(self, reason: str) -> None:
        """Sends no more (RFC 7675, 5.2) but the farewell, and leaves nothing behind."""
        if self.closed:
            return
        try:
            self.ended(reason)
        except Exception:  # noqa: BLE001 -- the rest of the clean-up must happen
            self.worker.mishaps.note("ended")
        self.closed = True
        self.outbound = None
        self.worker.counters[f"ended_{reason}"] += 1
        self._forget_all()
        self.worker.left(self)
        self.worker.farewell(self._stop())

    def _forget_all(self) -> None:
        mux = self.worker.mux
        for credentials in self.generations:
            mux.by_ufrag.pop(credentials.ufrag, None)
        for address in list(self.addresses):
            self._forget(address)
        for ssrc in self.ssrcs:
            mux.by_ssrc.pop(ssrc, None)

    async def _stop(self) -> None:
        if self._task is not None:
            await ended([self._task])
            self._task = None
        await self._dtls.end()
        self._line.cut()
