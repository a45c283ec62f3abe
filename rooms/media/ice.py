"""ICE-lite (RFC 8445, 2.5): reads and answers connectivity checks, which are STUN messages (RFC 8489). Pure.

A lite agent gathers nothing and checks nothing: it is always controlled, so that roles cannot conflict and the
attributes about them are not read. Whoever knows the password of a ufrag may send; nobody else gets an answer.
"""

import hmac
import secrets
import socket
import struct
import sys
from base64 import b64encode
from binascii import crc32
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

BINDING_REQUEST = 0x0001
BINDING_SUCCESS = 0x0101
COOKIE = 0x2112A442
USERNAME, INTEGRITY, XOR_MAPPED_ADDRESS = 0x0006, 0x0008, 0x0020
USE_CANDIDATE, FINGERPRINT = 0x0025, 0x8028
FINGERPRINT_XOR = 0x5354554E
HEADER = struct.Struct("!HHI12s")
ATTRIBUTE = struct.Struct("!HH")
UNSIGNED = struct.Struct("!I")
MAPPED = struct.Struct("!BBH")
INTEGRITY_SIZE, FINGERPRINT_SIZE = 24, 8  # bytes, their own headers included
LONGEST_CHECK = 600  # bytes; those of browsers have about 100

HOST_PREFERENCE = 126

Address = tuple  # of the sockets: (host, port) or (host, port, flow, scope)


def random_letters(count: int) -> str:
    """Letters and digits, nearly 6 bits each; a choice for each of them would cost twenty times as much."""
    return b64encode(secrets.token_bytes(count), altchars=b"Zz")[:count].decode()


@dataclass(frozen=True)
class Credentials:
    """Of one ICE session; a restart makes new ones."""

    ufrag: str = field(default_factory=lambda: random_letters(8))
    password: str = field(default_factory=lambda: random_letters(24))

    @cached_property
    def key(self) -> bytes:
        return self.password.encode()


class Check(NamedTuple):
    """A binding request. Its sender is who it says only if `is_authentic`."""

    data: bytes
    transaction: bytes
    ufrag: str  # ours: the part of USERNAME before the colon (RFC 8445, 7.2.2)
    nominates: bool  # USE-CANDIDATE
    signed: int  # where MESSAGE-INTEGRITY begins


def read(data: bytes) -> Check | None:
    """A well-formed check with USERNAME, MESSAGE-INTEGRITY and a right FINGERPRINT; all else is None."""
    size = len(data)
    if size < HEADER.size + FINGERPRINT_SIZE or size % 4 or size > LONGEST_CHECK:
        return None
    kind, length, cookie, transaction = HEADER.unpack_from(data)
    if kind != BINDING_REQUEST or cookie != COOKIE or length != size - HEADER.size or not _has_fingerprint(data):
        return None
    return _attributes(data, transaction)


def _attributes(data: bytes, transaction: bytes) -> Check | None:
    username = b""
    nominates = False
    at, end = HEADER.size, len(data) - FINGERPRINT_SIZE
    while at < end:
        kind, length = ATTRIBUTE.unpack_from(data, at)
        # What stands behind MESSAGE-INTEGRITY is not covered by it (RFC 8489, 14.5).
        if kind == INTEGRITY:
            whole = length == INTEGRITY_SIZE - ATTRIBUTE.size and at + INTEGRITY_SIZE <= end
            return _check(data, transaction, username, nominates, at) if whole and username else None
        if kind == USERNAME:
            username = data[at + 4 : at + 4 + length]
        nominates |= kind == USE_CANDIDATE
        at += 4 + length + -length % 4
    return None


def _check(data: bytes, transaction: bytes, username: bytes, nominates: bool, signed: int) -> Check:
    return Check(data, transaction, username.partition(b":")[0].decode("ascii", "replace"), nominates, signed)


def _has_fingerprint(data: bytes) -> bool:
    """It is the last attribute, always (RFC 8489, 14.7)."""
    at = len(data) - FINGERPRINT_SIZE
    kind, length = ATTRIBUTE.unpack_from(data, at)
    return (kind, length) == (FINGERPRINT, 4) and UNSIGNED.unpack_from(data, at + 4)[0] == _fingerprint(data[:at])


def is_authentic(check: Check, password: bytes) -> bool:
    signature = check.data[check.signed + 4 : check.signed + INTEGRITY_SIZE]
    return hmac.compare_digest(signature, _integrity(check.data[: check.signed], password))


def answer(check: Check, password: bytes, address: Address) -> bytes:
    """The success response, which tells the sender how it looks from here."""
    mapped = _attribute(XOR_MAPPED_ADDRESS, _xored(address, check.transaction))
    message = HEADER.pack(BINDING_SUCCESS, len(mapped), COOKIE, check.transaction) + mapped
    return finished(message, password)


def finished(message: bytes, password: bytes) -> bytes:
    """The message with MESSAGE-INTEGRITY and FINGERPRINT behind it, and its length set right."""
    message = _sized(message + _attribute(INTEGRITY, _integrity(message, password)))
    return _sized(message + _attribute(FINGERPRINT, UNSIGNED.pack(_fingerprint(message))))


def _integrity(message: bytes, password: bytes) -> bytes:
    """HMAC-SHA1 over the message, whose length counts the attribute to come."""
    return hmac.digest(password, _sized(message, INTEGRITY_SIZE), "sha1")


def _fingerprint(message: bytes) -> int:
    return crc32(_sized(message, FINGERPRINT_SIZE)) ^ FINGERPRINT_XOR


def _sized(message: bytes, to_come: int = 0) -> bytes:
    return message[:2] + (len(message) - HEADER.size + to_come).to_bytes(2, "big") + message[4:]


def _attribute(kind: int, value: bytes) -> bytes:
    return ATTRIBUTE.pack(kind, len(value)) + value


def _xored(address: Address, transaction: bytes) -> bytes:
    host = address[0].partition("%")[0]
    is_v6 = ":" in host
    packed = socket.inet_pton(socket.AF_INET6, host) if is_v6 else socket.inet_aton(host)
    mask = (UNSIGNED.pack(COOKIE) + transaction)[: len(packed)]
    xored = int.from_bytes(packed, "big") ^ int.from_bytes(mask, "big")
    return MAPPED.pack(0, 2 if is_v6 else 1, address[1] ^ COOKIE >> 16) + xored.to_bytes(len(packed), "big")


def candidates(addresses: Iterable[tuple[str, int]]) -> list[str]:
    """`candidate:` lines of SDP (RFC 8839, 5.1), the first address preferred (RFC 8445, 5.1.2.1)."""
    return [
        f"candidate:{n} 1 udp {HOST_PREFERENCE << 24 | 65536 - n << 8 | 255} {host} {port} typ host"
        for n, (host, port) in enumerate(addresses, 1)
    ]


def sockaddr(address: Address) -> bytes:
    """The address as the kernel wants it in sendmmsg: a struct sockaddr_in or sockaddr_in6."""
    host, port = address[0].partition("%")[0], address[1]
    if ":" not in host:
        return _family(socket.AF_INET, 16) + struct.pack("!H", port) + socket.inet_aton(host) + bytes(8)
    flow, scope = address[2:] or (0, 0)
    return (
        _family(socket.AF_INET6, 28)
        + struct.pack("!HI", port, flow)
        + socket.inet_pton(socket.AF_INET6, host)
        + struct.pack("=I", scope)
    )


def _family(family: int, size: int) -> bytes:
    """BSD has the size of the struct in front."""
    return bytes((size, family)) if sys.platform == "darwin" else struct.pack("=H", family)
