"""Where an H.264 stream can be joined (RFC 6184); it is passed through as it is."""

_IDR, _PARAMETERS, _STAP_A, _FU_A = 5, 7, 24, 28
_FIRST_SLICE = 0x80
"""Of the byte after a slice's header: `first_mb_in_slice` is 0, as one bit of Exp-Golomb (H.264 7.3.3)."""


def is_key(payload: bytes) -> bool:
    """Whether a picture that needs no other begins in this packet: its parameters, or else its first slice.

    Whatever is cut off begins nothing.
    """
    if len(payload) < 2:
        return False
    kind = payload[0] & 31
    if kind == _STAP_A:
        return _aggregate(payload)
    if kind == _FU_A:
        return payload[1] & 0x80 != 0 and _begins(payload[1] & 31, payload[2:3])
    return _begins(kind, payload[1:2])


def _begins(kind: int, body: bytes) -> bool:
    """A NAL unit of this type, whose header is followed by `body`."""
    return kind == _PARAMETERS or (kind == _IDR and body != b"" and body[0] & _FIRST_SLICE != 0)


def _aggregate(payload: bytes) -> bool:
    """RFC 6184 5.7.1: units with 2 bytes of length before each."""
    at = 1
    while at + 2 < len(payload):
        stop = at + 2 + (payload[at] << 8 | payload[at + 1])
        unit = payload[at + 2 : stop]
        if unit and _begins(unit[0] & 31, unit[1:2]):
            return True
        at = stop
    return False
