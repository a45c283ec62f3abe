"""Bytes as they go over the line: JSON inside of WebSocket text frames. Pure.

Topic and event names come from our own code and need no escaping; whatever a client sent is encoded.
"""

from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

encode = msgspec.json.encode
RETRACTED = "retracted"  # the event {"seqs": of what was said before}
GONE = "gone"  # the event in the place of what was retracted


class Frame(NamedTuple):
    """Something said on a topic, ready for the line. A whisper has seq 0."""

    topic: str
    seq: int
    event: str
    wire: bytes


def by_topic(frames: Iterable[Frame]) -> dict[str, list[Frame]]:
    topics: dict[str, list[Frame]] = {}
    for frame in frames:
        topics.setdefault(frame.topic, []).append(frame)
    return topics


def text(payload: bytes) -> bytes:
    """One unmasked WebSocket text frame."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def payloads(wire: bytes) -> Iterator[bytes]:
    """What `text` wrapped, one payload for each of the frames in `wire`."""
    at = 0
    while at < len(wire):
        size, at = _size(wire, at)
        yield wire[at : at + size]
        at += size


def _size(wire: bytes, at: int) -> tuple[int, int]:
    short = wire[at + 1]
    if short < 126:
        return short, at + 2
    end = at + (4 if short == 126 else 10)
    return int.from_bytes(wire[at + 2 : end], "big"), end


def of_entry(topic: str, seq: int, event: str, data: str) -> Frame:
    """`data` is JSON already."""
    wire = text(f'{{"on":"{topic}","seq":{seq},"event":"{event}","data":{data}}}'.encode())
    return Frame(topic, seq, event, wire)


def of_gone(frame: Frame) -> Frame:
    """What stands in the place of this one once it was taken back."""
    return of_entry(frame.topic, frame.seq, GONE, "null")


def without(gone: Container[int], told: Iterable[Frame]) -> list[Frame]:
    """The same frames, but of those that were taken back only their places."""
    return [of_gone(frame) if frame.seq in gone else frame for frame in told]


def retracted(frame: Frame) -> list[int]:
    """The seqs that it takes back."""
    return msgspec.json.decode(next(payloads(frame.wire)))["data"]["seqs"]


def of_whisper(topic: str, event: str, data: str) -> Frame:
    return Frame(topic, 0, event, text(f'{{"on":"{topic}","event":"{event}","data":{data}}}'.encode()))


def of_snapshot(topic: str, seq: int, data: bytes) -> bytes:
    return text(b'{"on":"%s","snapshot":%d,"data":%s}' % (topic.encode(), seq, data))


def of_mine(topic: str, mine: bytes) -> bytes:
    return text(b'{"on":"%s","mine":%s}' % (topic.encode(), mine))


def of_entered(topic: str, seq: int, now: int) -> bytes:
    """`now`: milliseconds since 1970."""
    return text(f'{{"on":"{topic}","entered":{seq},"now":{now}}}'.encode())


def of_beat(topic: str, seq: int, now: int) -> bytes:
    return text(f'{{"on":"{topic}","beat":{seq},"now":{now}}}'.encode())


def of_here(topic: str, here: int, people: list[int] | None) -> bytes:
    names = "" if people is None else f',"people":{people}'.replace(" ", "")
    return text(f'{{"on":"{topic}","here":{here}{names}}}'.encode())


def of_closed(topic: str, code: str, say: str) -> bytes:
    return text(encode({"on": topic, "refused": code, "say": say}))


def of_ok(ref: str, reply: bytes) -> bytes:
    return text(b'{"re":%s,"ok":%s}' % (encode(ref), reply))


def of_refused(ref: str | None, code: str, say: str, detail: str = "") -> bytes:
    no: dict[str, Any] = {"re": ref, "refused": code, "say": say}
    return text(encode(no | {"detail": detail} if detail else no))


def of_bye(within: float) -> bytes:
    return text(encode({"bye": "restart", "within": within}))
