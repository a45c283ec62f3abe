"""All that we use of aiortc and pylibsrtp and that they do not promise to keep: their private names live here alone.

Both versions are fixed in requirements.in; tests/media/test_aiortc_seam.py holds these names against a real peer.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from OpenSSL import SSL
from pylibsrtp import Error as SrtpError
from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib

__all__ = ["Certificate", "Dtls", "Line", "OutboundSrtp", "SrtpError", "ffi", "srtp_protect"]

# srtp_err_status_t srtp_protect(srtp_t, void *packet, int *length): in place, the tag behind the packet.
srtp_protect = lib.srtp_protect

REPLAY = ("replay check failed (bad index)", "replay check failed (index too old)")
TAG_LENGTHS = {
    b"SRTP_AEAD_AES_256_GCM": 16,
    b"SRTP_AEAD_AES_128_GCM": 16,
    b"SRTP_AES128_CM_SHA1_80": 10,
}
LONGEST = 1500  # bytes that a Session takes
RECORDS = 32  # of DTLS that may wait; a handshake has five, and some of them come twice


class Line:
    """What carries the records of DTLS: stands where aiortc expects an RTCIceTransport."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]):
        self.send = send
        self.records: deque[bytes] = deque()
        self.waiter: asyncio.Future[bytes] | None = None

    def feed(self, record: bytes) -> bool:
        """Whether there was room for it."""
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(record)
        elif len(self.records) < RECORDS:
            self.records.append(record)
        else:
            return False
        return True

    def _recv(self) -> asyncio.Future[bytes]:
        """Not a coroutine, of which aiortc would make a task for each record."""
        self.waiter = asyncio.get_running_loop().create_future()
        if self.records:
            self.waiter.set_result(self.records.popleft())
        return self.waiter

    async def _send(self, data: bytes) -> None:
        self.send(data)

    def cut(self) -> None:
        """Lets go of whoever carried the records: nobody has to look for a circle to free a peer that has ended."""
        self.send = nowhere


class Certificate(RTCCertificate):
    """One per process. All handshakes share one OpenSSL context, which would cost each of them half a millisecond."""

    def __init__(self, key: Any, cert: Any):
        super().__init__(key, cert)
        self._contexts: dict[tuple, SSL.Context] = {}

    def _create_ssl_context(self, srtp_profiles: list) -> SSL.Context:
        which = tuple(profile.openssl_profile for profile in srtp_profiles)
        if which not in self._contexts:
            self._contexts[which] = context = super()._create_ssl_context(srtp_profiles)
            # A shared context would keep the sessions of everybody who ever came.
            context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        return self._contexts[which]

    @cached_property
    def sha256(self) -> str:
        """The fingerprint, as SDP wants it (RFC 8122)."""
        return next(print_.value for print_ in self.getFingerprints() if print_.algorithm == "sha-256")


def nowhere(_record: bytes) -> None:
    """Where records go after the end."""


@dataclass(frozen=True)
class OutboundSrtp:
    """What the fast path needs to protect packets in place. `pointer` is good for as long as this object lives."""

    session: Session
    pointer: Any  # srtp_t
    tag_length: int  # bytes that protecting appends

    @classmethod
    def of(cls, session: Session, tag_length: int) -> "OutboundSrtp":
        return cls(session, session._srtp[0], tag_length)


class Dtls(RTCDtlsTransport):
    """The passive side of DTLS-SRTP over a line of ours. SRTP never comes this way: the mux hands it to `inbound`."""

    def __init__(self, line: Line, certificate: RTCCertificate):
        super().__init__(line, [certificate])  # type: ignore[arg-type]

    async def accept(self, fingerprints: Iterable[tuple[str, str]]) -> bool:
        """Shakes hands with the one whose certificate has all of the `(algorithm, value)`; whether that worked."""
        self._set_role("server")
        await self.start(RTCDtlsParameters([RTCDtlsFingerprint(*print_) for print_ in fingerprints]))
        return self.state == "connected"

    def when_over(self, then: Callable[[], None]) -> None:
        """Calls back once the other side closed the association."""
        self.on("statechange", lambda: then() if self.state in ("closed", "failed") else None)

    async def end(self) -> None:
        """Sends close_notify, and calls nobody back."""
        self.remove_all_listeners()
        await self.stop()

    def outbound(self) -> OutboundSrtp:
        assert self._ssl is not None
        return OutboundSrtp.of(self._tx_srtp, TAG_LENGTHS[self._ssl.get_selected_srtp_profile()])

    @property
    def inbound(self) -> Session:
        return self._rx_srtp


def is_replay(error: SrtpError) -> bool:
    return str(error) in REPLAY
