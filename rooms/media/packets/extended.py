"""Extended reports (RFC 3611 4.4 and 4.5): how a receiver, which sends no reports of its own, learns the round trip."""

import struct

from rooms.media.packets.rtcp import Block
from rooms.media.packets.sequence import ahead

EXTENDED = 207
_REFERENCE, _DELAYS = 4, 5
_WORD = 0xFFFFFFFF


def reference(ssrc: int, ntp: int) -> bytes:
    """The RTCP packet that says what time it is here; `ntp`: 64 bits."""
    return struct.pack("!BBHIBBHQ", 0x80, EXTENDED, 4, ssrc, _REFERENCE, 0, 2, ntp)


def delays(ssrc: int, answered: int, last: int, delay: int) -> bytes:
    """The answer of `ssrc`: `last` has the middle 32 bits of the `ntp` that `answered` sent, `delay` is in 65536ths."""
    return struct.pack("!BBHIBBHIII", 0x80, EXTENDED, 5, ssrc, _DELAYS, 0, 3, answered, last, delay)


def round_trip(block: Block, ssrc: int, ntp: int) -> float | None:
    """Seconds, where `ntp` is the time on arrival. None: the packet answers nothing of ours."""
    if block.kind != EXTENDED:
        return None
    at = 4
    while at + 4 <= len(block.body):
        kind, length = struct.unpack_from("!BxH", block.body, at)
        content = block.body[at + 4 : at + 4 + 4 * length]
        if kind == _DELAYS and (found := _delay(content, ssrc, ntp)) is not None:
            return found
        at += 4 + 4 * length
    return None


def _delay(content: bytes, ssrc: int, ntp: int) -> float | None:
    for answered, last, delay in struct.iter_unpack("!III", content[: len(content) // 12 * 12]):
        if answered == ssrc and last:
            return max(0, ahead((ntp >> 16) - last & _WORD, delay, 32)) / 65536
    return None
