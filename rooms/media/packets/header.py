"""RTP headers (RFC 3550 5.1) with header extensions (RFC 8285): read on the way in, laid out anew on the way out."""

import struct
from typing import NamedTuple

LARGEST = 1500
"""Bytes. Nothing longer comes over an ordinary path, and buffers downstream are cut to it."""

SEQUENCE, TIMESTAMP, CSRC = 2, 4, 12
"""Where an outgoing packet has them, in every layout: offsets in bytes, big-endian, of 2, 4 and 4 bytes."""

MARKER = 0x80
"""The bit of byte 1 beside the payload type."""

_FIXED = struct.Struct("!BBHII")
_ONE_BYTE, _TWO_BYTE = 0xBEDE, 0x1000


class Malformed(ValueError):
    """Bytes from outside that don't follow their format."""


class Header(NamedTuple):
    """What `parse` read. The payload is `data[start:end]`; `extensions` maps local ids to values."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    csrcs: tuple[int, ...]
    extensions: dict[int, bytes]
    start: int
    end: int


def is_rtcp(data: bytes) -> bool:
    """Tells RTCP from RTP on one port, before or after decryption (RFC 5761 4)."""
    return len(data) > 1 and 192 <= data[1] <= 223


def parse(data: bytes) -> Header:
    """Raises Malformed on anything truncated, oversized or not of version 2. An empty payload is legal: a probe."""
    size = len(data)
    if not 12 <= size <= LARGEST:
        raise Malformed("an RTP packet of impossible size")
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    if first >> 6 != 2:
        raise Malformed("not RTP version 2")
    count = first & 15
    start = 12 + 4 * count
    csrcs = _csrcs(data, count) if count else ()
    extensions: dict[int, bytes] = {}
    if first & 0x10:
        extensions, start = _extensions(data, start)
    end = size - data[-1] if first & 0x20 else size
    if start > end or (first & 0x20 and end == size):
        raise Malformed("an RTP header longer than its packet")
    return Header(second > 127, second & 127, sequence, timestamp, ssrc, csrcs, extensions, start, end)


def _csrcs(data: bytes, count: int) -> tuple[int, ...]:
    if len(data) < 12 + 4 * count:
        raise Malformed("contributing sources cut off")
    return struct.unpack_from(f"!{count}I", data, 12)


def _extensions(data: bytes, at: int) -> tuple[dict[int, bytes], int]:
    if len(data) < at + 4:
        raise Malformed("header extension cut off")
    profile = data[at] << 8 | data[at + 1]
    start = at + 4
    end = start + 4 * (data[at + 2] << 8 | data[at + 3])
    if end > len(data):
        raise Malformed("header extension longer than its packet")
    if profile == _ONE_BYTE:
        return _one_byte(data, start, end), end
    if profile & 0xFFF0 == _TWO_BYTE:
        return _two_byte(data, start, end), end
    return {}, end


def _one_byte(data: bytes, at: int, end: int) -> dict[int, bytes]:
    """RFC 8285 4.2: 0 is padding, 15 says stop."""
    found = {}
    while at < end:
        head = data[at]
        if head < 16:
            at += 1
            continue
        if head >= 240:
            break
        stop = at + 2 + (head & 15)
        if stop > end:
            raise Malformed("header extension element cut off")
        found[head >> 4] = data[at + 1 : stop]
        at = stop
    return found


def _two_byte(data: bytes, at: int, end: int) -> dict[int, bytes]:
    """RFC 8285 4.3."""
    found = {}
    while at < end:
        ident = data[at]
        if not ident:
            at += 1
            continue
        stop = at + 2 + data[at + 1] if at + 1 < end else end + 1
        if stop > end:
            raise Malformed("header extension element cut off")
        found[ident] = data[at + 2 : stop]
        at = stop
    return found


class Ids(NamedTuple):
    """The ids (1 to 255) that a peer's offer gave to the header extensions we send; None: it didn't offer that one."""

    mid: int | None = None
    abs_send_time: int | None = None
    audio_level: int | None = None


class Layout(NamedTuple):
    """A whole outgoing header of constant length.

    In `prefix` the marker, sequence, timestamp, CSRC, send time and level are zero, to be patched in at SEQUENCE,
    TIMESTAMP, CSRC, `abs_send_time` (3 bytes) and `audio_level` (1 byte); the last two are None where not sent.
    The payload follows right after the prefix.
    """

    prefix: bytes
    abs_send_time: int | None
    audio_level: int | None


def lay_out(payload_type: int, ssrc: int, mid: str = "", ids: Ids = Ids()) -> Layout:
    """The header of one outgoing stream, with one contributing source and the extensions that `ids` names.

    Ids above 14 and mids beyond 16 bytes need the two-byte form (RFC 8285 4.3), which is then used throughout.
    """
    elements = _elements(mid, ids)
    wide = any(ident > 14 or len(value) > 16 for ident, value in elements)
    block, offsets = _block(elements, wide)
    fixed = _FIXED.pack(0x91 if elements else 0x81, payload_type, 0, 0, ssrc)
    return Layout(fixed + bytes(4) + block, offsets.get(ids.abs_send_time), offsets.get(ids.audio_level))


def _elements(mid: str, ids: Ids) -> list[tuple[int, bytes]]:
    values = (ids.abs_send_time, bytes(3)), (ids.audio_level, bytes(1)), (ids.mid, mid.encode())
    return [(ident, value) for ident, value in values if ident and value]


def _block(elements: list[tuple[int, bytes]], wide: bool) -> tuple[bytes, dict[int | None, int]]:
    """The extension block, and where in the packet each element's value begins."""
    if not elements:
        return b"", {}
    body = b""
    offsets: dict[int | None, int] = {}
    for ident, value in elements:
        body += bytes((ident, len(value))) if wide else bytes((ident << 4 | len(value) - 1,))
        offsets[ident] = 20 + len(body)
        body += value
    body += bytes(-len(body) % 4)
    return struct.pack("!HH", _TWO_BYTE if wide else _ONE_BYTE, len(body) // 4) + body, offsets


def write(
    layout: Layout, marker: bool, sequence: int, timestamp: int, source: int, now: float, level: int = 127
) -> bytearray:
    """One header, for packets that go out alone. `source` is the CSRC; `level` is in -dBov, 0 to 127 (RFC 6464)."""
    header = bytearray(layout.prefix)
    header[1] |= MARKER if marker else 0
    struct.pack_into("!HI", header, SEQUENCE, sequence, timestamp)
    struct.pack_into("!I", header, CSRC, source)
    if layout.abs_send_time is not None:
        header[layout.abs_send_time : layout.abs_send_time + 3] = abs_send_time(now).to_bytes(3, "big")
    if layout.audio_level is not None:
        header[layout.audio_level] = level
    return header


def abs_send_time(now: float) -> int:
    """24 bits: seconds in 6.18 fixed point, wrapping every 64 s (webrtc.org/experiments/rtp-hdrext/abs-send-time)."""
    return int(now * 262144) & 0xFFFFFF
