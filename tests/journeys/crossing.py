"""A ferry for what browsers send by UDP: it can be stopped between two pages, and between pages and the forum.

What goes by a relay (TURN) does not go by the ferry.
"""

import re
import selectors
import socket
import threading
from dataclasses import dataclass, field

Address = tuple[str, int]

# A page's connections hear of other addresses than the true ones. `ferry` says them; the server answers ICE-lite.
BOARD = """
    const Original = RTCPeerConnection
    window.lines = []
    window.RTCPeerConnection = class extends Original {
        constructor(...given) { super(...given); window.lines.push(this) }
        async addIceCandidate(one) {
            if (!one?.candidate) return super.addIceCandidate(one)
            const candidate = await ferry(one.candidate, false)
            if (candidate) await super.addIceCandidate({ ...one, candidate })
        }
        async setRemoteDescription({ type, sdp }) {
            return super.setRemoteDescription({ type, sdp: await ferry(sdp, sdp.includes("a=ice-lite")) })
        }
    }
"""
CANDIDATE = re.compile(r"(candidate:\S+ \d+ udp \d+ )([\d.]+) (\d+)( typ (?!relay))", re.IGNORECASE)
OTHER = re.compile(r"^(a=)?candidate:(?!\S+ \d+ udp \d+ [\d.]+ )[^\r\n]*(\r\n|$)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Quay:
    """A socket that packets for `beyond` are sent to; each who sends there gets a way back of their own."""

    beyond: Address
    of_server: bool
    end: socket.socket
    ways: dict[Address, socket.socket] = field(default_factory=dict)


class Crossing:
    def __init__(self) -> None:
        self.peers = self.server = True  # whether it carries
        self.quays: dict[Address, Quay] = {}
        self.selector = selectors.DefaultSelector()
        self.lock = threading.Lock()
        threading.Thread(target=self._carry, daemon=True).start()

    def ferry(self, text: str, of_server: bool) -> str:
        """The same candidates with addresses of the ferry's, without those that it does not go to."""
        return CANDIDATE.sub(lambda found: self._landing(found, of_server), OTHER.sub("", text))

    def _landing(self, found: re.Match[str], of_server: bool) -> str:
        host, port = self._quay((found[2], int(found[3])), of_server).end.getsockname()
        return f"{found[1]}{host} {port}{found[4]}"

    def _quay(self, beyond: Address, of_server: bool) -> Quay:
        with self.lock:
            if beyond not in self.quays:
                quay = Quay(beyond, of_server, bound(beyond[0]))
                self.quays[beyond] = quay
                self.selector.register(quay.end, selectors.EVENT_READ, (quay, None))
            return self.quays[beyond]

    def _carry(self) -> None:
        while True:
            for key, _ in self.selector.select(0.05):
                self._pass(key.fileobj, *key.data)  # type: ignore[arg-type]

    def _pass(self, at: socket.socket, quay: Quay, back_to: Address | None) -> None:
        packet, sender = at.recvfrom(65536)
        if not (self.server if quay.of_server else self.peers):
            return
        if back_to is None:
            self._way(quay, sender).sendto(packet, quay.beyond)
        else:
            quay.end.sendto(packet, back_to)

    def _way(self, quay: Quay, sender: Address) -> socket.socket:
        if sender not in quay.ways:
            quay.ways[sender] = bound(quay.beyond[0])
            self.selector.register(quay.ways[sender], selectors.EVENT_READ, (quay, sender))
        return quay.ways[sender]


def bound(host: str) -> socket.socket:
    """On the address that leads to `host`, which is one of this machine's."""
    it = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    it.bind((host, 0))
    return it
