"""The UDP port of a media process: one socket per address family for all peers.

The first byte tells STUN, DTLS and SRTP apart (RFC 7983). A check finds its peer by ufrag; all else by the address
that an authentic check came from.
"""

import errno
import socket
import time
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

import ifaddr

from . import ice
from .aiortc_seam import LONGEST
from .metrics import Mishaps

if TYPE_CHECKING:
    from .peer import Peer

Address = ice.Address

AT_ONCE = 64  # datagrams, before the loop gets to other things
ROOM = 2048  # bytes; more than any datagram that we take
BUFFER = 8 << 20  # bytes, as far as the system's limits allow
PORTS_TRIED = 20
FORGIVEN = 20  # forgeries per second from one host, before its packets are not even looked at
HOSTS_WATCHED = 4096


class Forgeries:
    """Bounds what forged packets cost: who sends many has further ones dropped unchecked, for the rest of a second."""

    def __init__(self) -> None:
        self.second = 0
        self.hosts: Counter[str] = Counter()

    def are_many_from(self, host: str, now: float) -> bool:
        if int(now) != self.second or len(self.hosts) > HOSTS_WATCHED:
            self.second = int(now)
            self.hosts.clear()
        return self.hosts[host] >= FORGIVEN

    def note(self, host: str) -> None:
        self.hosts[host] += 1


class UdpMux:
    def __init__(
        self,
        counters: Counter[str],
        mishaps: Mishaps,
        bind: Iterable[str] = ("0.0.0.0", "::"),
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ):
        """Raises OSError when the port is taken."""
        self.counters = counters
        self.mishaps = mishaps
        self.clock = clock
        self.sockets = listen(list(bind), port)
        self.port: int = self.sockets[0].getsockname()[1]
        self.by_ufrag: dict[str, tuple[Peer, ice.Credentials]] = {}
        self.by_address: dict[Address, Peer] = {}
        self.by_ssrc: dict[bytes, Peer] = {}  # publishers, to know them again when they move
        self.forgeries = Forgeries()
        self.loop: AbstractEventLoop | None = None

    def start(self, loop: AbstractEventLoop) -> None:
        self.loop = loop
        for one in self.sockets:
            loop.add_reader(one.fileno(), self.read, one)

    def close(self) -> None:
        for one in self.sockets:
            if self.loop:
                self.loop.remove_reader(one.fileno())
            one.close()
        self.sockets = []

    def read(self, one: socket.socket) -> None:
        """Takes what has come, up to a limit: the loop calls again if there is more."""
        now = self.clock()
        receive = one.recvfrom
        for _ in range(AT_ONCE):
            try:
                data, address = receive(ROOM)
            except BlockingIOError:
                return
            except OSError:  # an ICMP error about something sent before
                self.counters["dropped_unreachable"] += 1
                continue
            try:
                self.take(data, address, one, now)
            except Exception:  # noqa: BLE001 -- one packet must never stop the streams of all
                self.mishaps.note("packet")

    def take(self, data: bytes, address: Address, one: socket.socket, now: float) -> None:
        if not data or len(data) > LONGEST:
            self.counters["dropped_oversized" if data else "dropped_empty"] += 1
            return
        first = data[0]
        peer = self.by_address.get(address)
        if first < 4:
            self._take_check(data, address, one, now)
        elif peer is None:
            self._take_from_stranger(data, address, now)
        elif 127 < first < 192:
            peer.take_srtp(data, address, now)
        elif 19 < first < 64:
            peer.take_dtls(data, address, now)
        else:
            self.counters["dropped_unknown_protocol"] += 1

    def _take_check(self, data: bytes, address: Address, one: socket.socket, now: float) -> None:
        check = ice.read(data)
        if check is None:
            self.counters["dropped_stun_malformed"] += 1
            return
        peer, credentials = self.by_ufrag.get(check.ufrag, (None, None))
        if peer is None or credentials is None:
            self.counters["dropped_stun_unknown_user"] += 1
        elif self.is_flooding(address, now):
            self.counters["dropped_flood"] += 1
        elif not ice.is_authentic(check, credentials.key):
            self.counters["dropped_stun_forged"] += 1
            self.forgeries.note(address[0])
        else:
            self.counters["checks"] += 1
            self.send(ice.answer(check, credentials.key, address), address, one)
            peer.take_check(credentials, check.nominates, address, one, now)

    def is_flooding(self, address: Address, now: float) -> bool:
        """Whoever was authentic before is always looked at, whatever others send from the same host."""
        return address not in self.by_address and self.forgeries.are_many_from(address[0], now)

    def _take_from_stranger(self, data: bytes, address: Address, now: float) -> None:
        """A publisher whose network changed goes on sending before it checks: SRTP itself tells whether it is that one.

        Only towards us, that is: what we send waits for a check from there.
        """
        publisher = self.by_ssrc.get(data[8:12]) if is_rtp(data) else None
        if publisher is None:
            self.counters["dropped_unknown_address"] += 1
        elif self.is_flooding(address, now):
            self.counters["dropped_flood"] += 1
        elif publisher.take_srtp(data, address, now):
            publisher.keep_address(address)
        else:
            self.forgeries.note(address[0])

    def send(self, data: bytes, address: Address, one: socket.socket) -> None:
        """A full buffer loses the packet, as any network may."""
        try:
            one.sendto(data, address)
        except BlockingIOError:
            self.counters["dropped_out_buffer_full"] += 1
        except OSError:
            self.counters["dropped_out_unreachable"] += 1

    def own_addresses(self) -> list[tuple[str, int]]:
        """Where browsers may reach us. Loopback comes last: only a machine without a network has no other."""
        bound = [one.getsockname()[0] for one in self.sockets]
        return [(host, self.port) for host in sorted(_reachable(bound), key=lambda host: ip_address(host).is_loopback)]


