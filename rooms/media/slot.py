"""One m-line of a viewer: SSRCs for good, and one track after another in it."""

import random
from typing import TYPE_CHECKING

from .fanout import Packet, Seat, packet_for, payload_for
from .offers import ABS_SEND_TIME, AUDIO_LEVEL, MID, Codec, Outlet
from .packets import header, timeline
from .packets.loss import Budget, Resends
from .packets.rtcp import Report, SenderReport
from .packets.sequence import Mapping, Numbering
from .track import Track

if TYPE_CHECKING:
    from .viewer import Viewer

OPUS_PACKET = 960  # ticks of 20 ms
NOTHING = Mapping(0, None, 0, 0, 0, 0)


class Slot(Seat):
    """`source`: whose it is by assignment; `target`: the track that shall flow; `current`: the one that does."""

    viewer: "Viewer"

    def __init__(self, viewer: "Viewer", outlet: Outlet, budget: Budget):
        self.viewer, self.outlet = viewer, outlet
        self.kind, self.is_video = outlet.kind, outlet.kind == "video"
        self.rate = next(iter(outlet.codecs.values())).clock
        self.layouts: dict[tuple[str, bool], header.Layout] = {}
        self.layout, self.mapping, self.began = header.Layout(b"", None, None), NOTHING, 0
        self.source: int | None = None
        self.target: Track | None = None
        self.current: Track | None = None
        self.numbering = Numbering(random.getrandbits(15), random.getrandbits(15), random.getrandbits(8))
        self.timeline = timeline.Timeline(self.rate, random.getrandbits(32), 0 if self.is_video else OPUS_PACKET)
        self.repair_sequence = random.getrandbits(15)
        self.resends = Resends(budget)
        self.repaired = self.switches = 0
        self.report: Report | None = None  # the viewer's latest
        self._packets = self._octets = 0  # before the current track
        self._joined = 0, 0  # what the current track had forwarded

    def plays(self, codec: str) -> bool:
        return codec in self.outlet.codecs

    def layout_for(self, name: str, is_repair: bool = False) -> header.Layout:
        """Made when first needed: most slots of most viewers stay empty, and joins must be quick."""
        if (name, is_repair) not in self.layouts:
            self.layouts[name, is_repair] = self._lay_out(self.outlet.codecs[name], is_repair)
        return self.layouts[name, is_repair]

    def _lay_out(self, codec: Codec, is_repair: bool) -> header.Layout:
        payload_type, ssrc = (codec.rtx_pt, self.outlet.rtx_ssrc) if is_repair else (codec.pt, self.outlet.ssrc)
        mid, send_time, level = (self.outlet.extensions.get(uri) for uri in (MID, ABS_SEND_TIME, AUDIO_LEVEL))
        return header.lay_out(payload_type or 0, ssrc or 0, self.outlet.mid, header.Ids(mid, send_time, level))

    def aim(self, track: Track | None, now: float) -> None:
        """Have this track in the slot: from its next key frame on, while the one before flows. None: nothing."""
        if track is self.target:
            return
        if self.target is not None:
            self.target.waiting.discard(self)
        self.target = track
        if track is None:
            self.leave()
        elif track is not self.current:
            self._await(track, now)

    def _await(self, track: Track, now: float) -> None:
        track.waiting.add(self)
        if self.is_video:
            track.want_key(now)

    def leave(self) -> None:
        """Nothing flows any more, from the very next packet on."""
        if self.current is not None:
            self.catch_up()
            self._packets, self._octets = self.packets, self.octets
            self.current.discard(self)
            self.current = None

    def is_ready(self, now: float) -> bool:
        """Whether enough time has passed since the last packet for another source's to follow."""
        self.catch_up()
        return self.is_video or not self.timeline.too_soon(now)

    def switch(self, track: Track, number: int, packet: Packet, now: float) -> None:
        """`packet`, with its unwrapped number, is the first of the track to be sent here."""
        self.leave()
        captured = track.clock.capture(packet.timestamp, now)
        offset = self.timeline.switch(packet.timestamp, captured, now)
        self.mapping = self.numbering.switch(track, number, offset, packet.picture or 0, packet.tl0 or 0)
        self.layout, self.began, self.current = self.layout_for(track.codec), number, track
        self._joined = track.packets, track.octets
        self.switches += 1
        track.admit(self)
        self.viewer.switched(self, now)

    def catch_up(self) -> None:
        """What has gone out by the hundred, told to the numbers of this slot."""
        if self.current is None or (newest := self.current.newest) is None or newest.number < self.began:
            return
        self.numbering.caught_up(newest.number, newest.picture, newest.tl0)
        self.timeline.caught_up(newest.timestamp + self.mapping.timestamp, newest.arrival)

    def sender_report(self, now: float, unix: float) -> SenderReport | None:
        """None while nothing flows."""
        track, offset = self.current, self.mapping.timestamp
        if track is None:
            return None
        return timeline.sender_report(self.outlet.ssrc, track.clock, offset, now, unix, self.packets, self.octets)

    @property
    def packets(self) -> int:
        return self._packets + (self.current.packets - self._joined[0] if self.current else 0)

    @property
    def octets(self) -> int:
        return self._octets + (self.current.octets - self._joined[1] if self.current else 0)

    def send(self, packet: Packet, now: float) -> None:
        """Alone: late ones, and for viewers whose packets are paced."""
        self.viewer.send(self, packet, now)

    def packet(self, packet: Packet, mapping: Mapping, now: float) -> bytes:
        return packet_for(self.layout_for(mapping.track.codec), mapping, packet, mapping.track.source, now)

    def resend(self, outgoing: int, now: float) -> None:
        """What was sent under this number, once more; never anything that was not."""
        self.catch_up()
        mapping, sequence = self.numbering.source(outgoing) or (NOTHING, 0)
        packet = mapping.track and mapping.track.cache.get(sequence, now)
        if not packet:
            self.viewer.counters["dropped_too_old"] += 1
        elif self.resends.allow(outgoing, len(packet.payload), now, self.viewer.round_trip):
            self.repaired += 1
            self.viewer.send_rtp(self._repair(outgoing, packet, mapping, now))

    def _repair(self, outgoing: int, packet: Packet, mapping: Mapping, now: float) -> bytes:
        """RFC 4588, where the viewer has it; else the same packet again."""
        codec = self.outlet.codecs[mapping.track.codec]
        if codec.rtx_pt is None or self.outlet.rtx_ssrc is None:
            return self.packet(packet, mapping, now)
        layout = self.layout_for(codec.name, is_repair=True)
        self.repair_sequence = self.repair_sequence + 1 & 0xFFFF
        timestamp = packet.timestamp + mapping.timestamp & 0xFFFFFFFF
        head = header.write(
            layout, packet.marker, self.repair_sequence, timestamp, mapping.track.source, now, packet.level
        )
        return bytes(head) + outgoing.to_bytes(2, "big") + payload_for(mapping, packet)
