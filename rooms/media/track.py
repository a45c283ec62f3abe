"""One incoming stream of packets: a microphone, a picture, or one simulcast layer of it."""

import random
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from .fanout import Fanout, Packet
from .offers import AUDIO_LEVEL, Stream
from .packets import h264, vp8
from .packets.cache import Ring
from .packets.header import Header
from .packets.loss import Missing
from .packets.rtcp import KeyRequests, Reception, Report
from .packets.timeline import SenderClock, SourceClock

if TYPE_CHECKING:
    from .slot import Slot


SOUND, GUESS = 40_000, 1_000_000  # bit/s
GUESSES = {"q": 150_000, "h": 500_000, "f": 1_500_000}


class Newest(NamedTuple):
    """The furthest that a track has been forwarded; `number` is unwrapped."""

    number: int
    timestamp: int
    arrival: float
    picture: int | None
    tl0: int | None


class Track:
    """Puts packets in the form in which all slots get them, once, and hands them on."""

    def __init__(
        self,
        stream: Stream,
        rid: str,
        source: int,
        sender: SenderClock,
        request: Callable[["Track"], None],
        counters: Counter[str],
    ):
        """`request` asks the publisher for a key frame."""
        self.stream, self.rid, self.source, self.request, self.counters = stream, rid, source, request, counters
        self.is_video, self.is_screen = stream.kind == "video", bool(source % 2)
        self.codec = stream.codec.name
        self.ssrc = None if rid else stream.ssrc
        self.clock = SourceClock(stream.codec.clock, sender)
        self.pictures = vp8.Pictures(random.getrandbits(15))
        self.missing = Missing()
        self.reception = Reception(stream.codec.clock)
        self.cache: Ring[Packet] = Ring()
        self.keys = KeyRequests()
        self.fanout = Fanout(source, counters)
        self.waiting: set[Slot] = set()  # slots that want this track from its next key frame on
        self.paced: set[Slot] = set()  # slots in which it flows, but whose viewers' lines are too narrow for bursts
        self.newest: Newest | None = None
        self.last_arrival = float("-inf")
        self.is_open = False  # what the plan says: nothing leaves before
        self.packets = self.octets = 0  # forwarded so far, for the sender reports of slots
        self.bitrate = GUESSES.get(rid, GUESS) if self.is_video else SOUND  # bit/s, until it is measured
        self.loss = 0.0  # the fraction of the last second
        self._measured = 0

    @property
    def is_wanted(self) -> bool:
        return bool(self.waiting or self.paced or len(self.fanout))

    def measure(self, seconds: float) -> None:
        """Of what came since the last time."""
        octets = self.reception.octets - self._measured
        self._measured = self.reception.octets
        if octets:
            self.bitrate = round(octets * 8 / seconds)

    def report(self, now: float) -> Report | None:
        """To the publisher; None: nothing came yet."""
        report = self.reception.report(self.ssrc, now) if self.ssrc is not None else None
        if report:
            self.loss = report.fraction / 256
        return report

    def silent_for(self, now: float) -> float:
        return now - self.last_arrival

    def slots(self) -> list["Slot"]:
        """Those in which it flows."""
        return [*self.fanout.homes, *self.paced]  # type: ignore[list-item]

    def arrived(self, head: Header, data: bytes, now: float) -> None:
        """Raises Malformed."""
        self.reception.arrived(head.sequence, head.timestamp, len(data), now)
        self.clock.seen(head.timestamp, now)
        self.last_arrival = now
        number = self.missing.arrived(head.sequence, now)
        if number is None:
            self.counters["dropped_duplicate"] += 1
        else:
            self._take(number, head, data[head.start : head.end], now)

    def repaired(self, sequence: int, head: Header, payload: bytes, now: float) -> None:
        """A retransmission (RFC 4588). Copies of what came are probes of the browser's, key frames among them."""
        number = self.missing.filled(sequence)
        if number is None:
            self.counters["dropped_probe"] += 1
        else:
            self._take(number, head._replace(sequence=sequence), payload, now)

    def _take(self, number: int, head: Header, payload: bytes, now: float) -> None:
        if not self.is_open:
            self.counters["dropped_closed"] += 1
            return
        packet = self._normal(head, payload)
        self.cache.put(packet.sequence, packet, now)
        if self.newest is None or number > self.newest.number:
            self._forward(number, packet, now)
        else:
            self._forward_late(number, packet, now)

    def _normal(self, head: Header, payload: bytes) -> Packet:
        """An empty one (a probe, or padding) goes out too: its number must not be missing."""
        packet = Packet(head.sequence, head.timestamp, head.marker, payload)
        if not payload:
            return packet
        if self.codec == "VP8":
            frame = vp8.canonical(payload, self.pictures, head.timestamp)
            return packet._replace(payload=frame.payload, key=frame.key, picture=frame.picture, tl0=frame.tl0)
        if self.codec == "H264":
            return packet._replace(key=h264.is_key(payload))
        return packet._replace(level=127 if (level := self.level(head)) is None else level)

    def level(self, head: Header) -> int | None:
        """In -dBov (RFC 6464, 3); None where the publisher doesn't tell."""
        value = head.extensions.get(self.stream.extensions.get(AUDIO_LEVEL, 0))
        return value[0] & 0x7F if value else None

    def _forward(self, number: int, packet: Packet, now: float) -> None:
        if packet.key:
            self.keys.arrived()
        if self.waiting and packet.payload and (packet.key or not self.is_video):
            self._admit(number, packet, now)
        self._advance(number, packet, now)
        self.fanout.send(packet, now)
        for slot in self.paced:
            slot.send(packet, now)

    def _admit(self, number: int, packet: Packet, now: float) -> None:
        """Sound that comes right behind the last packet of another waits for its own next one, and that other ends."""
        for slot in list(self.waiting):
            if slot.is_ready(now):
                self.waiting.discard(slot)
                slot.switch(self, number, packet, now)
            else:
                slot.leave()

    def _advance(self, number: int, packet: Packet, now: float) -> None:
        before = self.newest
        picture, tl0 = packet.picture, packet.tl0
        if picture is None and before is not None:
            picture, tl0 = before.picture, before.tl0
        self.newest = Newest(number, packet.timestamp, now, picture, tl0)
        self.packets += 1
        self.octets += len(packet.payload)

    def _forward_late(self, number: int, packet: Packet, now: float) -> None:
        """Repaired upstream: it fills a gap where it was already missed."""
        for slot in self.slots():
            if number >= slot.began:
                slot.send(packet, now)

    def want_key(self, now: float) -> None:
        if self.keys.ask(now):
            self.request(self)

    def admit(self, slot: "Slot") -> None:
        (self.paced.add if slot.viewer.is_paced else self.fanout.add)(slot)

    def discard(self, slot: "Slot") -> None:
        self.fanout.discard(slot)
        self.paced.discard(slot)
        self.waiting.discard(slot)

    def refresh(self, slot: "Slot") -> None:
        """Its viewer has moved, or its line has become narrow, or wide again."""
        if slot in self.fanout or slot in self.paced:
            self.fanout.discard(slot)
            self.paced.discard(slot)
            self.admit(slot)