def is_rtp(data: bytes) -> bool:
    """And not RTCP, which shares the port (RFC 5761, 4)."""
    return len(data) >= 12 and 127 < data[0] < 192 and not 192 <= data[1] <= 223


def _reachable(bound: list[str]) -> list[str]:
    """Of wildcards, this machine's addresses; of others, themselves."""
    everywhere = {ip_address(host).version for host in bound if ip_address(host).is_unspecified}
    found = [host for host in _host_addresses() if ip_address(host).version in everywhere]
    return found + [host for host in bound if not ip_address(host).is_unspecified]


def _host_addresses() -> list[str]:
    """IPv4 first, since browsers pair those sooner; link-local ones mean nothing to others."""
    ips = [ip.ip if isinstance(ip.ip, str) else ip.ip[0] for nic in ifaddr.get_adapters() for ip in nic.ips]
    usable = [host for host in ips if not ip_address(host).is_link_local]
    return sorted(usable, key=lambda host: ip_address(host).version)


def listen(hosts: list[str], port: int) -> list[socket.socket]:
    """Sockets on one port, whichever is free if it is 0. Families that this machine lacks are left out."""
    for attempt in range(PORTS_TRIED):
        sockets: list[socket.socket] = []
        try:
            for host in hosts:
                sockets += _socket(host, sockets[0].getsockname()[1] if sockets else port)
        except OSError as problem:
            for one in sockets:
                one.close()
            # Free for IPv4 does not mean free for IPv6.
            if port or problem.errno != errno.EADDRINUSE or attempt == PORTS_TRIED - 1:
                raise
        else:
            if sockets:
                return sockets
            raise OSError(errno.EADDRNOTAVAIL, "none of the addresses to bind is this machine's")
    raise AssertionError("unreachable")


def _socket(host: str, port: int) -> list[socket.socket]:
    family = socket.AF_INET if ip_address(host).version == 4 else socket.AF_INET6
    try:
        one = socket.socket(family, socket.SOCK_DGRAM)
    except OSError:
        return []
    try:
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            one.setsockopt(socket.SOL_SOCKET, option, BUFFER)
        one.setblocking(False)
        one.bind((host, port))
    except OSError as problem:
        one.close()
        if problem.errno == errno.EADDRNOTAVAIL and ip_address(host).is_unspecified:
            return []
        raise
    return [one]
